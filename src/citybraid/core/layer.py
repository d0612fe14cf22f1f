"""Layer: a handle to a stored value; its key is a digest of how the value was derived."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from json.encoder import encode_basestring_ascii

from odc.geo.geobox import GeoBox
from pydantic import BaseModel

from citybraid.core.factor import Resolved
from citybraid.core.var import Var

At = frozenset[tuple[str, str]]
"""Where on the outer axes: {("event", "rp50"), ("member", "7")}."""
NO_LABELS: At = frozenset()
ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))
"""One for all parts: `json.dumps` with settings of its own makes one for each, half the time of a plan."""


@dataclass(frozen=True)
class Later:
    """Marks a field that came after others: at its default it has no part in keys, so that what is stored is found.

    Where the results of its other values alone have changed, `revision` counts it: their keys change, that of the
    default does not.
    """

    revision: int = 1


@cache
def _later(fields: type[BaseModel]) -> Mapping[str, tuple[object, int]]:
    """Return the defaults and revisions of fields that came later, by name."""
    return {
        name: (info.default, mark.revision)
        for name, info in fields.model_fields.items() for mark in info.metadata if isinstance(mark, Later)
    }  # fmt: skip


def _fields(part: BaseModel) -> Iterator[tuple[str, object]]:
    """Yield the fields of parameters that have a part in keys, with their values as the keys know them."""
    later = _later(type(part))
    for name, value in part:
        default, revision = later.get(name, (None, 1))
        if name not in later or value != default:
            yield name, value if revision == 1 else [value, revision]


@dataclass(frozen=True)
class Layer:
    """A handle to a raster, a column, a geometry, a series or a number in the store."""

    var: Var
    key: str
    grid: GeoBox | None = None
    at: At = NO_LABELS

    @property
    def label(self) -> str:
        """The labels on the outer axes for display; '' where there are none."""
        return ",".join(label for _, label in sorted(self.at))


def digest(*parts: object) -> str:
    """Return the digest of these parts as a key."""
    text = f"[{','.join(map(_canonical_text, parts))}]"
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _canonical_text(part: object) -> str:
    """Return the canonical JSON of a part, keys sorted; that of a resolved factor is made once."""
    if isinstance(part, str):
        return encode_basestring_ascii(part)
    if isinstance(part, Layer):
        return encode_basestring_ascii(part.key)
    if isinstance(part, Resolved):
        return part.kept(_resolved_text)
    if isinstance(part, Mapping):
        texts = {str(name): _canonical_text(value) for name, value in part.items()}
        return f"{{{','.join(f'{encode_basestring_ascii(name)}:{texts[name]}' for name in sorted(texts))}}}"
    return _json(canonical(part))


def _resolved_text(resolved: Resolved) -> str:
    return _json(canonical(resolved))


def _json(part: object) -> str:
    return ENCODER.encode(part)


def canonical(part: object) -> object:
    """Return a part in the canonical JSON form that keys are computed from.

    Raises TypeError for types without such a form: a key must never depend on `repr`.
    """
    if part is None or isinstance(part, str | int | bool):
        return part
    if isinstance(part, float):
        return part.hex()
    if isinstance(part, Layer):
        return part.key
    if isinstance(part, Resolved):
        return {key: row.value.hex() for key, row in part.rows.items()}
    if isinstance(part, BaseModel):
        return {name: canonical(value) for name, value in _fields(part)}
    if isinstance(part, GeoBox):
        return [str(part.crs), [float(number).hex() for number in part.affine[:6]], list(part.shape)]
    if isinstance(part, Mapping):
        return {str(name): canonical(value) for name, value in part.items()}
    if isinstance(part, set | frozenset):
        return sorted((canonical(value) for value in part), key=str)
    if isinstance(part, list | tuple):
        return [canonical(value) for value in part]
    message = f"no canonical form for {type(part).__name__}"
    raise TypeError(message)

"""Which column of a planner's table holds which quantity: by the study's word, else by known names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.codes import rows

CUT = 10
"""Bytes of a field name that a shapefile keeps."""
BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")
FILLERS = re.compile(r"[\s_\-:：./]+")


def key(name: str) -> str:
    """Return a column name as compared: half-width, lower case, no spaces, no unit in brackets."""
    said = unicodedata.normalize("NFKC", name).strip().casefold()
    bare = FILLERS.sub("", BRACKETS.sub("", said))
    return bare or said


def synonyms(var: str) -> tuple[str, ...]:
    """Return the names under which a quantity stands in tables, the likeliest first."""
    return (var, *(row["name"] for row in rows("column_names") if row["var"] == var and row["name"] != var))


def quantity(word: str, allowed: Iterable[str]) -> str | None:
    """Return the quantity that a word names ('far' is floor_area_ratio), among those allowed."""
    return next((var for var in allowed if key(word) in {key(name) for name in synonyms(var)}), None)


@dataclass(frozen=True)
class Matched:
    """Which header holds which quantity, which headers no quantity claims, and what was noticed."""

    headers: Mapping[str, str]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...]


def matched(
    headers: Sequence[str], wanted: Sequence[str], said: Mapping[str, str], *, layer: str, cut: bool = False
) -> Matched:
    """Match headers to quantities.

    The study's own words win. Then names of the synonym table, in its order; with `cut`
    a shapefile's names of ten bytes match the beginning of a synonym. A header serves one quantity.
    Raises InputError where the study names a quantity or a column that is not there.
    """
    chosen: dict[str, str] = {}
    for word, header in said.items():
        var = word if word in wanted else quantity(word, wanted)
        if var is None:
            raise InputError("intake.column_word", name=layer, got=word, needs=sorted(wanted))
        found = next((each for each in headers if each == header or key(each) == key(header)), None)
        if found is None:
            raise InputError("intake.column_absent", name=layer, got=header, needs=list(headers))
        chosen[var] = found
    left = [header for header in headers if header not in chosen.values()]
    for var in wanted:
        if var in chosen:
            continue
        if hit := _first(left, synonyms(var), cut=cut):
            chosen[var] = hit
            left.remove(hit)
    notes = tuple(
        Finding("found", "intake.column_matched", layer, values={"var": var, "header": header})
        for var, header in chosen.items()
        if key(header) != key(var)
    )
    return Matched(chosen, tuple(left), notes)


def _first(headers: Sequence[str], names: Sequence[str], *, cut: bool) -> str | None:
    keys = {key(header): header for header in reversed(headers)}
    for name in names:
        if (wanted := key(name)) in keys:
            return keys[wanted]
    if not cut:
        return None
    return next((keys[short] for name in names for short in _shortened(name) if short in keys), None)


def _shortened(name: str) -> list[str]:
    """What a shapefile leaves of a name, in either encoding, as compared."""
    cuts = (name.encode(encoding)[:CUT].decode(encoding, "ignore") for encoding in ("gb18030", "utf-8"))
    return [key(cut) for cut in cuts if cut != name]

"""Located problems and contradictions between statements, for maps and tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import Phrase, say


@dataclass(frozen=True)
class Problem:
    """One problem of a geometry: table, row, location, and whether it was repaired.

    `shape` is in the study's CRS: the fault itself (the shared area, the crossing
    point) where it has a location, else the row's shape. `text` is a text id that may use
    {layer}, {row} and the values.
    """

    text: str
    layer: str
    row: str
    shape: BaseGeometry
    mended: bool = False
    values: Mapping[str, object] = field(default_factory=dict)

    def record(self) -> Mapping[str, Any]:
        """Return the problem as JSON-serializable data, its shape as hexadecimal WKB."""
        values = {name: _plain(value) for name, value in self.values.items()}
        return {
            "text": self.text, "layer": self.layer, "row": self.row, "shape": shapely.to_wkb(self.shape, hex=True),
            "mended": self.mended, "values": values,
        }  # fmt: skip

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Problem":
        """Return the problem from the output of `record`."""
        values = {name: _restored(value) for name, value in record["values"].items()}
        return cls(**{**record, "shape": shapely.from_wkb(record["shape"]), "values": values})

    def say(self, language: str) -> str:
        """Return the message in a language."""
        return say(self.text, language, layer=self.layer, row=self.row, **self.values)


def _plain(value: object) -> object:
    """Return a value as JSON-serializable data: a phrase as its text and values."""
    if not isinstance(value, Phrase):
        return value
    return {"phrase": value.text, "values": {name: _plain(part) for name, part in value.values.items()}}


def _restored(value: Any) -> object:
    if not (isinstance(value, Mapping) and "phrase" in value):
        return value
    return Phrase(str(value["phrase"]), {name: _restored(part) for name, part in value["values"].items()})


@dataclass(frozen=True)
class Contradiction:
    """A stated value that disagrees with the value computed from other files.

    `stated` and `computed` are in `unit`; `row` is '' where it concerns the whole layer.
    """

    text: str
    layer: str
    row: str
    stated: float
    computed: float
    unit: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def difference(self) -> float:
        """Computed minus stated [unit]."""
        return self.computed - self.stated

    def say(self, language: str) -> str:
        """Return the message in a language; the text may use {layer}, {row}, {stated}, {computed}, {unit}."""
        return say(
            self.text, language, layer=self.layer, row=self.row, stated=self.stated, computed=self.computed,
            unit=self.unit, **self.values,
        )  # fmt: skip

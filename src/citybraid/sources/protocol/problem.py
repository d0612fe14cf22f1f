"""What is wrong at one place, and which statements contradict each other: for maps and tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import say


@dataclass(frozen=True)
class Problem:
    """One fault of a shape: which row of which table, where, and whether it was mended.

    `shape` lies in the study's CRS: the fault itself (the shared area, the crossing
    point) where it has a place, else the row's shape. `text` is a text id that may use
    {layer}, {row} and the values.
    """

    text: str
    layer: str
    row: str
    shape: BaseGeometry
    mended: bool = False
    values: Mapping[str, object] = field(default_factory=dict)

    def record(self) -> Mapping[str, Any]:
        """Return the problem as plain data, its shape as WKB in hexadecimal."""
        return {
            "text": self.text, "layer": self.layer, "row": self.row, "shape": shapely.to_wkb(self.shape, hex=True),
            "mended": self.mended, "values": dict(self.values),
        }  # fmt: skip

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Problem":
        """Return the problem that `record` made."""
        return cls(**{**record, "shape": shapely.from_wkb(record["shape"])})

    def say(self, language: str) -> str:
        """Return the problem in a language."""
        return say(self.text, language, layer=self.layer, row=self.row, **self.values)


@dataclass(frozen=True)
class Contradiction:
    """Two statements about one thing that do not agree: what one file states, what others give.

    `stated` and `computed` are in `unit`; `row` is '' where the whole layer is meant.
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
        """Return the contradiction in a language; the text may use {layer}, {row}, {stated}, {computed}, {unit}."""
        return say(
            self.text, language, layer=self.layer, row=self.row, stated=self.stated, computed=self.computed,
            unit=self.unit, **self.values,
        )  # fmt: skip

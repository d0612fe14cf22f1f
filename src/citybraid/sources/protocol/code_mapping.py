"""What became of every code and word that a file states: the table by which a planner checks the reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from citybraid.core.text import worded
from citybraid.sources.protocol.codes import Row, rows

Confidence = Literal["own", "high", "name", "mixed", "low", "prefix", "unknown"]
"""How sure a mapping is.

own: the planner's own table says so. high: a published code, or one to one by a
crosswalk. name: by its name alone. mixed: the larger part of a mixed use. low: the
crosswalk is one to many. prefix: by the first digits. unknown: nothing fits.
"""
WEAK: frozenset[Confidence] = frozenset({"mixed", "low", "prefix", "unknown"})
"""What a planner should look at."""
NAMES = {"land_use": "land_use", "building_use": "building_use_names"}
"""The table that names a quantity's codes."""


@dataclass(frozen=True)
class CodeMapping:
    """One distinct code or word of a file and what it was read as.

    `quantity` is land_use or building_use, `code` is '' where nothing fits, `rows` how
    many rows state it, `area` their sum [m2], None where the rows have no areas.
    """

    layer: str
    quantity: str
    said: str
    code: str
    confidence: Confidence
    rows: int
    area: float | None = None
    scheme: str = ""

    def name(self, language: str) -> str:
        """Return what the code means, '' where it has no name in the language."""
        return worded(named(self.quantity).get(self.code, {}), "name", language, table=NAMES[self.quantity])

    @property
    def weak(self) -> bool:
        """Whether a planner should look at it."""
        return self.confidence in WEAK


@cache
def named(quantity: str) -> Mapping[str, Row]:
    """Return the rows of a quantity's codes: those of the 2023 guide, or the building uses."""
    return {row["code"]: row for row in rows(NAMES[quantity])}

"""How each code and word of a file was mapped: the table in which a planner reviews the mapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from citybraid.core.rows.land import BuildingUseName, LandUse
from citybraid.core.tables import cached_with_tables, read_table

Confidence = Literal["own", "high", "name", "mixed", "low", "prefix", "unknown"]
"""Confidence of a mapping.

own: from the planner's own table. high: a published code, or a one-to-one crosswalk.
name: matched by name only. mixed: the larger part of a mixed use. low: a one-to-many
crosswalk. prefix: matched by the first digits. unknown: no match.
"""
LOW_CONFIDENCE: frozenset[Confidence] = frozenset({"mixed", "low", "prefix", "unknown"})
"""Confidence levels that a planner should review."""


@dataclass(frozen=True)
class CodeMapping:
    """One distinct code or word of a file and the code it was mapped to.

    `quantity` is land_use or building_use, `said` the text in the file, `code` is '' where
    nothing matches, `rows` the number of rows with this text, `area` their total area [m2],
    None where the rows have no areas.
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
        """Return the name of the code in a language, '' where it has none."""
        row = rows_by_code(self.quantity).get(self.code)
        return "" if row is None else row.name(language)

    @property
    def weak(self) -> bool:
        """Whether a planner should review the mapping."""
        return self.confidence in LOW_CONFIDENCE


@cached_with_tables
def rows_by_code(quantity: str) -> Mapping[str, LandUse | BuildingUseName]:
    """Return the table rows of a quantity by code: land uses of the 2023 guide, or building uses."""
    tables: Mapping[str, type[LandUse | BuildingUseName]] = {"land_use": LandUse, "building_use": BuildingUseName}
    return {row.code: row for row in read_table(tables[quantity])}

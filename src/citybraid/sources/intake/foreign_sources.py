"""Factors used outside the region whose standards and surveys they come from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from citybraid.core.factor import Factor, FactorBook, Resolved
from citybraid.core.finding import Finding
from citybraid.core.rows.knowledge import SourceRegion
from citybraid.core.tables import read_table

SHOWN = 12
"""Factors named in a finding."""


@dataclass(frozen=True)
class RecordingBook(FactorBook):
    """A book that keeps the factors that were resolved from it."""

    used: dict[str, Resolved] = field(default_factory=dict, compare=False)

    def resolve(self, name: str, *, region: str, year: int, by_year: bool = False) -> Resolved:
        """Return a factor as `FactorBook.resolve` does, and keep it."""
        self.used[name] = super().resolve(name, region=region, year=year, by_year=by_year)
        return self.used[name]


def foreign_findings(factors: Iterable[Resolved], region: str, *, text: str) -> tuple[Finding, ...]:
    """Return a finding for each region that these factors come from although they are used elsewhere."""
    names: dict[str, set[str]] = {}
    for factor in factors:
        for row in factor.rows.values():
            origin = source_region(row)
            if origin and region != origin and not region.startswith(f"{origin}-"):
                names.setdefault(origin, set()).add(factor.name)
    return tuple(_finding(text, origin, region, sorted(names[origin])) for origin in sorted(names))


def source_region(row: Factor) -> str:
    """Return the region whose standard or survey a row's number comes from, '' where its source names none."""
    if row.region or row.origin != "citybraid":
        return ""
    return next((each.region for each in read_table(SourceRegion) if each.sign in row.source), "")


def _finding(text: str, origin: str, region: str, names: list[str]) -> Finding:
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    values = {"origin": origin, "region": region or "-", "factors": shown}
    return Finding("warning", text, "study", len(names), values)

"""The region of a study, and factors that its plans use outside the region that they come from."""

from collections.abc import Iterable

from citybraid.core.factor import FactorBook, Resolved
from citybraid.core.finding import Finding
from citybraid.core.rows.knowledge import ClimateZonePlace
from citybraid.core.step import Step
from citybraid.core.tables import read_table
from citybraid.sources.intake.foreign_sources import foreign_findings
from citybraid.sources.placement.regions import known_regions

LETTERS = "ABC"
"""Parts of a climate zone: 3A is of zone 3."""


def region_findings(region: str, book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding where a study's region is empty, or is neither a known region nor one of a factor row."""
    if not region:
        return (Finding("warning", "study.region_missing", "study"),)
    rows = {row.region for row in book.rows}
    if region in known_regions() | rows:
        return ()
    if region.upper() in known_regions() | rows:
        return (Finding("warning", "study.region_case", "study", values={"region": region, "likely": region.upper()}),)
    country = region.split("-", maxsplit=1)[0]
    divided = any(each.startswith(f"{country}-") for each in known_regions())
    if country in known_regions() and not divided:  # its provinces are not listed
        return ()
    return (Finding("warning", "study.region_unknown", "study", values={"region": region}),)


def zone_findings(zone: str, book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding where no factor row is keyed by a study's climate zone, nor by the zone that it is a part of."""
    parts = {part for row in book.rows for part in row.key.split("/")}
    if not zone or zone in parts or zone.rstrip(LETTERS) in parts - {""}:
        return ()
    known = sorted({row.zone for row in read_table(ClimateZonePlace)})
    return (Finding("warning", "study.zone_unknown", "study", values={"zone": zone, "known": known}),)


def foreign_factors(steps: Iterable[Step], region: str) -> tuple[Finding, ...]:
    """Return a finding for each region whose factors these Steps use although the study lies elsewhere."""
    by_name = {value.name: value for step in steps for value in step.extra.values() if isinstance(value, Resolved)}
    return foreign_findings(by_name.values(), region, text="study.foreign_factors")

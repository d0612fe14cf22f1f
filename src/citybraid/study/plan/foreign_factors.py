"""Factors used outside the region whose standards and surveys they come from."""

from collections.abc import Iterable

from citybraid.core.factor import Factor, FactorBook, Resolved
from citybraid.core.finding import Finding
from citybraid.core.rows.knowledge import SourceRegion
from citybraid.core.step import Step
from citybraid.core.tables import read_table
from citybraid.sources.placement.regions import known_regions

SHOWN = 12
"""Factors named in a finding."""


def region_findings(region: str, book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding where a study's region is empty, or is neither a known region nor one of a factor row."""
    if not region:
        return (Finding("warning", "study.region_missing", "study"),)
    rows = {row.region for row in book.rows}
    if region in known_regions() | rows:
        return ()
    country = region.split("-", maxsplit=1)[0]
    if region.upper() in known_regions() | rows:
        return (Finding("warning", "study.region_case", "study", values={"region": region, "likely": region.upper()}),)
    if country in known_regions() and country != "CN":
        return ()
    return (Finding("warning", "study.region_unknown", "study", values={"region": region}),)


def foreign_factors(steps: Iterable[Step], region: str) -> tuple[Finding, ...]:
    """Return a finding for each region whose factors these Steps use although the study lies elsewhere."""
    sources: dict[str, dict[str, str]] = {}
    for factor in _factors(steps):
        for row in factor.rows.values():
            origin = source_region(row)
            if origin and not _within(region, origin):
                sources.setdefault(origin, {}).setdefault(factor.name, row.source)
    return tuple(
        Finding(
            "warning",
            "study.foreign_factors",
            "study",
            len(names),
            {
                "origin": origin,
                "region": region or "-",
                "factors": ", ".join(sorted(names)[:SHOWN]) + (" …" if len(names) > SHOWN else ""),
            },
        )
        for origin, names in sorted(sources.items())
    )


def source_region(row: Factor) -> str:
    """Return the region whose standard or survey a row's number comes from, '' where its source names none."""
    if row.region or row.origin != "citybraid":
        return ""
    return next((each.region for each in read_table(SourceRegion) if each.sign in row.source), "")


def _factors(steps: Iterable[Step]) -> list[Resolved]:
    by_name = {value.name: value for step in steps for value in step.extra.values() if isinstance(value, Resolved)}
    return [by_name[name] for name in sorted(by_name)]


def _within(region: str, origin: str) -> bool:
    return region == origin or region.startswith(f"{origin}-")

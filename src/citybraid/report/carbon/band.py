"""Band of total emissions from the ranges of their factors: its ends, the inputs that carry it, and what has none."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from citybraid.report.carbon.inventory import lines
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.remarks.factor_key import part_title
from citybraid.report.view import View, named

FIRST = 3
"""Inputs that are named."""
FEW = 2
"""Kinds of rows up to which a group that varies together is named by them."""
DIGITS = 4
"""Significant digits of the ends of a band; the value itself stands as in every table."""
ENDS = ("value", "low", "high")
TONNE = 1000.0
"""Kilograms in a tonne."""
EVERYWHERE = ("residential", "commercial", "road", "solid_waste", "wastewater")
"""Sectors that no town is without: a total that lacks one is not the town's."""
ASSUMED = "assumed"
LEAST = 0.01
"""Share of the variance below which an input is not named as carrying the band [-]."""


def emission_range(view: View) -> Iterator[Block]:
    """Yield total emissions with their band, or that none was computed; nothing where the total is unknown.

    A total of nothing is no total: where no sector of a town is computed, that is said, not 0 t.
    """
    if (range_found := _first_band(view)) is not None:
        yield Paragraph(_sentence(view, "band.first", *range_found), "lead")
    elif (total := view.number(view.base, "total_emissions")) is not None:
        if total == 0.0 and len(absent := _absent(view)) == len(EVERYWHERE):
            yield Paragraph(words("band.nothing", sectors=_sectors(absent)), "warning")
            return
        value = Quantity(total, "kg CO2e year-1", 0)
        yield Paragraph(words("band.absent", alternative=view.name(view.base), value=value))
        yield from _without(view)


def _without(view: View) -> Iterator[Block]:
    """Warn where the total lacks a sector of every town, since nothing computes it."""
    if absent := _absent(view):
        yield Paragraph(words("band.without", sectors=_sectors(absent)), "warning")


def _absent(view: View) -> list[str]:
    """Return the sectors of every town that nothing computes here; none where there is no inventory."""
    table = lines(view, view.base)
    return [] if table is None else [each for each in EVERYWHERE if each not in set(table["sector"])]


def _sectors(names: list[str]) -> TextList:
    return TextList(tuple(named("sector", each) for each in names), ", ")


def emission_band(view: View) -> Iterator[Block]:
    """Yield the band of the first alternative that has one, and the table of its factors; nothing without one."""
    range_found = _first_band(view)
    if range_found is None:
        return
    name, band, factors = range_found
    yield Paragraph(_sentence(view, "band.lead", name, band, factors), "lead")
    if band["people"] > 0:
        values = {key: Quantity(band[key] / TONNE / band["people"], "t CO2e person-1 year-1") for key in ENDS}
        yield Paragraph(words("band.per_head", **values))
    yield Paragraph(_unranged(band, factors))
    yield from _assumed(factors)
    yield _table(view, name, band, factors)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _first_band(view: View) -> tuple[str, Mapping[Hashable, Any], pd.DataFrame] | None:
    """Return the first alternative with a band, the band and its factors."""
    return next((each for name in view.run.alternatives if (each := _tables(view, name)) is not None), None)


def _tables(view: View, name: str) -> tuple[str, Mapping[Hashable, Any], pd.DataFrame] | None:
    band, factors = (view.run.table(f"{table}/{name}") for table in ("factor_band", "factor_sources"))
    return None if band is None or factors is None else (name, band.iloc[0].to_dict(), factors)


def _sentence(view: View, text: str, name: str, band: Mapping[Hashable, Any], factors: pd.DataFrame) -> Text:
    shown = {key: band[key] if key == "value" else _rounded(band[key]) for key in ENDS}
    values = {key: Quantity(each, "kg CO2e year-1", 0) for key, each in shown.items()}
    return words(text, alternative=view.name(name), inputs=_carriers(factors), **values)


def _carriers(factors: pd.DataFrame) -> Text:
    """Return the inputs with the largest share of the band, three at most, in words."""
    first = factors[factors["share"] >= LEAST].head(FIRST)
    if first.empty:
        return words("band.none")
    carriers = (
        words("band.carrier", factor=_title(row), share=f"{100 * row['share']:.0f}")
        for row in first.to_dict("records")
    )  # fmt: skip
    return words("band.carriers", names=TextList(tuple(carriers), ", "))


def _title(row: Mapping[Hashable, Any]) -> Text:
    """Return the name of a factor, with the rows that vary where they are a part of it.

    Rows that vary together by their unit are named by what they are of, where that is little.
    """
    factor, part = str(row["factor"]), str(row["part"])
    kinds = [each for each in str(row.get("kinds", "")).split("/") if each]
    parts = kinds if 0 < len(kinds) <= FEW and part not in kinds else [part]
    if parts in ([""], ["1"]):
        return named("factor", factor)
    titles = TextList(tuple(part_title(factor, each) for each in parts), ", ")
    return TextList((named("factor", factor), titles), " · ")


def _unranged(band: Mapping[Hashable, Any], factors: pd.DataFrame) -> Text:
    still = factors[(factors["ranged"] == 0) & (factors["slope"].abs() > 0.0)]
    if still.empty:
        return words("band.unranged_none")
    most = still.loc[still["slope"].abs().sort_values(ascending=False, kind="stable").index].head(FIRST)
    names = (words("band.slope", factor=_title(row), slope=f"{row['slope']:+.2f}") for row in most.to_dict("records"))
    return words("band.unranged", share=f"{100 * band['unranged']:.0f}", names=TextList(tuple(names), "; "))


def _assumed(factors: pd.DataFrame) -> Iterator[Block]:
    """Warn where ranges that are assumed carry a part of the band, and name the largest."""
    ranged = factors[(factors["ranged"] > 0) & (factors["share"] >= LEAST)]
    assumed = ranged[[ASSUMED in _statuses(row) for row in ranged.to_dict("records")]]
    if not assumed.empty:
        names = TextList(tuple(_title(row) for row in assumed.head(FIRST).to_dict("records")), "; ")
        share = f"{100 * assumed['share'].sum():.0f}"
        yield Paragraph(words("band.assumed", share=share, names=names), "warning")


def _statuses(row: Mapping[Hashable, Any]) -> list[str]:
    """Return the statuses of a range's rows; none in runs that do not tell them."""
    return [each for each in str(row.get("status", "")).split("/") if each]


def _ranged(row: Mapping[Hashable, Any]) -> Text:
    """Return whether a factor has a range, and how well that is known."""
    if not row["ranged"]:
        return words("band.not_ranged")
    statuses = _statuses(row)
    return TextList(tuple(named("status", each) for each in statuses), ", ") if statuses else words("band.ranged")


def _table(view: View, name: str, band: Mapping[Hashable, Any], factors: pd.DataFrame) -> Table:
    frame = pd.DataFrame({
        "factor": cells(_title(row) for row in factors.to_dict("records")),
        "range": cells(_ranged(row) for row in factors.to_dict("records")),
        "share": 100 * factors["share"].where(factors["ranged"] > 0),
        "slope": factors["slope"].to_numpy(),
    })  # fmt: skip
    columns = [
        Column("factor", words("band.factor")),
        Column("range", words("band.range")), Column("share", words("band.share"), "%", 1),
        Column("slope", words("band.response"), "%", 3),
    ]  # fmt: skip
    note = words(
        "band.note", runs=int(band["runs"]), varied=int(band["varied"]), refused=int(band["refused"]),
        seed=view.run.manifest.asked.uncertainty.seed, explained=f"{100 * band['explained']:.0f}",
    )  # fmt: skip
    return Table("factor_band", words("band.table", alternative=view.name(name)), frame, columns, note, appendix=True)

"""What a renewed envelope saves by use and vintage: what keep, retrofit or rebuild and the pathway rest on."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, cells, words
from citybraid.report.view import View, named

LIFE_CYCLE, PATHWAY = "lowcarbon.life_cycle", "lowcarbon.pathway"
EMITTED = ("electricity_emissions", "heat_emissions", "gas_emissions")
SAVED = ("renewed_electricity_saving", "renewed_heat_saving", "renewed_gas_saving")
HOME, PUBLIC, AS_BUILT = "residential", "public", "as_built"
LEAST = 1e-6
"""Saving over a building's emissions below which a new envelope is the one that it has [-]."""


def renewal(view: View) -> Iterator[Block]:
    """Yield what the retrofit lever reaches, and a row for each use and vintage; nothing without life cycles."""
    frame = view.frame(view.base, "buildings")
    if frame is None or not {*SAVED, *EMITTED, "retrofit_carbon", "keep_carbon", "year_built"} <= set(frame):
        return
    judged, path = (_params(view, model) for model in (LIFE_CYCLE, PATHWAY))
    start = int(judged.get("start", 0))
    table = renewable(frame, start)
    if table.empty:
        return
    unpaid = table.loc[~table["pays"], "area"].sum() / table["area"].sum() if table["area"].sum() > 0.0 else 0.0
    yield Paragraph(words(
        "renewal.told" if path else "renewal.judged", saved=Quantity(float(table["saved"].sum()), "kg CO2e year-1", 0),
        share=Quantity(_percent(table["saved"].sum(), frame[list(EMITTED)].sum().sum()), "%", 1),
        unpaid=Quantity(100.0 * unpaid, "%", 0), horizon=str(judged.get("horizon", "")),
    ), appendix=True)  # fmt: skip
    yield _by_vintage(table, _since(view, str(judged.get("climate_zone", ""))), start)


def other_start(view: View) -> Iterator[Block]:
    """Warn where the pathway starts in another year than the one whose standard retrofit is judged by."""
    judged, path = (_params(view, model).get("start") for model in (LIFE_CYCLE, PATHWAY))
    if judged is not None and path is not None and judged != path:
        yield Paragraph(words("renewal.starts", judged=str(judged), path=str(path)), "warning")


def renewable(buildings: pd.DataFrame, start: int) -> pd.DataFrame:
    """Return the buildings that a retrofit renews: of the start, as built, with an envelope that it changes.

    Columns: use, year, floor area [m2], emissions and what is saved of them [kg a year], and whether retrofit emits
    less than keeping by the horizon.
    """
    emitted = buildings[list(EMITTED)].astype(float).sum(axis=1)
    changes = (buildings[list(SAVED)].astype(float).abs().max(axis=1) > LEAST * emitted).to_numpy()
    standard = buildings.get("envelope_standard", AS_BUILT)
    table = pd.DataFrame({
        "use": buildings["building_use"].astype(str), "year": buildings["year_built"].astype(float),
        "area": buildings["floor_area"].astype(float), "emitted": emitted,
        "saved": buildings[list(SAVED)].astype(float).sum(axis=1), "standard": standard,
        "pays": (buildings["retrofit_carbon"] < buildings["keep_carbon"]).to_numpy(dtype=bool),
    })  # fmt: skip
    return table[changes & (table["year"] <= start) & (table["standard"].astype(str) == AS_BUILT)]


def _by_vintage(table: pd.DataFrame, since: Mapping[str, list[int]], start: int) -> Table:
    first = [_first_year(use, year, since) for use, year in zip(table["use"], table["year"], strict=True)]
    parts = {
        (str(use), int(str(begin))): part
        for (use, begin), part in table.assign(first=first).groupby(["use", "first"])
        if part["area"].sum() > 0.0
    }
    frame = pd.DataFrame([
        {"count": len(part), "area": part["area"].sum(), "saving": part["saved"].sum() / part["area"].sum(),
         "share": _percent(part["saved"].sum(), part["emitted"].sum()),
         "pays": _percent(part.loc[part["pays"], "area"].sum(), part["area"].sum())}
        for part in parts.values()
    ])  # fmt: skip
    frame["use"] = cells(named("building_use", use) for use, _ in parts)
    frame["vintage"] = cells(_vintage(begin, since[_kind(use)], start) for use, begin in parts)
    columns = [
        Column("use", words("embodied.use")), Column("vintage", words("renewal.vintage")),
        Column("count", words("embodied.count"), "", 0), Column("area", named("var", "floor_area"), "m2", 0),
        Column("saving", words("renewal.saving"), "kg CO2e m-2 year-1", 1),
        Column("share", words("renewal.share"), "%", 1), Column("pays", words("renewal.pays"), "%", 0),
    ]  # fmt: skip
    return Table("renewal", words("renewal.title"), frame, columns, words("renewal.note"), appendix=True)


def _percent(part: float, whole: float) -> float:
    return 100.0 * float(part) / float(whole) if whole > 0.0 else 0.0


def _kind(use: str) -> str:
    return HOME if use == HOME else PUBLIC


def _first_year(use: str, year: float, since: Mapping[str, list[int]]) -> int:
    """Return the first year of the standard that a building was completed under."""
    years = since[_kind(use)]
    return years[max(int(np.searchsorted(years, year, side="right")) - 1, 0)]


def _vintage(first: int, years: list[int], start: int) -> Text:
    """Return the years of completion of a vintage in words."""
    at = years.index(first)
    last = years[at + 1] - 1 if at + 1 < len(years) else start
    return (
        words("renewal.before", year=str(last)) if at == 0 else words("renewal.from", first=str(first), last=str(last))
    )


def _since(view: View, zone: str) -> dict[str, list[int]]:
    """Return the first years of the standards of a climate zone by kind of building, as life cycles read them."""
    rows = [row for step in view.run.steps(view.base) if step.model == LIFE_CYCLE
            for group in step.factors.values() for row in group if row.factor == "standard_since"]  # fmt: skip
    own = {kind: (f"{kind}/{zone}/", f"{kind}/{zone[:1]}/") for kind in (HOME, PUBLIC)}
    return {
        kind: sorted({0, *(int(row.value) for row in rows if row.key.startswith(prefixes))})
        for kind, prefixes in own.items()
    }


def _params(view: View, model: str) -> Mapping[str, Any]:
    return next((step.params for step in view.run.steps(view.base) if step.model == model), {})

"""Where heat outdoors, water of the largest storm and missing trees meet: planning units by all three, worst first."""

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.land_cover import water_covers
from citybraid.planning.zones import rasterized_zones
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, Unrepeated, cells, words
from citybraid.report.indicators import unit_tables, whole
from citybraid.report.levels.answer_map import units_map
from citybraid.report.levels.names import unit_names
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View, named

HEAT = ("utci", "severe_heat_hours", "air_temperature")
"""Indicators of heat, the first that was computed is taken."""
WATER, TREES = "flooded_share", "canopy_cover"
ON_LAND = "canopy_on_land"
"""Canopy over land alone: a unit of open water lacks no trees."""
PERCENT = 100.0
TOLD = 3
"""Units that the sentence names."""


def answer(view: View) -> Answer | Lacking:
    """Return units ranked by heat, water and want of trees, and what the last alternative changes."""
    table = unit_tables(view).get(view.base)
    heat = next((name for name in HEAT if table is not None and name in table and table[name].notna().any()), None)
    if table is None or heat is None or WATER not in table or TREES not in table:
        absent = [name for name in (WATER, TREES) if table is None or name not in table]
        return Lacking([named("indicator", name) for name in ([] if heat else [HEAT[0]]) + absent])
    frame = table.drop(index=WHOLE_AREA)[[heat, WATER, TREES]]
    frame = frame.assign(**{ON_LAND: _canopy_on_land(view, frame[TREES])}).dropna()
    ranks = pd.DataFrame({heat: -frame[heat], WATER: -frame[WATER], ON_LAND: frame[ON_LAND]}).rank()
    frame = frame.assign(rank=ranks.mean(axis=1)).sort_values("rank", kind="stable")
    title, order = words("heat_water_trees.map"), [str(zone) for zone in frame.index]
    picture = units_map(view, "heat_water_trees", title, order, told=TOLD)
    return Answer([_where(view, frame, heat), *_changes(view, heat)], _table(view, frame, heat), [picture])


def _canopy_on_land(view: View, canopy: pd.Series) -> pd.Series:
    """Return by unit the canopy over the cells that are neither water nor wetland [%]; all canopy without a cover."""
    crowns, cover = view.layer(view.base, TREES), view.layer(view.base, "land_cover")
    units = view.shapes(view.base, "units")
    if crowns is None or cover is None or units is None or cover.grid is None or crowns.grid != cover.grid:
        return canopy
    share, kinds = view.raster(crowns), view.raster(cover)
    land = np.isfinite(share) & ~np.isin(kinds, list(water_covers()))
    zone = rasterized_zones(units.to_numpy(), cover.grid)
    on_land = pd.Series(share[land]).groupby(zone[land]).mean()
    shares = {str(name): PERCENT * float(on_land[at]) for at, name in enumerate(units.index) if at in on_land.index}
    return canopy.index.to_series().map(shares).astype(np.float64)


def _where(view: View, frame: pd.DataFrame, heat: str) -> Text:
    names = unit_names(view)
    worst = TextList(tuple(names.get(str(zone), str(zone)) for zone in frame.index[:TOLD]), ", ")
    ends: dict[str, object] = {}
    for key, name, best in (("heat", heat, np.max), ("water", WATER, np.max), ("trees", ON_LAND, np.min)):
        value = float(best(frame[name].to_numpy(dtype=np.float64)))
        zone = str(frame.index[int(np.flatnonzero(frame[name].to_numpy() == value)[0])])
        ends |= {key: names.get(zone, zone), f"{key}_value": Quantity(value, _unit(view, name))}
    return words(
        "heat_water_trees.where", worst=worst, count=len(frame), heat_name=words(f"heat_water_trees.{heat}"), **ends,
    )  # fmt: skip


def _changes(view: View, heat: str) -> list[Text]:
    """Return what the last alternative changes in the whole area; nothing where there is one alternative."""
    last = view.ends[-1]
    if last == view.base:
        return []
    moved = [
        words("heat_water_trees.moved", what=words(f"heat_water_trees.{name}"),
              before=Unrepeated(Quantity(before, view.unit_of(name), 2), Quantity(after, view.unit_of(name), 2)),
              after=Quantity(after, view.unit_of(name), 2))
        for name in (WATER, heat, TREES)
        if (before := whole(view, view.base, name)) is not None and (after := whole(view, last, name)) is not None
        and before != after
    ]  # fmt: skip
    return [words("heat_water_trees.changes", alternative=view.name(last), moved=TextList(tuple(moved), "; "))]


def _unit(view: View, name: str) -> str:
    return view.unit_of(TREES if name == ON_LAND else name)


def _table(view: View, frame: pd.DataFrame, heat: str) -> Table:
    names = unit_names(view)
    shown = frame.assign(unit=cells([names.get(str(zone), str(zone)) for zone in frame.index]))
    columns = [
        Column("unit", words("plan.unit")),
        *(Column(name, words(f"heat_water_trees.{name}"), _unit(view, name), 1) for name in (heat, WATER, ON_LAND)),
        Column("rank", words("old_communities.rank"), "", 1),
    ]  # fmt: skip
    return Table("heat_water_trees", words("heat_water_trees.table"), shown, columns, words("heat_water_trees.note"))

"""Where heat outdoors, water of the largest storm and missing trees meet: planning units by all three, worst first."""

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, cells, words
from citybraid.report.indicators import unit_tables, whole
from citybraid.report.levels.answer_map import units_map
from citybraid.report.levels.names import unit_names
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View, named

HEAT = ("utci", "severe_heat_hours", "air_temperature")
"""Indicators of heat, the first that was computed is taken."""
WATER, TREES = "flooded_share", "canopy_cover"
TOLD = 3
"""Units that the sentence names."""


def answer(view: View) -> Answer | Lacking:
    """Return units ranked by heat, water and want of trees, and what the last alternative changes."""
    table = unit_tables(view).get(view.base)
    heat = next((name for name in HEAT if table is not None and name in table and table[name].notna().any()), None)
    if table is None or heat is None or WATER not in table or TREES not in table:
        absent = [name for name in (WATER, TREES) if table is None or name not in table]
        return Lacking([named("indicator", name) for name in ([] if heat else [HEAT[0]]) + absent])
    frame = table.drop(index=WHOLE_AREA)[[heat, WATER, TREES]].dropna()
    ranks = pd.DataFrame({heat: -frame[heat], WATER: -frame[WATER], TREES: frame[TREES]}).rank()
    frame = frame.assign(rank=ranks.mean(axis=1)).sort_values("rank", kind="stable")
    title, order = words("heat_water_trees.map"), [str(zone) for zone in frame.index]
    picture = units_map(view, "heat_water_trees", title, order, told=TOLD)
    return Answer([_where(view, frame, heat), *_changes(view, heat)], _table(view, frame, heat), [picture])


def _where(view: View, frame: pd.DataFrame, heat: str) -> Text:
    names = unit_names(view)
    worst = TextList(tuple(names.get(str(zone), str(zone)) for zone in frame.index[:TOLD]), ", ")
    ends: dict[str, object] = {}
    for key, name, best in (("heat", heat, np.max), ("water", WATER, np.max), ("trees", TREES, np.min)):
        value = float(best(frame[name].to_numpy(dtype=np.float64)))
        zone = str(frame.index[int(np.flatnonzero(frame[name].to_numpy() == value)[0])])
        ends |= {key: names.get(zone, zone), f"{key}_value": Quantity(value, view.unit_of(name))}
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
              before=Quantity(before, view.unit_of(name), 2), after=Quantity(after, view.unit_of(name), 2))
        for name in (WATER, heat, TREES)
        if (before := whole(view, view.base, name)) is not None and (after := whole(view, last, name)) is not None
        and before != after
    ]  # fmt: skip
    return [words("heat_water_trees.changes", alternative=view.name(last), moved=TextList(tuple(moved), "; "))]


def _table(view: View, frame: pd.DataFrame, heat: str) -> Table:
    names = unit_names(view)
    shown = frame.assign(unit=cells([names.get(str(zone), str(zone)) for zone in frame.index]))
    columns = [
        Column("unit", words("plan.unit")),
        *(Column(name, words(f"heat_water_trees.{name}"), view.unit_of(name), 1) for name in (heat, WATER, TREES)),
        Column("rank", words("old_communities.rank"), "", 1),
    ]  # fmt: skip
    return Table("heat_water_trees", words("heat_water_trees.table"), shown, columns, words("heat_water_trees.note"))

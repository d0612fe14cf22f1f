"""How many buildings and how much road stand in the flood, and in which planning units."""

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, cells, words
from citybraid.report.indicators import unit_tables
from citybraid.report.levels.names import unit_names
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View, named

FLOODED = "flooded_buildings"
ROADS = ("waterlogged_arterials", "waterlogged_collectors", "waterlogged_branches")
GROUND = ("flooded_area", "flooded_share")
SHOWN = 12
"""Units that page one shows, those with most flooded buildings first."""
TOLD = 3
"""Units that the sentence names."""


def answer(view: View) -> Answer | Lacking:
    """Return buildings and roads in the water, in all and by unit."""
    table, buildings = unit_tables(view).get(view.base), view.shapes(view.base, "buildings")
    if table is None or buildings is None or FLOODED not in table or GROUND[0] not in table:
        return Lacking.of("buildings", "building_depth")
    roads = [name for name in ROADS if name in table and table[name].notna().any()]
    rows = table.drop(index=WHOLE_AREA).sort_values(FLOODED, ascending=False, kind="stable")
    frame = rows.assign(roads=rows[roads].sum(axis=1, min_count=1))
    whole = table.loc[WHOLE_AREA]
    return Answer([_told(view, frame, whole, roads, buildings=len(buildings))], _table(view, frame, roads))


def _told(view: View, frame: pd.DataFrame, whole: pd.Series, roads: list[str], *, buildings: int) -> Text:
    names = unit_names(view)
    most = [
        words("flooded_districts.unit", unit=names.get(str(zone), str(zone)), count=int(row[FLOODED]))
        for zone, row in frame.head(TOLD).iterrows()
    ]
    count = int(whole[FLOODED])
    streets = ""
    if roads:
        length = Quantity(float(whole[roads].sum()), view.unit_of(roads[0]), 0)
        streets = words("flooded_districts.roads", length=length)
    return words(
        "flooded_districts.told", count=count, share=Quantity(100.0 * count / buildings, "%", 0), buildings=buildings,
        area=Quantity(float(whole[GROUND[0]]), view.unit_of(GROUND[0]), 0), roads=streets,
        ground=Quantity(float(whole[GROUND[1]]), "%", 0), most=TextList(tuple(most), ", "),
    )  # fmt: skip


def _table(view: View, frame: pd.DataFrame, roads: list[str]) -> Table:
    names = unit_names(view)
    shown = frame.assign(unit=cells([names.get(str(zone), str(zone)) for zone in frame.index]))
    columns = [
        Column("unit", words("plan.unit")), Column(FLOODED, named("indicator", FLOODED), view.unit_of(FLOODED), 0),
        *(Column(name, named("indicator", name), view.unit_of(name), 1) for name in (*GROUND, *roads) if name in frame),
    ]  # fmt: skip
    note = words("flooded_districts.note")
    return Table("flooded_districts", words("flooded_districts.table"), shown, columns, note, most=SHOWN)

"""How many buildings and how much road stand in the flood, and in which planning units."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, cells, words
from citybraid.report.indicators import unit_tables
from citybraid.report.levels.answer_map import units_map
from citybraid.report.levels.names import unit_names
from citybraid.report.remarks.inside import inside
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View

FLOODED = "flooded_buildings"
CLOSED = 0.3
"""Depth of water in which a car cannot drive [m]."""
STEP = 25.0
"""Distance between the points of a road at which the depth is read [m]."""
ROADS = "roads"
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
    frame = table.drop(index=WHOLE_AREA).sort_values(FLOODED, ascending=False, kind="stable")
    roads = _roads(view)
    frame[ROADS] = np.nan if roads is None else roads.reindex(frame.index).fillna(0.0)
    length = None if roads is None else float(roads.sum())
    whole: pd.Series = table.T[WHOLE_AREA]
    held = inside(view, view.base, "buildings")
    sentence = _sentence(
        view, frame, whole, length=length, buildings=len(buildings) if held is None else int(held.sum())
    )
    order = [str(zone) for zone in frame.index[frame[FLOODED] > 0]]
    picture = units_map(view, "flooded_districts", words("flooded_districts.map"), order, told=TOLD)
    return Answer([sentence], _table(view, frame), [picture])


def _roads(view: View) -> pd.Series | None:
    """Return by unit the length of roads in water too deep to drive in [km]; None without roads or depth."""
    streets, units = view.shapes(view.base, "streets"), view.shapes(view.base, "units")
    depth = view.layer(view.base, "max_depth")
    if streets is None or units is None or depth is None or depth.grid is None:
        return None
    points, road = shapely.get_coordinates(shapely.segmentize(streets.to_numpy(), STEP), return_index=True)
    same = road[1:] == road[:-1]
    middle, length = (points[1:] + points[:-1])[same] / 2, np.linalg.norm(points[1:] - points[:-1], axis=1)[same]
    column, row = ~depth.grid.affine * (middle[:, 0], middle[:, 1])
    rows, columns = np.floor(row).astype(int), np.floor(column).astype(int)
    values = view.raster(depth)
    inside = (rows >= 0) & (columns >= 0) & (rows < values.shape[0]) & (columns < values.shape[1])
    deep = np.zeros(len(middle), bool)
    deep[inside] = np.nan_to_num(values[rows[inside], columns[inside]]) > CLOSED
    wet = gpd.GeoDataFrame({"km": length[deep] / 1000.0}, geometry=shapely.points(middle[deep]), crs=units.crs)
    within = gpd.sjoin(wet, gpd.GeoDataFrame(geometry=units, crs=units.crs), predicate="within")
    held: pd.Series = within.groupby(within.columns[-1])["km"].sum()
    return held


def _sentence(view: View, frame: pd.DataFrame, whole: pd.Series, *, length: float | None, buildings: int) -> Text:
    names = unit_names(view)
    most = [
        words("flooded_districts.unit", unit=names.get(str(zone), str(zone)), count=int(row[FLOODED]))
        for zone, row in frame.head(TOLD).iterrows()
    ]
    count = int(whole[FLOODED])
    depth = Quantity(CLOSED, "m", 1)
    streets = "" if length is None else words("flooded_districts.roads", length=Quantity(length, "km", 0), depth=depth)
    return words(
        "flooded_districts.told", count=Quantity(count, "", 0), share=Quantity(100.0 * count / buildings, "%", 0),
        buildings=Quantity(buildings, "", 0),
        area=Quantity(float(whole[GROUND[0]]), view.unit_of(GROUND[0]), 0), roads=streets,
        ground=Quantity(float(whole[GROUND[1]]), "%", 0), most=TextList(tuple(most), ", "),
    )  # fmt: skip


def _table(view: View, frame: pd.DataFrame) -> Table:
    names = unit_names(view)
    shown = frame.assign(unit=cells([names.get(str(zone), str(zone)) for zone in frame.index]))
    columns = [
        Column("unit", words("plan.unit")),
        *(Column(name, words(f"flooded_districts.{name}"), view.unit_of(name), 0) for name in (FLOODED, *GROUND)),
    ]  # fmt: skip
    if frame[ROADS].notna().any():
        columns.append(Column(ROADS, words("flooded_districts.road_column", depth=Quantity(CLOSED, "m", 1)), "km", 0))
    note = words("flooded_districts.note")
    return Table("flooded_districts", words("flooded_districts.table"), shown, columns, note, most=SHOWN)

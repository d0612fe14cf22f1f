"""Statistics over zones: one function each, looked up by the name in a row of a code table.

Every function takes zones and a reading and returns the value of each zone and of the
whole area, NaN where there is none; it raises Missing where a quantity is absent.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.remembered import remembered
from citybraid.planning.boundaries import boundary_codes
from citybraid.planning.rows import Reading
from citybraid.planning.zones import Floats, MissingQuantity, Shapes, Zones

Answer = tuple[Floats, float]

STEP = 5.0
"""Distance of the points at which a raster is read along a line [m]."""


def grid_mean(zones: Zones, reading: Reading) -> Answer:
    """Mean over cells that have a value."""
    values = zones.raster(reading.var, reading.event).astype(np.float64)
    return _ratio(zones, np.where(np.isnan(values), 0.0, values), (~np.isnan(values)).astype(np.float64))


def grid_mean_on_land(zones: Zones, reading: Reading) -> Answer:
    """Mean over cells that have a value and are none of the waters named of the second raster; it may be absent."""
    values = zones.raster(reading.var, reading.event).astype(np.float64)
    known = ~np.isnan(values)
    if zones.place.layers.get(reading.second):
        known &= ~np.isin(zones.raster(reading.second, ""), _codes(reading))
    return _ratio(zones, np.where(known, values, 0.0), known.astype(np.float64))


def grid_sum(zones: Zones, reading: Reading) -> Answer:
    """Sum of a quantity per area, times the area of its cells."""
    values = np.nan_to_num(zones.raster(reading.var, reading.event).astype(np.float64))
    return _sums(zones, np.asarray(values * zones.cell_area, dtype=np.float64))


def grid_share(zones: Zones, reading: Reading) -> Answer:
    """Share of the area with data that is above a threshold."""
    values = zones.raster(reading.var, reading.event)
    above = (values > float(reading.argument)).astype(np.float64)
    return _ratio(zones, above, (~np.isnan(values)).astype(np.float64))


def grid_area_on_land(zones: Zones, reading: Reading) -> Answer:
    """Area of cells above a threshold that the second raster does not mark as holding water by nature [m2]."""
    wet = (zones.raster(reading.var, reading.event) > float(reading.argument)) & _land(zones, reading)
    return _sums(zones, np.asarray(wet * zones.cell_area, dtype=np.float64))


def grid_share_on_land(zones: Zones, reading: Reading) -> Answer:
    """Share of the land that is above a threshold; cells that the second raster marks are neither."""
    land = _land(zones, reading)
    wet = (zones.raster(reading.var, reading.event) > float(reading.argument)) & land
    return _ratio(zones, wet.astype(np.float64), land.astype(np.float64))


def grid_area_of_class(zones: Zones, reading: Reading) -> Answer:
    """Area of cells above a threshold whose code in the second raster is one of those named [m2]."""
    threshold, *codes = reading.argument.split()
    of_class = np.isin(zones.raster(reading.second, ""), [int(code) for code in codes])
    wet = (zones.raster(reading.var, reading.event) > float(threshold)) & of_class
    return _sums(zones, np.asarray(wet * zones.cell_area, dtype=np.float64))


def grid_max(zones: Zones, reading: Reading) -> Answer:
    """Largest value of the whole area; zones have none."""
    values = zones.raster(reading.var, reading.event).astype(np.float64)[zones.inside]
    known = values[np.isfinite(values)]
    return np.full(len(zones.shapes), np.nan), float(known.max()) if known.size else np.nan


def grid_spread(zones: Zones, reading: Reading) -> Answer:
    """Largest less smallest value of the whole area; zones have none."""
    values = zones.raster(reading.var, reading.event).astype(np.float64)[zones.inside]
    known = values[np.isfinite(values)]
    return np.full(len(zones.shapes), np.nan), float(np.ptp(known)) if known.size else np.nan


def class_share(zones: Zones, reading: Reading) -> Answer:
    """Share of the area whose code is one of those named."""
    values = zones.raster(reading.var, reading.event)
    return _ratio(zones, np.isin(values, _codes(reading)).astype(np.float64), (values != 0).astype(np.float64))


def class_share_with(zones: Zones, reading: Reading) -> Answer:
    """Share of the area whose code is one of those named, and of other cells the share in the second raster.

    Where the Place has no second raster, other cells count as none.
    """
    values = zones.raster(reading.var, reading.event)
    part = np.zeros(values.shape)
    if zones.place.layers.get(reading.second):
        part = np.nan_to_num(zones.raster(reading.second, "").astype(np.float64))
    known = values != 0
    share = np.where(np.isin(values, _codes(reading)), 1.0, part)
    return _ratio(zones, np.where(known, share, 0.0), known.astype(np.float64))


def class_mean(zones: Zones, reading: Reading) -> Answer:
    """Mean over the cells whose code in a second raster is one of those named."""
    values = np.nan_to_num(zones.raster(reading.var, reading.event).astype(np.float64))
    chosen = np.isin(zones.raster(reading.second, ""), _codes(reading)).astype(np.float64)
    return _ratio(zones, values * chosen, chosen)


def column_sum(zones: Zones, reading: Reading) -> Answer:
    """Sum of a column over the features in each zone; raises Missing where no feature has a value."""
    table, values = zones.table_of(reading.var), zones.column(reading.var, reading.event).to_numpy(np.float64)
    if values.size and np.isnan(values).all():
        raise MissingQuantity(reading.var)
    return _zone_sums(zones, table, np.nan_to_num(values))


def column_sum_known(zones: Zones, reading: Reading) -> Answer:
    """Sum of a column over the features in each zone, none where there is no feature or one lacks its value."""
    table, values = zones.table_of(reading.var), zones.column(reading.var, reading.event).to_numpy(np.float64)
    known = _zone_sums(zones, table, np.isfinite(values).astype(np.float64))
    every = _zone_sums(zones, table, np.ones(len(values)))
    total = _zone_sums(zones, table, np.nan_to_num(values))
    whole = total[1] if 0 < every[1] == known[1] else np.nan
    return np.where((every[0] > 0) & (every[0] == known[0]), total[0], np.nan), whole


def column_sum_where(zones: Zones, reading: Reading) -> Answer:
    """Sum of a column over the features in each zone whose word in a second column is one of those named."""
    table, values = zones.table_of(reading.var), zones.column(reading.var, reading.event).to_numpy(np.float64)
    chosen = zones.column(reading.second, "").isin(reading.argument.split()).to_numpy()
    return _zone_sums(zones, table, np.where(chosen, np.nan_to_num(values), 0.0))


def column_count(zones: Zones, reading: Reading) -> Answer:
    """Number of features above a threshold."""
    table, values = zones.table_of(reading.var), zones.column(reading.var, reading.event).to_numpy(np.float64)
    return _zone_sums(zones, table, (values > float(reading.argument)).astype(np.float64))


def column_count_above(zones: Zones, reading: Reading) -> Answer:
    """Number of features above a threshold and above the columns named second; one without value is 0.

    Buildings that water enters: a stated ground floor or a barrier as high as the water keeps it out.
    """
    depth, level = _with_level(zones, reading)
    entered = (depth > float(reading.argument)) & (depth > level)
    return _zone_sums(zones, zones.table_of(reading.var), entered.astype(np.float64))


def column_max(zones: Zones, reading: Reading) -> Answer:
    """Largest value among the features in each zone."""
    return _largest(zones, reading, zones.column(reading.var, reading.event).to_numpy(np.float64))


def column_max_above(zones: Zones, reading: Reading) -> Answer:
    """Largest value among the features whose value exceeds the columns named second; a column without value is 0.

    Depth at buildings that it enters: a stated ground floor or a barrier as high as the water keeps it out.
    """
    depth, level = _with_level(zones, reading)
    return _largest(zones, reading, np.where(depth > level, depth, np.minimum(depth, 0.0)))


def _with_level(zones: Zones, reading: Reading) -> tuple[Floats, Floats]:
    """Return a column, and for each feature the highest of the columns named second: 0 where none has a value."""
    values = zones.column(reading.var, reading.event)
    level = np.zeros(len(values))
    for name in reading.second.split():
        if zones.place.layers.get(name):
            column = zones.column(name, "").reindex(values.index).to_numpy(np.float64)
            level = np.maximum(level, np.nan_to_num(column))
    return values.to_numpy(np.float64), level


def _largest(zones: Zones, reading: Reading, values: Floats) -> Answer:
    zone = zones.home(zones.table_of(reading.var))
    top = np.full(len(zones.shapes), -np.inf)
    valid = (zone >= 0) & np.isfinite(values)
    np.maximum.at(top, zone[valid], values[valid])
    area_values = values[(zone > -2) & np.isfinite(values)]  # noqa: PLR2004  (-2: outside the whole area)
    return np.where(np.isinf(top), np.nan, top), float(area_values.max()) if area_values.size else np.nan


def column_ratio(zones: Zones, reading: Reading) -> Answer:
    """Sum of one or several columns over the sum of another."""
    names = reading.var.split()
    top = sum(np.nan_to_num(zones.column(name, reading.event).to_numpy(np.float64)) for name in names)
    table, under = zones.table_of(names[0]), zones.column(reading.second, reading.event).to_numpy(np.float64)
    above, below = _zone_sums(zones, table, np.asarray(top)), _zone_sums(zones, table, np.nan_to_num(under))
    return _divided(above[0], below[0]), float(_divided(np.array([above[1]]), np.array([below[1]]))[0])


def total_ratio(zones: Zones, reading: Reading) -> Answer:
    """Sum of a column over that of another, which may stand in another table, over the whole area; zones have none."""
    above, below = (_column_total(zones, name, reading.event) for name in (reading.var, reading.second))
    return np.full(len(zones.shapes), np.nan), float(_divided(np.array([above]), np.array([below]))[0])


def ratio_where(zones: Zones, reading: Reading) -> Answer:
    """Sum of columns over the sum of another, over features with a word in a column; the argument names both."""
    column, _, word = reading.argument.partition(" ")
    names = reading.var.split()
    top = sum(np.nan_to_num(zones.column(name, reading.event).to_numpy(np.float64)) for name in names)
    under = zones.column(reading.second, reading.event).to_numpy(np.float64)
    chosen = (zones.column(column, "").astype(str) == word).to_numpy() & np.isfinite(under)
    table = zones.table_of(names[0])
    above, below = (_zone_sums(zones, table, np.where(chosen, values, 0.0)) for values in (np.asarray(top), under))
    return _divided(above[0], below[0]), float(_divided(np.array([above[1]]), np.array([below[1]]))[0])


def per_area(zones: Zones, reading: Reading) -> Answer:
    """Sum of a column over the area of the zone."""
    total = column_sum(zones, reading)
    return total[0] / zones.shapes.area.to_numpy(), total[1] / (zones.inside.sum() * zones.cell_area)


def footprint_share(zones: Zones, reading: Reading) -> Answer:
    """Footprints cut by the zone's boundary, over the area of the zone."""
    shapes = zones.geometry(reading.var)
    share = _covered_area(shapes.to_numpy(), zones.shapes.to_numpy()) / zones.shapes.area.to_numpy()
    return share, float(shapes.area.sum()) / (float(zones.inside.sum()) * zones.cell_area)


def least_setback(zones: Zones, reading: Reading) -> Answer:
    """Smallest distance of a zone's features from its boundary [m]: 0 where one crosses it, none without features."""
    features = zones.geometry(reading.var).to_numpy()
    zone = zones.home(reading.var)
    within = zone >= 0
    edge = shapely.boundary(zones.shapes.to_numpy())[zone[within]]
    least = np.full(len(zones.shapes), np.inf)
    np.minimum.at(least, zone[within], shapely.distance(features[within], edge))
    least = np.where(np.isinf(least), np.nan, least)
    return least, float(np.nanmin(least)) if np.isfinite(least).any() else np.nan


@remembered(16)
def _covered_area(shapes: Shapes, zones: Shapes) -> Floats:
    """Return the area of each zone that the shapes cover, each counted in full where they overlap."""
    which, zone = shapely.STRtree(zones).query(shapes, predicate="intersects")
    cut = shapely.area(shapely.intersection(shapes[which], zones[zone]))
    return np.asarray(np.bincount(zone, weights=cut, minlength=len(zones)), np.float64)


def footprint_mean(zones: Zones, reading: Reading) -> Answer:
    """Mean of a column weighted by footprint."""
    values = zones.column(reading.var, reading.event)
    table = zones.table_of(reading.var)
    area = zones.value(zones.place.one(table)).area.to_numpy()
    above, below = (
        _zone_sums(zones, table, np.nan_to_num(values.to_numpy(np.float64)) * area),
        _zone_sums(zones, table, area),
    )
    return _divided(above[0], below[0]), float(_divided(np.array([above[1]]), np.array([below[1]]))[0])


def area_mean(zones: Zones, reading: Reading) -> Answer:
    """Mean of a column weighted by the area of the features that have a value."""
    values = zones.column(reading.var, reading.event).to_numpy(np.float64)
    table = zones.table_of(reading.var)
    area = np.where(np.isfinite(values), zones.value(zones.place.one(table)).area.to_numpy(), 0.0)
    above, below = _zone_sums(zones, table, np.nan_to_num(values) * area), _zone_sums(zones, table, area)
    return _divided(above[0], below[0]), float(_divided(np.array([above[1]]), np.array([below[1]]))[0])


def grid_mean_at(zones: Zones, reading: Reading) -> Answer:
    """Mean of a raster at the features of a table, weighted by the column named second, as by people."""
    weights = zones.column(reading.second, reading.event)
    table = zones.table_of(reading.second)
    points = shapely.point_on_surface(zones.value(zones.place.one(table)).to_numpy())
    values = _raster_at(zones.raster(reading.var, reading.event), points, zones.grid)
    weight = np.where(np.isfinite(values), np.nan_to_num(weights.to_numpy(np.float64)), 0.0)
    above, below = _zone_sums(zones, table, np.nan_to_num(values) * weight), _zone_sums(zones, table, weight)
    return _divided(above[0], below[0]), float(_divided(np.array([above[1]]), np.array([below[1]]))[0])


def _raster_at(values: NDArray[Any], points: Shapes, grid: GeoBox) -> Floats:
    """Return the values of the cells that hold the points, NaN outside the grid and where there is no point."""
    column, row = ~grid.affine * (shapely.get_x(points), shapely.get_y(points))
    inside = (column >= 0.0) & (row >= 0.0) & (column < values.shape[1]) & (row < values.shape[0])
    sampled = np.full(len(points), np.nan)
    sampled[inside] = values[row[inside].astype(np.int64), column[inside].astype(np.int64)]
    return sampled


def ground_above_water(zones: Zones, reading: Reading) -> Answer:
    """Mean of the ground less the mean level of the water that stands on it, by depth; none on dry ground.

    The second raster is the depth of water; it counts where it is above the argument, and weighs itself.
    """
    ground = zones.raster(reading.var, "").astype(np.float64)
    depth = np.nan_to_num(zones.raster(reading.second, reading.event).astype(np.float64))
    depth = np.where((depth > float(reading.argument)) & np.isfinite(ground), depth, 0.0)
    level = np.where(depth > 0.0, depth * (np.nan_to_num(ground) + depth), 0.0)
    mean, water = (
        _ratio(zones, np.nan_to_num(ground), np.isfinite(ground).astype(np.float64)),
        _ratio(zones, level, depth),
    )
    return mean[0] - water[0], mean[1] - water[1]


def mean_along(zones: Zones, reading: Reading) -> Answer:
    """Mean of a raster along lines of a table that run within a distance of each zone, the argument [m].

    Lines are sampled every STEP metres; those within the whole area count for it once.
    """
    lines = zones.geometry(reading.second).to_numpy()
    points = _points_along(lines)
    values = _raster_at(zones.raster(reading.var, reading.event), points, zones.grid)
    values, points = values[np.isfinite(values)], points[np.isfinite(values)]
    shapes = zones.shapes.to_numpy()
    which, zone = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=float(reading.argument))
    above = np.asarray(np.bincount(zone, weights=values[which], minlength=len(shapes)), np.float64)
    by_zone = _divided(above, np.bincount(zone, minlength=len(shapes)).astype(np.float64))
    column, row = (~zones.grid.affine) * (shapely.get_x(points), shapely.get_y(points))
    within = values[zones.inside[np.asarray(row, np.int64), np.asarray(column, np.int64)]]
    return by_zone, float(within.mean()) if within.size else np.nan


def least_crossing(zones: Zones, reading: Reading) -> Answer:
    """Smallest value among the lines of a table that cross a zone, none where no line does."""
    values = zones.column(reading.var, reading.event).to_numpy(np.float64)
    lines = zones.geometry(zones.table_of(reading.var)).to_numpy()
    shapes = zones.shapes.to_numpy()
    line, zone = shapely.STRtree(shapes).query(lines, predicate="intersects")
    known = np.isfinite(values[line])
    least = np.full(len(shapes), np.inf)
    np.minimum.at(least, zone[known], values[line[known]])
    every = values[np.isfinite(values)]
    return np.where(np.isinf(least), np.nan, least), float(every.min()) if every.size else np.nan


def _points_along(lines: Shapes) -> Shapes:
    """Return a point for every STEP metres of the lines: at the middle of each piece."""
    length = shapely.length(lines)
    pieces = np.maximum(np.rint(length / STEP).astype(np.int64), 1)
    of_line = np.repeat(np.arange(len(lines)), pieces)
    place = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    points: Shapes = shapely.line_interpolate_point(lines[of_line], (place + 0.5) / pieces[of_line], normalized=True)
    return points


def length_per_area(zones: Zones, reading: Reading) -> Answer:
    """Length of a table's lines within each zone over its area [m-1]."""
    lines, whole = zones.geometry(reading.var).to_numpy(), zones.whole_shape
    zone, _, length = _length_within(lines, zones.shapes.to_numpy())
    by_zone = np.asarray(np.bincount(zone, weights=length, minlength=len(zones.shapes)), np.float64)
    _, line, length = _length_within(lines, np.array([whole]))
    total = np.zeros(len(lines))
    total[line] = length
    return by_zone / zones.shapes.area.to_numpy(), float(total.sum()) / float(whole.area)


@remembered(16)
def _length_within(lines: Shapes, shapes: Shapes) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Return shape and line of pairs that meet, by line, and the length within [m]: only lines on an edge are cut."""
    tree = shapely.STRtree(lines)
    shape, line = tree.query(shapes, predicate="intersects")
    shape, line = shape[order := np.argsort(line, kind="stable")], line[order]
    inner_shape, inner_line = tree.query(shapes, predicate="contains_properly")
    inside = np.isin(shape * len(lines) + line, inner_shape * len(lines) + inner_line)
    cut = ~(inside & shapely.is_simple(lines[line]))
    length = shapely.length(lines[line])
    length[cut] = shapely.length(shapely.intersection(lines[line[cut]], shapes[shape[cut]]))
    return shape, line, length


def share_above(zones: Zones, reading: Reading) -> Answer:
    """Share of the features with a value whose value is above a threshold."""
    table, values = zones.table_of(reading.var), zones.column(reading.var, reading.event).to_numpy(np.float64)
    above = _zone_sums(zones, table, (values > float(reading.argument)).astype(np.float64))
    known = _zone_sums(zones, table, np.isfinite(values).astype(np.float64))
    return _divided(above[0], known[0]), float(_divided(np.array([above[1]]), np.array([known[1]]))[0])


def area(zones: Zones, reading: Reading) -> Answer:  # noqa: ARG001  (every statistic takes a reading)
    """Area of the zone [m2]."""
    return zones.shapes.area.to_numpy(), float(zones.inside.sum()) * zones.cell_area


def number(zones: Zones, reading: Reading) -> Answer:
    """A single number of the whole area; zones have none."""
    return np.full(len(zones.shapes), np.nan), zones.number(reading.var, reading.event)


def whole_number(zones: Zones, reading: Reading) -> Answer:
    """A single number of the whole area, which holds in every zone."""
    value = zones.number(reading.var, reading.event)
    return np.full(len(zones.shapes), value), value


def _land(zones: Zones, reading: Reading) -> NDArray[np.bool_]:
    """Cells that the second raster marks with 0; all cells where the Place has no such raster."""
    if not zones.place.layers.get(reading.second):
        return np.ones(zones.grid.shape, np.bool_)
    return np.asarray(zones.raster(reading.second, "") == 0, np.bool_)


def _column_total(zones: Zones, name: str, event: str) -> float:
    values = zones.column(name, event).to_numpy(np.float64)
    if values.size and np.isnan(values).all():
        raise MissingQuantity(name)
    return float(_zone_sums(zones, zones.table_of(name), np.nan_to_num(values))[1])


def _codes(reading: Reading) -> list[int]:
    return [int(code) for code in reading.argument.split()]


def _sums(zones: Zones, values: NDArray[np.float64]) -> Answer:
    cells, zone = zones.cells
    flat = values.ravel()
    sums = np.bincount(zone, weights=flat.take(cells), minlength=len(zones.shapes))
    return np.asarray(sums, np.float64), float(flat.take(zones.cells_inside).sum())


def _ratio(zones: Zones, above: Floats, below: Floats) -> Answer:
    top, bottom = _sums(zones, above), _sums(zones, below)
    return _divided(top[0], bottom[0]), float(_divided(np.array([top[1]]), np.array([bottom[1]]))[0])


def _zone_sums(zones: Zones, table: str, values: Floats) -> Answer:
    zone = zones.home(table)
    assigned = zone >= 0
    sums = np.bincount(zone[assigned], weights=values[assigned], minlength=len(zones.shapes))
    return np.asarray(sums, np.float64), float(values[zone > -2].sum())  # noqa: PLR2004  (-2: outside the whole area)


def _divided(above: Floats, below: Floats) -> Floats:
    divisor = np.asarray(below, np.float64)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return np.asarray(above, np.float64) / np.where(divisor != 0.0, divisor, np.nan)


def area_where(zones: Zones, reading: Reading) -> Answer:
    """Area of the features whose code in a column begins with one of those named [m2]; names stand for their codes."""
    table, chosen = zones.table_of(reading.var), _with_code(zones, reading.var, reading.argument)
    area = zones.value(zones.place.one(table)).area.to_numpy()
    return _zone_sums(zones, table, np.where(chosen, area, 0.0))


def area_ratio(zones: Zones, reading: Reading) -> Answer:
    """Area of the features with a code named before the stroke of the argument over that of those named after it."""
    above, _, below = reading.argument.partition(" / ")
    parts = [area_where(zones, replace(reading, argument=codes)) for codes in (above, below)]
    by_zone = _divided(parts[0][0], parts[1][0])
    return by_zone, float(_divided(np.array([parts[0][1]]), np.array([parts[1][1]]))[0])


def area_over(zones: Zones, reading: Reading) -> Answer:
    """Area of the features with a code named over the sum of a second column, as of people [m2]."""
    above = area_where(zones, reading)
    below = column_sum(zones, replace(reading, var=reading.second, second=""))
    return _divided(above[0], below[0]), float(_divided(np.array([above[1]]), np.array([below[1]]))[0])


def area_times(zones: Zones, reading: Reading) -> Answer:
    """Sum of a column times the area of its features, of those whose code in a second column is named, if any [m2]."""
    table = zones.table_of(reading.var)
    size = np.nan_to_num(zones.column(reading.var, reading.event).to_numpy(np.float64))
    size = size * zones.value(zones.place.one(table)).area.to_numpy()
    if reading.second:
        size = np.where(_with_code(zones, reading.second, reading.argument), size, 0.0)
    return _zone_sums(zones, table, size)


def count_where(zones: Zones, reading: Reading) -> Answer:
    """Number of features whose word in a column is one of those named."""
    chosen = zones.column(reading.var, "").isin(reading.argument.split()).to_numpy()
    return _zone_sums(zones, zones.table_of(reading.var), chosen.astype(np.float64))


def share_within(zones: Zones, reading: Reading) -> Answer:
    """Share of the zone within a distance of features with a word; the argument is the word, then metres."""
    word, _, metres = reading.argument.partition(" ")
    table, chosen = zones.table_of(reading.var), (zones.column(reading.var, "") == word).to_numpy()
    features = zones.value(zones.place.one(table)).to_numpy()[chosen]
    reach = shapely.union_all(shapely.buffer(features, float(metres)))
    area = zones.study_area
    whole = shapely.union_all(zones.shapes.to_numpy() if area is None else area)
    share = shapely.area(shapely.intersection(zones.shapes.to_numpy(), reach)) / zones.shapes.area.to_numpy()
    return share, float(shapely.area(shapely.intersection(whole, reach)) / shapely.area(whole))


def _with_code(zones: Zones, name: str, codes: str) -> NDArray[np.bool_]:
    words = boundary_codes()
    texts = zones.column(name, "").fillna("").astype(str).str.strip()
    texts = texts.map(lambda text: words.get(text.casefold(), text))
    return np.asarray(texts.str.startswith(tuple(codes.split())), np.bool_)

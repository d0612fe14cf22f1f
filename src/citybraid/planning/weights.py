"""What means over zones are weighted with, so that zones add up to larger ones: one function for each statistic.

Every function is named after a statistic of planning.statistics and returns the divisor of its ratio for each zone, the
whole area last. A statistic without one here is a sum, an extreme, or a value of the whole area alone.
"""

import numpy as np
import shapely

from citybraid.planning.rows import Reading
from citybraid.planning.zones import Floats, Zones


def grid_mean(zones: Zones, reading: Reading) -> Floats:
    """Cells that have a value."""
    return _cells(zones, ~np.isnan(zones.raster(reading.var, reading.event).astype(np.float64)))


def grid_mean_on_land(zones: Zones, reading: Reading) -> Floats:
    """Cells that have a value and are none of the waters named of the second raster."""
    known = ~np.isnan(zones.raster(reading.var, reading.event).astype(np.float64))
    if zones.place.layers.get(reading.second):
        known &= ~np.isin(zones.raster(reading.second, ""), [int(code) for code in reading.argument.split()])
    return _cells(zones, known)


def grid_share_on_land(zones: Zones, reading: Reading) -> Floats:
    """Cells that the second raster does not mark as holding water by nature."""
    if not zones.place.layers.get(reading.second):
        return _cells(zones, np.ones(zones.grid.shape, np.bool_))
    return _cells(zones, np.asarray(zones.raster(reading.second, "") == 0, np.bool_))


def class_share(zones: Zones, reading: Reading) -> Floats:
    """Cells whose code is known."""
    return _cells(zones, zones.raster(reading.var, reading.event) != 0)


class_share_with = class_share


def grid_mean_at(zones: Zones, reading: Reading) -> Floats:
    """People, or what else the mean is weighted with, where the raster has a value."""
    table = zones.table_of(reading.second)
    points = shapely.point_on_surface(zones.value(zones.place.one(table)).to_numpy())
    column, row = ~zones.grid.affine * (shapely.get_x(points), shapely.get_y(points))
    values = zones.raster(reading.var, reading.event)
    inside = (column >= 0) & (row >= 0) & (column < values.shape[1]) & (row < values.shape[0])
    known = np.zeros(len(points), np.bool_)
    known[inside] = np.isfinite(values[row[inside].astype(np.int64), column[inside].astype(np.int64)])
    return _features(zones, table, np.where(known, _column(zones, reading.second, reading.event), 0.0))


def column_ratio(zones: Zones, reading: Reading) -> Floats:
    """Sum of the column that is divided by."""
    return _features(zones, zones.table_of(reading.var.split()[0]), _column(zones, reading.second, reading.event))


def area_mean(zones: Zones, reading: Reading) -> Floats:
    """Area of the features that have a value."""
    table = zones.table_of(reading.var)
    values = zones.column(reading.var, reading.event).to_numpy(np.float64)
    area = zones.value(zones.place.one(table)).area.to_numpy()
    return _features(zones, table, np.where(np.isfinite(values), area, 0.0))


def _column(zones: Zones, name: str, event: str) -> Floats:
    return np.asarray(np.nan_to_num(zones.column(name, event).to_numpy(np.float64)), np.float64)


def _cells(zones: Zones, flags: np.ndarray) -> Floats:
    assigned = (zones.labels >= 0) & flags
    sums = np.bincount(zones.labels[assigned], minlength=len(zones.shapes)).astype(np.float64)
    return np.append(sums, float(np.count_nonzero(flags & zones.inside)))


def _features(zones: Zones, table: str, values: Floats) -> Floats:
    home = zones.home(table)
    sums = np.bincount(home[home >= 0], weights=values[home >= 0], minlength=len(zones.shapes))
    return np.append(sums, float(values[home > -2].sum()))  # noqa: PLR2004  (-2: outside the whole area)

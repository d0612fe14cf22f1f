"""People isolated from ambulances and fire engines by an event."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.streets.street_network import Flags, Floats, Ints
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.access import (
    AFTER_FIRE_TIME,
    AFTER_HOSPITAL_TIME,
    AFTER_ISOLATED_PEOPLE,
    FIRE_COVERAGE,
    FIRE_TIME,
    HOSPITAL_COVERAGE,
    HOSPITAL_TIME,
    ISOLATED_PEOPLE,
    LATE_PEOPLE,
    PEAK_FIRE_COVERAGE,
    PEAK_FIRE_TIME,
    PEAK_HOSPITAL_COVERAGE,
    PEAK_HOSPITAL_TIME,
)
from citybraid.core.vocabulary.place import RESIDENTS


class IsolatedPeople(NamedTuple):
    """Isolated people by building."""

    isolated_people: ISOLATED_PEOPLE
    late_people: LATE_PEOPLE
    after_isolated_people: AFTER_ISOLATED_PEOPLE


@model(
    version=1,
    cite="Green, Yu, Pattison et al. (2017), Nat. Hazards Earth Syst. Sci. 17: 1-16 (emergency responders in floods)",
    validity="Night-time residents at home; what the rescue times behind it hold for.",
)
def isolated_people(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    hospital_time: HOSPITAL_TIME,
    fire_time: FIRE_TIME,
    hospital_coverage: HOSPITAL_COVERAGE,
    fire_coverage: FIRE_COVERAGE,
    peak_hospital_time: PEAK_HOSPITAL_TIME,
    peak_fire_time: PEAK_FIRE_TIME,
    peak_hospital_coverage: PEAK_HOSPITAL_COVERAGE,
    peak_fire_coverage: PEAK_FIRE_COVERAGE,
    after_hospital_time: AFTER_HOSPITAL_TIME,
    after_fire_time: AFTER_FIRE_TIME,
    grid: GeoBox,
) -> IsolatedPeople:
    """Return the residents of each building whom vehicles no longer reach, or no longer reach in time.

    A building is located by its representative point's cell. All residents are isolated where some
    kind of vehicle has a route when dry and no kind has one in the flood. All residents are late
    where a kind is in time when dry and not at the peak, isolated or not. A
    building unreachable when dry, or off the grid, has no value: the cause is the street map,
    not the flood.
    """
    cell = inner_cells(buildings, grid)
    residents = buildings["residents"].to_numpy(np.float64)
    dry = _reachable(hospital_time, cell) | _reachable(fire_time, cell)
    peak = _reachable(peak_hospital_time, cell) | _reachable(peak_fire_time, cell)
    after = _reachable(after_hospital_time, cell) | _reachable(after_fire_time, cell)
    late = _coverage_lost(hospital_coverage, peak_hospital_coverage, cell) | _coverage_lost(
        fire_coverage, peak_fire_coverage, cell
    )

    def column(selected: Flags) -> pd.Series:
        return pd.Series(np.where(dry, np.where(selected, residents, 0.0 * residents), np.nan), index=buildings.index)

    return IsolatedPeople(column(dry & ~peak), column(late), column(dry & ~after))


def inner_cells(buildings: View, grid: GeoBox) -> Ints:
    """Return the flat cell index of each building's representative point, -1 off the grid."""
    points = buildings.geometry.representative_point()
    column, row = (np.floor(part) for part in ~grid.affine * (points.x.to_numpy(), points.y.to_numpy()))
    on_grid = (column >= 0) & (row >= 0) & (column < grid.shape[1]) & (row < grid.shape[0])
    flat = np.where(on_grid, row, 0.0) * grid.shape[1] + np.where(on_grid, column, 0.0)
    return np.where(on_grid, flat, -1.0).astype(np.int64)


def _sample(layer: xr.DataArray, cell: Ints) -> Floats:
    values = layer.to_numpy().astype(np.float64).ravel()
    return np.where(cell >= 0, values[np.maximum(cell, 0)], np.nan)


def _reachable(time: xr.DataArray, cell: Ints) -> Flags:
    return np.isfinite(_sample(time, cell))


def _coverage_lost(dry: xr.DataArray, peak: xr.DataArray, cell: Ints) -> Flags:
    return np.asarray((_sample(dry, cell) > 0.0) & ~(_sample(peak, cell) > 0.0), np.bool_)

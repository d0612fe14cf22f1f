"""Grid factor of future years: scenarios as rows, each an index of the national mean in 2020."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.kernels.carbon.paths import between

Array = NDArray[np.float64]


def years_from(start: int, horizon: int) -> Array:
    """Return the years from the start to the horizon; raises InputError where the horizon is not after the start."""
    if horizon <= start:
        raise InputError("pathway.years", start=start, horizon=horizon)
    return np.arange(start, horizon + 1, dtype=np.float64)


def grid_index(grid_path: Factors, scenario: str, years: Array) -> Array:
    """Return the grid factor of each year over that of the first year [-].

    Rows are keyed by scenario and year, as iea_announced/2030, linear between them. Raises InputError for a scenario
    without rows, a key without a year, a factor below 0, and one of 0
    in the first year.
    """
    points = _points(grid_path, scenario)
    if min(points.values()) < 0.0:
        raise InputError("pathway.grid_negative", scenario=scenario)
    index = between(points, years)
    if index[0] <= 0.0:
        raise InputError("pathway.grid_zero", scenario=scenario, year=int(years[0]))
    return np.asarray(index / index[0], dtype=np.float64)


def _points(grid_path: Factors, scenario: str) -> Mapping[int, float]:
    rows = {key: key.rpartition("/") for key in grid_path}
    known = sorted({name for name, _, _ in rows.values() if name})
    if scenario not in known:
        raise InputError("pathway.scenario", got=scenario, known=known)
    points = {}
    for key, (name, _, year) in rows.items():
        if name != scenario:
            continue
        if not year.isdecimal():
            raise InputError("pathway.key_year", key=key)
        points[int(year)] = grid_path[key]
    return points

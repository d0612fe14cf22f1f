"""Gustav Adolfs torg, Gothenburg: mean radiant temperature of three days, measured in six directions."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfortParams, outdoor_comfort
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.target import Target
from tests.outdoor_case import FACTORS
from tests.validation.publishing import Published
from tests.validation.test_real_squares import PLACE, RASTERS, SERIES, SQUARE

pytestmark = pytest.mark.slow

MEASURED = Path(__file__).with_name("gothenburg_square.csv")
"""Hours by their start, of UTC+1: the weather of a roof nearby and what was measured on the square.

Lindberg, Holmer and Thorsson (2008), Int. J. Biometeorol. 52: 697-713, hourly means as UMEP passes them on; the
measured hours were labelled by their end, which the global radiation of both tells.
"""
STATION = (319_289.34, 6_400_139.37)
CELL, REACH = 2.0, 160.0
"""Cells, and how far the ground around the station is taken in [m]."""
LIMIT = 6.2
"""Root mean square error that a model of radiant temperature keeps at places it was not tuned for [K]."""
F64 = NDArray[np.float64]


def quarter(root: Path) -> tuple[dict[str, Any], GeoBox]:
    """Return the square's rasters, the file's weather and the factors, and the grid."""
    west, south = (round(each / CELL) * CELL - REACH for each in STATION)
    box = (west, south, west + 2 * REACH, south + 2 * REACH)
    grid = GeoBox.from_bbox(box, crs="EPSG:3006", resolution=CELL)
    found = {
        each.var.name: each.value for each in take_in(SQUARE, Target("EPSG:3006", CELL, base=grid), root=root).layers
    }
    given: dict[str, Any] = {name: found[name] for name in (*SERIES, *PLACE, *RASTERS)}
    cover = given["land_cover"].to_numpy()
    times = grid.shape[0] // cover.shape[0]  # the file's cells of 4 m
    given["land_cover"] = xr.DataArray(np.kron(cover, np.ones((times, times), cover.dtype)), dims=("y", "x"))
    return given | {name: resolve(name) for name in FACTORS}, grid


def computed(given: dict[str, Any], grid: GeoBox, date: pd.Timestamp, hours: pd.DataFrame, wind: float) -> F64:
    """Return the radiant temperature at the station by hour of a day that repeats [degC]."""
    series = {name: given[name].copy() for name in SERIES}
    for name in SERIES:
        series[name][:] = wind if name == "wind_speed" else np.tile(hours[name].to_numpy(dtype=float), 365)
    params = OutdoorComfortParams(day=date.day_of_year, by_hour=True)
    comfort = outdoor_comfort.of({**given, **series, "grid": grid, "p": params})
    assert comfort.course is not None
    row = int((grid.boundingbox.top - STATION[1]) // CELL)
    column = int((STATION[0] - grid.boundingbox.left) // CELL)
    return np.asarray(comfort.course.hourly_radiant.to_numpy()[:, row, column], dtype=np.float64)


@pytest.mark.case("data/gothenburg")
def test_radiant_temperature_as_measured_on_a_square(cases: Path, published: Published) -> None:
    """No number was chosen for this place. Wind was not measured: the file's mean of the month stands for it."""
    given, grid = quarter(cases)
    wind = np.asarray(given["wind_speed"], dtype=np.float64)
    month = pd.date_range("2018-01-01", periods=wind.size, freq="h").month
    table = pd.read_csv(MEASURED)
    errors = []
    for day, hours in table.groupby("day"):
        date = pd.Timestamp(str(day))
        found = computed(given, grid, date, hours, float(wind[month == date.month].mean()))
        error = found - hours["mean_radiant"].to_numpy(dtype=float)
        errors.append(error[np.isfinite(error)])
        published.at_most(f"{day}: error of radiant temperature", _rmse(errors[-1]), LIMIT, unit="K")
    together = np.concatenate(errors)
    assert together.size == table["mean_radiant"].notna().sum() == 43
    published.at_most("three days: error of radiant temperature", _rmse(together), LIMIT, unit="K")
    published.at_most("three days: mean difference, computed less measured", abs(float(together.mean())), 5.0, unit="K")


def _rmse(error: F64) -> float:
    return float(np.sqrt((error**2).mean()))

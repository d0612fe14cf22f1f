"""Gustav Adolfs torg, Gothenburg: mean radiant temperature of three days, measured in six directions."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.kernels.outdoor import radiant_day as kernel
from citybraid.kernels.outdoor.irradiance import irradiance
from citybraid.kernels.outdoor.sky import STEFAN_BOLTZMANN, person_share
from citybraid.resilience.heat import outdoor_comfort as comfort_module
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
FLUXES = MEASURED.with_name("gothenburg_square_fluxes.csv")
"""What the instruments of the same hours read from below, above and four sides [W m-2], by the same source."""
STATION = (319_289.34, 6_400_139.37)
CELL, REACH = 2.0, 160.0
"""Cells, and how far the ground around the station is taken in [m]."""
FAINT = 20.0
"""Beam below which an hour counts as one without sun [W m-2]."""
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
    errors, cooler = [], []
    for day, hours in table.groupby("day"):
        date = pd.Timestamp(str(day))
        found = computed(given, grid, date, hours, float(wind[month == date.month].mean()))
        measured, air = (hours[name].to_numpy(dtype=float) for name in ("mean_radiant", "dry_bulb"))
        error = found - measured
        cooler.append(np.stack([found - air, measured - air])[:, _sunless(hours) & np.isfinite(measured)])
        errors.append(error[np.isfinite(error)])
        published.at_most(f"{day}: error of radiant temperature", _rmse(errors[-1]), LIMIT, unit="K")
    together = np.concatenate(errors)
    assert together.size == table["mean_radiant"].notna().sum() == 43
    published.at_most("three days: error of radiant temperature", _rmse(together), LIMIT, unit="K")
    published.at_most("three days: mean difference, computed less measured", abs(float(together.mean())), 4.0, unit="K")
    clear, cloudy, mixed = cooler
    published.near(
        "11 October, sun below the horizon: radiant less air", float(clear[0].mean()), -8.0, by=3.0, unit="K"
    )
    published.near("26 July, closed cloud at dawn: radiant less air", float(cloudy[0].mean()), 2.9, by=1.5, unit="K")
    dawn = "1 August, clear at dawn of a cloudy day: radiant less air"
    published.told(dawn, float(mixed[0, 0]), float(mixed[1, 0]), unit="K")
    assert [each.shape[1] for each in cooler] == [2, 3, 3]
    assert (clear < -5.0).all(), "below a clear sky it is much colder than the air, as measured"


def _sunless(hours: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(hours["direct_normal"] < FAINT)


class Terms(NamedTuple):
    """Irradiance of the person at the station by hour [W m-2], not yet absorbed."""

    short: F64
    long: F64


class Watch:
    """Takes down what the kernel finds at the station's cell, and may set the sky's own radiation."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, row: int, column: int) -> None:
        self.at = row, column
        self.sky: F64 | None = None
        self.seen: dict[str, F64] = {}
        radiant_day = kernel.radiant_day

        def noted(*arguments: Any) -> None:
            irradiance(*arguments)
            self.seen["diffuse"], self.seen["long"] = (
                np.asarray(each[:, row, column], np.float64) for each in arguments[-2:]
            )

        def run(scene: kernel.Scene, day: kernel.Day, *others: Any) -> kernel.RadiantDay:
            day = day if self.sky is None else day._replace(sky_emissivity=self.sky)
            found = radiant_day(scene, day, *others)
            self.seen["ground"] = np.asarray(found.ground[row, column], np.float64)
            self.seen["sun"] = np.asarray(found.sun[row, column], np.float64)
            self.day, self.view = day, float(found.sky_view[row, column])
            return found

        monkeypatch.setattr(kernel, "irradiance", noted)
        monkeypatch.setattr(comfort_module, "radiant_day", run)
        monkeypatch.setattr(comfort_module, "REMEMBERING", kernel.PARTS)

    def terms(self, albedo: float, emissivity: float) -> Terms:
        """Return the person's terms with the paved ground around as warm and as bright as at the station."""
        day, lit = self.day, self.seen["sun"] * (self.day.sun_height > 0.0)
        level = self.seen["diffuse"][0] + lit * day.direct * np.sin(day.sun_height)
        short = self.seen["diffuse"][1] + lit * day.direct * person_share(day.sun_height) + 0.5 * albedo * level
        up = emissivity * STEFAN_BOLTZMANN * (self.seen["ground"] + kernel.KELVIN) ** 4
        return Terms(short, self.seen["long"][1] + 0.5 * (up + (1.0 - emissivity) * self.seen["long"][0]))


def upright(fluxes: pd.DataFrame, kind: str) -> F64:
    """Return what an upright person meets of six directions (VDI 3787-2: 0.06 above and below, 0.22 a side)."""
    ends, sides = (
        fluxes[[f"{kind}_{name}" for name in names]].sum(axis=1)
        for names in (("down", "up"), ("north", "east", "south", "west"))
    )
    return np.asarray(0.06 * ends + 0.22 * sides, np.float64)


@pytest.mark.case("data/gothenburg")
def test_the_warm_bias_of_the_square_is_the_clear_skys_own_radiation(
    cases: Path, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sunlight has no bias; all of it is long-wave, and with the measured sky most of it is gone. Nothing is tuned."""
    given, grid = quarter(cases)
    row = int((grid.boundingbox.top - STATION[1]) // CELL)
    column = int((STATION[0] - grid.boundingbox.left) // CELL)
    watch = Watch(monkeypatch, row, column)
    wind = np.asarray(given["wind_speed"], dtype=np.float64)
    month = pd.date_range("2018-01-01", periods=wind.size, freq="h").month
    table, fluxes = pd.read_csv(MEASURED), pd.read_csv(FLUXES)
    short, long, errors, dark = [], [], [], []
    for day, hours in table.groupby("day"):
        date, here = pd.Timestamp(str(day)), fluxes[fluxes["day"] == day]
        breeze, at = float(wind[month == date.month].mean()), here["hour"].to_numpy()
        measured = hours["mean_radiant"].to_numpy(dtype=float)
        known = np.isfinite(measured[at])
        watch.sky = None
        computed(given, grid, date, hours, breeze)
        found = watch.terms(given["surface_albedo"]["paved"], given["surface_emissivity"]["paved"])
        short.append(kernel.SHORTWAVE_ABSORPTION * (found.short[at] - upright(here, "short"))[known])
        long.append(kernel.EMISSIVITY * (found.long[at] - upright(here, "long"))[known])
        black = STEFAN_BOLTZMANN * (watch.day.air + kernel.KELVIN) ** 4
        sky = (here["long_down"].to_numpy() - (1.0 - watch.view) * black[at]) / (watch.view * black[at])
        watch.sky = np.interp(np.arange(24), np.concatenate([at - 24, at, at + 24]), np.tile(sky, 3))
        error = computed(given, grid, date, hours, breeze) - measured
        errors.append(error[at][known])
        dark.append(error[_sunless(hours) & np.isfinite(error)])
    sun, heat, left = (np.concatenate(each) for each in (short, long, errors))
    assert sun.size == heat.size == left.size == 43
    published.at_most("sunlight absorbed, computed less measured", abs(float(sun.mean())), 5.0, unit="W m-2")
    published.told("long-wave absorbed, computed less measured", float(heat.mean()), 0.0, unit="W m-2")
    assert heat.mean() > 4.0 * abs(sun.mean()), "the bias of the radiant temperature is long-wave"
    published.at_most("with the sky as measured: error of radiant temperature", _rmse(left), 3.2, unit="K")
    published.at_most("with the sky as measured: mean difference", abs(float(left.mean())), 1.0, unit="K")
    night = np.concatenate(dark)
    published.at_most("with the sky as measured, 8 hours without sun: error", _rmse(night), 2.2, unit="K")
    published.at_most("with the sky as measured, without sun: difference", abs(float(night.mean())), 1.2, unit="K")


def _rmse(error: F64) -> float:
    return float(np.sqrt((error**2).mean()))

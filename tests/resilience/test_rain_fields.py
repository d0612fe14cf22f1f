"""Fields of rain from a storm that moves and from gauges, and what the flood makes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from pydantic import ValidationError
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.resilience.rain.design_storm import DesignStormParams, design_storm
from citybraid.resilience.rain.gauge_rain import GaugeRain, GaugeRainParams, gauge_rain
from citybraid.resilience.rain.moving_storm import MovingStormParams, moving_storm
from tests.resilience.basin import CLOSED, CRS, run, series

GRID = GeoBox.from_bbox((0, 0, 4000, 3000), crs=CRS, resolution=20)


def moved(falling: pd.Series | None = None, grid: GeoBox = GRID, **words: Any) -> xr.DataArray:
    falling = series([20.0, 80.0, 40.0], 600.0) if falling is None else falling
    given = {"direction": 90.0, "speed": 2.0, "reach": 800.0, "peak_at": "middle", **words}
    return moving_storm(rain_intensity=falling, grid=grid, p=MovingStormParams.model_validate(given)).rain_field


def test_a_storm_that_stands_wide_is_the_same_everywhere() -> None:
    found = moved(speed=0.0, reach=200_000.0, block=100.0)
    np.testing.assert_allclose(found.max(("y", "x")), [20.0, 80.0, 40.0], rtol=1e-3)
    np.testing.assert_allclose(found.min(("y", "x")), [20.0, 80.0, 40.0], rtol=1e-3)


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [(90.0, "x", 1), (270.0, "x", -1), (0.0, "y", 1), (180.0, "y", -1)]
)
def test_the_centre_goes_where_it_is_sent(direction: float, axis: str, sign: int) -> None:
    found = moved(series([50.0, 60.0, 50.0], 600.0), direction=direction, speed=1.0)
    there = [float(each[axis][int(each.argmax(...)[axis])]) for each in (found[0], found[-1])]
    last = float(found["time"][-1] - found["time"][0]) * 3600.0
    assert sign * (there[1] - there[0]) == pytest.approx(last, abs=81.0)


def test_the_peak_passes_where_it_is_said() -> None:
    found = moved(peak_at=(1000.0, 2000.0), speed=5.0)
    at = found.sel(x=1000.0, y=2000.0, method="nearest")
    assert float(at.max()) == pytest.approx(80.0, rel=0.02)
    assert 600.0 <= float(found["time"][int(np.argmax(at.data))]) * 3600.0 < 1200.0


def test_nothing_of_the_path_is_assumed() -> None:
    for name in ("direction", "speed", "reach", "peak_at"):
        given = {"direction": 90.0, "speed": 2.0, "reach": 800.0, "peak_at": "middle"}
        del given[name]
        with pytest.raises(ValidationError):
            MovingStormParams.model_validate(given)


def test_a_field_too_large_is_refused() -> None:
    with pytest.raises(InputError) as told:
        moved(block=20.0, speed=50.0, falling=series(np.ones(50), 3600.0))
    assert told.value.text == "rain.field_large"


PLACES = {"a": (500.0, 500.0), "b": (3500.0, 500.0), "c": (2000.0, 2500.0)}


def gauges(places: dict[str, tuple[float, float]] | None = None) -> gpd.GeoDataFrame:
    found = PLACES if places is None else places
    return gpd.GeoDataFrame(geometry=[Point(*at) for at in found.values()], index=list(found), crs=CRS)


def spread(rates: dict[str, list[float]] | None = None, **words: Any) -> GaugeRain:
    told = {"a": [10.0, 0.0], "b": [0.0, 30.0], "c": [20.0, 20.0]} if rates is None else rates
    where = words.pop("places", None)
    p = GaugeRainParams.model_validate({"method": "thiessen", "block": 100.0, **words})
    return gauge_rain(gauges=gauges(where), gauge_rain={k: series(v, 600.0) for k, v in told.items()}, grid=GRID, p=p)


def test_each_place_has_its_nearest_gauge_s_rain() -> None:
    found = spread()
    assert set(np.unique(found.rain_field[0])) == {10.0, 0.0, 20.0}
    for name, (x, y) in PLACES.items():
        at = found.rain_field.sel(x=x, y=y, method="nearest")
        np.testing.assert_allclose(at, {"a": [10.0, 0.0], "b": [0.0, 30.0], "c": [20.0, 20.0]}[name])
    np.testing.assert_allclose(found.rain_intensity, found.rain_field.mean(("y", "x")), rtol=1e-6)


def test_inverse_distances_lie_between_gauges_and_meet_them() -> None:
    found = spread(method="idw", power=2.0, places={name: (x + 50.0, y + 50.0) for name, (x, y) in PLACES.items()})
    assert float(found.rain_field[0].min()) == 0.0
    assert float(found.rain_field[0].max()) == 20.0
    middle = found.rain_field.sel(x=2050.0, y=550.0, method="nearest")
    near, far = 1.0 / 1500.0**2, 1.0 / 2000.0**2
    assert float(middle[0]) == pytest.approx((10.0 * near + 20.0 * far) / (2.0 * near + far), rel=1e-6)


@pytest.mark.parametrize(
    ("text", "rates", "words"),
    [
        ("rain.gauge_placeless", {"a": [1.0, 1.0], "b": [1.0, 1.0], "c": [1.0, 1.0], "d": [1.0, 1.0]}, {}),
        ("rain.gauge_silent", {"a": [1.0, 1.0], "b": [1.0, 1.0]}, {}),
        ("rain.gauge_times", {"a": [1.0, 1.0], "b": [1.0, 1.0, 1.0], "c": [1.0, 1.0]}, {}),
        ("rain.no_power", None, {"method": "idw"}),
    ],
)
def test_refuses_gauges(text: str, rates: Any, words: Any) -> None:
    with pytest.raises(InputError) as told:
        spread(rates, **words)
    assert told.value.text == text


def storm() -> pd.Series:
    formula = shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025)
    p = DesignStormParams()
    return design_storm(return_period=50.0, storm_duration=60.0, storm_formula=formula, p=p).rain_intensity


@pytest.mark.slow
def test_the_flood_takes_the_field_and_closes() -> None:
    bed = np.random.default_rng(2).normal(0.0, 0.2, GRID.shape)
    field = moved(storm())
    found = run(bed, cell=20.0, falling=storm(), areal_rain=field, duration=5400.0, **CLOSED)
    hours = float(field["time"][1] - field["time"][0])
    want = float(field.sum(dtype=np.float64)) * hours * 1e-3 * 80.0**2
    assert found.rain_volume == pytest.approx(want, rel=0.03)  # 38 x 50 blocks of 80 m reach beyond the grid's south
    assert abs(found.mass_error) < 1e-9


def test_figure(figure: Callable[[str], Path]) -> None:
    y, x = np.mgrid[0 : GRID.shape[0], 0 : GRID.shape[1]]
    bed = 0.3 * np.sin(x / 9.0) * np.cos(y / 11.0) + 0.002 * 20.0 * y / 4.0
    field = moved(storm(), direction=60.0, speed=1.0, reach=900.0)
    found = run(bed, cell=20.0, falling=storm(), areal_rain=field, duration=5400.0, threshold=0.02)
    hours = float(field["time"][1] - field["time"][0])
    picture, axes = plt.subplots(1, 3, figsize=(13, 3.6), layout="constrained")
    extent = (0.0, 4.0, 0.0, 3.0)
    peak = int(np.argmax(field.max(("y", "x")).data))
    for axis, values, title, colours, high in (
        (axes[0], field[peak], f"rain at {field['time'][peak] * 60:.0f} min [mm/h]", "Blues", None),
        (axes[1], field.sum("time") * hours, "rain of the event [mm]", "Blues", None),
        (axes[2], found.max_depth, "greatest depth [m]", "viridis", 0.3),
    ):
        shown = axis.imshow(values, extent=extent, cmap=colours, vmin=0.0, vmax=high)
        axis.set(title=title, xlabel="x [km]")
        picture.colorbar(shown, ax=axis)
    picture.savefig(figure("resilience.moving_storm"), dpi=110)
    plt.close(picture)
    right = found.max_depth.to_numpy()[:, 150:].mean()
    assert right < found.max_depth.to_numpy()[:, 60:140].mean()


def test_figure_of_gauges(figure: Callable[[str], Path]) -> None:
    picture, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    ways: tuple[dict[str, Any], ...] = ({"method": "thiessen"}, {"method": "idw", "power": 2.0})
    for axis, words in zip(axes, ways, strict=True):
        found = spread({"a": [10.0, 0.0], "b": [25.0, 30.0], "c": [60.0, 20.0]}, **words).rain_field[0]
        shown = axis.imshow(found, extent=(0.0, 4.0, 0.0, 3.0), cmap="Blues", vmin=0.0, vmax=60.0)
        for x, y in PLACES.values():
            axis.plot(x / 1000.0, y / 1000.0, "o", color="tab:orange")
            axis.text(
                x / 1000.0, y / 1000.0 + 0.1, f"{float(found.sel(x=x, y=y, method='nearest')):.0f}", color="tab:orange"
            )
        axis.set(title=", ".join(map(str, words.values())), xlabel="x [km]")
        picture.colorbar(shown, ax=axis, label="rain [mm/h]")
    picture.savefig(figure("resilience.gauge_rain"), dpi=110)
    plt.close(picture)

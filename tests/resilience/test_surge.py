"""Surge and coastal inundation: the balance integrated, hands' values, connected ground only, refusals, pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from scipy.integrate import solve_ivp

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.resilience.coast.coastal_inundation import CoastalInundationParams, coastal_inundation
from citybraid.resilience.coast.surge import Surge, SurgeParams, alongshore_transport, set_up, surge
from citybraid.resilience.coast.typhoon_wind import TyphoonWindParams, typhoon_wind
from tests.resilience.cyclone_track import GRID, fixes

COAST = GeoBox((40, 60), Affine(50.0, 0, 5e5, 0, -50.0, 2.7e6), "EPSG:4548")


def blown(
    speed: float, came: float, pressure: float = 1008.3, *, rise: float | None = None, hours: int = 2,
    latitude: float | None = None,
) -> Surge:  # fmt: skip
    one = pd.Series(np.full(hours, speed))
    return surge(
        site_wind=one,
        site_wind_from=one * 0.0 + came,
        site_pressure=one * 0.0 + pressure,
        high_tide=2.5,
        coast=resolve("surge"),
        typhoon=resolve("typhoon_wind"),
        p=SurgeParams(seaward=120.0, shelf_width=100.0, shelf_depth=20.0, latitude=latitude),
        sea_level_rise=rise,
    )


def ground() -> np.ndarray:
    """A coast to the east: 1 m above it behind a dike of 5 m with a gap, and a hollow that is cut off."""
    row, column = np.mgrid[:40, :60]
    height = np.where(column >= 45, -2.0, 1.0 + 0.05 * (44 - column))
    height = np.where((column == 44) & ~((row >= 10) & (row < 12)), 5.0, height)
    height = np.where((column < 25) & (column >= 22), 6.0, height)
    return np.where((column < 22) & (column > 5) & (row > 20), 0.5, height)


def inundated(level: float, *sides: Any, cover: np.ndarray | None = None) -> Any:
    return coastal_inundation(
        terrain=xr.DataArray(ground(), dims=("y", "x")),
        sea_level_peak=level,
        grid=COAST,
        p=CoastalInundationParams(sides=sides or ("east",)),
        land_cover=None if cover is None else xr.DataArray(cover, dims=("y", "x")),
    )


def test_by_hand() -> None:
    # 40 m/s straight on: stress 1.15 x 0.0025 x 1600 = 4.6 Pa over 100 km of 20 m: sqrt(400 + 91.5) - 20
    found = blown(40.0, 120.0)
    want = np.sqrt(400.0 + 2 * 4.6 * 1e5 / (1025.0 * 9.80665)) - 20.0
    assert found.surge_height == pytest.approx(want)
    assert found.sea_level_peak == pytest.approx(want + 2.5)
    assert blown(40.0, 120.0, rise=0.4).sea_level_peak == pytest.approx(want + 2.9)
    assert blown(0.0, 0.0, 958.3).surge_height == pytest.approx(5000.0 / (1025.0 * 9.80665))  # 50 hPa lift half a metre
    assert blown(40.0, 30.0).surge_height == pytest.approx(0.0, abs=1e-12)  # along the coast
    assert blown(40.0, 300.0).surge_height < -1.5  # off the coast


def test_set_up_is_the_balance_integrated() -> None:
    stress, depth, width = 0.0045, 12.0, 80e3
    found = solve_ivp(lambda _, eta: stress / (9.80665 * (depth + eta)), (0.0, width), [0.0], rtol=1e-10, atol=1e-12)
    assert set_up(np.array([stress]), width=width, depth=depth)[0] == pytest.approx(found.y[0, -1], rel=1e-8)
    assert set_up(np.array([-1.0]), width=width, depth=depth)[0] == -depth


def test_wind_along_the_shore_by_hand() -> None:
    """30 m/s along the shore for six days: friction holds V at h (tau / rho K)^0.5, and f V piles it up ashore."""
    stress = 1.15 * 0.0025 * 900.0 / 1025.0
    slope = 2.0 * 7.2921e-5 * np.sin(np.deg2rad(24.5)) * 20.0 * np.sqrt(stress / 0.0025)
    want = np.sqrt(400.0 + 2.0 * slope * 1e5 / 9.80665) - 20.0
    found = blown(30.0, 30.0, hours=150, latitude=24.5)
    assert found.surge.iloc[-1] == pytest.approx(want, rel=1e-6)
    assert want == pytest.approx(0.61, abs=0.005)
    assert found.surge.iloc[0] == pytest.approx(0.0, abs=1e-12)
    assert blown(30.0, 210.0, hours=150, latitude=24.5).surge.iloc[-1] < -0.5, "the sea to its right: off the shore"
    south = blown(30.0, 210.0, hours=150, latitude=-24.5)
    np.testing.assert_allclose(south.surge, found.surge, atol=1e-9)
    assert blown(40.0, 120.0, latitude=60.0).surge_height == pytest.approx(blown(40.0, 120.0).surge_height)


def test_the_transport_is_its_equation_integrated() -> None:
    times, stress = np.arange(0.0, 15.0) * 3600.0, 2e-3 * np.sin(np.arange(15.0))
    found = solve_ivp(
        lambda t, v: np.interp(t, times, stress) - 0.0025 * v * abs(v) / 12.0**2, (0.0, times[-1]), [0.0],
        t_eval=times, rtol=1e-9, atol=1e-9, max_step=60.0,
    )  # fmt: skip
    moved = [alongshore_transport(times, stress, 12.0, 0.0025, step) for step in (300.0, 1.0)]
    np.testing.assert_allclose(moved[0], found.y[0], atol=2e-3)
    levels = [set_up(6.4e-5 * each, width=1e5, depth=12.0) for each in moved]
    np.testing.assert_allclose(levels[0], levels[1], atol=1e-4, err_msg="what the note of the factor says")
    assert np.abs(found.y[0]).max() > 3.0


def test_a_hollow_behind_high_ground_stays_dry() -> None:
    found = inundated(2.0)
    depth = found.coastal_depth.to_numpy()
    assert (depth[:, 6:22] == 0.0).all()
    assert depth[30, 40] == pytest.approx(2.0 - 1.2)  # behind the dike, through its gap
    assert depth[30, 44] == 0.0
    cover = np.where(np.arange(60) >= 45, 80, 50).astype(np.int32) * np.ones((40, 1), np.int32)
    land = inundated(2.0, cover=cover)
    assert land.coastal_area == pytest.approx((land.coastal_depth > 0).sum() * 2500.0)
    assert float(land.coastal_depth[:, 45:].max()) == 0.0
    assert inundated(7.0).coastal_depth[30, 10] == pytest.approx(6.5)


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="west"):
        inundated(0.0, "west")
    one, two = pd.Series([1.0]), pd.Series([1.0, 2.0])
    with pytest.raises(InputError, match="2"):
        surge(
            site_wind=one,
            site_wind_from=two,
            site_pressure=one + 1000.0,
            high_tide=0.0,
            coast=resolve("surge"),
            typhoon=resolve("typhoon_wind"),
            p=SurgeParams(seaward=0.0, shelf_width=10.0, shelf_depth=10.0),
        )


def test_figure_of_surge(figure: Callable[[str], Path]) -> None:
    track = fixes(north=-0.25)
    wind = typhoon_wind(
        track_latitude=track.latitude,
        track_longitude=track.longitude,
        track_pressure=track.pressure,
        typhoon=resolve("typhoon_wind"),
        grid=GRID,
        p=TyphoonWindParams(),
    )
    axes = plt.figure(figsize=(6.4, 3.8), layout="constrained").subplots()
    for depth, colour in ((15.0, "#b3261e"), (30.0, "#c4703c"), (60.0, "#3b7ea1")):
        found = surge(
            site_wind=wind.site_wind,
            site_wind_from=wind.site_wind_from,
            site_pressure=wind.site_pressure,
            high_tide=0.0,
            coast=resolve("surge"),
            typhoon=resolve("typhoon_wind"),
            p=SurgeParams(seaward=120.0, shelf_width=100.0, shelf_depth=depth),
        )
        axes.plot(found.surge, color=colour, label=f"shelf {depth:.0f} m deep")
    axes.axhline(0.0, color="#888888", lw=0.6)
    axes.set(xlabel="hours from the first fix", ylabel="surge above the tide [m]")
    axes.set_title("One typhoon on a coast to the south-east, 100 km of shelf", fontsize=10)
    axes.legend(frameon=False)
    path = figure(surge.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def test_figure_of_inundation(figure: Callable[[str], Path]) -> None:
    left, right = plt.figure(figsize=(8.0, 3.2), layout="constrained").subplots(1, 2)
    cover = np.where(np.arange(60) >= 45, 80, 50).astype(np.int32) * np.ones((40, 1), np.int32)
    for axes, level in ((left, 2.0), (right, 5.5)):
        depth = inundated(level, cover=cover).coastal_depth.to_numpy()
        axes.imshow(ground(), cmap="Greys", vmin=-4.0, vmax=12.0)
        image = axes.imshow(np.where(depth > 0, depth, np.nan), cmap="Blues", vmin=0.0, vmax=5.0)
        axes.contour(cover == 80, levels=[0.5], colors="#3b7ea1", linewidths=1.0)
        axes.set(title=f"sea at {level:g} m", xticks=[], yticks=[])
    right.figure.colorbar(image, ax=right, shrink=0.8, label="depth [m]")
    path = figure(coastal_inundation.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 8_000

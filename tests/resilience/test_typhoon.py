"""Typhoon wind: the profile by hand, turned and mirrored, what counts on the track, what is refused and drawn."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.climate.cyclone import EARTH_ROTATION, Track, distance_and_bearing, gradient_wind, motion, winds
from citybraid.resilience.coast.typhoon_wind import TyphoonWind, TyphoonWindParams, typhoon_wind
from tests.resilience.cyclone_track import GRID, Fixes, fixes

ROWS = resolve("typhoon_wind")


def wind(
    track: Fixes, *, radius: pd.Series | None = None, cover: xr.DataArray | None = None, **words: Any
) -> TyphoonWind:
    return typhoon_wind(
        track_latitude=track.latitude,
        track_longitude=track.longitude,
        track_pressure=track.pressure,
        typhoon=ROWS,
        grid=GRID,
        p=TyphoonWindParams(**words),
        track_radius=radius,
        land_cover=cover,
    )


def still(latitude: float = 0.0, *, deficit: float = 50.0) -> Track:
    one = np.ones(1)
    return Track(latitude * one, 120.0 * one, deficit * one, 40e3 * one, 1.4 * one, 1.0)


def test_profile_by_hand() -> None:
    # On the equator the strongest wind is sqrt(B dp / (rho e)), at R; at 2 R it is less by the profile
    found = gradient_wind(np.array([[40e3, 80e3]]), still(), density=1.15)[0]
    assert found[0] == pytest.approx(np.sqrt(1.4 * 5000.0 / 1.15 / math.e))
    assert found[1] == pytest.approx(np.sqrt(1.4 * 5000.0 / 1.15 * 0.5**1.4 * np.exp(-(0.5**1.4))))
    turned = gradient_wind(np.array([[40e3]]), still(30.0), density=1.15)[0, 0]
    half = 0.5 * 40e3 * EARTH_ROTATION  # f = 2 omega sin 30° = omega
    assert turned == pytest.approx(np.sqrt(found[0] ** 2 + half**2) - half)


def test_distance_and_bearing() -> None:
    far, bearing = distance_and_bearing(np.array([1.0, 0.0]), np.array([120.0, 121.0]), still())
    np.testing.assert_allclose(far, np.pi / 180 * 6371e3)
    np.testing.assert_allclose(bearing, [[0.0, np.pi / 2]])


@pytest.mark.parametrize(("latitude", "toward"), [(20.0, 270.0 - 30.0), (-20.0, 90.0 + 30.0)])
def test_wind_turns_by_hemisphere_and_inward(latitude: float, toward: float) -> None:
    # North of the centre it blows west (east in the south), 30° inward
    place = np.array([latitude + 0.4]), np.array([120.0])
    found = winds(*place, still(latitude), density=1.15, factor=0.9, inflow=30.0, share=0.5)
    heading = np.rad2deg(np.arctan2(found.east, found.north))[0, 0] % 360.0
    assert heading == pytest.approx(toward, abs=0.5)


def test_the_right_side_blows_harder() -> None:
    deep, wide, bend = np.full(3, 50.0), np.full(3, 40e3), np.full(3, 1.4)
    moving = Track(np.full(3, 20.0), np.array([120.0, 119.8, 119.6]), deep, wide, bend, 1.0)
    east, _ = motion(moving)
    assert east[1] == pytest.approx(-0.2 * np.pi / 180 * 6371e3 * np.cos(np.deg2rad(20.0)) / 3600.0)
    place = np.array([20.36, 19.64]), np.array([119.8, 119.8])
    found = winds(*place, moving, density=1.15, factor=0.9, inflow=0.0, share=0.5)
    right, left = np.hypot(found.east, found.north)[1]
    assert right - left == pytest.approx(-east[1], rel=0.01)  # plus and minus half of the motion


def test_pressure_at_the_centre_and_the_site() -> None:
    found = wind(fixes())
    assert found.site_pressure.min() == pytest.approx(945.0, abs=0.5)
    assert found.site_peak_wind == pytest.approx(found.site_wind.max())
    assert float(found.site_wind_from.iloc[85]) == pytest.approx(5.0, abs=15.0)
    assert float(found.gale_duration.mean()) == pytest.approx(17.0, abs=3.0)


@pytest.mark.slow
def test_water_blows_harder_than_land_and_a_stronger_typhoon_harder_still() -> None:
    cover = xr.DataArray(np.where(np.arange(1600).reshape(40, 40) % 40 < 20, 80, 50).astype(np.int32), dims=("y", "x"))
    found = wind(fixes(), cover=cover)
    assert float(found.peak_wind[:, :20].mean()) > 1.15 * float(found.peak_wind[:, 20:].mean())
    pond = wind(fixes(), cover=cover, open_water=1e9)
    np.testing.assert_allclose(pond.peak_wind, wind(fixes()).peak_wind)
    assert float(wind(fixes(), deficit_factor=1.2).peak_wind.mean()) > float(wind(fixes()).peak_wind.mean())


def test_a_radius_on_the_track_counts() -> None:
    far = fixes(north=1.5)
    wide = pd.Series(np.full(9, 150.0), far.latitude.index, name="track_radius")
    assert wind(far, radius=wide).site_peak_wind > 1.3 * wind(far).site_peak_wind


def test_what_is_refused() -> None:
    track = fixes()
    short = track._replace(pressure=track.pressure.iloc[:-1])
    with pytest.raises(InputError, match="track_pressure"):
        wind(short)
    with pytest.raises(InputError, match="track_longitude"):
        wind(track._replace(longitude=track.longitude.mask(track.longitude.index == 6.0)))


def test_figure(figure: Callable[[str], Path]) -> None:
    cover = xr.DataArray(
        np.where(np.add.outer(np.arange(40), np.arange(40)) > 42, 80, 50).astype(np.int32), dims=("y", "x")
    )
    found = wind(fixes(north=-0.25), cover=cover)
    left, right = plt.figure(figsize=(8.4, 3.8), layout="constrained").subplots(1, 2)
    image = left.imshow(found.peak_wind, cmap="YlOrRd")
    left.figure.colorbar(image, ax=left, shrink=0.8, label="m/s")
    blown = np.deg2rad(found.peak_wind_from.to_numpy()[4::8, 4::8] + 180.0)
    at = np.meshgrid(np.arange(4, 40, 8), np.arange(4, 40, 8))
    left.quiver(*at, np.sin(blown), np.cos(blown), color="#333333", width=0.006, scale=14)
    left.set(title="strongest mean wind, sea to the south-east", xticks=[], yticks=[])
    hours = found.site_wind.index
    right.plot(hours, found.site_wind, color="#b3261e", label="wind over water [m/s]")
    right.plot(hours, 1008.3 - found.site_pressure, color="#3b7ea1", label="pressure deficit [hPa]")
    right.set(xlabel="hours from the first fix", title="at the middle of the area")
    right.set_ylim(0.0, 66.0)
    right.legend(frameon=False, loc="upper right", fontsize=8)
    path = figure(typhoon_wind.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000

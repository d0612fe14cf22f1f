"""Typhoon wind: deeper is stronger, far away is calm, the step hardly matters, ends of every range give numbers."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.cyclone import TRACK_LATITUDE, TRACK_LONGITUDE, TRACK_PRESSURE
from citybraid.kernels.climate.cyclone import Track, gradient_wind
from citybraid.resilience.coast.typhoon_wind import TyphoonWind, TyphoonWindParams, typhoon_wind
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.cyclone_track import GRID, Fixes, fixes

ROWS = resolve("typhoon_wind")


def wind(track: Fixes, step: float = 1.0) -> TyphoonWind:
    return typhoon_wind(
        track_latitude=track.latitude,
        track_longitude=track.longitude,
        track_pressure=track.pressure,
        typhoon=ROWS,
        grid=GRID[:3, :3],
        p=TyphoonWindParams(step=step),
    )


@given(st.floats(900, 1000), st.floats(1, 40), st.floats(-3, 3))
def test_deeper_is_stronger_at_its_own_radius(pressure: float, deeper: float, latitude: float) -> None:
    deficit = np.array([1008.3 - pressure, 1008.3 - pressure + deeper])
    track = Track(np.full(2, latitude), np.full(2, 118.0), deficit, np.full(2, 40e3), np.full(2, 1.4), 1.0)
    weak, strong = gradient_wind(np.full((2, 1), 40e3), track, density=1.15)[:, 0]
    assert strong > weak


@at_most(8)
@given(st.floats(900, 1000), st.floats(-3, 3))
def test_the_step_hardly_matters(pressure: float, north: float) -> None:
    coarse, fine = (wind(fixes(pressure=pressure, north=north), step).site_peak_wind for step in (0.5, 0.25))
    assert coarse == pytest.approx(fine, rel=0.03, abs=0.2)


@at_most(8)
@given(st.floats(900, 1000))
def test_far_away_is_calm(pressure: float) -> None:
    near, far = wind(fixes(pressure=pressure)), wind(fixes(pressure=pressure, north=12.0))
    assert far.site_peak_wind < 0.2 * near.site_peak_wind
    assert float(far.site_pressure.min()) > 1006.0


def corners() -> list[tuple[float, float, float]]:
    return list(product(ends(TRACK_LATITUDE), ends(TRACK_LONGITUDE), ends(TRACK_PRESSURE)))


@pytest.mark.parametrize(("latitude", "longitude", "pressure"), corners())
@pytest.mark.parametrize("count", [1, 3])
def test_corners(latitude: float, longitude: float, pressure: float, count: int) -> None:
    hours = pd.Index(6.0 * np.arange(count), name="hours")
    track = Fixes(*(pd.Series(np.full(count, each), hours) for each in (latitude, longitude, pressure)))
    found = wind(track)
    assert np.isfinite(found.peak_wind).all()
    assert (found.peak_wind >= 0.0).all()
    assert len(found.site_wind) == (count - 1) * 6 + 1
    over = Fixes(*(pd.Series(np.full(count, each), hours) for each in (24.5, 118.1, pressure)))
    assert np.isfinite(wind(over).site_wind).all()

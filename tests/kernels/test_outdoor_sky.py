"""Radiance of the sky: sums that must come out, the sun's side brighter, the horizon warmer."""

import numpy as np
import pytest

from citybraid.kernels.outdoor.sky import (
    SECTORS,
    STEFAN_BOLTZMANN,
    angle_between,
    clear_sky_emissivity,
    diffuse_radiance,
    longwave_radiance,
    patches,
    person_share,
)


def test_weights_fill_the_sky() -> None:
    sky = patches()
    assert SECTORS * sky.ground.sum() == pytest.approx(np.pi, rel=1e-12)
    assert SECTORS * sky.person.sum() == pytest.approx(0.5 * np.pi, rel=1e-12)


def test_a_beam_counts_on_a_person_as_the_sky_does() -> None:
    height = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 20_001)
    whole = 2.0 * np.pi * np.trapezoid(person_share(height) * np.cos(height), height)
    assert whole == pytest.approx(np.pi, rel=1e-6)


@pytest.mark.parametrize(
    ("diffuse", "direct"), [(80.0, 850.0), (150.0, 600.0), (250.0, 200.0), (300.0, 30.0), (200.0, 0.0)]
)
@pytest.mark.parametrize("height", [5.0, 30.0, 70.0])
def test_the_ground_gets_the_diffuse_light_given(diffuse: float, direct: float, height: float) -> None:
    found = diffuse_radiance(diffuse, direct, np.radians(height), 2.0, 1.0 / np.sin(np.radians(height)), 1361.0)
    assert (found >= 0.0).all()
    assert (found * patches().ground).sum() == pytest.approx(diffuse, rel=1e-12)


def test_a_clear_sky_is_brightest_around_the_sun_and_an_overcast_one_overhead() -> None:
    clear = diffuse_radiance(80.0, 850.0, np.radians(45.0), np.pi, 1.41, 1361.0)
    sky = patches()
    brightest = np.unravel_index(clear.argmax(), clear.shape)
    assert angle_between(sky.height[brightest[1]], sky.azimuth[brightest[0]], np.radians(45.0), np.pi) < 0.2
    grey = diffuse_radiance(150.0, 0.0, np.radians(45.0), np.pi, 1.41, 1361.0).mean(axis=0)
    assert grey[-1] > 1.5 * grey[0]


def test_by_night_and_in_the_dark() -> None:
    assert diffuse_radiance(0.0, 0.0, -0.3, 0.0, np.nan, 1361.0).sum() == 0.0
    dusk = diffuse_radiance(5.0, 0.0, -0.02, 0.0, np.nan, 1361.0)
    np.testing.assert_allclose(dusk, 5.0 / np.pi)


def test_longwave_adds_up_and_grows_towards_the_horizon() -> None:
    air = np.array([10.0, 30.0])
    emissivity = clear_sky_emissivity(air, np.array([8.0, 25.0]))
    found = longwave_radiance(emissivity, air)
    level = SECTORS * (found * patches().ground[:, None]).sum(axis=0)
    np.testing.assert_allclose(level, emissivity * STEFAN_BOLTZMANN * (air + 273.15) ** 4, rtol=1e-12)
    assert (np.diff(found, axis=0) < 0.0).all()


def test_prata_by_hand() -> None:
    """At 20 °C and 12 hPa: 1.90 cm of water, 1 - 2.90 exp(-sqrt(8.71)) = 0.848."""
    water = 46.5 * 12.0 / 293.15
    assert water == pytest.approx(1.903, abs=1e-3)
    hand = 1.0 - (1.0 + water) * np.exp(-((1.2 + 3.0 * water) ** 0.5))
    assert float(clear_sky_emissivity(np.array(20.0), np.array(12.0))) == pytest.approx(hand, rel=1e-12)

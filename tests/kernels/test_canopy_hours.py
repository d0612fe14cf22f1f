"""Air between buildings: each part beside an answer by another route, and the balance of every hour."""

import math

import numpy as np
import pytest

from citybraid.kernels.outdoor.canopy_air import (
    LAYERS,
    Blocks,
    Forcing,
    Tiles,
    canyon_sun,
    column,
    exchange,
    exchange_and_slope,
    mirrored,
    mixing,
    near_wind,
    settle,
    upper_wind,
)
from citybraid.kernels.outdoor.canopy_hours import TERMS, courses, natural, over_open_ground, upper_difference

DAY = 86_400.0
TILES = Tiles(
    np.array([0.16, 0.20, 0.18, 0.20]), np.array([0.94, 0.95, 0.95, 0.90]), np.array([1100.0, 1785.0, 1785.0, 1065.0]),
    np.array([50.0, np.inf, np.inf, np.inf]), np.array([200.0, np.inf, np.inf, np.inf]),
)  # fmt: skip
"""Grass, paving, roof and wall."""


def clear_days(count: int, *, wind: float = 2.0) -> Forcing:
    """Return clear summer days with cool nights."""
    hour = np.tile(np.arange(24) + 0.5, count)
    sine = np.maximum(np.sin(2.0 * np.pi * (hour - 6.0) / 24.0), 0.0) * (hour > 6.0) * (hour < 18.0)
    air = 27.0 + 5.0 * np.cos(2.0 * np.pi * (hour - 15.0) / 24.0)
    return Forcing(
        air, np.full(hour.size, wind), np.full(hour.size, 2.3), 750.0 * sine, np.where(sine > 0.0, 100.0, 0.0),
        0.82 * 5.67e-8 * (air + 273.15) ** 4, 0.5 * np.pi - np.arcsin(np.minimum(sine, 0.98)), 0.067, 50.0, 0.0327,
    )  # fmt: skip


def block(grass: float, *, roof: float = 0.0, aspect: float = 0.0, height: float = 0.0) -> Blocks:
    def one(value: float) -> np.ndarray:
        return np.full(1, value)

    rough = max(0.03, 0.07 * height)
    return Blocks(np.array([[grass, 1.0 - grass]]), one(roof), one(aspect), one(height), one(0.5 * height), one(rough))


def run(blocks: Blocks, weather: Forcing, heat: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    upper = np.zeros(weather.air.size)
    over_open_ground(block(1.0), TILES, weather, upper)
    shape = (blocks.roof.size, weather.air.size)
    air, balance = np.zeros(shape), np.zeros((*shape, TERMS))
    courses(blocks, TILES, weather, np.full(shape, heat), upper, air, balance)
    return air, balance


@pytest.mark.parametrize("aspect", [0.0, 0.2, 1.0, 3.0])
@pytest.mark.parametrize("zenith", [0.0, 0.4, 1.0, 1.5])
def test_ground_and_walls_share_the_sun_that_enters_a_street(aspect: float, zenith: float) -> None:
    ground, walls = canyon_sun(600.0, zenith, aspect)
    assert ground + 2.0 * aspect * walls == pytest.approx(600.0, rel=1e-12)
    assert ground >= -1e-9


@pytest.mark.parametrize("aspect", [0.1, 1.0, 4.0])
def test_the_sun_of_a_street_is_the_mean_over_its_directions(aspect: float) -> None:
    """Numerically: streets of every direction, the shadow of a wall upon the ground (Masson 2000 in closed form)."""
    zenith, turns = 0.9, np.linspace(0.0, 2.0 * np.pi, 20001)[:-1]
    shadow = aspect * math.tan(zenith) * np.abs(np.sin(turns))
    assert canyon_sun(1.0, zenith, aspect)[0] == pytest.approx(np.maximum(1.0 - shadow, 0.0).mean(), abs=1e-4)


def test_reflected_light_is_absorbed_or_leaves() -> None:
    aspect, back, white = 1.5, 0.2, 0.4
    root = math.sqrt(aspect**2 + 1.0)
    ground, wall = root - aspect, 0.5 * (aspect + 1.0 - root) / aspect
    lit, lit_wall = 300.0, 200.0
    sent, sent_wall = mirrored(back * lit, white * lit_wall, back, white, ground, wall)
    taken = (1.0 - back) * (lit + (1.0 - ground) * sent_wall)
    taken_wall = (1.0 - white) * (lit_wall + wall * sent + (1.0 - 2.0 * wall) * sent_wall)
    left = ground * sent + 2.0 * aspect * wall * sent_wall
    assert taken + 2.0 * aspect * taken_wall + left == pytest.approx(lit + 2.0 * aspect * lit_wall, rel=1e-12)


def test_five_layers_take_the_heat_of_a_deep_solid() -> None:
    """A daily wave of flux warms the surface by G / (b sqrt w), an eighth of a day after it (Carslaw and Jaeger)."""
    effusivity, hours = 1500.0, 24 * 40
    wave = 2.0 * np.pi / DAY
    temperature, diagonal, right = (np.zeros(LAYERS.size) for _ in range(3))
    surface = np.zeros(hours)
    for t in range(hours):
        flux = 100.0 * math.cos(wave * 3600.0 * (t + 1))
        past, rise, face = column(temperature, effusivity, 3600.0, diagonal, right)
        gained = settle(flux, effusivity, 3600.0, temperature, diagonal, right)
        assert gained == pytest.approx(flux, abs=1e-9)
        surface[t] = past + flux * (rise + 1.0 / face)
    last = surface[-24:] - surface[-24:].mean()
    turn = np.fft.rfft(last)[1] * np.exp(-1j * wave * 3600.0) / 12.0
    assert abs(turn) == pytest.approx(100.0 / (effusivity * math.sqrt(wave)), rel=0.08)
    assert -np.angle(turn) == pytest.approx(np.pi / 4.0, abs=0.12)


def test_more_difference_always_carries_more_heat() -> None:
    differences = np.linspace(-10.0, 30.0, 400)
    carried = [exchange(d, 2.0, 50.0, 0.0, 0.03, 0.0327) * d for d in differences]
    assert (np.diff(carried) > 0.0).all()
    for d in (-3.0, 0.5, 8.0):
        assert upper_difference(
            -exchange(d, 2.0, 50.0, 0.0, 0.03, 0.0327) * d, 2.0, 50.0, 0.0, 0.03, 0.0327
        ) == pytest.approx(d)


@pytest.mark.parametrize("difference", [-8.0, -0.3, 0.2, 1.5, 12.0])
def test_slopes_are_those_of_what_they_follow(difference: float) -> None:
    mixed, step = mixing(2.0, 50.0, 0.0, 0.03, 0.0327), 1e-5
    heat = [exchange_and_slope(d, mixed)[0] * d for d in (difference - step, difference + step)]
    assert exchange_and_slope(difference, mixed)[1] == pytest.approx((heat[1] - heat[0]) / (2.0 * step), rel=1e-6)
    for kind in (0, 3):
        free = [natural(kind, 3, d)[0] for d in (difference - step, difference + step)]
        slope = (free[1] - free[0]) / (2.0 * step)
        assert natural(kind, 3, difference)[1] == pytest.approx(slope, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("wind", [0.3, 1.0, 4.0])
def test_the_air_settles_in_every_hour(wind: float) -> None:
    """What leaves upward is what the law of exchange says at the air that was found, calm and damp hours too."""
    weather, upper = clear_days(8, wind=wind), np.zeros(8 * 24)
    over_open_ground(block(1.0), TILES, weather, upper)
    for aspect in (0.0, 0.7, 3.0):
        blocks = block(0.8, aspect=aspect, height=8.0)
        air, balance = run(blocks, weather)
        warmer = upper - air[0] - 273.15
        law = [exchange(d, upper_wind(wind, 50.0), 50.0, 4.0, 0.56, 0.0327) * d for d in warmer]
        np.testing.assert_allclose(balance[0, :, 2], np.negative(law), atol=1e-6)


def test_wind_falls_between_higher_walls() -> None:
    assert near_wind(3.0, 0.0) > near_wind(3.0, 1.0) > near_wind(3.0, 3.0) > 0.0


def test_the_balance_of_every_hour_closes() -> None:
    for blocks in (block(1.0), block(0.3, roof=0.4, aspect=1.2, height=15.0), block(0.0, roof=0.9, aspect=4.0)):
        radiation, heat, sensible, latent, stored = np.moveaxis(run(blocks, clear_days(6), 20.0)[1], -1, 0)
        assert np.abs(radiation + heat - sensible - latent - stored).max() < 1e-9 * np.abs(radiation).max()


def test_open_grass_has_the_air_of_the_weather() -> None:
    weather = clear_days(8)
    assert np.abs(run(block(1.0), weather)[0][0] - weather.air).max() < 0.02


def test_stored_heat_of_a_day_comes_back() -> None:
    """Over a day that repeats, what is stored by day is given back by night."""
    stored = run(block(0.1, roof=0.35, aspect=1.0, height=15.0), clear_days(40))[1][0, -24:, 4]
    assert stored.max() > 100.0
    assert abs(stored.mean()) < 0.04 * stored.max()


@pytest.mark.parametrize(("shallow", "deep"), [(0.0, 0.5), (0.5, 1.0), (1.0, 2.0)])
def test_deeper_streets_cool_more_slowly_at_night(shallow: float, deep: float) -> None:
    falls = []
    for aspect in (shallow, deep):
        air = run(block(0.0, roof=0.3, aspect=aspect, height=15.0), clear_days(10))[0][0, -24:]
        falls.append(air[20] - air[:5].min())
    assert falls[1] < falls[0]

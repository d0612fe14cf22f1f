import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.buildings.zone_inputs import SECTORS, Exposure, Weather
from citybraid.kernels.buildings.zone_light import PANE, THROUGH, WALL
from tests.zone_case import exposure, light_of, one, weather

HOURS = 24
SUN = weather(HOURS, air=10.0, sun=np.clip(800 * np.sin(np.pi * (np.arange(HOURS) - 6) / 12), 0, None))
SHARE = st.floats(0, 1)


def gains(where: Exposure, sky: Weather = SUN) -> tuple[float, float, float]:
    """Return what walls, windows and panes get, summed over the hours."""
    light = light_of(where, sky)
    return float(light[WALL].sum()), float(light[THROUGH].sum()), float(light[PANE].sum())


def horizon(*heights: float) -> np.ndarray:
    return np.broadcast_to(np.array(heights, dtype=np.float32), (1, 1, SECTORS, len(heights))).copy()


def test_open_light_is_that_of_its_parts() -> None:
    where, beam = exposure(), SUN.direct[0]
    light = light_of(where, SUN)
    even = 0.5 * beam + 0.1 * beam
    assert light[THROUGH] == pytest.approx(8.0 * (0.9 * beam + 0.8 * even))
    assert light[PANE] == pytest.approx(10.0 + 0.03 * (beam + 1.1 * even))
    assert light[WALL] == pytest.approx(10.0 + 0.004 * (beam + even) + 0.008 * 2 * beam)


def test_the_horizon_blocks_the_sun_below_it_band_by_band() -> None:
    """The sun stands at 45 degrees: of three bands the lower two are in shade, and all of them under a cliff."""
    free = gains(exposure(sky_view=np.ones((1, 2))))
    part = gains(exposure(horizon=horizon(1.2, 0.9, 0.1)))
    none = gains(exposure(horizon=horizon(1.2, 1.2, 1.2)))
    beam = 8.0 * 0.9 * SUN.direct[0].sum()
    assert free[1] - part[1] == pytest.approx(2 / 3 * beam)
    assert free[1] - none[1] == pytest.approx(beam)
    assert none[0] > 10.0 * HOURS, "the roof keeps its sun"


@given(st.lists(st.tuples(SHARE, SHARE, SHARE), min_size=1, max_size=4))
def test_sun_through_bands_and_crowns_is_counted_band_by_band(bands: list[tuple[float, float, float]]) -> None:
    """By another route: of each band that sees the sun, crowns below which it stands hold back their share."""
    low, rise, hides = (np.array(part) for part in zip(*bands, strict=True))
    low, crown = 1.5 * low, 1.5 * low + rise
    sun = np.pi / 4
    reached = np.mean((sun > low.astype(np.float32)) * (1.0 - hides * (sun <= crown.astype(np.float32))))
    where = exposure(horizon=horizon(*low), crown=horizon(*crown), crown_hides=horizon(*hides))
    beam = 8.0 * 0.9 * SUN.direct[0].sum()
    assert gains(exposure())[1] - gains(where)[1] == pytest.approx((1.0 - reached) * beam, rel=1e-5, abs=1e-6 * beam)


def test_only_the_sector_of_the_sun_counts() -> None:
    beside = horizon(1.2)
    beside[0, 0, SUN.sector[0]] = 0.0
    assert gains(exposure(horizon=beside)) == pytest.approx(gains(exposure()))


def test_an_overhang_shades_by_the_profile_angle_and_fins_by_the_side() -> None:
    """Depth 0.5 and gap 0.25 window heights at a profile of 45 degrees shade a quarter; fins of 0.4 a fifth."""
    beam = 8.0 * 0.9 * SUN.direct[0].sum()
    roofed = exposure(overhang=np.full((1, 1), 0.5), gap=np.full((1, 1), 0.25))
    deep, gap = 0.5, 0.25
    sky = np.sqrt((1 + gap) ** 2 + deep**2) - np.sqrt(gap**2 + deep**2)
    lost = 8.0 * 0.8 * (1 - sky) * SUN.diffuse.sum()
    assert gains(exposure())[1] - gains(roofed)[1] == pytest.approx(0.25 * beam + lost)
    beside = np.sqrt(1 + 0.4**2) - 0.4
    lost = 8.0 * 0.8 * (1 - beside) * (SUN.diffuse + SUN.reflected).sum()
    assert gains(exposure())[1] - gains(exposure(fin=np.full((1, 1), 0.4)))[1] == pytest.approx(0.2 * beam + lost)
    assert gains(roofed)[0] == pytest.approx(gains(exposure())[0]), "devices at windows do not shade walls"


def test_blinds_are_drawn_above_their_limit_only() -> None:
    drawn = {"blind_through": one(0.2), "blind_absorbed": one(2.0)}
    total = SUN.direct[0] * 1.6
    found = light_of(exposure(blind_above=one(500.0), **drawn), SUN)
    free = light_of(exposure(), SUN)
    strong = total > 500.0
    assert 0 < strong.sum() < HOURS
    assert found[THROUGH][strong] == pytest.approx(0.2 * free[THROUGH][strong])
    assert found[THROUGH][~strong] == pytest.approx(free[THROUGH][~strong])
    assert found[PANE][strong] - 10.0 == pytest.approx(2.0 * (free[PANE][strong] - 10.0))
    assert gains(exposure(blind_above=one(5000.0), **drawn)) == pytest.approx(gains(exposure()))


def test_blinds_stay_up_in_air_below_their_temperature() -> None:
    drawn = {"blind_through": one(0.2), "blind_absorbed": one(2.0), "blind_above": one(100.0)}
    half = HOURS // 2
    weather = SUN._replace(air=np.where(np.arange(HOURS) < half, 10.0, 20.0))
    up, part, down = (
        light_of(exposure(**drawn, blind_warm=one(limit)), weather)[THROUGH] for limit in (1e3, 20.0, -np.inf)
    )
    assert up == pytest.approx(light_of(exposure(), weather)[THROUGH])
    assert part[:half] == pytest.approx(up[:half])
    assert part[half:] == pytest.approx(down[half:])
    assert (down[:half].sum(), down[half:].sum()) < (up[:half].sum(), up[half:].sum())


@given(SHARE, SHARE, SHARE, st.floats(0, 1.5), SHARE, st.floats(0, 900), SHARE)
def test_shading_never_raises_solar_gains(
    deep: float, gap: float, fin: float, height: float, view: float, limit: float, through: float
) -> None:
    shaded = exposure(
        overhang=np.full((1, 1), deep), gap=np.full((1, 1), gap), fin=np.full((1, 1), fin),
        horizon=horizon(height, height / 2), sky_view=np.array([[view, 1.0]]), blind_above=one(limit),
        blind_through=one(through),
    )  # fmt: skip
    light, free = light_of(shaded, SUN), light_of(exposure(), SUN)
    assert (light <= free + 1e-9).all()
    assert (light[THROUGH] >= -1e-9).all()


@given(SHARE, st.floats(0, 0.5))
def test_a_deeper_overhang_never_lets_more_in(deep: float, more: float) -> None:
    one_, two = (gains(exposure(overhang=np.full((1, 1), depth)))[1] for depth in (deep, deep + more))
    assert two <= one_ + 1e-9


def test_ground_below_the_floor_swings_with_its_share() -> None:
    swing = 8 * np.cos(np.arange(HOURS))
    sky = weather(HOURS, air=10.0, ground_swing=swing, ground=np.full(HOURS, 14.0))
    found = light_of(exposure(ground=one(0.2), ground_swing=one(0.06), wall_sky=one(0.0)), sky)
    assert found[WALL] == pytest.approx(0.8 * 10.0 + 0.2 * 14.0 + 0.06 * swing)

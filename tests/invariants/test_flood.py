"""Flood: water is neither made nor lost, rests where it is level, and knows no direction, place or datum."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.surface import MANNING, TERRAIN
from citybraid.core.vocabulary.water import DRAIN_CAPACITY, HYDRAULIC_CONDUCTIVITY, RAIN_INTENSITY, SURFACE_STORAGE
from citybraid.kernels.flood.state import QUANTUM
from citybraid.resilience.flood.coefficients import Coefficients
from citybraid.resilience.flood.event_forcing import EventForcing
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.surface import Surface
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.basin import CLOSED, DEBRIS, INLET, STRUCTURES, plane, rain, raster, run

SHAPE = (9, 11)
Floats = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)
rates = st.floats(1.0, 300.0)


def ground(seed: int, *, rough: float = 0.3, slope: float = 0.05) -> Floats:
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    noise = np.random.default_rng(seed).normal(0.0, rough, SHAPE)
    return np.asarray(10.0 + slope * (x + 0.5 * y) + noise)


def buildings(seed: int) -> Floats:
    return (np.random.default_rng(seed).random(SHAPE) > 0.8).astype(np.float64)


def taken(seed: int, scale: float) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    return {
        "hydraulic_conductivity": draw.random(SHAPE) * 20.0 * scale,
        "suction_head": draw.random(SHAPE) * 300.0,
        "moisture_deficit": draw.random(SHAPE) * 0.4,
        "surface_storage": draw.random(SHAPE) * 10.0 * scale,
        "drain_capacity": draw.random(SHAPE) * 30.0 * scale,
    }


@given(seeds, rates, st.sampled_from(["free", "closed", 10.3]), st.floats(0.0, 1.0))
def test_water_is_neither_made_nor_lost(seed: int, rate: float, edge: str | float, sinks: float) -> None:
    found = run(
        ground(seed),
        falling=rain(rate, 600.0),
        building_fraction=buildings(seed),
        duration=1500,
        north=edge,
        west=edge,
        **taken(seed, sinks),
    )
    inside = SHAPE[0] * SHAPE[1] * 25.0
    assert found.rain_volume == pytest.approx(rate / 3.6e6 * 600.0 * inside)
    assert abs(found.mass_error) < 1e-6
    assert np.nanmin(found.final_depth) >= 0.0
    assert (np.nan_to_num(found.max_depth) >= np.nan_to_num(found.final_depth)).all()


@given(seeds, st.floats(10.0, 12.0))
def test_a_lake_stays_at_rest(seed: int, level: float) -> None:
    bed = np.round(ground(seed) / QUANTUM) * QUANTUM
    level = round(level / QUANTUM) * QUANTUM
    depth = np.clip(level - bed, 0.0, None)
    found = run(bed, initial_depth=depth, duration=900, threshold=1e-3, **CLOSED)
    np.testing.assert_allclose(found.final_depth, depth, atol=1e-9)
    assert np.nanmax(found.max_speed) < 1e-6


@pytest.mark.parametrize("theta", [0.5, 0.7, 0.9, 0.95])
def test_a_disturbed_pond_comes_to_rest(theta: float) -> None:
    """No wave grows at the largest Courant number, where the q-centred scheme damps at all (theta below 1)."""
    depth = plane((20, 20), 1.5)
    depth[5, 3] = 2.0
    words: dict[str, Any] = {"initial_depth": depth, "alpha": 0.7, "theta": theta, **CLOSED}
    early, late = (run(plane((20, 20), 0.0), duration=seconds, **words).final_depth for seconds in (300, 1800))
    assert float(late.std()) < float(early.std()) < 2e-3


@given(seeds, rates)
def test_knows_no_direction(seed: int, rate: float) -> None:
    bed = ground(seed)
    straight = run(bed, falling=rain(rate, 600.0), duration=900, **CLOSED).final_depth.to_numpy()
    for turn in (np.flipud, np.fliplr, np.transpose):
        turned = run(turn(bed), falling=rain(rate, 600.0), duration=900, **CLOSED).final_depth.to_numpy()
        np.testing.assert_allclose(turned, turn(straight), atol=1e-4)


@given(seeds, rates, st.floats(-100.0, 3000.0))
def test_knows_no_datum(seed: int, rate: float, up: float) -> None:
    low = run(ground(seed), falling=rain(rate, 600.0)).final_depth.to_numpy()
    high = run(ground(seed) + up, falling=rain(rate, 600.0)).final_depth.to_numpy()
    np.testing.assert_allclose(low, high, atol=1e-4)


@given(seeds, st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_knows_no_place(seed: int, right: int, up: int) -> None:
    bed = ground(seed)
    grids = [
        GeoBox.from_bbox((x, y, x + 55, y + 45), crs="EPSG:32651", resolution=5)
        for x, y in ((0, 0), (5 * right, 5 * up))
    ]
    depths = [
        flood(
            surface=Surface(raster(bed), raster(bed * 0.0 + 0.03)),
            forcing=EventForcing(rain(50.0, 600.0)),
            coefficients=Coefficients(DEBRIS, STRUCTURES, INLET),
            grid=grid,
            p=FloodParams(),
        ).peaks.max_depth.to_numpy()
        for grid in grids
    ]
    np.testing.assert_array_equal(depths[0], depths[1])


@given(seeds, rates, st.floats(1.05, 3.0))
def test_more_rain_is_deeper_and_more(seed: int, rate: float, factor: float) -> None:
    less = run(ground(seed), falling=rain(rate, 900.0), duration=900, **CLOSED)
    more = run(ground(seed), falling=rain(rate * factor, 900.0), duration=900, **CLOSED)
    assert more.stored_volume == pytest.approx(factor * less.stored_volume)
    assert float(more.max_depth.mean()) > float(less.max_depth.mean())


@given(seeds, rates)
def test_sinks_never_deepen_the_flood(seed: int, rate: float) -> None:
    bare = run(ground(seed), falling=rain(rate, 900.0), duration=900, **CLOSED)
    soaked = run(ground(seed), falling=rain(rate, 900.0), duration=900, **taken(seed, 1.0), **CLOSED)
    assert soaked.stored_volume <= bare.stored_volume
    assert float(soaked.max_depth.mean()) <= float(bare.max_depth.mean()) + 1e-6


def test_a_run_is_the_same_however_it_is_sliced(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(ground(3), falling=rain(80.0, 600.0))
    monkeypatch.setattr("citybraid.resilience.flood.event.SLICE", 1e-9)
    sliced = run(ground(3), falling=rain(80.0, 600.0))
    np.testing.assert_array_equal(whole.final_depth, sliced.final_depth)
    np.testing.assert_array_equal(whole.max_speed, sliced.max_speed)


def corners() -> list[tuple[float, ...]]:
    """Return rain, roughness, conductivity, storage and drains at the ends of their ranges, over cliffs or a plane."""
    of = (RAIN_INTENSITY, MANNING, HYDRAULIC_CONDUCTIVITY, SURFACE_STORAGE, DRAIN_CAPACITY)
    return list(product(*(ends(one) for one in of), (0.0, ends(TERRAIN)[1])))


@at_most(5)
@given(
    st.floats(0.0, 300.0),
    st.floats(0.01, 0.5),
    st.floats(0.0, 50.0),
    st.floats(0.0, 9.0),
    st.floats(0.0, 50.0),
    st.just(5.0),
)
@example(*corners()[0])
@example(*corners()[-1])
def test_corners(rate: float, manning: float, conductivity: float, storage: float, drains: float, cliff: float) -> None:
    held(rate, manning, conductivity, storage, drains, cliff)


@pytest.mark.parametrize("corner", corners())
def test_every_corner(corner: tuple[float, ...]) -> None:
    held(*corner)


def held(rate: float, manning: float, conductivity: float, storage: float, drains: float, cliff: float) -> None:
    bed = np.where(np.indices((4, 5)).sum(axis=0) % 2 > 0, cliff, 0.0)
    found = run(
        bed,
        manning=manning,
        falling=rain(rate, 300.0),
        hydraulic_conductivity=plane((4, 5), conductivity),
        suction_head=plane((4, 5), 100.0),
        moisture_deficit=plane((4, 5), 0.3),
        surface_storage=plane((4, 5), storage),
        drain_capacity=plane((4, 5), drains),
    )
    assert abs(found.mass_error) < 1e-6
    assert np.isfinite(found.max_depth).all()

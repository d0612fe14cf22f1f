"""Floods on coarse cells: mass, rest, direction, datum, slicing, and no more than what comes down flows off."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.kernels.flood.state import QUANTUM
from tests.examples import at_most
from tests.resilience.basin import CLOSED, plane, rain, run

pytestmark = pytest.mark.slow

SHAPE = (12, 12)
Floats = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)
rates = st.floats(1.0, 300.0)
widths = st.integers(2, 4)


def ground(seed: int, *, shape: tuple[int, int] = SHAPE, rough: float = 0.3) -> Floats:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    noise = np.random.default_rng(seed).normal(0.0, rough, shape)
    return np.asarray(np.round((10.0 + 0.05 * (x + 0.5 * y) + noise) / QUANTUM) * QUANTUM)


def buildings(seed: int, shape: tuple[int, int] = SHAPE) -> Floats:
    return (np.random.default_rng(seed).random(shape) > 0.7).astype(np.float64)


def taken(seed: int, shape: tuple[int, int]) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    return {
        "hydraulic_conductivity": draw.random(shape) * 20.0,
        "suction_head": draw.random(shape) * 300.0,
        "moisture_deficit": draw.random(shape) * 0.4,
        "surface_storage": draw.random(shape) * 10.0,
        "drain_capacity": draw.random(shape) * 30.0,
    }


@given(seeds, rates, widths, st.sampled_from(["free", "closed", 10.3]), st.integers(5, 13))
@example(3, 300.0, 4, "free", 5)
@example(3, 1.0, 2, 10.3, 13)
def test_water_is_neither_made_nor_lost(seed: int, rate: float, step: int, edge: str | float, rows: int) -> None:
    shape = (rows, 11)
    bed = ground(seed, shape=shape)
    bed[-2:, -3:] = np.nan
    found = run(
        bed, falling=rain(rate, 600.0), building_fraction=buildings(seed, shape), duration=1500, north=edge, west=edge,
        subgrid=step, **taken(seed, shape),
    )  # fmt: skip
    assert found.rain_volume == pytest.approx(rate / 3.6e6 * 600.0 * 25.0 * np.isfinite(bed).sum())
    assert abs(found.mass_error) < 1e-6
    assert np.nanmin(found.final_depth) >= 0.0
    assert (np.nan_to_num(found.max_depth) >= np.nan_to_num(found.final_depth)).all()
    assert np.isfinite(found.max_depth.to_numpy()).sum() == (np.isfinite(bed) & (buildings(seed, shape) < 0.5)).sum()
    assert float(found.final_depth.sum()) * 25.0 == pytest.approx(found.stored_volume, rel=1e-4, abs=1e-6)


@given(seeds, widths, st.floats(10.8, 12.0))
def test_a_lake_stays_at_rest_over_uneven_ground(seed: int, step: int, level: float) -> None:
    bed = ground(seed)
    depth = np.clip(round(level / QUANTUM) * QUANTUM - bed, 0.0, None)
    found = run(bed, initial_depth=depth, duration=900, threshold=1e-3, subgrid=step, **CLOSED)
    np.testing.assert_allclose(found.final_depth, depth, atol=1e-9)
    assert np.nanmax(found.max_speed) < 1e-6


@pytest.mark.parametrize("step", [2, 3, 4])
@pytest.mark.parametrize("built", [0.0, 1.0])
def test_a_disturbed_pond_comes_to_rest(step: int, built: float) -> None:
    """Steps at the limit of stability would let waves from cell to cell grow."""
    shape = (48, 48)
    j, i = np.indices(shape) // step
    bed = ground(1, shape=shape, rough=0.1) * 0.1
    depth = 3.0 - bed + np.where((i + j) % 2 > 0, 0.01, 0.0)
    houses = built * (np.random.default_rng(2).random(shape) > 0.9)
    found = run(bed, initial_depth=depth, building_fraction=houses, duration=3600, subgrid=step, **CLOSED)
    level = found.final_depth.to_numpy() + bed
    low, high = np.nanquantile(level, (0.01, 0.99))
    assert high - low < 1e-3


@given(seeds, rates, widths)
def test_knows_no_direction(seed: int, rate: float, step: int) -> None:
    words: dict[str, Any] = {"falling": rain(rate, 600.0), "duration": 900, "subgrid": step, **CLOSED}
    straight = run(ground(seed), **words).final_depth.to_numpy()
    for turn in (np.flipud, np.fliplr, np.transpose):
        turned = run(turn(ground(seed)), **words).final_depth.to_numpy()
        np.testing.assert_allclose(turned, turn(straight), atol=1e-3)


@given(seeds, rates, widths, st.integers(-100, 3000))
def test_knows_no_datum(seed: int, rate: float, step: int, up: int) -> None:
    low = run(ground(seed), falling=rain(rate, 600.0), subgrid=step).final_depth.to_numpy()
    high = run(ground(seed) + up, falling=rain(rate, 600.0), subgrid=step).final_depth.to_numpy()
    np.testing.assert_allclose(low, high, atol=1e-4)


@at_most(5)
@given(st.floats(20.0, 200.0), widths)
def test_a_v_shaped_catchment_never_sheds_more_than_falls(rate: float, step: int) -> None:
    """As much as comes down flows off at last, and never more: the outflow of every later hour is the rain's."""
    y, x = np.mgrid[0:12, 0:25]
    bed = 0.05 * np.abs(x - 12) + 0.02 * (11 - y) + 1.0
    words: dict[str, Any] = {"subgrid": step, **CLOSED, "south": "free"}
    left = [
        run(bed, falling=rain(rate, s), duration=s, **words).outflow_volume for s in (1200.0, 2400.0, 3600.0, 4800.0)
    ]
    fallen = rate / 3.6e6 * 1200.0 * bed.size * 25.0
    later = np.diff(left)
    assert (later <= fallen * (1.0 + 1e-3)).all()
    assert later[-1] == pytest.approx(fallen, rel=1e-3)


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_run_is_the_same_however_it_is_sliced(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words: dict[str, Any] = {"falling": rain(80.0, 600.0), "subgrid": step, "building_fraction": buildings(3)}
    whole = run(ground(3), **words)
    monkeypatch.setattr("citybraid.resilience.flood.event.SLICE", 1e-9)
    sliced = run(ground(3), **words)
    np.testing.assert_array_equal(whole.final_depth, sliced.final_depth)
    np.testing.assert_array_equal(whole.max_speed, sliced.max_speed)


@pytest.mark.parametrize("step", [2, 3, 4])
@pytest.mark.parametrize("cliff", [0.0, 9000.0])
@pytest.mark.parametrize("rate", [0.0, 600.0])
@pytest.mark.parametrize("manning", [0.01, 0.5])
def test_every_corner(step: int, cliff: float, rate: float, manning: float) -> None:
    bed = np.where(np.indices((5, 6)).sum(axis=0) % 2 > 0, cliff, 0.0)
    found = run(
        bed, manning=manning, falling=rain(rate, 300.0), subgrid=step, hydraulic_conductivity=plane((5, 6), 20.0),
        suction_head=plane((5, 6), 100.0), moisture_deficit=plane((5, 6), 0.3),
    )  # fmt: skip
    assert abs(found.mass_error) < 1e-6
    assert np.isfinite(found.max_depth).all()

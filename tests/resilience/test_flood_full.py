"""Floods by the full equations: rest, volume, direction, gaps, structures, the same bits however a run is made."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import LineString

from citybraid.core.errors import InputError
from citybraid.core.layer import digest
from citybraid.kernels.flood.state import QUANTUM
from citybraid.resilience.flood import full_momentum
from citybraid.resilience.flood.params import FloodParams
from tests.examples import at_most
from tests.resilience.basin import CLOSED, Outputs, features, line, plane, rain, series
from tests.resilience.basin import run as run_flood
from tests.resilience.test_flood_gaps import MANNING, UNTIL, full, reservoir

SHAPE = (9, 11)
Floats = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)


def run(terrain: Floats, **words: Any) -> Outputs:
    return run_flood(terrain, momentum="full", **words)


def ground(seed: int, shape: tuple[int, int] = SHAPE, *, rough: float = 0.3) -> Floats:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    noise = np.random.default_rng(seed).normal(0.0, rough, shape)
    return np.asarray(np.round((10.0 + 0.05 * (x + 0.5 * y) + noise) / QUANTUM) * QUANTUM)


@at_most(8)
@given(seeds, st.floats(1.0, 300.0), st.sampled_from(["free", "closed", 10.3]), st.floats(0.0, 1.0))
def test_water_is_neither_made_nor_lost(seed: int, rate: float, edge: str | float, scale: float) -> None:
    """With buildings, soil, storage, drains, inflow and all kinds of edges; depth is never below zero."""
    draw = np.random.default_rng(seed)
    found = run(
        ground(seed), falling=rain(rate, 60.0), building_fraction=(draw.random(SHAPE) > 0.8).astype(float),
        duration=120, north=edge, west=edge, inflows=line((20.0, 5.0), (20.0, 40.0)),
        inflow_discharge=series([2.0, 2.0], 60.0), hydraulic_conductivity=draw.random(SHAPE) * 20.0 * scale,
        suction_head=draw.random(SHAPE) * 300.0, moisture_deficit=draw.random(SHAPE) * 0.4,
        surface_storage=draw.random(SHAPE) * 10.0 * scale, drain_capacity=draw.random(SHAPE) * 30.0 * scale,
    )  # fmt: skip
    assert abs(found.mass_error) < 1e-11
    assert np.nanmin(found.final_depth) >= 0.0
    assert np.isfinite(found.max_speed.to_numpy()[np.isfinite(found.final_depth.to_numpy())]).all()


@at_most(8)
@given(seeds, st.floats(9.5, 11.5))
def test_a_lake_stays_at_rest_around_islands(seed: int, level: float) -> None:
    bed = ground(seed)
    depth = np.clip(round(level / QUANTUM) * QUANTUM - bed, 0.0, None)
    found = run(bed, initial_depth=depth, duration=60, threshold=1e-3, **CLOSED)
    np.testing.assert_allclose(found.final_depth, depth, atol=1e-13)
    assert np.nanmax(found.max_speed) == 0.0


@at_most(6)
@given(seeds)
def test_knows_no_direction(seed: int) -> None:
    """A dam break over rough ground is the same when mirrored or turned."""
    bed = ground(seed)
    depth = np.zeros(SHAPE)
    depth[:, :4] = 2.0
    words: dict[str, Any] = {"duration": 20, **CLOSED}
    straight = run(bed, initial_depth=depth, **words).final_depth.to_numpy()
    for turn in (np.flipud, np.fliplr, np.transpose):
        turned = run(turn(bed), initial_depth=np.ascontiguousarray(turn(depth)), **words).final_depth.to_numpy()
        np.testing.assert_allclose(turned, turn(straight), atol=1e-6)


@pytest.mark.parametrize("tail", [0.0, 1.5])
@pytest.mark.parametrize("gap", [1, 10, 30])
def test_a_gap_passes_what_an_independent_solver_passes(gap: int, tail: float) -> None:
    """Volume within a tenth, speed within 1.3 times, of first-order HLL in numpy; neither depends on the step."""
    volume, fastest = full(gap, tail)
    depth, blocked = reservoir(gap, tail)
    passed = {}
    for alpha in (0.45, 0.1) if gap == 10 else (0.45,):
        found = run(
            plane(depth.shape, 0.0), cell=1.0, manning=MANNING, duration=UNTIL, alpha=alpha, initial_depth=depth,
            building_fraction=blocked.astype(np.float64), **CLOSED,
        )  # fmt: skip
        passed[alpha] = float(np.nansum(found.final_depth.to_numpy()[:, 51:]) - depth[:, 51:].sum())
        assert passed[alpha] == pytest.approx(volume, rel=0.1)
        assert fastest / 1.3 < float(found.max_speed.max()) < 1.3 * fastest
    assert min(passed.values()) == pytest.approx(max(passed.values()), rel=0.005)


def flooded_town(threads: int) -> Outputs:
    """A dam break among buildings, under rain, on more than one tile."""
    shape = (70, 130)
    bed, draw = ground(3, shape, rough=0.1), np.random.default_rng(3)
    depth = np.zeros(shape)
    depth[:, :40] = 1.5
    return run(
        bed, falling=rain(60.0, 20.0), building_fraction=(draw.random(shape) > 0.9).astype(float), duration=20,
        initial_depth=depth, threads=threads, hydraulic_conductivity=plane(shape, 10.0),
        suction_head=plane(shape, 100.0), moisture_deficit=plane(shape, 0.3),
    )  # fmt: skip


def test_threads_and_slices_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_momentum, "CELLS_PER_THREAD", 1)
    one, two = flooded_town(1), flooded_town(3)
    monkeypatch.setattr("citybraid.resilience.flood.event.SLICE", 1e-9)
    sliced = flooded_town(1)
    for other in (two, sliced):
        for name in ("final_depth", "max_depth", "max_speed", "arrival_time", "flood_duration"):
            np.testing.assert_array_equal(getattr(other, name), getattr(one, name))
        assert other.outflow_volume == one.outflow_volume
    assert abs(one.mass_error) < 1e-13


def test_a_levee_holds_water_up_to_its_crest_and_passes_the_rest() -> None:
    depth = plane((10, 20), 0.0)
    depth[:, :10] = 2.0
    wall = features(LineString([(50, -5), (50, 55)]), crest_level=[1.5])
    held = run(plane((10, 20), 0.0), initial_depth=np.minimum(depth, 1.4), levees=wall, duration=60, **CLOSED)
    np.testing.assert_array_equal(held.final_depth.to_numpy()[:, 10:], 0.0)
    over = run(plane((10, 20), 0.0), initial_depth=depth, levees=wall, duration=600, **CLOSED)
    assert float(over.final_depth.to_numpy()[:, 10:].mean()) == pytest.approx(0.5, abs=0.05)
    assert abs(over.mass_error) < 1e-13


def test_a_film_on_dry_banks_does_not_move_the_water_of_a_pit() -> None:
    """The levels of films above a pit are no slope of its water: it stood at 0.4 m/s before its bed was looked at."""
    bed = plane((5, 5), 10.0)
    bed[2] = (10.02, 10.11, 10.0, 10.01, 9.9)
    depth = plane((5, 5), 0.002)
    depth[2, 2] = 0.009
    found = run(bed, initial_depth=depth, duration=600, threshold=0.008, manning=0.03, **CLOSED)
    assert float(found.max_speed[2, 2]) < 0.1


def test_what_the_full_equations_lack_is_refused_by_name() -> None:
    for words, text in (({"subgrid": 2}, "flood.full_subgrid"), ({"theta": 0.7}, "flood.full_theta")):
        with pytest.raises(InputError) as caught:
            run(plane(SHAPE, 0.0), duration=10, **words)
        assert caught.value.text == text


def test_the_choice_leaves_stored_floods_alone() -> None:
    """A run by the local inertial equations has the key that it had before there was a choice."""
    assert digest(FloodParams()) == digest(FloodParams(momentum="inertial")) == "0b64f0fa2738f5d1dc17"
    assert digest(FloodParams(momentum="full")) != digest(FloodParams())

"""Closures: more water never closes a street for less time, no water never does, within the event; corners."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.flood.depth_course import on_axes
from citybraid.resilience.rescue.street_closure import StreetClosure, street_closure
from citybraid.resilience.rescue.street_depth import street_depth
from tests.ranges import ends
from tests.resilience.street_town import grid, raster, streets

HERE = grid(60, 40)
TABLE = streets(LineString([(0, 5), (60, 5)]), LineString([(5, 0), (5, 40)]), LineString([(20, 35), (60, 15)]))
LAW = resolve("flooded_road_speed")
CROSSING = resolve("street_crossing")
LIMIT = resolve("street_water_limit")
TIMES = 5
seeds = st.integers(0, 2**32 - 1)


def water(seed: int) -> np.ndarray:
    """Return depths over time [mm]: dry, shallow and deep cells, some without a value throughout."""
    rng = np.random.default_rng(seed)
    depth = np.minimum(rng.gamma(0.4, 400.0, (TIMES, *HERE.shape)), 2000).astype(np.int16)
    depth[:, rng.random(HERE.shape) < 0.1] = -1
    return depth


def closure(depth: np.ndarray, step: float = 0.5) -> StreetClosure:
    return street_closure(
        depth_course=on_axes(depth, step * np.arange(len(depth)), HERE), streets=TABLE, street_water_limit=LIMIT,
        flooded_road_speed=LAW, street_crossing=CROSSING, grid=HERE,
    )  # fmt: skip


@given(seeds, st.integers(0, 400))
def test_more_water_never_closes_for_less(seed: int, more: int) -> None:
    some = water(seed)
    less, deep = closure(some), closure(np.where(some < 0, some, some + more).astype(np.int16))
    assert (deep.closed_hours.fillna(0.0) >= less.closed_hours.fillna(0.0) - 1e-12).all()
    closed = less.closed_from.notna()
    assert (deep.closed_from[closed] <= less.closed_from[closed] + 1e-12).all()
    assert (deep.closed_street_course >= less.closed_street_course - 1e-9).all()


@given(seeds)
def test_order_and_bounds(seed: int) -> None:
    found = closure(water(seed))
    assert (found.closed_street_course <= found.waterlogged_street_course).all()
    assert (found.waterlogged_street_course <= TABLE.length.sum() + 1e-6).all()
    hours = found.closed_hours.dropna()
    assert hours.between(0.0, 0.5 * (TIMES - 1)).all()
    both = found.closed_from.notna() & found.closed_until.notna()
    span = (found.closed_until - found.closed_from)[both]
    assert (found.closed_hours[both] <= span + 1e-12).all()


@given(seeds)
def test_the_deepest_of_all_times_bounds_the_closed_length(seed: int) -> None:
    depth = water(seed)
    top = raster(np.where(depth[0] < 0, np.nan, depth.max(axis=0) / 1000.0))
    bound = street_depth(
        max_depth=top,
        final_depth=0.0 * top,
        streets=TABLE,
        street_water_limit=LIMIT,
        flooded_road_speed=LAW,
        street_crossing=CROSSING,
        grid=HERE,
    )
    assert closure(depth).closed_street_course.max() <= bound.closed_length.sum() + 1e-9


@given(seeds, st.floats(0.1, 10.0))
def test_hours_are_in_step_with_the_clock(seed: int, factor: float) -> None:
    one, other = closure(water(seed)), closure(water(seed), 0.5 * factor)
    for name in ("closed_from", "closed_until", "closed_hours"):
        np.testing.assert_allclose(getattr(other, name), factor * getattr(one, name), rtol=1e-9)


def corners() -> list[tuple[float, float]]:
    values = (*ends(DEPTH_COURSE), 0.0, 299.0, 300.0)
    return list(product(values, values))


@pytest.mark.parametrize(("first", "last"), corners())
def test_corners(first: float, last: float) -> None:
    depth = np.stack([np.full(HERE.shape, value, np.int16) for value in (first, last)])
    found = closure(depth)
    hours = found.closed_hours.to_numpy()
    known = min(first, last) >= 0.0
    if not known:
        assert np.isnan(hours).all()
    else:
        assert ((hours > 0.0) == (max(first, last) > 300.0 or min(first, last) == 300.0)).all()
    assert (found.closed_from.notna() == (known and max(first, last) >= 300.0)).all()

"""What holds for every network, trip table and choice of modes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.transport.equilibrium import user_equilibrium
from citybraid.kernels.transport.links import Links, Volume
from citybraid.kernels.transport.mode_choice import nested_logit
from citybraid.kernels.transport.trip_table import deterrence, furness

seeds = st.integers(0, 2**31)
NEST = np.array([0, 0, 1, 1, 2])


@given(seeds, st.floats(0.01, 0.5), st.floats(0.0, 1.0))
def test_trips_balance(seed: int, decay: float, power: float) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0.1, 20.0, (7, 5))
    origins, destinations = rng.uniform(1.0, 100.0, 7), rng.uniform(1.0, 100.0, 5)
    destinations *= origins.sum() / destinations.sum()
    found = furness(deterrence(cost, decay=decay, power=power), origins=origins, destinations=destinations)
    np.testing.assert_allclose(found.trips.sum(axis=1), origins, rtol=1e-8)
    np.testing.assert_allclose(found.trips.sum(axis=0), destinations, rtol=1e-8)
    assert (found.trips >= 0.0).all()


@given(seeds, st.floats(0.05, 0.25))
def test_stronger_deterrence_shortens_trips(seed: int, decay: float) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0.1, 20.0, (6, 6))
    total = np.full(6, 10.0)
    near, far = (
        float((furness(deterrence(cost, decay=rate), origins=total, destinations=total).trips * cost).sum())
        for rate in (2.0 * decay, decay)
    )
    assert near <= far * (1.0 + 1e-7)


@pytest.mark.parametrize(
    ("origins", "destinations", "cost", "says"),
    [
        ([1.0, 2.0], [1.0, 1.0], [[1.0, 1.0], [1.0, 1.0]], "sums differ"),
        ([1.0, -1.0], [0.0, 0.0], [[1.0, 1.0], [1.0, 1.0]], "not negative"),
        ([1.0, 1.0], [1.0, 1.0], [[np.inf, np.inf], [1.0, 1.0]], "no connection"),
        ([2.0, 1.0], [1.0, 2.0], [[1.0, np.inf], [1.0, 1.0]], "cannot be met"),
    ],
)
def test_infeasible_totals_are_refused(
    origins: list[float], destinations: list[float], cost: list[list[float]], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        furness(
            deterrence(np.array(cost), decay=0.1), origins=np.array(origins), destinations=np.array(destinations),
            most=500,
        )  # fmt: skip


@given(seeds, st.floats(0.1, 1.0), st.integers(0, 4), st.floats(0.01, 3.0))
def test_elasticities_have_the_right_signs(seed: int, scale: float, mode: int, more: float) -> None:
    utility = np.random.default_rng(seed).uniform(-5.0, 5.0, (5, 3))
    scales = np.array([scale, scale, 1.0])
    before = nested_logit(utility, nest=NEST, scale=scales)
    worse = utility.copy()
    worse[mode] -= more
    after = nested_logit(worse, nest=NEST, scale=scales)
    np.testing.assert_allclose(before.share.sum(axis=0), 1.0, rtol=1e-12)
    assert (after.share[mode] < before.share[mode]).all()
    assert (np.delete(after.share - before.share, mode, axis=0) >= -1e-12).all()
    assert (after.logsum <= before.logsum).all()


@given(seeds, st.integers(0, 4))
def test_derivatives_of_the_logsum_are_the_shares(seed: int, mode: int) -> None:
    utility = np.random.default_rng(seed).uniform(-3.0, 3.0, (5, 1))
    scales = np.array([0.5, 0.7, 1.0])
    step = np.zeros((5, 1))
    step[mode] = 1e-5
    above, below = (nested_logit(utility + sign * step, nest=NEST, scale=scales).logsum[0] for sign in (1, -1))
    share = nested_logit(utility, nest=NEST, scale=scales).share[mode, 0]
    assert (above - below) / 2e-5 == pytest.approx(share, abs=1e-7)


def test_a_mode_that_is_not_available_has_no_share() -> None:
    utility = np.array([[0.0], [-np.inf], [0.0], [-np.inf], [-np.inf]])
    assert nested_logit(utility, nest=NEST, scale=np.ones(3)).share[:, 0].tolist() == [0.5, 0.0, 0.5, 0.0, 0.0]


def test_nest_parameters_above_one_are_refused() -> None:
    with pytest.raises(ValueError, match="nest parameters"):
        nested_logit(np.zeros((2, 1)), nest=np.array([0, 0]), scale=np.array([1.2]))


@given(seeds, st.floats(1.0, 200.0))
def test_used_paths_cost_the_same(seed: int, demand: float) -> None:
    rng = np.random.default_rng(seed)
    free, capacity = rng.uniform(1.0, 5.0, 4), rng.uniform(20.0, 60.0, 4)
    links = Links(np.zeros(4, np.int64), np.ones(4, np.int64), 2)
    law = Volume(free, capacity, np.full(4, 0.15), np.full(4, 4.0))
    table = np.array([[0.0, demand], [0.0, 0.0]])
    found = user_equilibrium(links, law, ends=np.arange(2), demand=table, gap=1e-7, most=2000)
    assert found.gap <= 1e-7
    assert found.flow.sum() == pytest.approx(demand)
    used = found.flow > 1e-2 * demand
    np.testing.assert_allclose(found.time[used], found.time.min(), rtol=1e-3)

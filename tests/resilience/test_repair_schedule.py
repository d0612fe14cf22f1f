"""Schedules of repairs: exact ones by hand, the published bound of lists, lower bounds, and the order of urgency."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.lifelines.cascade import Needs, needs
from citybraid.resilience.lifelines.schedule import (
    EXACT_MOST,
    Crews,
    Jobs,
    exact,
    improved,
    lower_bound,
    ranks,
    schedule_gap,
    urgency,
    waiting,
)
from tests.examples import at_most

KAWAGUCHI_KYAN = (1.0 + math.sqrt(2.0)) / 2.0
"""Most that a list by weight over duration can exceed the best weighted sum of ends on equal machines (1986)."""


def alone(count: int) -> Needs:
    return needs(count, [])


def jobs(*durations: float, release: tuple[float, ...] | None = None) -> Jobs:
    return Jobs(np.array(release or [0.0] * len(durations), float), np.array(durations, float))


def crews(count: int, *, of: int = 1) -> Crews:
    return Crews(np.zeros(count, np.int64), np.array([of], np.int64))


def test_smiths_order_by_hand() -> None:
    """Weights 3, 1, 4 and hours 1, 2, 2 on one crew: ends 1, 5, 3, waiting 3 + 5 + 12 = 20."""
    weight = np.array([3.0, 1.0, 4.0])
    work = jobs(1.0, 2.0, 2.0)
    rank = ranks(alone(3), weight, work.duration)
    assert rank.tolist() == [0, 2, 1]
    gap = schedule_gap(alone(3), weight, work, crews(3), rank)
    assert gap.listed == gap.least == 20.0
    assert gap.exact
    assert exact(alone(3), weight, work, crews(3)).tolist() == pytest.approx([1.0, 5.0, 3.0])


def test_an_exact_schedule_waits_where_a_list_does_not() -> None:
    """A long light job can begin at 0, an urgent short one at 1: the list waits 10 + 1100, the best 200 + 12."""
    weight, work = np.array([1.0, 100.0]), jobs(10.0, 1.0, release=(0.0, 1.0))
    gap = schedule_gap(alone(2), weight, work, crews(2), ranks(alone(2), weight, work.duration))
    assert gap.listed == 1110.0
    assert gap.least == pytest.approx(212.0)
    assert gap.relative == pytest.approx(1110 / 212 - 1)


def test_an_exact_schedule_sees_who_needs_whom() -> None:
    """Node 2 needs 0 and 1 has no one: 0 is mended first though it serves nobody itself."""
    net = needs(3, [(2, (0,), 0.0)])
    weight = np.array([0.0, 1.0, 5.0])
    work = Jobs(np.array([0.0, 0.0, np.inf]), np.array([2.0, 2.0, 1.0]))
    assert exact(net, weight, work, crews(3))[:2].tolist() == pytest.approx([2.0, 4.0])
    either = needs(3, [(2, (0, 1), 0.0)])
    assert waiting(either, np.array([0.0, 0.0, 5.0]), exact(either, np.array([0.0, 0.0, 5.0]), work, crews(3))) == 10.0


def test_urgency_passes_up_chains_and_is_shared_among_alternatives() -> None:
    net = needs(5, [(1, (0,), 9.0), (2, (1,), 0.0), (3, (1, 4), 0.0)])
    weight = np.array([1.0, 10.0, 100.0, 1000.0, 0.0])
    assert urgency(net, weight).tolist() == [611.0, 610.0, 100.0, 1000.0, 500.0]
    cycle = needs(3, [(0, (1,), 0.0), (1, (0,), 0.0), (2, (1,), 0.0)])
    assert urgency(cycle, np.array([1.0, 2.0, 4.0])).tolist() == [7.0, 7.0, 4.0]


weights = st.integers(1, 50).map(float)
lengths = st.integers(1, 30).map(float)


@at_most(10)
@given(st.lists(st.tuples(weights, lengths), min_size=2, max_size=5), st.integers(1, 2))
def test_a_list_keeps_its_published_bound_and_no_bound_is_above_the_best(
    given_: list[tuple[float, float]], machines: int
) -> None:
    weight, work = np.array([each for each, _ in given_]), jobs(*(each for _, each in given_))
    count = len(given_)
    gap = schedule_gap(
        alone(count), weight, work, crews(count, of=machines), ranks(alone(count), weight, work.duration)
    )
    best = min(
        enumerated(weight, work.duration, split)
        for split in itertools.product(range(machines), repeat=count)
    )  # fmt: skip
    assert gap.least == pytest.approx(best)
    assert gap.listed <= KAWAGUCHI_KYAN * best + 1e-9
    assert lower_bound(alone(count), weight, work, crews(count, of=machines)) <= best + 1e-9


def enumerated(weight: np.ndarray, duration: np.ndarray, split: tuple[int, ...]) -> float:
    """Return the least weighted sum of ends where each job is given to a machine: Smith's order on each."""
    total = 0.0
    for machine in set(split):
        own = [at for at, each in enumerate(split) if each == machine]
        own.sort(key=lambda at: -weight[at] / duration[at])
        total += float((weight[own] * np.cumsum(duration[own])).sum())
    return total


def test_interchanges_see_a_service_that_needs_two_repairs() -> None:
    """Node 2 (100) needs 0 and 1, of 4 h each; job 3 (60, 4 h) stands between them by Smith's order, as 100 is shared.

    0, 1, 3: node 2 at 8 h and 3 at 12 h wait 800 + 720; with 3 first 60 × 4 + 100 × 12 = 1440: the best of all orders.
    """
    net = needs(4, [(2, (0,), 0.0), (2, (1,), 0.0)])
    weight = np.array([0.0, 0.0, 100.0, 60.0])
    work = Jobs(np.array([0.0, 0.0, np.inf, 0.0]), np.array([4.0, 4.0, 1.0, 4.0]))
    first = ranks(net, weight, work.duration)
    better = improved(net, weight, work, crews(4), first)
    gap = schedule_gap(net, weight, work, crews(4), better)
    assert gap.listed == pytest.approx(1440.0)
    assert gap.relative == pytest.approx(0.0, abs=1e-9)
    assert schedule_gap(net, weight, work, crews(4), first).listed == pytest.approx(1520.0)


@at_most(8)
@given(st.lists(st.tuples(weights, lengths, st.integers(0, 20)), min_size=2, max_size=5), st.integers(1, 2))
def test_interchanges_never_lengthen_the_wait(given_: list[tuple[float, float, int]], machines: int) -> None:
    count = len(given_)
    net = needs(count + 1, [(count, (0, count - 1), 0.0), (count, (1,), 0.0)])
    weight = np.array([*(each for each, _, _ in given_), 30.0])
    release = np.array([*(float(each) for *_, each in given_), np.inf])
    work = Jobs(release, np.array([*(each for _, each, _ in given_), 1.0]))
    first = ranks(net, weight, work.duration)
    team = crews(count + 1, of=machines)
    before = schedule_gap(net, weight, work, team, first)
    after = schedule_gap(net, weight, work, team, improved(net, weight, work, team, first))
    assert after.listed <= before.listed + 1e-9
    assert after.listed >= after.least - 1e-9


def test_a_large_damage_is_judged_by_a_lower_bound() -> None:
    draw = np.random.default_rng(5)
    count = 60
    weight, work = draw.integers(1, 50, count).astype(float), jobs(*draw.uniform(5.0, 50.0, count))
    gap = schedule_gap(
        alone(count), weight, work, crews(count, of=3), ranks(alone(count), weight, work.duration)
    )  # fmt: skip
    assert count > EXACT_MOST
    assert not gap.exact
    assert 0.0 <= gap.relative < 0.05


def test_no_damage_has_no_gap() -> None:
    nothing = Jobs(np.full(2, np.inf), np.ones(2))
    assert schedule_gap(alone(2), np.ones(2), nothing, crews(2), np.arange(2)).relative == 0.0

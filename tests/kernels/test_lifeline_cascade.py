"""Cascades against states found by brute force hour by hour, and lists of repairs by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.kernels.lifelines.cascade import Courses, Needs, courses, needs
from citybraid.kernels.lifelines.repair import listed
from tests.examples import at_most

Group = tuple[int, tuple[int, ...], float]
NEVER = np.inf
HORIZON = 40
HALF = 0.5


def run(net: Needs, hit: list[float], mended: list[float], horizon: float = HORIZON) -> Courses:
    weight = np.ones((len(hit), 1))
    return courses(
        net, np.array([hit], float), np.array([mended], float), weight=weight, hours=np.arange(horizon + 1.0),
        levels=np.array([0.5, 1.0]), horizon=horizon,
    )  # fmt: skip


def stepped(groups: list[Group], hit: list[float], mended: list[float], hours: int) -> NDArray[np.bool_]:
    """Return who works in each half hour, by the rules alone: the largest consistent set, step by step."""
    reserve = [wait for _, _, wait in groups]
    states = []
    for step in range(2 * hours + 1):
        now = HALF * step
        works = {node for node in range(len(hit)) if not hit[node] <= now < mended[node]}
        while True:
            failing = {
                node for at, (node, by, _) in enumerate(groups)
                if node in works and not works.intersection(by) and reserve[at] <= 0.0
            }  # fmt: skip
            if not failing:
                break
            works -= failing
        for at, (_, by, wait) in enumerate(groups):
            reserve[at] = wait if works.intersection(by) else reserve[at] - HALF
        states.append([node in works for node in range(len(hit))])
    return np.array(states)


def test_a_chain_by_hand() -> None:
    """Power 0 → water 1 (8 h) → hospital 2 (24 h of power, 12 h of water): water fails at 10, the hospital at 22."""
    net = needs(3, [(1, (0,), 8.0), (2, (0,), 24.0), (2, (1,), 12.0)])
    found = run(net, [2.0, NEVER, NEVER], [NEVER] * 3)
    assert found.failed[0].tolist() == [2.0, 10.0, 22.0]
    assert found.down[0].tolist() == [38.0, 30.0, 18.0]
    assert found.back[0].tolist() == [NEVER] * 3
    assert found.lost[0, 0] == 38.0 + 30.0 + 18.0
    mended = run(net, [2.0, NEVER, NEVER], [20.0, NEVER, NEVER])
    assert mended.failed[0].tolist() == [2.0, 10.0, NEVER]
    assert mended.back[0].tolist() == [20.0, 20.0, 0.0]
    assert mended.reached[0, 0].tolist() == [20.0, 20.0], "one of three worked from 10 to 20"
    assert mended.service[0, [1, 2, 9, 10, 20], 0].tolist() == [3.0, 2.0, 2.0, 1.0, 3.0]


def test_one_of_two_suppliers_is_enough_and_a_reserve_is_full_again_when_one_works() -> None:
    net = needs(3, [(2, (0, 1), 4.0)])
    found = run(net, [1.0, 3.0, NEVER], [5.0, 6.0, NEVER])
    assert found.failed[0, 2] == NEVER, "without both from 3 to 5 only"
    assert run(net, [1.0, 3.0, NEVER], [9.0, 8.0, NEVER]).failed[0, 2] == 7.0


def test_a_cycle_works_until_one_fails_and_starts_together() -> None:
    """Power needs gas and gas needs power: neither starts before both are mended."""
    net = needs(2, [(0, (1,), 0.0), (1, (0,), 6.0)])
    assert run(net, [NEVER] * 2, [NEVER] * 2).failed[0].tolist() == [NEVER, NEVER]
    found = run(net, [1.0, 2.0], [10.0, 30.0])
    assert found.failed[0].tolist() == [1.0, 2.0]
    assert found.back[0].tolist() == [30.0, 30.0]


nodes = st.integers(2, 6)
whole = st.integers(0, 12).map(float)


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, list[Group], list[float], list[float]]:
    count = draw(nodes)
    groups = []
    for _ in range(draw(st.integers(0, 8))):
        node = draw(st.integers(0, count - 1))
        others = [each for each in range(count) if each != node]
        by = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
        groups.append((node, tuple(by), draw(st.sampled_from([0.0, 1.0, 4.0, 9.0]))))
    hit = draw(st.lists(whole | st.just(NEVER), min_size=count, max_size=count))
    after = draw(st.lists(st.integers(1, 20).map(float), min_size=count, max_size=count))
    return count, groups, hit, [at + wait for at, wait in zip(hit, after, strict=True)]


@at_most(60)
@given(networks())
def test_brute_force_agrees(given_: tuple[int, list[Group], list[float], list[float]]) -> None:
    count, groups, hit, mended = given_
    found = run(needs(count, groups), hit, mended)
    states = stepped(groups, hit, mended, HORIZON)
    np.testing.assert_allclose(found.service[0, :, 0], states[::2].sum(axis=1))
    np.testing.assert_allclose(found.down[0], HALF * (~states[:-1]).sum(axis=0))
    assert found.lost[0, 0] == pytest.approx(found.down[0].sum())


@at_most(40)
@given(networks(), st.integers(0, 2**16))
def test_more_reserve_never_worsens_and_order_does_not_matter(
    given_: tuple[int, list[Group], list[float], list[float]], seed: int
) -> None:
    count, groups, hit, mended = given_
    found = run(needs(count, groups), hit, mended)
    more = run(needs(count, [(node, by, wait + 2.0) for node, by, wait in groups]), hit, mended)
    assert (more.down <= found.down + 1e-9).all()
    assert (more.failed >= found.failed).all()
    order = np.random.default_rng(seed).permutation(count)
    place = np.argsort(order)
    mixed = [(int(place[node]), tuple(int(place[each]) for each in by), wait) for node, by, wait in groups[::-1]]
    other = run(needs(count, mixed), [hit[at] for at in order], [mended[at] for at in order])
    np.testing.assert_array_equal(other.failed[0], found.failed[0, order])
    np.testing.assert_allclose(other.down[0], found.down[0, order])


@at_most(40)
@given(networks())
def test_service_never_falls_after_the_last_failure_and_the_loss_is_its_integral(
    given_: tuple[int, list[Group], list[float], list[float]],
) -> None:
    count, groups, hit, mended = given_
    found = run(needs(count, groups), hit, mended)
    service = found.service[0, :, 0]
    struck = [at for at in hit if at < NEVER]
    still = max([*struck, 0.0]) + max([wait for _, _, wait in groups], default=0.0) * len(groups)
    assert (np.diff(service[int(min(still, HORIZON)) :]) >= 0.0).all()
    # All times are whole, so hourly values hold until the next hour.
    assert found.lost[0, 0] == pytest.approx((count - service[:-1]).sum())


def test_crews_take_the_most_urgent_job_that_they_can_begin() -> None:
    release = np.array([[0.0, 1.0, 0.0, NEVER]])
    duration = np.array([[10.0, 1.0, 2.0, 5.0]])
    kind, rank = np.zeros(4, np.int64), np.array([1, 0, 2, 3])
    one = listed(release, duration, rank, kind, np.array([1]))[0]
    assert one.tolist() == [10.0, 11.0, 13.0, NEVER], "no crew waits for a more urgent job"
    two = listed(release, duration, rank, kind, np.array([2]))[0]
    assert two.tolist() == [10.0, 3.0, 2.0, NEVER]
    assert listed(release, duration, rank, np.array([0, 1, 1, 0]), np.array([1, 1]))[0].tolist() == [10, 3, 2, NEVER]

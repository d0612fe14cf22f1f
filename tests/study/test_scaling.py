"""Simulated schedules of traces whose answer is known."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.study.explain.scaling import Cluster, Task, in_stages, repeated, schedule


def tasks(*rows: tuple[str, float, str]) -> tuple[Task, ...]:
    return tuple(Task(key, seconds, frozenset(needs)) for key, seconds, needs in rows)


def test_independent_steps_of_one_length_fill_all_workers() -> None:
    found = schedule(tasks(*((name, 2.0, "") for name in "abcdefgh")), Cluster(4))
    assert (found.seconds, found.efficiency, found.speed_up, found.chain) == (4.0, 1.0, 4.0, 2.0)


def test_a_chain_takes_its_whole_length_on_any_count_of_workers() -> None:
    found = schedule(tasks(("a", 1.0, ""), ("b", 2.0, "a"), ("c", 3.0, "b")), Cluster(100))
    assert (found.seconds, found.chain) == (6.0, 6.0)


def test_a_diamond_waits_for_its_slower_side() -> None:
    diamond = tasks(("a", 1.0, ""), ("b", 5.0, "a"), ("c", 2.0, "a"), ("d", 1.0, "bc"))
    assert schedule(diamond, Cluster(2)).seconds == 7.0
    assert schedule(diamond, Cluster(1)).seconds == 9.0


def test_overhead_is_paid_by_every_step_and_dispatch_one_after_another() -> None:
    found = schedule(tasks(*((name, 1.0, "") for name in "abcd")), Cluster(4, overhead=0.5, dispatch=0.1))
    assert found.seconds == pytest.approx(4 * 0.1 + 0.5 + 1.0)


def test_stages_wait_for_one_another_and_repeated_areas_do_not() -> None:
    stage = tasks(("a", 1.0, ""), ("b", 3.0, ""))
    assert in_stages([stage, repeated(stage, 2)], Cluster(2)).seconds == 3.0 + 5.0
    assert schedule(repeated(stage, 2), Cluster(4)).seconds == 3.0


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        schedule(tasks(("a", 1.0, "b"), ("b", 1.0, "a"), ("c", 1.0, "")), Cluster(2))


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 40))
def test_no_schedule_beats_its_bounds_nor_is_twice_as_long(seed: int, workers: int, count: int) -> None:
    rng = random.Random(seed)  # noqa: S311  (no secret)
    made = [
        Task(str(k), rng.uniform(0.1, 5.0), frozenset(str(j) for j in range(k) if rng.random() < 0.1))
        for k in range(count)
    ]
    found = schedule(made, Cluster(workers))
    least = max(found.work / workers, found.chain)
    assert least <= found.seconds * (1 + 1e-12)
    assert found.seconds <= found.work / workers + found.chain + 1e-9  # Graham (1969): lists are within 2 - 1/m

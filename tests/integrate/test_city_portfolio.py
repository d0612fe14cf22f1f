"""Grouped choice: feasible, bounded from above by a valid bound, within the certified gap of the best."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.integrate.choose.city.dual import limit_prices
from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.city.levels import city_portfolio
from tests.examples import at_most

ENOUGH = 1e-7


def town(seed: int, groups: int, levels: int, *, targets: int = 3, tightness: float = 0.5) -> GroupedChoice:
    """Return values that go with costs, and targets between what the best within the budget gives and what can be."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0.0, 0.6, (groups, 1))
    cost = size * draw.uniform(1.0, 10.0, (groups, levels))
    value = cost * draw.uniform(0.8, 1.2, cost.shape)
    gains = cost * draw.uniform(0.2, 1.0, (targets, *cost.shape))
    budget = 0.4 * float(cost.mean(axis=1).sum())
    most = gains.max(axis=2).sum(axis=1) if targets else np.zeros(0)
    return GroupedChoice.of(value, cost, budget, gains=gains, targets=tightness * 0.4 * most)


def best_of_all(problem: GroupedChoice) -> float:
    """Return the best value by trying every choice; -inf where none keeps the limits."""
    groups, levels = problem.value.shape
    every = np.array(list(product(range(levels), repeat=groups)))
    value = problem.value[np.arange(groups), every].sum(axis=1)
    used = problem.use[:, np.arange(groups), every].sum(axis=2)
    kept = (used <= (problem.limit + 1e-9 * np.abs(problem.limit))[:, None]).all(axis=0)
    return float(value[kept].max()) if kept.any() else -np.inf


@given(
    st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), st.integers(0, 3),
    st.sampled_from([0.0, 0.5, 0.9, 1.3]),
)  # fmt: skip
@at_most(60)
def test_it_is_the_best_of_all_choices(seed: int, groups: int, levels: int, targets: int, tightness: float) -> None:
    problem = town(seed, groups, levels, targets=targets, tightness=tightness)
    known, found = best_of_all(problem), city_portfolio(problem, prove=True)
    if found is None:
        assert known == -np.inf
        return
    assert problem.keeps(found.level)
    assert found.value == pytest.approx(known, rel=ENOUGH)
    assert found.bound >= known - ENOUGH * abs(known)
    prices = limit_prices(problem.scaled)
    assert prices is not None
    assert prices.bound * problem.value_scale >= known - ENOUGH * abs(known)


@given(st.integers(0, 10**6), st.integers(50, 300), st.integers(2, 8), st.integers(0, 4))
@at_most(8)
def test_the_gap_is_certified(seed: int, groups: int, levels: int, targets: int) -> None:
    problem = town(seed, groups, levels, targets=targets)
    found = city_portfolio(problem, gap=5e-3)
    if found is None:
        return
    assert problem.keeps(found.level)
    assert found.value <= found.bound * (1 + ENOUGH)
    assert (found.price >= 0.0).all()
    assert found.value == pytest.approx(problem.worth(found.level))
    assert (found.spare == problem.limit - problem.used(found.level)).all()


@given(st.integers(0, 10**6))
@at_most(6)
def test_order_and_units_do_not_matter(seed: int) -> None:
    problem = town(seed, 60, 5)
    draw = np.random.default_rng(seed)
    rows, columns = draw.permutation(60), draw.permutation(6)
    other = GroupedChoice(problem.value[rows][:, columns], problem.use[:, rows][:, :, columns], problem.limit)
    thousand = GroupedChoice(1e3 * problem.value, 1e-4 * problem.use, 1e-4 * problem.limit)
    first, second, third = (limit_prices(each.scaled) for each in (problem, other, thousand))
    assert first is not None
    assert second is not None
    assert third is not None
    assert second.bound == pytest.approx(first.bound, rel=1e-7)
    assert third.bound == pytest.approx(first.bound, rel=1e-7)
    found = city_portfolio(other)
    assert found is not None
    assert found.gap <= 1e-2


def test_a_city_is_chosen_within_the_gap() -> None:
    problem = town(11, 5000, 20)
    found = city_portfolio(problem)
    assert found is not None
    assert problem.keeps(found.level)
    assert 0.0 <= found.gap <= 5e-4


@pytest.mark.parametrize("kind", ["value is cost", "whole numbers", "shares", "one of each", "hardly any"])
def test_alike_levels_are_chosen_within_the_gap(kind: str) -> None:
    """Levels of equal net value, of which prices cannot tell which to take, took a minute before they were blended."""
    draw = np.random.default_rng(5)
    cost = draw.uniform(1.0, 10.0, (1000, 12))
    gains, value = draw.uniform(0.0, 1.0, (3, 1000, 12)) * cost, cost + 1.0
    budget, tightness, optional = 0.35 * float(cost.mean(axis=1).sum()), 0.9, kind != "one of each"
    if kind == "value is cost":
        value = cost
    if kind == "whole numbers":
        value, cost, gains, budget = np.round(3.0 * cost), np.round(cost), np.round(gains), round(budget)
    if kind == "shares":
        cost = np.linspace(0.1, 1.0, 12) * cost[:, :1]
        value, budget = cost * draw.uniform(0.5, 2.0, (1000, 1)), 0.3 * float(cost[:, -1].sum())
        gains = cost * draw.uniform(0.0, 2.0, (3, 1000, 1))
    if kind == "hardly any":
        tightness = 1.3
    if not optional:
        budget *= 2.0
    targets = tightness * 0.35 * gains.mean(axis=2).sum(axis=1)
    problem = GroupedChoice.of(value, cost, budget, gains=gains, targets=targets, optional=optional)
    found = city_portfolio(problem)
    assert found is not None
    assert problem.keeps(found.level)
    assert 0.0 <= found.gap <= 5e-4


def test_prices_are_what_one_more_of_a_limit_is_worth() -> None:
    problem = town(3, 400, 6, targets=0)
    more = GroupedChoice(problem.value, problem.use, 1.001 * problem.limit)
    one, two = limit_prices(problem.scaled), limit_prices(more.scaled)
    found = city_portfolio(problem)
    assert one is not None
    assert two is not None
    assert found is not None
    gain = (two.bound - one.bound) * problem.value_scale / (0.001 * problem.limit[0])
    assert found.price[0] == pytest.approx(gain, rel=1e-2)


def test_targets_that_no_choice_reaches_give_none() -> None:
    value, cost = np.ones((3, 2)), np.ones((3, 2))
    gains = np.ones((1, 3, 2))
    assert city_portfolio(GroupedChoice.of(value, cost, 3.0, gains=gains, targets=np.array([3.1]))) is None
    assert city_portfolio(GroupedChoice.of(value, cost, 2.0, gains=gains, targets=np.array([3.0]))) is None
    found = city_portfolio(GroupedChoice.of(value, cost, 3.0, gains=gains, targets=np.array([3.0])))
    assert found is not None
    assert found.value == 3.0


def test_a_gap_between_relaxation_and_choice_is_closed_or_told() -> None:
    """Two halves of a level fit, no level does: the relaxed bound is above every choice."""
    problem = GroupedChoice.of(
        np.array([[3.0]]), np.array([[2.0]]), 1.0, gains=np.zeros((0, 1, 1)), targets=np.zeros(0)
    )
    prices, found = limit_prices(problem.scaled), city_portfolio(problem)
    assert prices is not None
    assert prices.bound * problem.value_scale == pytest.approx(1.5)
    assert found is not None
    assert [found.value, found.bound] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_levels_that_a_group_lacks_are_never_chosen() -> None:
    value = np.array([[1.0, -np.inf], [1.0, 5.0]])
    problem = GroupedChoice(value, np.zeros((1, 2, 2)), np.zeros(1))
    found = city_portfolio(problem)
    assert found is not None
    assert found.level.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("value", "use", "limit"),
    [
        (np.ones((2, 2)), np.ones((1, 2, 3)), np.ones(1)),
        (np.ones((2, 2)), np.ones((1, 2, 2)), np.ones(2)),
        (np.ones(2), np.ones((1, 2)), np.ones(1)),
    ],
)
def test_shapes_that_do_not_fit_are_refused(value: Any, use: Any, limit: Any) -> None:
    with pytest.raises(InputError, match="grouped choice") as caught:
        GroupedChoice(value, use, limit)
    assert "分组" in caught.value.say("zh")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(bad: float) -> None:
    with pytest.raises(InputError, match="grouped choice"):
        GroupedChoice(np.array([[1.0, bad]]), np.zeros((1, 1, 2)), np.zeros(1))
    with pytest.raises(InputError, match="grouped choice"):
        GroupedChoice(np.array([[-np.inf, -np.inf]]), np.zeros((1, 1, 2)), np.zeros(1))

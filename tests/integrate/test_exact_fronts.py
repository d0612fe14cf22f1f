"""Fronts of two goals, exact, and of more, certified: held to every subset of whole measures."""

import json
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from scipy.optimize import linprog

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.fronts.certified_front import certified_front
from citybraid.integrate.choose.fronts.exact_front import exact_front
from citybraid.integrate.choose.fronts.front import hypervolume, nondominated
from citybraid.integrate.choose.fronts.shares_front import shares_front
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.programme import COST, Goal, Programme, Target
from citybraid.integrate.choose.solver import maximise
from citybraid.integrate.learn.effects import effects
from tests.examples import at_most
from tests.integrate.knapsack import knapsack
from tests.integrate.town import MEASURES, UNITS, Town, price_list

BUDGET = 400_000.0
DAMAGE, EMISSIONS, COOLING = Goal("damage", -1), Goal("emissions", -1), Goal("cooling", 1)
Floats = NDArray[np.float64]


@cache
def programme() -> Programme:
    return Programme.of(effects(Town(), list(MEASURES.values()), UNITS), price_list())


def outcomes(found: Programme, goals: tuple[Goal, ...], budget: float) -> Floats:
    """Return the gains of every whole choice within the budget that leaves shared room."""
    lone = np.array(list(product((0.0, 1.0), repeat=len(found.cells))))
    pairs = [lone[:, first] * lone[:, second] for first, second in found.couples]
    every = np.column_stack([lone, *pairs])
    rows = found.rows()
    able = (every @ found.cost <= budget) & (rows.matrix @ every.T <= rows.high[:, None] + 1e-9).all(axis=0)
    gain = np.array([goal.direction * found.coefficients(goal.indicator) for goal in goals])
    return np.asarray(every[able] @ gain.T)


def best_of(values: Floats) -> Floats:
    """Return the values that none beats, in order, each once."""
    values = np.unique(np.round(values, 6), axis=0)
    order = values[np.lexsort((-values[:, 1], -values[:, 0]))]
    ahead = np.maximum.accumulate(np.append(-np.inf, order[:-1, 1]))
    return np.asarray(order[order[:, 1] > ahead])


@pytest.mark.parametrize("goals", [(DAMAGE, EMISSIONS), (EMISSIONS, COOLING), (DAMAGE, Goal(COST, -1))])
def test_no_point_of_two_goals_is_missed(goals: tuple[Goal, Goal]) -> None:
    found = exact_front(programme(), goals, budget=BUDGET)
    signs = np.array([goal.direction for goal in goals])
    known = best_of(outcomes(programme(), goals, BUDGET))
    assert len(found.points) == len(known)
    np.testing.assert_allclose(found.points.to_numpy() * signs, known, rtol=1e-6, atol=1e-5)
    assert all(each.cost <= BUDGET * (1 + 1e-9) for each in found.portfolios)


def test_shares_have_the_corners_of_the_front() -> None:
    """Every best of a weighted sum is a corner, and no corner is beaten."""
    goals = (EMISSIONS, COOLING)
    found = exact_front(programme(), goals, budget=BUDGET, whole=False)
    values = found.points.to_numpy() * np.array([-1.0, 1.0])
    assert (np.diff(values[:, 0]) < 0).all()
    assert (np.diff(values[:, 1]) > 0).all()
    slopes = np.diff(values[:, 1]) / np.diff(values[:, 0])
    assert (np.diff(slopes) > 0).all() or len(values) < 3
    whole = outcomes(programme(), goals, BUDGET)
    reach = np.interp(whole[:, 0], values[::-1, 0], values[::-1, 1])
    assert (whole[:, 1] <= reach + 1e-6).all()


@pytest.mark.case("validation/optimisation_known/known.json")
@pytest.mark.parametrize("name", ["P01", "P02", "P03", "P04", "P05", "P06"])
def test_fronts_of_the_known_knapsacks(cases: Path, name: str) -> None:
    """Profit against weight, of which the known optimum is one end."""
    known = json.loads((cases / "validation/optimisation_known/known.json").read_text(encoding="utf-8"))[name]
    found = exact_front(
        knapsack(known["weights"], known["profits"]), (Goal("profit", 1), Goal(COST, -1)), budget=known["capacity"]
    )
    best = {0: 0}
    for weight, profit in zip(known["weights"], known["profits"], strict=True):
        for load, worth in list(best.items()):
            if load + weight <= known["capacity"]:
                best[load + weight] = max(best.get(load + weight, 0), worth + profit)
    expected = best_of(np.array([[worth, -load] for load, worth in best.items()], dtype=float))
    np.testing.assert_allclose(found.points.to_numpy(), expected * [1.0, -1.0], atol=1e-5)
    assert found.points["profit"].max() == pytest.approx(known["optimum"])
    reference = np.array([0.0, -float(known["capacity"])])
    certified = certified_front(
        knapsack(known["weights"], known["profits"]), (Goal("profit", 1), Goal(COST, -1)), budget=known["capacity"],
        whole=True, tolerance=0.02,
    )  # fmt: skip
    assert certified.points["profit"].max() == pytest.approx(known["optimum"])
    assert hypervolume(-expected, -reference) > 0.0
    span = np.ptp(expected, axis=0)
    true = hypervolume(-(expected - expected.min(axis=0)) / span, np.full(2, 1e-9))
    assert certified.volume <= true + 1e-6
    assert certified.volume_bound >= true - 1e-6


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(5, 40))
@at_most(12)
def test_fronts_of_drawn_knapsacks(seed: int, items: int, capacity: int) -> None:
    draw = np.random.default_rng(seed)
    weights, profits = draw.integers(1, 20, items), draw.integers(1, 30, items)
    made = knapsack(weights.tolist(), profits.tolist())
    goals = (Goal("profit", 1), Goal(COST, -1))
    found = exact_front(made, goals, budget=float(capacity))
    known = best_of(outcomes(made, goals, float(capacity)))
    np.testing.assert_allclose(found.points.to_numpy() * [1.0, -1.0], known, atol=1e-5)


@pytest.mark.parametrize("whole", [True, False])
def test_the_certificate_of_three_goals_holds_for_every_choice(whole: bool) -> None:
    goals = (DAMAGE, EMISSIONS, COOLING)
    found = certified_front(programme(), goals, budget=BUDGET, whole=whole, tolerance=0.1, most=60)
    signs = np.array([goal.direction for goal in goals])
    points, reference = found.points.to_numpy() * signs, found.reference * signs
    assert nondominated(points).all()
    every = outcomes(programme(), goals, BUDGET)
    every = every[(every >= reference - 1e-9).all(axis=1)]
    best = np.array([points.max(axis=0), every.max(axis=0)]).max(axis=0)
    span = best - reference
    lack = ((every[:, None, :] - points[None, :, :]) / span).max(axis=2).min(axis=1)
    assert lack.max() <= found.gap + 1e-6
    assert found.point_gap.max() == pytest.approx(found.gap)
    assert found.volume <= found.volume_bound
    if whole:
        scaled = (every - reference) / span
        front = scaled[nondominated(scaled)]
        assert found.volume - 1e-6 <= hypervolume(-front, np.full(3, 1e-9)) <= found.volume_bound + 1e-6


@pytest.mark.parametrize(("tolerance", "most"), [(0.01, 150), (0.0, 8), (0.0, 500)])
def test_no_portfolio_lies_beyond_mixes_of_corners_by_more_than_the_gap(tolerance: float, most: int) -> None:
    """Held by every whole choice, and by the best portfolios of drawn weights, each against the nearest mix."""
    goals = (DAMAGE, EMISSIONS, COOLING)
    made = programme()
    found = shares_front(made, goals, budget=BUDGET, tolerance=tolerance, most=most)
    assert found.gap <= (0.01 if most > 8 else 0.2)  # what products of shares lose to their linear bound stays
    signs = np.array([goal.direction for goal in goals])
    points = found.points.to_numpy() * signs
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    points = (points - low) / span
    gain = np.array([goal.direction * made.coefficients(goal.indicator) for goal in goals])
    rows = made.rows().with_row(made.cost, high=BUDGET)
    draw, best = np.random.default_rng(3), []
    for weights in draw.dirichlet(np.ones(3), 40):
        none = np.zeros(made.size, dtype=np.bool_)
        x = maximise((weights / span) @ gain, rows, upper=np.ones(made.size), whole=none)
        assert x is not None
        best.append((gain @ made.products(x) - low) / span)
    every = np.concatenate([(outcomes(made, goals, BUDGET) - low) / span, best])
    for value in every[(every >= 0.0).all(axis=1)]:
        # The least e for which a mix of corners reaches the value less e in every goal.
        above = linprog(
            [*np.zeros(len(points)), 1.0], A_ub=np.column_stack([-points.T, -np.ones(3)]), b_ub=-value,
            A_eq=[[*np.ones(len(points)), 0.0]], b_eq=[1.0],
        )  # fmt: skip
        assert float(np.asarray(above.x)[-1]) <= found.gap + 1e-6


def test_of_two_goals_every_corner_is_found_and_nothing_lies_beyond() -> None:
    found = shares_front(programme(), (DAMAGE, EMISSIONS), budget=BUDGET)
    exact = exact_front(programme(), (DAMAGE, EMISSIONS), budget=BUDGET, whole=False)
    pd.testing.assert_frame_equal(found.points, exact.points)
    assert found.gap == 0.0


def test_more_runs_certify_more() -> None:
    goals = (DAMAGE, EMISSIONS, COOLING)
    few, many = (certified_front(programme(), goals, budget=BUDGET, tolerance=0.0, most=runs) for runs in (5, 40))
    assert many.gap <= few.gap + 1e-9
    assert many.volume_bound - many.volume < few.volume_bound - few.volume


def test_fronts_without_meaning_are_refused() -> None:
    with pytest.raises(StudyError, match="needs 2") as caught:
        exact_front(programme(), (DAMAGE, EMISSIONS, COOLING), budget=BUDGET)
    assert "精确" in caught.value.say("zh")
    for one in (certified_front, shares_front):
        with pytest.raises(StudyError, match="needs 2"):
            one(programme(), (DAMAGE,), budget=BUDGET)
    for front in (exact_front, certified_front):
        with pytest.raises(StudyError, match="targets cannot be met"):
            front(programme(), (DAMAGE, EMISSIONS), budget=1.0, targets=[Target("cooling", 1, 60.0, WHOLE_AREA)])


def test_a_front_of_one_point_is_one_point() -> None:
    found = exact_front(programme(), (DAMAGE, EMISSIONS), budget=0.0)
    assert len(found.points) == 1
    assert isinstance(found.points, pd.DataFrame)


def test_figure(figure: Callable[[str], Path]) -> None:
    goals = (DAMAGE, COOLING)
    exact = exact_front(programme(), goals, budget=BUDGET)
    coarse = certified_front(programme(), goals, budget=BUDGET, whole=True, tolerance=0.15)
    drawn, (left, right) = plt.subplots(1, 2, figsize=(11.5, 4.6), layout="constrained")
    left.plot(exact.points["damage"], exact.points["cooling"], "o", ms=9, mfc="none", color="#1565c0", zorder=3)
    span = np.ptp(exact.points.to_numpy(), axis=0)
    for (damage, cooling), gap in zip(coarse.points.to_numpy(), coarse.point_gap, strict=True):
        corner = (damage - gap * span[0], cooling)
        left.add_patch(Rectangle(corner, gap * span[0], gap * span[1], facecolor="#ef6c0022", edgecolor="#ef6c00"))
        left.plot(damage, cooling, "s", ms=5, color="#ef6c00")
    left.set(xlabel="change of damage (less is better)", ylabel="change of cooling (more is better)")
    left.set_title(f"{len(exact.points)} exact points; {len(coarse.points)} certified to {coarse.gap:.0%}", fontsize=10)
    money = np.linspace(0.0, 8e5, 41)
    avoided = [-portfolio(programme(), DAMAGE, budget=each).predicted["damage"][WHOLE_AREA] for each in money]
    right.plot(money / 1e3, avoided, color="#1565c0")
    for budget in (1e5, 3e5, 5e5):
        edge = margins(programme(), DAMAGE, budget=budget).per_money
        value = -portfolio(programme(), DAMAGE, budget=budget).predicted["damage"][WHOLE_AREA]
        ends = np.array([-1e5, 1e5])
        right.plot((budget + ends) / 1e3, value + edge * ends, color="#c62828", lw=1.2)
        right.annotate(f"{1e3 * edge:.1f} per thousand", (budget / 1e3, value), (8, -14), textcoords="offset points",
                       fontsize=8, color="#c62828")  # fmt: skip
    right.set(xlabel="budget (thousands)", ylabel="damage avoided", title="What more money adds")
    right.title.set_fontsize(10)
    path = figure("integrate.choose.fronts")
    drawn.savefig(path, dpi=110)
    plt.close(drawn)
    assert path.stat().st_size > 5000

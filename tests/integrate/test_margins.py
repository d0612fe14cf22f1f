"""Marginal values held to arithmetic and to portfolios solved again."""

from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.next_money import displaced, next_amount, next_money
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from tests.examples import at_most
from tests.integrate.town import MEASURES, PRESENT, QUANTITY, RESPONSE, UNITS, Town, price_list

DAMAGE = Goal("damage", -1)
SAVED = Goal("saved", 1)
TWO = MappingProxyType({"panels": ((10.0, 4.0), (5.0, 4.0)), "trees": ((3.0, 2.0), (1.0, 2.0))})
"""Gain and cost of two measures in two units: panels 2.5 and 1.25 per money, trees 1.5 and 0.5."""


@cache
def programme() -> Programme:
    return Programme.of(effects(Town(), list(MEASURES.values()), UNITS), price_list())


def two_units(shade: float = 0.0) -> Programme:
    """Return two measures in two units; trees also give shade."""
    rows = ["north", "south", WHOLE_AREA]
    single = {}
    for name, ((one, cost_one), (two, cost_two)) in TWO.items():
        change = pd.DataFrame({"saved": [one, two, one + two]}, index=rows)
        change["shade"] = [shade, shade, 2 * shade] if name == "trees" else 0.0
        single[name] = Single(pd.Series({"north": cost_one, "south": cost_two}), change)
    prices = {name: Price(1.0, 0.0, 1.0, 1.0, "user", ()) for name in TWO}
    return Programme.of(EffectTable(pd.DataFrame(0.0, index=rows, columns=["saved", "shade"]), single, {}), prices)


def test_money_is_worth_the_measure_at_the_edge() -> None:
    """5 of money: panels in the north for 4, half the trees there for 1, so the next unit of money saves 1.5."""
    found = margins(two_units(), SAVED, budget=5.0)
    assert found.per_money == pytest.approx(1.5)
    assert found.goal_price == pytest.approx(1 / 1.5)
    reasons = {(cell.measure, cell.unit): cell.reason for cell in found.cells}
    assert reasons == {
        ("panels", "north"): "full", ("trees", "north"): "part", ("panels", "south"): "dear",
        ("trees", "south"): "dear",
    }  # fmt: skip
    worth = {(cell.measure, cell.unit): cell.worth for cell in found.cells}
    assert worth["panels", "north"] == pytest.approx(10 - 1.5 * 4)
    assert worth["panels", "south"] == pytest.approx(5 - 1.5 * 4)


def test_one_more_costs_what_the_next_measure_of_the_unit_costs() -> None:
    """In the north trees are next, 2 of money for 3; in the south panels, 4 for 5."""
    north, south = margins(two_units(), SAVED, budget=5.0).units
    assert [north.left, north.cost] == pytest.approx([1.5, 2 / 3])
    assert [south.left, south.cost] == pytest.approx([6.0, 4 / 5])
    full = margins(two_units(), SAVED, budget=100.0)
    assert full.per_money == 0.0
    assert full.goal_price is None
    assert [unit.cost for unit in full.units] == [None, None]


def test_a_target_costs_what_it_keeps_from_the_goal() -> None:
    """Shade of 2 takes trees in the north, 2 of money; the 3 left buy panels at 2.5; more shade, trees in the south.

    One more shade: 2 of money, trees at 0.5, from panels at 2.5: 4 of the goal, 1.6 of money.
    """
    target = Target("shade", 1, 1.5)
    found = margins(two_units(1.0), SAVED, budget=5.0, targets=[target])
    assert found.per_money == pytest.approx(2.5)
    assert found.per_target[target] == pytest.approx(2 * 2.5 - 1.0)
    assert found.target_price(target) == pytest.approx(1.6)
    stricter = Target("shade", 1, 1.6)
    one, two = (
        portfolio(two_units(1.0), SAVED, budget=5.0, targets=[each]).predicted["saved"][WHOLE_AREA]
        for each in (target, stricter)
    )
    assert found.per_target[target] == pytest.approx((one - two) / 0.1)


def test_what_is_built_without_gain_serves_another_goal() -> None:
    """With money for all, shade costs the goal nothing: trees that save nothing were said to be worth their money."""
    rows = ["north", "south", WHOLE_AREA]
    change = {
        "panels": pd.DataFrame({"saved": [10.0, 5.0, 15.0], "shade": 0.0}, index=rows),
        "trees": pd.DataFrame({"saved": 0.0, "shade": [4.0, 4.0, 8.0]}, index=rows),
    }
    single = {name: Single(pd.Series({"north": 2.0, "south": 2.0}), table) for name, table in change.items()}
    prices = {name: Price(1.0, 0.0, 1.0, 1.0, "user", ()) for name in change}
    both = Programme.of(EffectTable(pd.DataFrame(0.0, index=rows, columns=["saved", "shade"]), single, {}), prices)
    found = margins(both, SAVED, budget=100.0, targets=(Target("shade", 1, 8.0),))
    assert {(cell.measure, cell.unit): cell.reason for cell in found.cells} == {
        ("panels", "north"): "full", ("panels", "south"): "full", ("trees", "north"): "target",
        ("trees", "south"): "target",
    }  # fmt: skip


def test_targets_out_of_reach_count_as_far_as_they_can_be_reached() -> None:
    found = margins(two_units(1.0), SAVED, budget=5.0, targets=[Target("shade", 1, 9.0)])
    assert found.per_money >= 0.0
    reasons = {(cell.measure, cell.unit): cell.reason for cell in found.cells}
    assert reasons["trees", "south"] == "target"
    assert reasons["panels", "south"] == "dear"


@given(st.floats(2e4, 1.5e6))
@at_most(12)
def test_marginal_values_bound_what_more_and_less_money_give(budget: float) -> None:
    """The goal is concave in the budget: a step up gains at most, a step down loses at least, the marginal value."""
    found = margins(programme(), Goal("emissions", -1), budget=budget)
    step = 0.01 * budget
    less, now, more = (
        -float(portfolio(programme(), Goal("emissions", -1), budget=money).predicted["emissions"][WHOLE_AREA])
        for money in (budget - step, budget, budget + step)
    )
    assert more - now <= found.per_money * step + 1e-6 * abs(now)
    assert now - less >= found.per_money * step - 1e-6 * abs(now)


def test_the_next_money_buys_what_comes_next() -> None:
    """On top of 5: half of the trees in the north for 1, then panels in the south for 2."""
    found = next_money(two_units(), SAVED, budget=5.0, amount=3.0)
    assert [(each.measure, each.unit) for each in found.purchases] == [("panels", "south"), ("trees", "north")]
    assert [each.cost for each in found.purchases] == [pytest.approx(2.0), pytest.approx(1.0)]
    assert [each.quantity for each in found.purchases] == [pytest.approx(2.0), pytest.approx(1.0)]
    assert found.gain == pytest.approx(2.5 + 1.5)
    assert found.spent == pytest.approx(3.0)
    assert found.changes["saved"] == pytest.approx(4.0)


def test_money_beyond_everything_buys_nothing() -> None:
    found = next_money(two_units(), SAVED, budget=1e3, amount=10.0)
    assert (found.purchases, found.gain, found.spent) == ((), 0.0, 0.0)


def test_a_measure_displaced_what_its_money_would_buy() -> None:
    """Without panels 5 of money buy trees: 4 for 4; with them 10 + 1.5."""
    panels, trees = displaced(two_units(), SAVED, budget=5.0)
    assert panels.measure == "panels"
    assert panels.cost == pytest.approx(4.0)
    assert panels.lost == pytest.approx(11.5 - 4.0)
    assert [(each.measure, each.unit) for each in panels.instead] == [("trees", "south"), ("trees", "north")]
    assert [each.cost for each in panels.instead] == pytest.approx([2.0, 1.0])
    assert trees.lost == pytest.approx(1.5 - 1.25)
    assert trees.missed == {}
    assert trees.per_money == pytest.approx(0.25)
    # All trees cost 4: of the 5, 1 would buy nothing.
    assert (panels.unspent, trees.unspent) == pytest.approx((1.0, 0.0))


def test_a_target_missed_without_a_measure_is_told() -> None:
    target = Target("shade", 1, 1.5)
    panels, trees = displaced(two_units(1.0), SAVED, budget=5.0, targets=[target])
    assert (panels.measure, panels.missed) == ("panels", {})
    assert trees.missed == {target: pytest.approx(1.5)}


def test_a_target_out_of_reach_that_is_further_away_without_a_measure_is_told() -> None:
    """Trees shade 1 in each unit, 2 of 9; without them nothing does. Only targets met with it were told."""
    target = Target("shade", 1, 9.0)
    by_name = {each.measure: each.missed for each in displaced(two_units(1.0), SAVED, budget=5.0, targets=[target])}
    assert by_name == {"panels": {}, "trees": {target: pytest.approx(2.0, abs=1e-4)}}


def test_displacement_in_the_town_is_the_difference_of_two_portfolios() -> None:
    found = displaced(programme(), DAMAGE, budget=4e5, whole=True)
    rest = {name: price for name, price in price_list().items() if name != found[0].measure}
    without = portfolio(Programme.of(programme().effects, rest), DAMAGE, budget=4e5, whole=True)
    whole = portfolio(programme(), DAMAGE, budget=4e5, whole=True)
    lost = float(without.predicted["damage"][WHOLE_AREA]) - float(whole.predicted["damage"][WHOLE_AREA])
    assert found[0].lost == pytest.approx(lost)
    assert found[0].lost >= 0.0


def test_gain_by_money_ranks_measures_as_the_town_responds() -> None:
    found = {(cell.measure, cell.unit): cell for cell in margins(programme(), DAMAGE, budget=4e5).cells}
    for name, response in RESPONSE["damage"].items():
        for unit, quantity in zip(UNITS, QUANTITY[name], strict=True):
            if quantity:
                assert found[name, unit].gain == pytest.approx(-response * quantity)
                assert found[name, unit].per_money == pytest.approx(-response / PRESENT[name])
    assert found["rooftop_pv", "east"].reason == "none"


@pytest.mark.parametrize(
    ("budget", "amount"), [(120e6, 10e6), (100.0, 10.0), (99.0, 5.0), (1e9, 1e8), (19.0, 1.0), (0.0, 1.0)]
)
def test_the_next_amount_is_round(budget: float, amount: float) -> None:
    assert next_amount(budget) == pytest.approx(amount)
    assert np.isfinite(next_amount(budget))

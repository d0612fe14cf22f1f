"""Robust portfolios, decision flips and the value of information, held to enumeration and to arithmetic."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.flips import decision_flips
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.robust import robust_portfolio
from citybraid.integrate.choose.scenarios import UncertainInput, mean, samples, under
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from tests.examples import at_most
from tests.integrate.town import MEASURES, UNITS, Town, price_list

SAVED = Goal("saved", 1)
Floats = NDArray[np.float64]


@cache
def programme() -> Programme:
    return Programme.of(effects(Town(), list(MEASURES.values()), UNITS), price_list())


def pair(panels: float, trees: float, cost: float = 1.0) -> Programme:
    """Return panels and trees in one unit, each 10 of money at full adoption, with what they save for it."""
    rows = ["unit", WHOLE_AREA]
    single = {
        name: Single(pd.Series({"unit": 10.0}), pd.DataFrame({"saved": 10.0 * rate}, index=rows))
        for name, rate in (("panels", panels), ("trees", trees))
    }
    prices = {name: Price(cost, 0.0, 1.0, cost, "user", ()) for name in single}
    return Programme.of(EffectTable(pd.DataFrame({"saved": 0.0}, index=rows), single, {}), prices)


SUN, SHADE = pair(3.0, 1.0), pair(1.0, 2.0)


def test_the_least_gain_is_made_large() -> None:
    """Of 10 of money p for panels: 3p + (10 - p) and p + 2 (10 - p) are equal at p = 10/3, 50/3 each."""
    found = robust_portfolio([SUN, SHADE], SAVED, budget=10.0, rule="max_min")
    assert found.worst == pytest.approx(50 / 3)
    assert found.gains == pytest.approx((50 / 3, 50 / 3))
    assert found.selection.installed["panels"].sum() == pytest.approx(10 / 3)


def test_the_largest_regret_is_made_small() -> None:
    """Best are 30 and 20; regrets 30 - (10 + 2p) and 20 - (20 - p) are equal at p = 20/3."""
    found = robust_portfolio([SUN, SHADE], SAVED, budget=10.0)
    assert found.best == pytest.approx((30.0, 20.0))
    assert found.worst == pytest.approx(20 / 3)
    assert found.regrets == pytest.approx((20 / 3, 20 / 3))


def test_one_scenario_is_the_usual_choice() -> None:
    usual = portfolio(programme(), Goal("damage", -1), budget=4e5)
    for rule in ("max_min", "min_max_regret"):
        found = robust_portfolio([programme()], Goal("damage", -1), budget=4e5, rule=rule)
        assert found.gains[0] == pytest.approx(found.best[0])
        assert found.selection.predicted["damage"][WHOLE_AREA] == pytest.approx(usual.predicted["damage"][WHOLE_AREA])


@given(st.integers(0, 10**6))
@at_most(6)
def test_no_whole_choice_is_more_robust(seed: int) -> None:
    few = {name: price_list()[name] for name in ("green_roof", "rain_garden", "detention_wetland")}
    made = Programme.of(programme().effects, few)
    inputs = [UncertainInput("effect", name, 0.3, 1.7) for name in few]
    worlds = [under(made, factors) for factors in samples(inputs, 4, seed=seed)]
    gain = np.array([-each.coefficients("damage") for each in worlds])
    every = [
        x for each in product((0.0, 1.0), repeat=len(made.cells))
        if made.cost @ (x := made.products(np.append(each, np.zeros(len(made.couples))))) <= 3e5
        and (made.rows().matrix @ x <= made.rows().high + 1e-9).all()
    ]  # fmt: skip
    values = np.array(every) @ gain.T
    goal = Goal("damage", -1)
    assert robust_portfolio(worlds, goal, budget=3e5, rule="max_min", whole=True).worst == pytest.approx(
        values.min(axis=1).max(), abs=1e-3
    )
    regret = (values.max(axis=0) - values).max(axis=1).min()
    assert robust_portfolio(worlds, goal, budget=3e5, whole=True).worst == pytest.approx(regret, abs=1e-3)


def test_targets_hold_in_every_scenario_or_are_refused() -> None:
    target = Target("saved", 1, 12.0)
    found = robust_portfolio([SUN, SHADE], SAVED, budget=10.0, targets=[target])
    assert min(found.gains) >= 12.0 - 1e-6
    with pytest.raises(StudyError, match="targets cannot be met"):
        robust_portfolio([SUN, SHADE], SAVED, budget=10.0, targets=[Target("saved", 1, 25.0)])


def test_scenarios_of_other_measures_are_refused() -> None:
    with pytest.raises(StudyError, match="same measures"):
        robust_portfolio([SUN, programme()], SAVED, budget=10.0)


def test_the_input_that_turns_the_decision_is_found() -> None:
    """Panels save 3, trees 2: panels turn at 2/3 of their effect or 3/2 of their price; trees at 3/2 of theirs."""
    made = pair(3.0, 2.0)
    panels, trees = UncertainInput("effect", "panels", 0.5, 1.5), UncertainInput("effect", "trees", 0.9, 1.1)
    dear = UncertainInput("price", "panels", 0.8, 2.0)
    found = {each.input: each for each in decision_flips(made, SAVED, (panels, trees, dear), budget=10.0).flips}
    assert found[panels].turn == pytest.approx(2 / 3, abs=1e-3)
    assert found[panels].moved == pytest.approx(1.0)
    assert found[panels].at == 0.5
    assert (found[trees].turn, found[trees].moved) == (None, 0.0)
    assert found[dear].turn == pytest.approx(3 / 2, abs=1e-3)
    assert found[dear].moved == pytest.approx(1.0)


def test_less_or_more_of_the_same_is_no_other_choice() -> None:
    """Panels that cost half or up to 1.4 times as much stay the choice: 1.11 times was told as the turn.

    Two units: of 30 the first takes 24, the second 6; dearer by a fifth 28.8 and 1.2, nothing of it goes elsewhere.
    """
    price = UncertainInput("price", "panels", 0.5, 1.4)
    (found,) = decision_flips(pair(3.0, 2.0), SAVED, (price,), budget=10.0).flips
    assert (found.turn, found.moved) == (None, 0.0)
    rows = ["one", "two", WHOLE_AREA]
    light = Single(pd.Series({"one": 24.0, "two": 96.0}), pd.DataFrame({"saved": [4.3, 17.1, 21.4]}, index=rows))
    made = Programme.of(
        EffectTable(pd.DataFrame({"saved": 0.0}, index=rows), {"light": light}, {}),
        {"light": Price(1.0, 0.0, 1.0, 1.0, "user", ())},
    )
    (only,) = decision_flips(made, SAVED, (UncertainInput("price", "light", 0.6, 2.0),), budget=30.0).flips
    assert only.turn is None
    assert only.moved == pytest.approx(0.0, abs=1e-9)


def test_knowing_one_of_two_states_is_worth_what_the_pencil_says() -> None:
    """Two states as likely as each other, panels at 0.5 or 1.5 of 3 beside trees of 2, 10 of money.

    Now: 30 on average. Knowing: trees for 20 in the one, panels for 45 in the other, 32.5; so 2.5. Over the uniform
    range between them trees are better up to 2 / 3: 2 (2/3 - 1/2) + 3/2 (9/4 - 4/9) = 3.0417 for 3, so 0.417 of 10.
    """
    worlds = [under(pair(3.0, 2.0), {UncertainInput("effect", "panels", 0.5, 1.5): each}) for each in (0.5, 1.5)]
    best = [portfolio(each, SAVED, budget=10.0).predicted["saved"][WHOLE_AREA] for each in worlds]
    usual = portfolio(pair(3.0, 2.0), SAVED, budget=10.0).adoption["panels"]["unit"]
    kept = [usual * float(each.coefficients("saved")[0]) for each in worlds]
    assert np.mean(best) - np.mean(kept) == pytest.approx(2.5)
    known = decision_flips(pair(3.0, 2.0), SAVED, (UncertainInput("effect", "panels", 0.5, 1.5),), budget=10.0,
                           draws=400)  # fmt: skip
    uniform = 10.0 * (2.0 * (2 / 3 - 0.5) + 1.5 * (1.5**2 - (2 / 3) ** 2)) - 30.0
    assert known.perfect_information == pytest.approx(uniform, rel=2e-2)
    assert known.flips[0].information == pytest.approx(uniform, rel=0.1)


def test_information_is_worth_what_it_changes() -> None:
    """Panels save 3 to a range of 0 to 6 uniformly, trees 2 for sure: knowing, one gains E[max(3u, 2)] - 3, u to 2.

    E = (2/3)(2) / 2 + integral of 3u from 2/3 to 2 over 2 = 2/3 + (3/4)(4 - 4/9) = 10/3: a third for each money.
    """
    panels = UncertainInput("effect", "panels", 0.0, 2.0)
    found = decision_flips(pair(3.0, 2.0), SAVED, (panels,), budget=10.0, draws=400)
    assert found.gain == pytest.approx(30.0, rel=2e-3)
    assert found.perfect_information == pytest.approx(10 / 3, rel=2e-2)
    assert found.flips[0].information == pytest.approx(10 / 3, rel=0.1)
    sure = UncertainInput("effect", "panels", 0.9, 1.1)
    assert decision_flips(pair(3.0, 2.0), SAVED, (sure,), budget=10.0).perfect_information == pytest.approx(0, abs=1e-9)


def test_a_portfolio_dearer_than_thought_is_built_as_far_as_the_money_lasts() -> None:
    dear = UncertainInput("price", "panels", 1.0, 3.0)
    found = decision_flips(pair(3.0, 2.0), SAVED, (dear,), budget=10.0, draws=200)
    # At the mean price, twice, trees are chosen: 20; panels at p give 30 / p, more below 1.5.
    # The integral of 30 / p - 20 over 1 to 1.5, by the width of 2.
    assert found.perfect_information == pytest.approx((30 * np.log(1.5) - 10) / 2, rel=3e-2)


def test_samples_fill_the_ranges_and_repeat_with_their_seed() -> None:
    inputs = [UncertainInput("effect", "panels", 0.5, 1.5), UncertainInput("price", "trees", 1.0, 2.0)]
    first, again, other = (list(samples(inputs, 8, seed=seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other
    for each in inputs:
        cells = sorted(int((draw[each] - each.low) / (each.high - each.low) * 8) for draw in first)
        assert cells == list(range(8))
    assert mean(inputs) == {inputs[0]: 1.0, inputs[1]: 1.5}


def test_effects_and_prices_are_multiplied() -> None:
    inputs = {
        UncertainInput("effect", "green_roof", 0.5, 2.0, "damage"): 2.0,
        UncertainInput("price", "green_roof", 0.5, 3.0): 3.0,
    }  # fmt: skip
    other = under(programme(), inputs)
    roofs = [number for number, (name, _) in enumerate(programme().cells) if name == "green_roof"]
    assert other.coefficients("damage")[roofs] == pytest.approx(2.0 * programme().coefficients("damage")[roofs])
    assert other.coefficients("cooling")[roofs] == pytest.approx(programme().coefficients("cooling")[roofs])
    assert other.cost[roofs] == pytest.approx(3.0 * programme().cost[roofs])


@pytest.mark.parametrize(("low", "high"), [(1.1, 1.2), (-0.1, 1.0), (0.5, float("inf")), (0.5, 0.9)])
def test_ranges_without_sense_are_refused(low: float, high: float) -> None:
    with pytest.raises(StudyError, match="uncertain input") as caught:
        UncertainInput("effect", "panels", low, high)
    assert "不确定" in caught.value.say("zh")


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(StudyError, match="windmill"):
        under(SUN, {UncertainInput("price", "windmill", 0.5, 1.5): 1.2})

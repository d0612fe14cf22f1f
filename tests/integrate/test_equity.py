"""Equity floors: kept, bought at a price that is told, and held to enumeration."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.conflict import conflict
from citybraid.integrate.choose.equity import EquityFloor, vulnerable_weight
from citybraid.integrate.choose.floor_margins import floor_margins
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.portfolio import placed, portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.why_tables import why_tables
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from tests.examples import at_most
from tests.integrate.town import MEASURES, UNITS, Town, price_list

SAVED = Goal("saved", 1)
UNIT = ("rich", "poor")


def town(*floors: EquityFloor, room: float = 10.0) -> Programme:
    """Return panels that save 3 for each unit of money in the rich unit, 1 in the poor one, where so much fits."""
    rows = [*UNIT, WHOLE_AREA]
    change = pd.DataFrame({"saved": [30.0, room, 30.0 + room]}, index=rows)
    single = {"panels": Single(pd.Series({"rich": 10.0, "poor": room}), change)}
    prices = {"panels": Price(1.0, 0.0, 1.0, 1.0, "user", ())}
    return Programme.of(EffectTable(change * 0.0, single, {}), prices, floors)


def spent(found: pd.DataFrame) -> list[float]:
    return [float(found["panels"][unit]) for unit in UNIT]


def test_without_a_floor_all_goes_where_it_saves_most() -> None:
    assert spent(portfolio(town(), SAVED, budget=8.0).installed) == [pytest.approx(8.0), pytest.approx(0.0)]


def test_a_share_of_the_spending_goes_to_the_named_unit() -> None:
    """A quarter of 8 is 2: 6 save 18, 2 save 2."""
    floor = EquityFloor(0.25, {"poor": 1.0})
    found = portfolio(town(floor), SAVED, budget=8.0)
    assert spent(found.installed) == [pytest.approx(6.0), pytest.approx(2.0)]
    assert found.predicted["saved"][WHOLE_AREA] == pytest.approx(20.0)
    assert town(floor).share_served(floor, np.array([0.6, 0.2])) == pytest.approx(0.25)
    # One more of money is spent as a quarter and three quarters.
    assert margins(town(floor), SAVED, budget=8.0).per_money == pytest.approx(0.75 * 3.0 + 0.25 * 1.0)


def test_a_share_of_the_gain_goes_to_people_by_their_weight() -> None:
    """Half the poor and none of the rich are vulnerable: 0.5 p >= 0.1 (3 r + p), so p = 0.75 r; of 7, r = 4, p = 3."""
    floor = EquityFloor(0.1, {"poor": 0.5}, "saved", 1)
    found = portfolio(town(floor), SAVED, budget=7.0)
    assert spent(found.installed) == [pytest.approx(4.0), pytest.approx(3.0)]


def test_a_floor_that_no_unit_can_keep_leaves_nothing_to_build() -> None:
    found = portfolio(town(EquityFloor(0.6, {"poor": 0.5})), SAVED, budget=8.0)
    assert found.cost == pytest.approx(0.0, abs=1e-6)


def test_the_price_of_a_floor_is_what_a_point_more_takes() -> None:
    """Of 8 a share s in the poor unit saves 8 (3 - 2s): a quarter costs 4 of 24, each point more 0.16."""
    (found,) = floor_margins(town(EquityFloor(0.25, {"poor": 1.0})), SAVED, budget=8.0)
    assert (found.served, found.free) == pytest.approx((0.25, 0.0))
    assert found.lost == pytest.approx(4.0)
    assert found.per_share == pytest.approx(16.0)
    assert (found.barred, found.possible) == (0.0, None)


def test_what_is_built_for_a_floor_says_so() -> None:
    """In the poor unit one of money saves 1 where the edge is at 3 / 4 of 3 and a quarter of 1: built for the floor.

    With room for 2 there and half asked, what the rich unit does not build is kept back by the floor.
    """
    edge = margins(town(EquityFloor(0.25, {"poor": 1.0})), SAVED, budget=8.0)
    assert [each.reason for each in edge.cells] == ["part", "floor"]
    barred = margins(town(EquityFloor(0.5, {"poor": 1.0}), room=2.0), SAVED, budget=8.0)
    assert [each.reason for each in barred.cells] == ["floor", "full"]
    assert [each.reason for each in margins(town(), SAVED, budget=8.0).cells] == ["part", "dear"]


def test_money_as_placed_is_told_beside_the_share_that_was_chosen() -> None:
    """Whole houses of 4 in the poor unit: 4 of 10 instead of 2 of 8."""
    floor = EquityFloor(0.25, {"poor": 1.0})
    chosen = portfolio(town(floor), SAVED, budget=8.0)
    built = placed(town(floor), chosen, pd.DataFrame({"panels": {"rich": 6.0, "poor": 4.0}}))
    table = why_tables(town(floor), built, SAVED, budget=8.0)["why_floors"]
    assert table[["served", "placed"]].iloc[0].tolist() == pytest.approx([0.25, 0.4])


def test_a_floor_that_is_kept_anyway_costs_nothing() -> None:
    """Of 15 the rich unit takes 10, the poor one 5, a third."""
    (found,) = floor_margins(town(EquityFloor(0.3, {"poor": 1.0})), SAVED, budget=15.0)
    assert (found.served, found.free) == pytest.approx((1 / 3, 1 / 3))
    assert (found.lost, found.per_share) == pytest.approx((0.0, 0.0))


def test_a_floor_bars_money_where_the_poor_unit_has_no_room() -> None:
    """2 fit there: half of the spending is 4 of 8, which save 2 x 3 + 2 x 1 of 24; a quarter would let all be spent."""
    (found,) = floor_margins(town(EquityFloor(0.5, {"poor": 1.0}), room=2.0), SAVED, budget=8.0)
    assert found.barred == pytest.approx(4.0)
    assert found.possible == pytest.approx(0.25)
    assert found.lost == pytest.approx(24.0 - 8.0)


def test_a_floor_above_every_weight_bars_all_money_and_says_down_to_what_it_could_be_kept() -> None:
    (found,) = floor_margins(town(EquityFloor(0.6, {"poor": 0.5})), SAVED, budget=8.0)
    assert np.isnan(found.served)
    assert found.barred == pytest.approx(8.0)
    assert found.possible == pytest.approx(0.5)


def test_of_two_floors_each_is_told_beside_the_other() -> None:
    """A quarter for the poor unit, half of the gain for the rich one: the latter is kept by 18 of 20."""
    floors = EquityFloor(0.25, {"poor": 1.0}), EquityFloor(0.5, {"rich": 1.0}, "saved", 1)
    spending, gain = floor_margins(town(*floors), SAVED, budget=8.0)
    assert spending.per_share == pytest.approx(16.0)
    assert gain.served == pytest.approx(18.0 / 20.0)
    assert gain.lost == pytest.approx(0.0)


def test_a_floor_a_target_and_the_budget_in_conflict_say_what_each_must_give() -> None:
    """8 (3 - 2s) of 22: s = 1/8; or 8.8 of money; or 20. A twelfth or so of the target is the least share of all."""
    floor, target = EquityFloor(0.25, {"poor": 1.0}), Target("saved", 1, 22.0)
    found = conflict(town(floor), budget=8.0, targets=[target])
    assert found is not None
    money, aim, served = found.gives
    assert (money.target, money.floor, aim.target, served.floor) == (None, None, target, floor)
    assert money.alone == pytest.approx(0.8)
    assert aim.alone == pytest.approx(2.0)
    assert served.alone == pytest.approx(0.125)
    assert (money.together, aim.together) == pytest.approx((0.0, 2.0), abs=1e-6)
    assert served.together == pytest.approx(0.0, abs=1e-6)
    table = why_tables(town(floor), portfolio(town(floor), SAVED, budget=8.0, targets=[target]), SAVED, budget=8.0,
                       targets=[target])  # fmt: skip
    assert table["why_limits"]["conflict"].tolist() == [True, True]
    assert table["why_floors"][["share", "alone"]].iloc[0].tolist() == pytest.approx([0.25, 0.125])


@given(st.floats(0.0, 1.0), st.sampled_from(UNITS))
@at_most(8)
def test_whole_portfolios_keep_the_floor_and_are_the_best_that_do(share: float, unit: str) -> None:
    floor = EquityFloor(share, {unit: 1.0})
    cheap = {name: price_list()[name] for name in ("green_roof", "rain_garden", "street_trees")}
    found = Programme.of(effects(Town(), list(MEASURES.values()), UNITS), cheap, (floor,))
    selection = portfolio(found, Goal("cooling", 1), budget=2.5e5, whole=True)
    total = float(found.cost[: len(found.cells)] @ _shares(found, selection.adoption))
    own = sum(
        float(found.cost[at]) * float(selection.adoption[name][place])
        for at, (name, place) in enumerate(found.cells) if place == unit
    )  # fmt: skip
    assert own >= share * total - 1e-6 * max(total, 1.0)
    best = 0.0
    gain, (part, whole) = found.coefficients("cooling"), found.served(floor)
    for each in product((0.0, 1.0), repeat=len(found.cells)):
        x = found.products(np.append(each, np.zeros(len(found.couples))))
        if found.cost @ x <= 2.5e5 and part @ x >= share * (whole @ x) - 1e-9:
            best = max(best, float(gain @ x))
    assert selection.predicted["cooling"][WHOLE_AREA] == pytest.approx(best)


def _shares(found: Programme, adoption: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(adoption[name][unit]) for name, unit in found.cells])


def test_vulnerable_people_weigh_by_their_share() -> None:
    people = pd.Series({"a": 100.0, "b": 50.0, "c": 0.0})
    assert vulnerable_weight(pd.Series({"a": 25.0, "b": 50.0}), people) == {"a": 0.25, "b": 1.0, "c": 0.0}
    with pytest.raises(StudyError, match="60") as caught:
        vulnerable_weight(pd.Series({"b": 60.0}), people)
    assert "弱势" in caught.value.say("zh")


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_shares_that_are_none_are_refused(share: float) -> None:
    with pytest.raises(StudyError, match="equity floor"):
        EquityFloor(share, {"poor": 1.0})
    with pytest.raises(StudyError, match="equity floor"):
        EquityFloor(0.5, {"poor": share})


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(StudyError, match="nowhere"):
        town(EquityFloor(0.5, {"nowhere": 1.0}))

"""Equity floors: kept, bought at a price that is told, and held to enumeration."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.equity import EquityFloor, vulnerable_weight
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from tests.examples import at_most
from tests.integrate.town import MEASURES, UNITS, Town, price_list

SAVED = Goal("saved", 1)
UNIT = ("rich", "poor")


def town(*floors: EquityFloor) -> Programme:
    """Return panels that save 3 for each unit of money in the rich unit, 1 in the poor one; 10 of money fit in each."""
    rows = [*UNIT, WHOLE_AREA]
    change = pd.DataFrame({"saved": [30.0, 10.0, 40.0]}, index=rows)
    single = {"panels": Single(pd.Series({"rich": 10.0, "poor": 10.0}), change)}
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

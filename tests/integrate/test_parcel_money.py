"""Money handed down to parcels: levels close, the best parcels are taken first, prices are those of arithmetic."""

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.money.parcels import OUTSIDE, ParcelMoney, ParcelShares, parcel_money
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.programme import Goal
from tests.integrate.knapsack import knapsack

GOAL = Goal("profit", 1)
HOME = pd.Series({"a": "item00", "b": "item00", "c": "item01"})


def shared(effect: dict[str, float] | None, *, budget: float = 50.0) -> ParcelMoney:
    """Hand 50 of money down: unit item00 costs 100 and gains 200, item01 costs 100 and gains 100.

    Parcels a and b each hold 40 % of item00's quantity, streets 20 %; c all of item01's.
    """
    programme = knapsack([100.0, 100.0], [200.0, 100.0])
    edge = margins(programme, GOAL, budget=budget)
    selection = portfolio(programme, GOAL, budget=budget)
    amount = {"measure": pd.Series({"a": 0.4, "b": 0.4, "c": 1.0})}
    effects = {} if effect is None else {("measure", "profit"): pd.Series(effect)}
    return parcel_money(programme, edge, selection, ParcelShares(HOME, amount, effects))


def test_the_best_parcels_come_first_and_levels_close() -> None:
    """Parcel a has 70 % of the effect for 40 % of the cost: 40 of the 50 buy 140; a quarter of b, 10, buys 0.25 x 40.

    A quarter of b costs 10 and gains 0.25 x 0.2 x 200 = 10; half of the streets costs as much and gains as much.
    """
    found = shared({"a": 0.7, "b": 0.2, "c": 1.0})
    rows = found.parcels.set_index(["unit", "parcel"])
    assert rows.loc[("item00", "a"), "share"] == 1.0
    assert rows.loc[("item00", "a"), "cost"] == pytest.approx(40.0)
    assert rows.loc[("item00", "a"), "gain"] == pytest.approx(140.0)
    units = found.units.set_index("unit")
    assert units.loc["item00", "spent"] == pytest.approx(50.0)
    assert units.loc["item00", "gain"] == pytest.approx(150.0)
    assert units.loc["item00", "unit_worth"] == pytest.approx(100.0), "half of everything alike in all parcels"
    by_unit = found.parcels.groupby("unit")[["cost", "gain"]].sum()
    assert by_unit["cost"].tolist() == pytest.approx([50.0, 0.0])
    assert units.loc[WHOLE_AREA, "spent"] == pytest.approx(float(by_unit["cost"].sum()))
    assert units.loc[WHOLE_AREA, "gain"] == pytest.approx(float(by_unit["gain"].sum()))
    assert set(found.parcels["parcel"]) == {"a", "b", "c", OUTSIDE}


def test_the_next_cost_of_a_parcel_is_its_own_price() -> None:
    """What b still gives costs 40 for 40; a parcel that is built to the full can give nothing more."""
    rows = shared({"a": 0.7, "b": 0.2, "c": 1.0}).parcels.set_index(["unit", "parcel"])
    assert rows["next_cost"].isna().to_dict()["item00", "a"]
    assert rows.loc[("item00", "a"), "left"] == 0.0
    assert rows.loc[("item00", "b"), "next_cost"] == pytest.approx(1.0)
    assert rows.loc[("item01", "c"), "next_cost"] == pytest.approx(1.0)


def test_without_effects_by_parcel_they_follow_quantities() -> None:
    found = shared(None)
    units = found.units.set_index("unit")
    assert units.loc["item00", "gain"] == pytest.approx(100.0)
    assert units.loc["item00", "gain"] == pytest.approx(units.loc["item00", "unit_worth"])
    assert units.loc["item00", "per_money"] == pytest.approx(2.0)


def test_no_unit_spends_more_than_the_portfolio_gives_it() -> None:
    for budget in (7.0, 33.0, 120.0, 500.0):
        units = shared({"a": 0.7, "b": 0.2, "c": 1.0}, budget=budget).units.set_index("unit")
        assert (units["spent"] <= units["money"] + 1e-9).all()
        assert units["money"][WHOLE_AREA] <= budget + 1e-9


def test_shares_that_fill_a_unit_but_for_rounding_leave_nothing_outside() -> None:
    """Ten times 0.1 is a rounding less than 1: streets that hold 1e-16 of a measure are not a place to build it."""
    names = [f"p{number}" for number in range(10)]
    programme = knapsack([100.0], [200.0])
    amount = {"measure": pd.Series(0.1, index=names)}
    assert 0.0 < 1.0 - float(amount["measure"].to_numpy().cumsum()[-1]) < 1e-15
    shares = ParcelShares(pd.Series("item00", index=names), amount, {})
    selection = portfolio(programme, GOAL, budget=100.0)
    rows = parcel_money(programme, margins(programme, GOAL, budget=100.0), selection, shares).parcels
    outside = rows[rows["parcel"] == OUTSIDE].iloc[0]
    assert (outside["share"], outside["cost"], outside["gain"]) == (0.0, 0.0, 0.0)


def test_a_parcel_that_gains_by_rounding_alone_builds_nothing() -> None:
    """Parcel b holds none of the measure and 1e-16 of its effect: it was told to adopt it in full, for 0 and 0."""
    programme = knapsack([100.0], [200.0])
    amount = {"measure": pd.Series({"a": 1.0, "b": 0.0})}
    effects = {("measure", "profit"): pd.Series({"a": 1.0, "b": 1e-16})}
    shares = ParcelShares(pd.Series("item00", index=["a", "b"]), amount, effects)
    selection = portfolio(programme, GOAL, budget=100.0)
    rows = parcel_money(programme, margins(programme, GOAL, budget=100.0), selection, shares).parcels
    table = rows.set_index("parcel")
    assert [table.loc["b", name] for name in ("measures", "share", "gain")] == ["", 0.0, 0.0]
    assert table.loc["a", "share"] == 1.0

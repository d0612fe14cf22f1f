"""Equity floors in whole buildings: by hand, and against every placement there is."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.floor_repair import KEPT, Cell, ladders, placed_shares, repaired
from citybraid.integrate.choose.portfolio import own_shares, placed, portfolio, replaced
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.why_tables import why_tables
from citybraid.integrate.learn.effects import EffectTable, Single
from tests.examples import at_most

SAVED = Goal("saved", 1)
PLACES = ("rich", "poor")
Houses = Mapping[Cell, Sequence[float]]


class Street:
    """Houses of each measure and unit in their order; each costs its size and saves so much for it."""

    def __init__(self, houses: Houses, worth: Mapping[Cell, float], *floors: EquityFloor) -> None:
        """Set up the programme of full adoption."""
        self.houses, self.calls = houses, 0
        names = list(dict.fromkeys(name for name, _ in houses))
        single = {}
        for name in names:
            sizes = pd.Series({unit: float(sum(houses.get((name, unit), ()))) for unit in PLACES})
            saved = pd.Series({unit: sizes[unit] * worth.get((name, unit), 0.0) for unit in PLACES})
            saved[WHOLE_AREA] = saved.sum()
            single[name] = Single(sizes, saved.to_frame("saved"))
        base = pd.DataFrame({"saved": 0.0}, index=[*PLACES, WHOLE_AREA])
        price = Price(1.0, 0.0, 1.0, 1.0, "user", ())
        self.programme = Programme.of(EffectTable(base, single, {}), dict.fromkeys(names, price), floors)

    def place(self, shares: Mapping[Cell, float]) -> pd.DataFrame:
        """Return what stands: a house counts when its middle lies within the share, as measures place them."""
        self.calls += 1
        table = pd.DataFrame(0.0, index=list(PLACES), columns=list(self.programme.used))
        for (name, unit), share in shares.items():
            sizes = np.array(self.houses[name, unit], dtype=np.float64)
            middle = np.cumsum(sizes) - 0.5 * sizes
            table.loc[unit, name] = float(sizes[middle < share * sizes.sum()].sum())
        return table

    def every(self) -> Iterator[pd.DataFrame]:
        """Yield every placement."""
        cells = list(self.houses)
        for counts in product(*(range(len(self.houses[cell]) + 1) for cell in cells)):
            table = pd.DataFrame(0.0, index=list(PLACES), columns=list(self.programme.used))
            for (name, unit), count in zip(cells, counts, strict=True):
                table.loc[unit, name] = float(sum(self.houses[name, unit][:count]))
            yield table

    def saved(self, installed: pd.DataFrame) -> float:
        return float(self.programme.coefficients("saved") @ placed_shares(self.programme, installed))

    def kept(self, installed: pd.DataFrame, budget: float) -> bool:
        x = placed_shares(self.programme, installed)
        served = [self.programme.share_served(floor, x) >= floor.share - KEPT for floor in self.programme.floors
                  if not np.isnan(self.programme.share_served(floor, x))]  # fmt: skip
        return all(served) and float(self.programme.cost @ x) <= budget * (1.0 + 1e-9)


def by_hand(*floors: EquityFloor) -> Street:
    """Return three houses of 4 in the rich unit that save 3 for each of money, two of 3 and 5 in the poor one: 1."""
    houses = {("panels", "rich"): (4.0, 4.0, 4.0), ("panels", "poor"): (5.0, 3.0)}
    return Street(houses, {("panels", "rich"): 3.0, ("panels", "poor"): 1.0}, *floors)


def test_a_floor_that_whole_houses_miss_is_kept_by_one_house_more_and_one_less() -> None:
    """A quarter of 10 is 2.5 for the poor unit, 0.3 of its 8: the house of 5 counts from 0.3125 on, so none stands.

    With the two of 4 in the rich unit it would be 13 of 10. 4 + 5 saves 12 + 5; 8 alone saves 24 and keeps nothing.
    """
    town = by_hand(EquityFloor(0.25, {"poor": 1.0}))
    found = repaired(town.programme, SAVED, {("panels", "rich"): 0.7, ("panels", "poor"): 0.3}, town.place, budget=10.0)
    assert found is not None
    assert found.installed["panels"].tolist() == [4.0, 5.0]
    assert town.kept(found.installed, 10.0)


def test_money_left_buys_the_next_house_for_the_group() -> None:
    """Of 14 two houses of 4 and one of 5 fit: nothing is given up for a floor of three in ten."""
    town = by_hand(EquityFloor(0.3, {"poor": 1.0}))
    found = repaired(town.programme, SAVED, {("panels", "rich"): 0.7, ("panels", "poor"): 0.3}, town.place, budget=14.0)
    assert found is not None
    assert found.installed["panels"].tolist() == [8.0, 5.0]


def test_a_placement_that_keeps_its_floor_stays_as_it_is() -> None:
    town = by_hand(EquityFloor(0.25, {"poor": 1.0}))
    shares = {("panels", "rich"): 0.4, ("panels", "poor"): 0.4}
    assert repaired(town.programme, SAVED, shares, town.place, budget=10.0) is None
    assert town.calls == 1


def test_where_no_house_of_the_group_can_be_paid_nothing_is_built_elsewhere_either() -> None:
    """No house of 5 within 4.5, and the next is the second: a share of nothing is shared out."""
    town = by_hand(EquityFloor(0.25, {"poor": 1.0}))
    found = repaired(town.programme, SAVED, {("panels", "rich"): 0.3}, town.place, budget=4.5)
    assert found is not None
    assert not found.installed.to_numpy().any()


def test_steps_of_quantities_are_those_of_the_houses() -> None:
    town = by_hand()
    rich, poor = ladders(town.programme, {("panels", "rich"): 0.5}, town.place)
    assert {*rich.values()} == {0.0, 4.0, 8.0, 12.0}
    assert {*poor.values()} == {0.0, 5.0, 8.0}
    assert town.calls <= 14


def test_a_target_that_was_met_stays_met_and_the_table_tells_what_is_placed() -> None:
    """Within 17 the best that keeps 0.35 is 8 + 8, which saves 32; 12 + 5 saves 41 and serves 0.29."""
    floor, target = EquityFloor(0.35, {"poor": 1.0}), Target("saved", 1, 30.0)
    town = by_hand(floor)
    selection = portfolio(town.programme, SAVED, budget=17.0, targets=[target])
    shares = own_shares(town.programme, selection)
    found = repaired(town.programme, SAVED, shares, town.place, budget=17.0, targets=[target])
    assert found is not None
    assert found.installed["panels"].tolist() == [8.0, 8.0]
    cells = {cell for cell in found.shares if found.shares[cell] != shares.get(cell)}
    changed = replaced(town.programme, selection, found.installed, cells, targets=[target])
    assert changed.cost == pytest.approx(16.0)
    assert changed.predicted["saved"][WHOLE_AREA] == pytest.approx(32.0, abs=0.5)
    assert not changed.shortfall
    before = placed(town.programme, selection, town.place(shares))
    for each, share in ((before, 5.0 / 17.0), (changed, 0.5)):
        table = why_tables(town.programme, each, SAVED, budget=17.0, targets=[target])["why_floors"]
        assert float(table["placed"].iloc[0]) == pytest.approx(share)


def test_a_floor_of_a_gain_is_kept_as_placed_too() -> None:
    """Half of what is saved: 4 + 8 saves 12 and 8, 0 + 8 all of 8; 4 + 5 no half."""
    town = by_hand(EquityFloor(0.4, {"poor": 1.0}, "saved", 1))
    found = repaired(town.programme, SAVED, {("panels", "rich"): 0.7, ("panels", "poor"): 0.3}, town.place, budget=13.0)
    assert found is not None
    assert found.installed["panels"].tolist() == [4.0, 8.0]


SIZES = st.lists(st.integers(1, 5).map(float), min_size=1, max_size=3)


@given(
    st.tuples(SIZES, SIZES, SIZES, SIZES), st.floats(0.05, 0.9), st.floats(0.0, 0.4), st.floats(2.0, 20.0),
    st.lists(st.floats(0.5, 3.0), min_size=4, max_size=4),
)  # fmt: skip
@at_most(25)
def test_no_other_placement_keeps_the_floor_and_saves_more(
    sizes: tuple[list[float], ...], share: float, weight: float, budget: float, worth: list[float]
) -> None:
    cells = list(product(("panels", "walls"), PLACES))
    floor = EquityFloor(share, {"poor": 1.0, "rich": weight})
    town = Street(dict(zip(cells, sizes, strict=True)), dict(zip(cells, worth, strict=True)), floor)
    shares = own_shares(town.programme, portfolio(town.programme, SAVED, budget=budget))
    assume(not town.kept(town.place(shares), budget))
    found = repaired(town.programme, SAVED, shares, town.place, budget=budget)
    if found is None:
        return
    assert town.kept(found.installed, budget)
    best = max(town.saved(each) for each in town.every() if town.kept(each, budget))
    assert town.saved(found.installed) == pytest.approx(best, rel=2e-3)

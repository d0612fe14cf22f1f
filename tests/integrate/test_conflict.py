"""The smallest set of limits in conflict, held to enumeration, and what each must give, held to arithmetic."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.conflict import Limits, conflict, smallest_conflict
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows
from citybraid.integrate.learn.effects import EffectTable, Single
from tests.examples import at_most

BASE, EACH = 100.0, {"trees": (10.0, 2.0, 5.0), "panels": (0.0, 8.0, 4.0)}
"""Change of cooling and of saving, and cost, of each measure in the one unit."""


def one_unit() -> Programme:
    rows = ["unit", WHOLE_AREA]
    single = {
        name: Single(pd.Series({"unit": 1.0}), pd.DataFrame({"cooling": cooling, "saving": saving}, index=rows))
        for name, (cooling, saving, _) in EACH.items()
    }
    prices = {name: Price(cost, 0.0, 1.0, cost, "user", ()) for name, (_, _, cost) in EACH.items()}
    return Programme.of(EffectTable(pd.DataFrame({"cooling": BASE, "saving": BASE}, index=rows), single, {}), prices)


def test_the_budget_and_one_target_that_it_cannot_pay() -> None:
    """Cooling of 8 takes 0.8 trees, 4 of money; of 3 it gets 6."""
    found = portfolio(one_unit(), Goal("saving", 1), budget=3.0, targets=[Target("cooling", 1, 108.0)])
    assert found.conflict is not None
    money, target = found.conflict.gives
    assert money.target is None
    assert money.alone == pytest.approx(1.0)
    assert target.target == Target("cooling", 1, 108.0)
    assert target.alone == pytest.approx(2.0)
    assert found.shortfall[Target("cooling", 1, 108.0)] == pytest.approx(2.0, rel=1e-4)
    # A quarter of the target for nothing else, or a third of the budget: the target gives, and it alone.
    assert [money.together, target.together] == pytest.approx([0.0, 2.0], abs=1e-9)


def test_two_targets_that_fit_the_budget_one_by_one() -> None:
    """Cooling of 8 takes 4 of money and saves 1.6; saving of 8 then takes 0.8 panels, 3.2 of money."""
    targets = [Target("cooling", 1, 108.0), Target("saving", 1, 108.0)]
    found = conflict(one_unit(), budget=5.0, targets=targets)
    assert found is not None
    assert [give.target for give in found.gives] == [None, *targets]
    # Kept as they are, 5 of money pay cooling of 2.5 beside all of the saving, or saving of 3.6 beside all cooling.
    assert [give.alone for give in found.gives] == [pytest.approx(2.2), pytest.approx(5.5), pytest.approx(4.4)]
    assert conflict(one_unit(), budget=7.3, targets=targets) is None


def test_a_target_beyond_all_measures_is_in_conflict_alone() -> None:
    """No money helps: the budget is not named."""
    targets = [Target("cooling", 1, 115.0), Target("saving", 1, 101.0)]
    found = portfolio(one_unit(), Goal("saving", 1), budget=1e6, targets=targets)
    assert found.conflict is not None
    (give,) = found.conflict.gives
    assert give.target == targets[0]
    assert give.alone == pytest.approx(5.0)
    assert give.size == pytest.approx(15.0)


def test_two_conflicts_leave_none_that_gives_alone() -> None:
    targets = [Target("cooling", 1, 115.0), Target("saving", 1, 120.0)]
    found = conflict(one_unit(), budget=100.0, targets=targets)
    assert found is not None
    (give,) = found.gives
    assert give.alone is None
    assert give.together == pytest.approx(5.0 if give.target == targets[0] else 10.0)


def test_targets_that_can_be_met_are_in_no_conflict() -> None:
    assert portfolio(one_unit(), Goal("saving", 1), budget=5.0, targets=[Target("cooling", 1, 105.0)]).conflict is None


def test_whole_measures_conflict_where_shares_do_not() -> None:
    targets = [Target("cooling", 1, 105.0)]
    assert conflict(one_unit(), budget=3.0, targets=targets) is None
    found = conflict(one_unit(), budget=3.0, targets=targets, whole=True)
    assert found is not None
    assert [give.alone for give in found.gives] == [pytest.approx(2.0), pytest.approx(5.0)]


def by_enumeration(limits: Limits, count: int) -> int | None:
    """Return the size of the smallest set that cannot be kept."""
    every: Sequence[tuple[int, ...]] = [
        members for size in range(1, count + 1) for members in combinations(range(count), size)
    ]
    return next((len(members) for members in every if not limits.kept(members)), None)


@given(st.integers(0, 10**6), st.integers(1, 6))
@at_most(25)
def test_it_is_the_smallest_and_irreducible(seed: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    row = draw.normal(size=(count, 3))
    limits = Limits(
        Rows.none(3), row, draw.normal(0.6, 0.6, count), np.ones(count), np.ones(3), np.zeros(3, dtype=np.bool_)
    )
    found = smallest_conflict(limits)
    size = by_enumeration(limits, count)
    assert (None if found is None else len(found)) == size
    for member in found or ():
        assert limits.kept([other for other in found or () if other != member])

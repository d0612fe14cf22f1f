"""Two measures in two units that act on each other: all sixteen portfolios by hand, and what money is worth.

In the north trees shade the panels, in the south they cool them: together they save 2 less and 4 more than each alone.
"""

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.phasing import Years, phases, works_of
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme
from citybraid.integrate.learn.effects import EffectTable, Pair, Single

ROWS = ["north", "south", WHOLE_AREA]
SAVED = Goal("saved", 1)
BY_HAND = {
    "": (0, 0), "pn": (10, 4), "tn": (3, 2), "ps": (5, 4), "ts": (1, 2),
    "pn tn": (10 + 3 - 2, 6), "pn ps": (15, 8), "pn ts": (11, 6), "tn ps": (8, 6), "tn ts": (4, 4),
    "ps ts": (5 + 1 + 4, 6), "pn tn ps": (16, 10), "pn tn ts": (12, 8), "pn ps ts": (20, 10), "tn ps ts": (13, 8),
    "pn tn ps ts": (21, 12),
}  # fmt: skip
"""Saved and cost of each portfolio: panels (p) and trees (t) in the north (n) and the south (s)."""


def table(north: float, south: float) -> pd.DataFrame:
    return pd.DataFrame({"saved": [north, south, north + south]}, index=ROWS)


@pytest.fixture(scope="module")
def both() -> Programme:
    ones = pd.Series(1.0, index=ROWS[:2])
    single = {
        "panels": Single(4.0 * ones, table(10.0, 5.0)),
        "trees": Single(2.0 * ones, table(3.0, 1.0)),
    }
    pair = {("panels", "trees"): Pair(ones, ones, table(11.0, 10.0), table(-2.0, 4.0))}
    prices = {name: Price(1.0, 0.0, 1.0, 1.0, "user", ()) for name in single}
    return Programme.of(EffectTable(table(0.0, 0.0), single, pair), prices)


@pytest.mark.parametrize("budget", range(13))
def test_the_choice_is_the_best_of_sixteen(both: Programme, budget: int) -> None:
    best = max(saved for saved, cost in BY_HAND.values() if cost <= budget)
    found = portfolio(both, SAVED, budget=float(budget), whole=True)
    taken = [
        f"{measure[0]}{unit[0]}"
        for unit in ("north", "south") for measure in ("panels", "trees") if found.adoption[measure][unit] > 0.5
    ]  # fmt: skip
    assert found.predicted["saved"][WHOLE_AREA] == pytest.approx(best)
    assert BY_HAND[" ".join(taken)] == pytest.approx((best, found.cost))


@pytest.mark.parametrize(
    ("budget", "worth"),
    [
        (3.0, 10 / 4), (9.0, 10 / 6), (11.0, (3 - 2) / 2), (13.0, 0.0),
    ],
)  # fmt: skip
def test_money_is_worth_what_it_buys_next_with_the_measures_that_stand_beside_it(
    both: Programme, budget: float, worth: float
) -> None:
    """Panels in the north, then both in the south, 10 for 6; then trees in the north, of whose 3 shade takes 2."""
    assert margins(both, SAVED, budget=budget).per_money == pytest.approx(worth)


def test_ten_buys_what_neither_measure_alone_would_lead_to(both: Programme) -> None:
    """By lone gains trees in the north (1.5 a unit of money) come before those in the south (0.5): 16, and not 20."""
    found = portfolio(both, SAVED, budget=10.0, whole=True)
    assert found.adoption["trees"]["north"] == 0.0
    assert found.adoption["trees"]["south"] == 1.0


def test_years_count_what_each_measure_does_alone(both: Programme) -> None:
    """Money for 4, 6 and 2: by gain for its money 10 for 4, then 3 for 2 and 5 for 4, then 1 for 2, seen a year later.

    Pairs are left out: 19 by the end, where all together save 21, which the report tells beside the sum.
    """
    selection = portfolio(both, SAVED, budget=12.0, whole=True)
    assert selection.predicted["saved"][WHOLE_AREA] == pytest.approx(21.0)
    years = dict.fromkeys(("panels", "trees"), 1)
    works = works_of(both, selection, both.coefficients("saved"), build_years=years, growing_years={})
    found = phases(works, Years(2026, (4.0, 6.0, 2.0, 0.0)))
    starts = {(work.measure, work.unit): start for work, start in zip(found.works, found.start, strict=True)}
    assert starts == {
        ("panels", "north"): 2026, ("trees", "north"): 2027, ("panels", "south"): 2027, ("trees", "south"): 2028,
    }  # fmt: skip
    assert found.gained == pytest.approx((0.0, 10.0, 18.0, 19.0))
    assert found.spent == pytest.approx((4.0, 6.0, 2.0, 0.0))

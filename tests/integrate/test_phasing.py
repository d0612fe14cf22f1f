"""Phasing held to every order of a few works, and to arithmetic."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.phasing import Milestone, Work, Years, phases, reached, works_of
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.programme import Goal, Programme
from citybraid.integrate.learn.effects import effects
from tests.examples import at_most
from tests.integrate.town import MEASURES, UNITS, Town, price_list


def work(cost: float, gain: float, build: int = 1, growing: int = 0) -> Work:
    return Work("measure", "unit", cost, gain, build, growing)


def accrued(works: tuple[Work, ...], years: Years, starts: tuple[int, ...]) -> float | None:
    """Return the discounted gain of an order, year by year; None where it costs too much."""
    purse = total = 0.0
    for at in range(len(years.budgets)):
        spent = sum(
            each.cost / each.build_years for each, start in zip(works, starts, strict=True)
            if start <= at < start + each.build_years
        )  # fmt: skip
        purse = (purse if years.carried else 0.0) + years.budgets[at] - spent
        if purse < -1e-9:
            return None
        for each, start in zip(works, starts, strict=True):
            done = at - start - each.build_years + 1
            if done > 0 and start < len(years.budgets):
                share = min(1.0, done / each.growing_years) if each.growing_years else 1.0
                total += each.gain * share * (1 + years.growth) ** at / (1 + years.rate) ** at
    return total


def test_the_measure_that_gains_most_for_its_money_comes_first() -> None:
    found = phases((work(10.0, 1.0), work(10.0, 3.0)), Years(2026, (10.0, 10.0, 0.0)))
    assert found.start == (2027, 2026)
    assert found.spent == (10.0, 10.0, 0.0)
    assert found.gained == (0.0, 3.0, 4.0)
    assert found.value == pytest.approx(7.0)
    assert found.gap == pytest.approx(0.0, abs=1e-9)


def test_what_takes_longer_to_build_and_grow_gains_later() -> None:
    """Two years of building, three of growing: a third, two thirds and all in the third to fifth year."""
    found = phases((work(6.0, 9.0, build=2, growing=3),), Years(2030, (3.0, 3.0, 0.0, 0.0, 0.0, 0.0)))
    assert found.start == (2030,)
    assert found.spent == (3.0, 3.0, 0.0, 0.0, 0.0, 0.0)
    assert found.gained == pytest.approx((0.0, 0.0, 3.0, 6.0, 9.0, 9.0))


def test_what_gains_nothing_is_built_from_the_money_that_is_left() -> None:
    """Envelopes for another objective cost 12: the first year leaves 6, so they start in the second."""
    found = phases((work(4.0, 5.0), work(12.0, 0.0)), Years(2026, (10.0, 10.0, 10.0)))
    assert found.start == (2026, 2027)
    assert found.later == (False, True)
    assert found.spent == (4.0, 12.0, 0.0)
    assert found.gained == (0.0, 5.0, 5.0)
    assert phases((work(4.0, 5.0), work(12.0, 0.0)), Years(2026, (10.0, 10.0, 10.0), carried=False)).start[1] is None


def test_the_last_year_is_built_in_too() -> None:
    """Its works gain only after the years; the money would lie idle otherwise."""
    found = phases((work(10.0, 1.0), work(10.0, 3.0)), Years(2026, (10.0, 10.0)))
    assert found.start == (2027, 2026)
    assert found.later == (True, False)
    assert found.value == pytest.approx(3.0)


def test_works_are_built_within_the_years() -> None:
    found = phases((work(10.0, 0.0, build=2),), Years(2026, (0.0, 10.0)))
    assert found.start == (None,)


def test_money_that_is_not_carried_over_is_lost() -> None:
    works, budgets = (work(10.0, 1.0),), (5.0, 5.0, 5.0)
    assert phases(works, Years(2026, budgets)).start == (2027,)
    assert phases(works, Years(2026, budgets, carried=False)).start == (None,)


def test_growth_and_discount_weigh_the_years() -> None:
    found = phases((work(1.0, 100.0),), Years(2026, (1.0, 0.0, 0.0), growth=0.1, rate=0.05))
    assert found.gained == pytest.approx((0.0, 110.0, 121.0))
    assert found.value == pytest.approx(110.0 / 1.05 + 121.0 / 1.05**2)


def test_a_milestone_comes_before_more_gain() -> None:
    """What is built at once gains in 2027; what gains more needs two years."""
    works, budgets = (work(10.0, 1.0), work(10.0, 5.0, build=2)), (10.0, 0.0, 0.0, 0.0)
    assert phases(works, Years(2026, budgets)).start == (None, 2026)
    found = phases(works, Years(2026, budgets, milestones={2027: 1.0}))
    assert found.start == (2026, None)
    with pytest.raises(StudyError, match="2027") as caught:
        phases(works, Years(2026, budgets, milestones={2027: 2.0}))
    assert "分期" in caught.value.say("zh")


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(1, 2), st.integers(0, 2)), min_size=1,
       max_size=4), st.lists(st.integers(0, 12), min_size=2, max_size=3), st.booleans())  # fmt: skip
@at_most(30)
def test_no_order_gains_more(rows: list[tuple[int, int, int, int]], money: list[int], carried: bool) -> None:
    works = tuple(work(float(cost), float(gain), build, growing) for cost, gain, build, growing in rows)
    years = Years(2026, tuple(map(float, money)), carried=carried, rate=0.03)
    found = phases(works, years)
    values = (accrued(works, years, starts) for starts in product(range(len(money) + 1), repeat=len(works)))
    best = max(value for value in values if value is not None)
    assert found.value <= best + 1e-6
    assert found.bound >= best - 1e-6
    assert found.value >= best * (1 - 5e-4) - 1e-6


def test_works_are_those_of_the_portfolio() -> None:
    programme = Programme.of(effects(Town(), list(MEASURES.values()), UNITS), price_list())
    selection = portfolio(programme, Goal("damage", -1), budget=4e5)
    built = dict.fromkeys(MEASURES, 1)
    gain = -programme.coefficients("damage")
    works = works_of(programme, selection, gain, build_years=built, growing_years={"rain_garden": 2})
    assert sum(each.cost for each in works) == pytest.approx(selection.cost)
    found = phases(works, Years(2026, (2e5, 2e5)))
    assert sum(found.spent) <= 4e5 * (1 + 1e-9)
    with pytest.raises(StudyError, match="years to build"):
        works_of(programme, selection, gain, build_years={}, growing_years={})


@pytest.mark.parametrize(
    "given_years",
    [
        {"budgets": ()}, {"budgets": (-1.0,)}, {"budgets": (float("nan"),)}, {"budgets": (1.0,), "rate": -1.0},
        {"budgets": (1.0,), "milestones": {2031: 1.0}},
    ],
)  # fmt: skip
def test_years_without_sense_are_refused(given_years: dict[str, object]) -> None:
    with pytest.raises(StudyError, match="phasing"):
        Years(2026, **given_years)  # type: ignore[arg-type]  # what must be refused


def test_nothing_to_build_is_told() -> None:
    with pytest.raises(StudyError, match="nothing to phase"):
        phases((), Years(2026, (1.0,)))


def test_a_milestone_of_another_indicator_turns_the_order() -> None:
    """The work that gains less comes first because only it cools: 2 of 5 are asked for by the second year."""
    works, years = (work(10.0, 3.0), work(10.0, 1.0)), Years(2026, (10.0, 10.0, 0.0))
    asked = Milestone("cooling", 2027, 2.0, (0.0, 5.0))
    found = phases(works, years, milestones=[asked])
    assert phases(works, years).start == (2026, 2027)
    assert found.start == (2027, 2026)
    assert reached(found, years, asked) == 5.0
    assert reached(phases(works, years), years, asked) == 0.0


def test_a_milestone_that_no_order_reaches_or_outside_the_years_is_refused() -> None:
    works, years = (work(10.0, 3.0),), Years(2026, (10.0, 0.0))
    with pytest.raises(StudyError) as told:
        phases(works, years, milestones=[Milestone("cooling", 2027, 2.0, (1.0,))])
    assert told.value.text == "choose.phase_unreached"
    with pytest.raises(StudyError) as told:
        phases(works, years, milestones=[Milestone("cooling", 2040, 0.0, (1.0,))])
    assert told.value.text == "choose.phase_milestone"

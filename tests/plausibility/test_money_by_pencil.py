"""Ten numbers of money, phasing, shares and cascaded targets, done by pencil: none is computed by what it checks."""

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor, FactorBook, shipped
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.phasing import Work, Years, phases
from citybraid.integrate.choose.prices import Price, prices
from citybraid.integrate.choose.programme import Goal, Programme
from citybraid.integrate.learn.effects import EffectTable, Single
from citybraid.kernels.risk.cost_benefit import CostBenefit, Flows, cost_benefit
from citybraid.planning.appraisal import equal_yearly
from citybraid.planning.cascade import handed_down
from citybraid.planning.parties import by_party
from citybraid.planning.rows import indicators

YEARS_12, YEARS_13, YEARS_20 = 8.863252, 9.393573, 12.462210
"""Present value of 1 a year at 5 % over 12, 13 and 20 years, from a printed table of annuities."""


def tank() -> CostBenefit:
    """A tank of 1 000 000, with 10 000 of upkeep a year over 20 years, that averts 120 000 a year, at 5 %."""
    return cost_benefit(Flows(averted=120_000.0, investment=1e6, upkeep=10_000.0, life=20.0, rate=0.05))


def test_net_present_value_of_a_tank() -> None:
    """1: 110 000 a year is worth 1 370 843; less 1 000 000."""
    assert tank().net == pytest.approx(110_000 * YEARS_20 - 1e6, abs=1.0)
    assert tank().net == pytest.approx(370_843, abs=1.0)


def test_benefit_over_cost_of_a_tank() -> None:
    """2: 1 495 465 over 1 124 622."""
    assert tank().ratio == pytest.approx(1_495_465 / 1_124_622, abs=1e-5)


def test_payback_of_a_tank() -> None:
    """3: 110 000 a year pay 1 000 000 back at an annuity of 9.0909, between the 12th and the 13th year."""
    assert tank().payback == pytest.approx(12.0 + (1e6 / 110_000 - YEARS_12) / (YEARS_13 - YEARS_12), abs=1e-4)
    assert tank().payback == pytest.approx(12.429, abs=1e-3)


def test_a_cost_as_equal_yearly_sums() -> None:
    """4: 1 000 000 over 20 years at 5 % is 80 243 a year."""
    assert equal_yearly(1e6, years=20.0, rate=0.05) == pytest.approx(80_243, abs=1.0)


def test_a_price_of_2015_in_the_money_of_2024() -> None:
    """5: prices rose by 2.0, 1.6, 2.1, 2.9, 2.4, 1.0, 2.0, 0.2 and 0.2 %: 15.31 % in all; 200 become 230.6."""
    source = "s"
    rows = [
        Factor("measure_cost", "moat", 200.0, "CNY m-2", "user", source=source),
        Factor("measure_upkeep", "moat", 0.0, "CNY m-2 year-1", "user"),
        Factor("measure_lifetime", "moat", 20.0, "year", "user"),
        Factor("measure_price_year", "moat", 2015.0, "year", "user", source=source),
    ]
    book = FactorBook((*shipped().rows, *rows))
    found = prices(["moat"], book, region="CN", year=2024).known["moat"]
    assert found.build == pytest.approx(230.6, abs=0.1)


def town() -> Programme:
    """Two measures in two units, (gain, cost): panels (10, 4) and (5, 4), trees (3, 2) and (1, 2)."""
    each = {"panels": ((10.0, 4.0), (5.0, 4.0)), "trees": ((3.0, 2.0), (1.0, 2.0))}
    rows = ["north", "south", WHOLE_AREA]
    single = {
        name: Single(pd.Series({"north": one[1], "south": two[1]}),
                     pd.DataFrame({"saved": [one[0], two[0], one[0] + two[0]]}, index=rows))
        for name, (one, two) in each.items()
    }  # fmt: skip
    free = {name: Price(1.0, 0.0, 1.0, 1.0, "user", ()) for name in each}
    return Programme.of(EffectTable(pd.DataFrame(0.0, index=rows, columns=["saved"]), single, {}), free)


def test_what_one_more_of_the_goal_costs() -> None:
    """6: with 8 of money panels in the north (4) and trees there (2) are bought, half the panels of the south with 2.

    One more of the goal is 0.2 panels of the south: 0.8 of money.
    """
    assert margins(town(), Goal("saved", 1), budget=8.0).goal_price == pytest.approx(0.8)


def test_money_by_year() -> None:
    """7: 5 a year: 10 over two years and then 5 are spent in full; gains are 0, 0, 4, and 5 in the fourth."""
    works = (Work("levee", "a", 10.0, 4.0, 2), Work("pump", "b", 5.0, 1.0, 1))
    found = phases(works, Years(2026, (5.0, 5.0, 5.0, 0.0)))
    assert found.start == (2026, 2028)
    assert found.spent == (5.0, 5.0, 5.0, 0.0)
    assert found.gained == (0.0, 0.0, 4.0, 5.0)


def test_a_target_of_the_city_by_residents() -> None:
    """8: 1 000 t become 800 t, shared by 6 000 and 2 000 people: 150 t and 50 t less."""
    values, people = pd.Series({"a": 700.0, "b": 300.0}), pd.Series({"a": 6000.0, "b": 2000.0})
    found = handed_down(indicators()["net_emissions"], 800.0, values, None, key=people).target
    assert found.to_dict() == pytest.approx({"a": 550.0, "b": 250.0})


def test_a_unit_that_has_no_more_leaves_the_rest_to_others() -> None:
    """9: of 500 t less by residents the second unit would take 125 t and has 100: the first takes 400."""
    values, people = pd.Series({"a": 900.0, "b": 100.0}), pd.Series({"a": 6000.0, "b": 2000.0})
    found = handed_down(indicators()["net_emissions"], 500.0, values, None, key=people).target
    assert found.to_dict() == pytest.approx({"a": 500.0, "b": 0.0})


def test_who_pays_a_shared_tank() -> None:
    """10: 90 000 a year, 40 % the city's; damage of 120 000 a year averted for owners: 36 000, 54 000, 120 000."""
    stated = {"tank": {"public": 0.4, "developer": 0.6}}
    found = by_party({"tank": 90_000.0}, {"expected_annual_damage": 120_000.0}, stated, {}).set_index("party")
    assert found["net"].to_dict() == pytest.approx(
        {"developer": -54_000.0, "owner": 120_000.0, "public": -36_000.0, WHOLE_AREA: 30_000.0}
    )

"""Which alternative is recommended, what a plan worsens, and what its measures cost a year."""

import math

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.appraisal import avoided_a_year, equal_yearly
from citybraid.planning.recommendation import recommend, standings
from citybraid.planning.rows import indicators, yearly_losses

TARGETS = {"dry": ("flooded_buildings", 0.0), "green": ("blue_green_share", 35.0)}


def card(**values: tuple[float, float]) -> pd.DataFrame:
    """Return a scorecard of buildings flooded and green share by alternative, the existing state first."""
    rows = []
    for objective, (indicator, target) in TARGETS.items():
        lower = indicators()[indicator].direction == "lower"
        for name, both in values.items():
            value = both[list(TARGETS).index(objective)]
            met = value <= target if lower else value >= target
            state = "grey" if math.isnan(value) else "green" if met else "red"
            rows.append({"objective": objective, "indicator": indicator, "alternative": name, "target": target,
                         "value": value, "state": state})  # fmt: skip
    return pd.DataFrame(rows)


def test_a_plan_that_floods_more_buildings_is_told_even_where_it_misses_like_the_existing_state() -> None:
    found = {each.alternative: each for each in standings(card(now=(404.0, 37.9), plan=(462.0, 33.7)), "now")}
    assert (found["now"].met, found["plan"].met) == (1, 0)
    assert found["plan"].worse == ("dry", "green")
    assert found["now"].worse == ()
    assert found["plan"].shortfall == pytest.approx((462 / 404 + 1.3 / 37.9) / 2)


def test_worse_than_the_existing_state_but_within_the_target_is_no_loss() -> None:
    found = standings(card(now=(0.0, 60.0), plan=(0.0, 40.0)), "now")
    assert found[1].worse == ()
    assert found[1].met == 2


def test_the_cheapest_that_meets_everything_is_recommended() -> None:
    table = card(now=(9.0, 30.0), dear=(0.0, 40.0), cheap=(0.0, 36.0), near=(1.0, 36.0))
    found = recommend(standings(table, "now")[1:], {"dear": 9e6, "cheap": 2e6, "near": 1.0})
    assert found is not None
    assert (found.alternative, found.meets_all) == ("cheap", True)


def test_where_none_meets_everything_the_nearest_is_named_and_cost_decides_between_equals() -> None:
    table = card(now=(100.0, 40.0), far=(90.0, 34.0), dear=(50.0, 34.0), cheap=(50.4, 34.0))
    found = recommend(standings(table, "now")[1:], {"far": 1.0, "dear": 9e6, "cheap": 2e6})
    assert found is not None
    assert (found.alternative, found.meets_all) == ("cheap", False)
    unknown = recommend(standings(table, "now")[1:], {"far": 1.0, "dear": 9e6})
    assert unknown is not None
    assert unknown.alternative == "dear"


def test_what_costs_more_than_there_is_comes_after_what_can_be_paid_unless_it_meets_everything() -> None:
    """On coarse cells the demo's annex was written for a scheme of seven budgets."""
    table = card(now=(100.0, 40.0), rich=(10.0, 34.0), poor=(60.0, 34.0))
    costs = {"rich": 853e6, "poor": 118e6}
    found = recommend(standings(table, "now")[1:], costs, budget=120e6)
    assert found is not None
    assert found.alternative == "poor"
    assert recommend(standings(table, "now")[1:], costs) == ("rich", False)
    assert recommend(standings(table, "now")[1:], {"poor": 118e6}, budget=120e6) == ("rich", False), "cost not known"
    whole = card(now=(100.0, 40.0), rich=(0.0, 40.0), poor=(60.0, 34.0))
    assert recommend(standings(whole, "now")[1:], costs, budget=120e6) == ("rich", True)


def test_an_objective_that_could_not_be_computed_is_not_met() -> None:
    found = standings(card(now=(9.0, 30.0), plan=(0.0, math.nan)), "now")[1]
    assert (found.met, found.of, found.unknown) == (1, 2, 1)
    assert recommend([], {}) is None


@pytest.mark.parametrize("rate", [0.0, 0.03, 0.08])
def test_equal_yearly_sums_are_worth_the_cost_today(rate: float) -> None:
    yearly = equal_yearly(1e6, years=20.0, rate=rate)
    assert sum(yearly / (1.0 + rate) ** year for year in range(1, 21)) == pytest.approx(1e6)


def test_damage_avoided_is_the_fall_of_yearly_losses_in_money() -> None:
    assert set(yearly_losses()) == {"expected_annual_damage", "asset_annual_damage", "energy_cost"}
    rows = pd.Index(["a", WHOLE_AREA], name="zone")
    before = pd.DataFrame({"expected_annual_damage": [30.0, 50.0], "flooded_area": [2.0, 4.0]}, index=rows)
    after = pd.DataFrame({"expected_annual_damage": [30.0, 44.5], "flooded_area": [2.0, 1.0]}, index=rows)
    assert avoided_a_year(before, after) == pytest.approx(55_000.0)
    assert avoided_a_year(after, before) == pytest.approx(-55_000.0)
    assert avoided_a_year(before[["flooded_area"]], after) is None
    assert avoided_a_year(before, before) is None, "what changes no counted loss is not valued at 0"

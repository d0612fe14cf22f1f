"""The new town around its station by another route: rings, energy, money and people, with a pocket calculator."""

from typing import Any

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.answers import station_area
from citybraid.report.chapter import Table, in_words
from citybraid.report.review.plan_figures import plan_figures
from citybraid.report.verdict.question import Answer
from citybraid.report.verdict.summary import verdict
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

BUDGET = 120e6
SINCE_2014 = 1.3245 / 1.1327
"""What a yuan of 2014 is worth in 2024 (consumer prices, World Bank)."""
GAS = 38.931 / 3.6
"""Lower calorific value of a cubic metre [kWh] (GB/T 2589)."""


def value(run: Run, name: str, alternative: str = "as_is", event: str = "") -> Any:
    layers = run.layers(alternative)[name]
    return run.value(layers[event] if event else next(iter(layers.values())))


def per_floor(run: Run, name: str, use: str) -> float:
    chosen = value(run, "building_use") == use
    return float(value(run, name)[chosen].sum() / value(run, "floor_area")[chosen].sum())


def test_rings_around_the_station_are_those_of_the_map(ran: Run) -> None:
    """Middles of buildings within 1000 m of station land (code 120801) hold 54 % of today's residents."""
    stations = value(ran, "parcels")[value(ran, "land_use").astype(str) == "120801"].union_all()
    near = (value(ran, "buildings").centroid.distance(stations) <= 1000.0).to_numpy()
    people = value(ran, "residents").to_numpy()
    told = station_area.answer(View(ran))
    assert isinstance(told, Answer)
    assert isinstance(told.shown, Table)
    assert told.shown.frame["residents/as_is"].iloc[:2].sum() == pytest.approx(people[near].sum())
    assert f"{100 * people[near].sum() / people.sum():.0f}%" in in_words(told.sentences[0], "en")


def test_figures_of_the_plan_are_the_sums_of_its_parcels(ran: Run) -> None:
    """Farmland (code 01) of the drawing in hectares bears out the 13.6 ha stated; 13.0 ha are handed down."""
    code = value(ran, "land_use").astype(str)
    farmland = float(value(ran, "parcels")[code.str.startswith("01")].area.sum()) / 1e6
    (block,) = plan_figures(View(ran))
    assert isinstance(block, Table)
    row, people = block.frame.to_dict("records")
    assert farmland == pytest.approx(0.136, abs=0.01)
    assert row["layers"] == pytest.approx(farmland, rel=0.01)
    assert (row["stated"], row["handed_down"]) == pytest.approx((0.136, 0.13))
    assert [in_words(row[name], "en") for name in ("against_above", "against_layers")] == ["agrees", "agrees"]
    assert people["stated"] == pytest.approx(5.5)
    assert people["layers"] == pytest.approx(float(value(ran, "residents", "as_planned").sum()) / 1e4, rel=0.01)


def test_new_homes_house_people_at_the_floor_of_the_census(ran: Run) -> None:
    """What the plan adds in homes over 36.52 m2 a person (census of 2020, cities) is what it adds in people."""
    floor, people = (
        {
            name: float(value(ran, var, name)[value(ran, "building_use", name) == "residential"].sum())
            for name in ("as_is", "as_planned")
        }
        for var in ("floor_area", "residents")
    )
    added = (floor["as_planned"] - floor["as_is"]) / 36.52
    assert people["as_planned"] - people["as_is"] == pytest.approx(added, rel=0.01)


def test_a_person_burns_the_gas_of_a_household_over_its_people(ran: Run) -> None:
    """1861 kWh of hot water and 722 of cooking (GB/T 51161-2016: 240 m3) in a household of 2.55."""
    homes = value(ran, "building_use") == "residential"
    each = float(value(ran, "gas")[homes].sum() / value(ran, "residents")[homes].sum())
    assert each == pytest.approx((1861 + 722) / 2.55, rel=1e-3)


def test_offices_burn_what_the_survey_metered_and_lie_in_its_range(ran: Run) -> None:
    """0.522 m3 a square metre (Shantou, 2022): the range was at another calorific value, so that it lay outside."""
    assert per_floor(ran, "gas", "office") == pytest.approx(0.522 * GAS, rel=1e-3)
    compared = ran.table("plausibility")
    assert compared is not None
    rows = compared[(compared["quantity"] == "gas_intensity") & (compared["use"] == "office")]
    assert len(rows)
    assert not rows["outside"].any()


def test_hotels_and_schools_lie_outside_by_what_is_said(ran: Run) -> None:
    """Hotels: 5.576 m3 of gas for water; their power is that of guest rooms. Schools heat and cool all rooms."""
    assert per_floor(ran, "gas", "hotel") == pytest.approx(5.576 * GAS, rel=1e-2)
    assert 80 < per_floor(ran, "electricity", "hotel") < 115
    conditioned = sum(per_floor(ran, name, "school") for name in ("heating_electricity", "cooling_electricity"))
    rest = per_floor(ran, "electricity", "school") - conditioned
    assert 16 < rest < 40, "without heating and cooling they are the schools of the surveys"


def test_emissions_of_buildings_are_energy_times_published_factors(ran: Run) -> None:
    """Zhejiang's grid of 2023, 0.4974 kg a kWh; gas of 55.54 kg/GJ."""
    by_hand = float(value(ran, "electricity").sum()) * 0.4974 + float(value(ran, "gas").sum()) * 55.54 * 3.6e-3
    assert float(value(ran, "building_emissions").sum()) == pytest.approx(by_hand, rel=1e-3)


def test_waste_and_wastewater_follow_the_people(ran: Run) -> None:
    people = float(value(ran, "residents").sum())
    assert value(ran, "wastewater_flow").sum() == pytest.approx(people * 0.17 * 365)
    assert value(ran, "household_waste").sum() == pytest.approx(people * 0.98 * 365, rel=1e-3)


def test_rain_of_fifty_years_falls_on_four_square_kilometres(ran: Run) -> None:
    depth = 120 * 17.969 * (1 + 1.24 * np.log10(50)) / (120 + 18.415) ** 0.785
    assert value(ran, "rain_volume", event="p50") == pytest.approx(depth / 1e3 * 2000**2, rel=0.05)


def test_the_users_rain_is_the_sum_of_its_file_over_the_area(ran: Run) -> None:
    """A cloudburst file of 96.1 mm on 400 ha: 384 400 m3 of rain in the table of waters."""
    assert value(ran, "rain_volume", event="user") == pytest.approx(
        96.1e-3 * 2000**2, rel=0.05
    )  # cells reach over the edge


def test_what_a_scheme_saves_a_year_is_energy_and_damage(ran: Run) -> None:
    """By hand from the table of units: what both cost less than in the plan is the yearly benefit."""
    totals, plan = ran.table("appraisal"), ran.table("units/as_planned")
    assert totals is not None
    assert plan is not None
    for name in ("scheme_a", "with_measures"):
        units = ran.table(f"units/{name}")
        assert units is not None
        less = sum(float(plan[each][WHOLE_AREA] - units[each][WHOLE_AREA])
                   for each in ("energy_cost", "expected_annual_damage"))  # fmt: skip
        told: Any = totals.set_index("alternative").loc[name]
        assert float(told["annual_benefit"]) == pytest.approx(1e4 * less, rel=1e-6)
        assert float(told["ratio"]) == pytest.approx(1e4 * less / float(told["annual_cost"]), rel=1e-6)


def test_units_add_up_to_the_whole(ran: Run) -> None:
    units = ran.table("units/with_measures")
    assert units is not None
    for name in ("flooded_area", "flooded_buildings", "expected_annual_damage"):
        assert units.drop(index=WHOLE_AREA)[name].sum() == pytest.approx(float(units[name][WHOLE_AREA]), rel=1e-9)


@pytest.mark.parametrize(("measure", "price", "yearly", "years"), [
    ("permeable_paving", 430.7 * 1.3245 / 1.3193, 8.7 * 1.3245 / 1.3193, 19.0), ("street_trees", 1500.0, 175.0, 23.5),
    ("rain_garden", 475.0 * SINCE_2014, 28.0 * SINCE_2014, 20.0), ("rooftop_pv", 3300.0, 70.0, 25.0),
])  # fmt: skip
def test_money_is_amount_times_price_and_upkeep(
    ran: Run, measure: str, price: float, yearly: float, years: float
) -> None:
    """Paving is a total of 431 CNY, not what a project paid beyond ordinary ground; upkeep counts at 8 %."""
    table = ran.table("costs")
    assert table is not None
    for row in table[table["measure"] == measure].to_dict("records"):
        present = price + yearly * (1 - 1.08**-years) / 0.08
        assert row["build"] == pytest.approx(row["quantity"] * price, rel=2e-3)
        assert row["present"] == pytest.approx(row["quantity"] * present, rel=5e-3)


def test_page_one_names_what_can_be_paid_and_says_how_many_budgets_a_nearer_scheme_costs(ran: Run) -> None:
    """Paving and pipes of scheme B come nearer the objectives, at six times the money."""
    table = ran.table("costs")
    assert table is not None
    cost = table.groupby("alternative")["present"].sum()
    assert cost["with_measures"] <= BUDGET * 1.001
    said = " ".join(in_words(block.text, "en") for block in verdict(View(ran)) if hasattr(block, "text"))
    dear = cost[cost > BUDGET * 1.001].index
    nearest = said.partition(" comes nearest")[0].rpartition("stands. ")[2].removeprefix("Of those within the budget ")
    nearest = nearest.strip('"')
    names = {in_words(View(ran).name(str(name)), "en"): float(cost[name]) for name in dear}
    assert nearest
    assert nearest not in names
    told = [name for name, money in names.items() if f"{float(f'{money / BUDGET:.2g}'):g} times the budget of" in said]
    assert len(told) == said.count("times the budget of") <= 1

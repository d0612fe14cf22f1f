"""From files to the verdict: fixes among all measures with a price, held to runs of their own, and costs by hand."""

import pandas as pd
import pytest

from citybraid.core.factor import shipped
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.test_flood_plan import BUDGET, shelled

pytestmark = pytest.mark.slow

TWO_CANDIDATES = 'candidates = ["rain_garden", "permeable_paving"]'
REGION, YEAR = "CN-SH", 2025


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = shelled(tmp_path_factory.mktemp("结论") / "片区")
    text, _, _ = path.read_text(encoding="utf-8").partition("[uncertainty]")
    path.write_text(text.replace("pairs = false", f"pairs = false\n{TWO_CANDIDATES}"), encoding="utf-8")
    return run_study(open_study(path), threads=1)


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def control(run: Run, alternative: str, name: str) -> pd.Series:
    rows = table(run, f"controls/{alternative}")
    return rows[rows["control"] == name].set_index("parcel")["computed"]


def test_fixes_are_sought_beyond_the_candidates_of_the_budget(ran: Run) -> None:
    assert ran.choice is not None
    assert {name.rpartition(".")[2] for name in ran.choice.candidates} == {"rain_garden", "permeable_paving"}
    sought = table(ran, "fix_measures").set_index("measure")
    priced = set(sought.index[sought["present"].notna()])
    assert {"floor_elevation", "pump", "pipe_upgrade", "rain_garden", "permeable_paving"} <= priced
    assert sought.loc["property_protection", "lacks"] == "measure_upkeep"
    assert sought.loc["levee", "zh"] != ""


def test_raised_floors_fix_water_at_buildings_and_a_run_with_them_agrees(ran: Run) -> None:
    fixes = table(ran, "fixes")
    raised = fixes[(fixes["control"] == "waterlog") & (fixes["measure"] == "floor_elevation")]
    assert len(raised)
    assert raised["reaches"].all()
    assert (raised["adoption"] == 1.0).all()
    before, after = control(ran, "as_is", "waterlog"), control(ran, "houses", "waterlog")
    for row in raised.to_dict("records"):
        assert before[row["parcel"]] > 0.15
        assert row["value"] == pytest.approx(after[row["parcel"]], abs=1e-9)


def test_a_fix_costs_less_than_any_other_measure_that_reaches_the_limit(ran: Run) -> None:
    fixes, sought = table(ran, "fixes"), table(ran, "fix_measures").set_index("measure")
    row = fixes[(fixes["control"] == "waterlog") & fixes["reaches"]].iloc[0]
    inside = footprint(ran)[row["parcel"]]
    assert row["cost"] <= inside * float(sought["present"]["floor_elevation"]) * (1.0 + 1e-9)


def footprint(run: Run) -> pd.Series:
    """Footprint of the buildings on each parcel [m2], by the shapes alone."""
    layers = run.layers("as_is")
    parcels, buildings = (run.value(layers[name][""]) for name in ("parcels", "buildings"))
    centres = buildings.centroid
    return pd.Series({name: float(buildings[centres.within(shape)].area.sum()) for name, shape in parcels.items()})


def test_costs_and_benefits_follow_from_factor_rows_and_footprints(ran: Run) -> None:
    rows = {name: shipped().resolve(name, region=REGION, year=YEAR) for name in
            ("measure_cost", "measure_upkeep", "measure_lifetime", "discount_rate")}  # fmt: skip
    rate = rows["discount_rate"][""]
    yearly = {}
    quantities = {"floor_elevation": float(footprint(ran).sum()), "early_warning": 120.0}
    for name, quantity in quantities.items():
        cost, upkeep, years = (rows[each][name] for each in ("measure_cost", "measure_upkeep", "measure_lifetime"))
        annuity = sum((1.0 + rate) ** -year for year in range(1, int(years) + 1))
        yearly[name] = quantity * (cost / annuity + upkeep)
    costs = table(ran, "costs").set_index(["alternative", "measure"])
    for name, amount in yearly.items():
        assert costs.loc[("houses", name), "quantity"] == pytest.approx(quantities[name], rel=1e-6)
        assert costs.loc[("houses", name), "annual"] == pytest.approx(amount, rel=1e-6)
    total = table(ran, "appraisal").set_index("alternative")
    damage = {name: float(table(ran, f"units/{name}")["expected_annual_damage"][""]) for name in ran.alternatives}
    avoided = 1e4 * (damage["as_is"] - damage["houses"])
    assert avoided > 0.0
    assert total.loc["houses", "against"] == "as_is"
    assert total.loc["houses", "annual_benefit"] == pytest.approx(avoided)
    assert total.loc["houses", "ratio"] == pytest.approx(avoided / sum(yearly.values()), rel=1e-6)
    assert pd.isna(total["ratio"]["as_is"])


def test_the_portfolio_costs_what_its_run_costs_and_keeps_to_the_budget(ran: Run) -> None:
    """Its shares were once of quantities on the screening grid: the run with it cost more than the budget."""
    assert ran.choice is not None
    again = float(table(ran, "appraisal").set_index("alternative")["present"]["chosen"])
    assert 0.0 < ran.choice.cost <= BUDGET * (1.0 + 1e-6)
    assert again == pytest.approx(ran.choice.cost, rel=1e-9)
    adoption, effects = table(ran, "adoption"), table(ran, "effects")
    lone = effects.drop_duplicates(["measure", "zone"]).pivot_table(index="zone", columns="measure", values="installed")
    prices = {name.rpartition(".")[2]: price.present for name, price in ran.choice.prices.items()}
    used = [name for name in prices if name in adoption]
    costs = [prices[name] * float((adoption[name] * lone[name].reindex(adoption.index)).sum()) for name in used]
    predicted = sum(costs)
    assert predicted == pytest.approx(again, rel=0.01)


def test_page_one_names_what_meets_the_goal_beyond_the_budget(ran: Run) -> None:
    blocks = chapter(View(ran)).blocks
    text = "\n".join(in_words(block.text, "en") for block in blocks if isinstance(block, Paragraph))
    total = table(ran, "appraisal").set_index("alternative")["present"]
    assert total["houses"] > BUDGET
    assert (
        f'"Houses and warnings" meets them all and lies beyond the budget; present cost: {total["houses"]:,.0f}' in text
    )
    assert "All of them exist already and need renewal or measures; no planned parcel has to change." in text
    assert "more than the budget" not in text
    names = [block.name for block in blocks if isinstance(block, Table)]
    assert names == ["verdict", "failing"]

"""From the study file to the report: targets to be met, a floor, years and ranges, and why the portfolio is so."""

from pathlib import Path

import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.explain.explanation import explain
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.pages import page_of, words_on
from tests.study.made_study import Made
from tests.study.test_energy_bills_study import CANDIDATES, ROWS, ZONE

pytestmark = pytest.mark.slow
RISE = "weather_change,ssp245/year/mean,3.0,,,,K,CN,2041,2060,user,a report,\n"
WARM = """{ scenarios = [{ name = "warm", title = { zh = "偏暖", en = "Warmer" },
climate = { scenario = "ssp245", horizon = 2050 } }] }"""
BUILT = "{ efficient_lighting = 1, electric_cooking = 1 }"
ASKED = """meet = ["dry"]
next_amount = 10000
down_to = "parcel"
payers = { efficient_lighting = { public = 0.25, owner = 0.75 } }
floors = [{ share = 0.5, units = { R1C1 = 1.0 } }]
phases = { first = 2026, budgets = [60000, 60000, 0, 0], build_years = BUILT }
robust = WARM
flips = { effect_low = 0.5, effect_high = 1.5, draws = 16 }
""".replace("BUILT", BUILT).replace("WARM", WARM.replace("\n", " "))


MILESTONES = '{ "2027" = 1e6, "2028" = 1.0 }'
"""One that is reached without any work, one that nothing reaches."""


def written(folder: Path, *, asked: str = ASKED, budget: str = "1e5", milestones: str = MILESTONES) -> Path:
    """Write fourteen homes with two measures, a budget of 100 000 and a target that nothing reaches."""
    path = Made(
        folder, ("parcels", "buildings", "weather"), region="CN-ZJ", parameters=ZONE, budget=True,
        candidates=CANDIDATES,
    ).written()  # fmt: skip
    text = path.read_text("utf-8").replace('"flooded_buildings"', '"net_emissions"').replace("1e6", budget)
    text = text.replace("target = 0", f"target = 0\nmilestones = {milestones}")
    path.write_text(f'factors = "factors.csv"\n{text}{asked}', "utf-8")
    (folder / "factors.csv").write_text(ROWS + RISE, "utf-8")
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("why")
    done = citybraid("run", str(written(folder)), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


@pytest.fixture(scope="module")
def said(run: Run) -> str:
    return page_of(run)


def test_a_target_that_no_measure_reaches_is_in_conflict_alone(run: Run) -> None:
    """Net emissions of 0: more money would not do, so the budget is not named."""
    limits = run.table("why_limits")
    assert limits is not None
    assert limits.loc[limits["conflict"], "indicator"].tolist() == ["net_emissions"]
    units, cells = run.table("units/as_is"), run.table("why_cells")
    assert units is not None
    assert cells is not None
    need = float(units["net_emissions"][WHOLE_AREA])
    lit = float(cells.loc[cells["measure"] == "efficient_lighting", "per_money"].iloc[0]) * 1e5
    assert float(limits.loc[limits["conflict"], "alone"].iloc[0]) == pytest.approx(need - lit, rel=1e-3)


def test_money_is_worth_what_the_measure_saves_by_its_price(run: Run) -> None:
    head, cells, bought = run.table("why"), run.table("why_cells"), run.table("why_next")
    assert head is not None
    assert cells is not None
    assert bought is not None
    best = cells.set_index("measure").loc["efficient_lighting"]
    assert float(head["per_money"].iloc[0]) == pytest.approx(best["gain"] / best["cost"])
    assert bought["measure"].tolist() == ["efficient_lighting"]
    assert float(bought["cost"].iloc[0]) == pytest.approx(1e4)
    assert float(head["gain"].iloc[0]) == pytest.approx(1e4 * best["gain"] / best["cost"])


def test_what_is_lost_without_each_measure_is_explained_too(run: Run) -> None:
    """The numbers of the sentence stood in no table of the workbook and no answer of `explain`."""
    rows = run.table("why_measures")
    assert rows is not None
    told = citybraid("explain", str(run.folder), "net_emissions", "--lang", "en").stdout
    assert told.count("the same money without") == len(rows) > 0
    assert explain(run, "net_emissions").without == dict(zip(rows["measure"], rows["lost"], strict=True))
    assert explain(run, "energy_cost").without == {}


def test_works_start_when_the_years_pay_them(run: Run) -> None:
    works, years = run.table("phases"), run.table("phase_years")
    assert works is not None
    assert years is not None
    assert (works["start"] == 2026).all() or (works["start"] == 2027).all()
    assert (years["spent"].cumsum() <= years["budget"].cumsum() + 1e-6).all()
    assert years["spent"].sum() == pytest.approx(works["cost"].sum())


def test_the_report_says_why(said: str) -> None:
    for part in (
        "Why this portfolio",
        "为何选此组合",
        "works start in 2027 and cost",
        "turns the choice within",
        "目标值",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('["dry"]', '["nothing"]'), "nothing"),
        (("efficient_lighting = 1, ", ""), "no years to build"),
        (("electric_cooking = 1 }", "electric_cooking = 1, windmill = 1 }"), "windmill"),
        (("share = 0.5", "share = 1.5"), "share"),
        (("effect_low = 0.5", "effect_low = 1.5"), "effect_low"),
        (("next_amount = 10000", "next_amount = 0"), "next_amount"),
        (("horizon = 2050", "horizon = 2099"), "2099"),
        ((', climate = { scenario = "ssp245", horizon = 2050 }', ""), "rain_factor"),
        (("first = 2026", "first = 2028"), "2028 to 2031"),
        (("owner = 0.75", "owner = 0.5"), "payers"),
    ],
)
def test_settings_without_sense_end_with_an_error(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    assert change[0] in ASKED
    done = citybraid("run", str(written(tmp_path, asked=ASKED.replace(*change))), "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert told in done.stderr


def test_money_reaches_parcels_and_the_levels_close(run: Run, said: str) -> None:
    parcels, units, cells = run.table("parcel_money"), run.table("parcel_money_units"), run.table("why_cells")
    assert parcels is not None
    assert units is not None
    assert cells is not None
    by_unit = units.set_index("unit")
    spent = parcels.groupby("unit")["cost"].sum()
    inner = by_unit.drop(WHOLE_AREA)
    assert spent.reindex(inner.index).to_numpy() == pytest.approx(inner["spent"].to_numpy())
    assert float(by_unit["spent"][WHOLE_AREA]) == pytest.approx(float(spent.sum()))
    assert float(by_unit["money"][WHOLE_AREA]) == pytest.approx(float((cells["cost"] * cells["adoption"]).sum()))
    assert (inner["spent"] <= inner["money"] * (1 + 1e-9)).all()
    built = set(" ".join(parcels["measures"]).split())
    assert built <= {"efficient_lighting", "electric_cooking"}
    assert float(by_unit["worth"][WHOLE_AREA]) > 0.9 * float(by_unit["unit_worth"][WHOLE_AREA])
    assert "Allocated to parcels" in said
    assert "is left. Improvement of Net emissions" in said
    assert "逐级下达到地块" in said


def test_who_pays_and_who_gains_is_the_arithmetic_of_costs_and_losses(run: Run) -> None:
    """A quarter of the lighting is public, as the study states; the bills saved are gained by those who use homes."""
    costs, parties, totals = run.table("costs"), run.table("parties"), run.table("appraisal")
    assert costs is not None
    assert parties is not None
    assert totals is not None
    annual = costs[costs["alternative"] == "chosen"].set_index("measure")["annual"]
    rows = parties[parties["alternative"] == "chosen"].set_index("party")
    assert rows["annual_cost"]["public"] == pytest.approx(0.25 * annual["efficient_lighting"])
    assert rows["annual_cost"][WHOLE_AREA] == pytest.approx(annual.sum())
    before, after = (run.table(f"units/{name}") for name in ("as_is", "chosen"))
    assert before is not None
    assert after is not None
    saved = 1e4 * float((before["energy_cost"] - after["energy_cost"])[WHOLE_AREA])
    assert rows["annual_benefit"]["owner"] == pytest.approx(saved)
    assert rows["annual_benefit"]["public"] == 0.0
    total = totals.set_index("alternative").loc["chosen"]
    factor = (1.0 - 1.08**-10) / 0.08
    assert total["life"] == pytest.approx(10.0)
    assert total["net"] == pytest.approx(factor * (saved - annual.sum()))


def test_units_pay_and_gain_what_the_whole_does(run: Run) -> None:
    units, totals = run.table("money_units"), run.table("appraisal")
    assert units is not None
    assert totals is not None
    rows = units[units["alternative"] == "chosen"].set_index("unit")
    for name in ("annual_cost", "annual_benefit"):
        assert float(rows[name].drop(WHOLE_AREA).sum()) == pytest.approx(float(rows[name][WHOLE_AREA]))
        assert float(rows[name][WHOLE_AREA]) == pytest.approx(float(totals.set_index("alternative")[name]["chosen"]))


def test_the_report_says_who_pays_and_gains(said: str) -> None:
    for part in ("Who pays and who gains", "谁出资、谁受益", "the public purse", "without any price of carbon"):
        assert part in said


def test_milestones_are_held_where_they_can_be_and_told_where_not(run: Run, said: str) -> None:
    """By 2028 all works are built: what is reached is the place as it is less what each cell gains at its share."""
    rows, cells, units = run.table("milestones"), run.table("why_cells"), run.table("units/as_is")
    assert rows is not None
    assert cells is not None
    assert units is not None
    by_year = rows.set_index("year")
    assert by_year["met"].to_dict() == {2027: True, 2028: False}
    before = float(units["net_emissions"][WHOLE_AREA])
    assert by_year["before"][2028] == pytest.approx(before)
    assert by_year["reached"][2028] == pytest.approx(
        before - float((cells["gain"] * cells["adoption"]).sum()), rel=1e-6
    )
    assert "1 of 2 milestones reached" in said
    assert "各目标的阶段目标" in said


def test_the_robust_choice_is_the_arithmetic_of_gains_by_climate(run: Run, said: str) -> None:
    """Light that heats the rooms less saves less where it is cold: gains change with the climate, regrets with them."""
    rows, rule, cells = run.table("robust"), run.table("robust_rule"), run.table("why_cells")
    assert rows is not None
    assert rule is not None
    assert cells is not None
    by_name = rows.set_index(rows["scenario"].fillna(""))
    assert list(by_name.index) == ["", "warm"]
    own = float((cells["gain"] * cells["adoption"]).sum())
    tried, before, after = run.table("robust_tried"), run.table("units/as_is"), run.table("units/chosen")
    assert tried is not None
    assert before is not None
    assert after is not None
    mine = tried[(tried["portfolio"] == "chosen") & tried["scenario"].fillna("").eq("")].iloc[0]
    assert float(mine["estimate"]) == pytest.approx(own, rel=1e-6)
    ran = float((before["net_emissions"] - after["net_emissions"])[WHOLE_AREA])
    assert by_name["chosen"][""] == float(mine["gain"]) == pytest.approx(ran, rel=1e-6)
    assert by_name["chosen"]["warm"] != pytest.approx(own, rel=1e-4)
    regrets = by_name["best"] - by_name["robust"]
    assert float(rule["worst"].iloc[0]) == pytest.approx(float(regrets.max()), abs=1e-6 * own)
    assert float(regrets.max()) <= float((by_name["best"] - by_name["chosen"]).max()) + 1e-6 * own
    assert (by_name["best"] >= by_name["robust"] - 1e-6 * own).all()
    for part in ("The choice in other climates", "其他气候下的选择", "In each of 2 climates the chosen portfolio"):
        assert part in said
    assert "偏暖" in words_on(run, "robust", "zh")


def test_a_front_of_two_objectives_is_exact(tmp_path: Path) -> None:
    """Emissions against money: from nothing to all of the budget, each yuan of a corner less well spent than before."""
    asked = 'trade_off = ["dry", "cost"]\n'
    done = citybraid("run", str(written(tmp_path, asked=asked)), "--out", str(tmp_path / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    run = Run.open(tmp_path / "run")
    front = run.table("front")
    assert front is not None
    points = front.sort_values("cost")
    assert float(points["cost"].iloc[0]) == pytest.approx(0.0, abs=1.0)
    assert (points["net_emissions"].diff().iloc[1:] < 0.0).all()
    slope = (points["net_emissions"].diff() / points["cost"].diff()).iloc[1:]
    assert slope.is_monotonic_increasing
    assert int(front["chosen"].sum()) == 1
    assert (front["gap"] == 0.0).all()
    assert "Exact Pareto front of the two objectives" in words_on(run, "pareto_front", "en")

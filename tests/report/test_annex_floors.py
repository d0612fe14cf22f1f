"""Equity floors in the report and the annex: who is served, by how much, what it costs, with codes that lead back."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from citybraid.report.annex.content import Clause
from citybraid.report.annex.evidence import Evidence
from citybraid.report.annex.floors import floors
from citybraid.report.annex.index import index_table
from citybraid.report.annex.provenance import FLOOR_PARTS, Codes
from citybraid.report.chapter import Paragraph, in_words, words
from citybraid.report.portfolio.about import About
from citybraid.report.portfolio.floors import floor_blocks, floor_table
from citybraid.report.view import View
from citybraid.study.run.run import Run
from tests.report.made_run import made_run

WHY = pd.DataFrame({"indicator": ["net_emissions"], "budget": [1000.0], "amount": [100.0], "per_money": [0.1]})
FLOORS = pd.DataFrame(
    [
        ("", 0.45, 0.45, 0.2, 0.48, 480.0, 0.0, 3.0, 0.1, 0.0, math.nan),
        ("", 0.45, 0.45, 0.2, 0.4, 400.0, 50.0, 3.0, 0.1, 120.0, 0.4),
        ("net_emissions", 0.3, 0.3, 0.1, math.nan, math.nan, math.nan, 1e-9, 0.0, 0.0, math.nan),
    ],
    columns=["indicator", "share", "served", "free", "placed", "money", "missing", "lost", "per_share", "barred",
             "possible"],
)  # fmt: skip
COSTS = pd.DataFrame(
    [("chosen", "green_roof", "m2", 10.0, 900.0, 1000.0, True, "assumed")],
    columns=["alternative", "measure", "unit", "quantity", "build", "present", "assumed", "status"],
)
UNITS = ({"U1": 1.0}, {"U1": 0.25, "U2": 1.0}, {"U2": 1.0})


@pytest.fixture(scope="module")
def floored(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose portfolio has three floors: kept, missed with money barred, and of a gain that costs nothing."""
    run = made_run(tmp_path_factory.mktemp("floors"))
    for name, table in {"why": WHY, "why_floors": FLOORS, "costs": COSTS}.items():
        table.to_parquet(run.folder / "tables" / f"{name}.parquet")
    budget = SimpleNamespace(floors=[SimpleNamespace(units=each) for each in UNITS])
    asked = run.manifest.asked
    chosen = SimpleNamespace(portfolio=True, measures=())
    update = {"budget": budget, "alternatives": {"chosen": chosen}}
    return replace(run, manifest=run.manifest.model_copy(update={"asked": asked.model_copy(update=update)}))


def clause_of(codes: Codes) -> Clause:
    (clause,) = floors(codes)
    return clause


def test_each_floor_tells_whom_it_serves_by_how_much_and_at_what_cost(floored: Run) -> None:
    clause = clause_of(Codes(View(floored)))
    english, chinese = ([in_words(item, language) for item in clause.items] for language in ("en", "zh"))
    assert len(english) == 5
    kept, lacking, missed, barred, gained = english
    assert "48% [Q-01-2] of the present cost is placed there, 480 CNY [Q-01-5]" in kept
    assert "45% [Q-01-1] or more is asked" in kept
    assert "without the floor it would be 20% [Q-01-4]" in kept
    assert "improves by 3.0 t" in kept
    assert "40% [Q-02-2]" in lacking
    assert "(25% of its people)" in lacking
    assert missed.startswith("floor 2 is missed: 50 CNY [Q-02-6]")
    assert barred.startswith("by floor 2, 120 CNY [Q-02-7]")
    assert "30% [Q-03-3] of the improvement of" in gained
    assert gained.endswith("loses nothing to it [Q-03-8]")
    assert "要求不低于 45% [Q-01-1]" in chinese[0]
    assert "未满足" in chinese[2]


def test_every_code_of_a_floor_leads_back_and_says_what_it_rests_on(floored: Run) -> None:
    codes = Codes(View(floored))
    clause = clause_of(codes)
    assert {each.code for each in clause.stated} <= set(codes.used)
    assert all(codes.by_text[each.code] == each and codes.by_text[str(each.address)] == each for each in clause.stated)
    index = index_table(codes, Evidence(codes), clause.stated)
    rows = {row["code"]: row for row in index.frame.to_dict("records")}
    assert in_words(rows["Q-01-1"]["step"], "en") == "budget of the study"
    assert in_words(rows["Q-01-5"]["step"], "en") == "equity floors of the budget"
    assert rows["Q-01-2"]["amount"] == 48.0
    lights = {Evidence(codes).light(codes.floor(0, part)) for part in FLOOR_PARTS if part not in {"share", "lost"}}
    assert lights == {"unsure"}, "prices are assumed"


def test_a_run_without_floors_has_no_clause(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert list(floors(Codes(View(made_run(tmp_path_factory.mktemp("none")))))) == []


def test_the_report_tells_what_is_missing_and_no_cost_where_none_is(floored: Run) -> None:
    """A floor of a gain was told to cost 0.000000650 t, and one that is missed not by how much money."""
    about = About.of(View(floored), {str(key): value for key, value in WHY.iloc[0].items()})
    told = {language: [in_words(each.text, language) for each in floor_blocks(about) if isinstance(each, Paragraph)]
            for language in ("en", "zh")}  # fmt: skip
    assert any("only 40% of the spending goes there, 50 CNY less than the 45% asked" in text for text in told["en"])
    (tie,) = [text for text in told["en"] if "gains as much there" in text]
    assert "30%, and 10% without it" in tie
    (table,) = floor_table(about)
    assert table.frame["share"].tolist() == pytest.approx([45.0, 45.0, 30.0])
    assert table.frame["missing"].tolist()[:2] == [0.0, 50.0]
    assert in_words(table.frame["lost"].iloc[0], "en") == "3.0 t CO₂e/a"
    assert [in_words(each, "zh") for each in table.frame["what"]][2] == "“净碳排放”改善量"
    assert any("较要求的 45% 少 50 元" in text for text in told["zh"]), told["zh"]


def test_brackets_of_a_head_are_never_empty(floored: Run) -> None:
    """Heads of a goal without a unit were "Gain ()"."""
    heads = {}
    for indicator in ("net_emissions", "biotope_area_factor"):
        row = {str(key): value for key, value in WHY.iloc[0].items()}
        about = About.of(View(floored), {**row, "indicator": indicator})
        heads[indicator] = [in_words(words("why.gain", unit=about.unit_name), language) for language in ("en", "zh")]
    assert heads["net_emissions"] == ["Gain (t CO₂e/a)", "效果（t CO₂e/年）"]
    assert heads["biotope_area_factor"] == ["Gain (no unit)", "效果（无量纲）"]

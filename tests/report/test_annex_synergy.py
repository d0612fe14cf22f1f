"""Synergy in the annex: pairs that are sure, their codes, and what is said where nothing is sure or asked for."""

import pandas as pd
import pytest

from citybraid.report.annex.content import Clause
from citybraid.report.annex.evidence import Evidence
from citybraid.report.annex.index import index_table
from citybraid.report.annex.provenance import Codes
from citybraid.report.annex.synergy import synergy
from citybraid.report.chapter import Table, in_words
from citybraid.report.view import View
from citybraid.study.run.run import Run
from tests.report.made_run import made_run
from tests.report.test_interactions import tables


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_run(tmp_path_factory.mktemp("synergy"))


def with_effects(run: Run, frame: pd.DataFrame) -> Run:
    path = run.folder / "tables" / "interaction_effects.parquet"
    frame.to_parquet(path)
    return run


def test_sure_pairs_are_items_and_the_matrix_shows_sign_and_share(plain: Run) -> None:
    """13 of 80 lost and 0.004 of 0.06 gained: 16 % and 7 %; where the runs do not tell, a question mark."""
    codes = Codes(View(with_effects(plain, tables()["interaction_effects"])))
    clause, table = list(synergy(codes))
    assert isinstance(clause, Clause)
    assert isinstance(table, Table)
    assert "2 joint effects are sure" in in_words(clause.text, "en")
    first, second = (in_words(item, "en") for item in clause.items)
    assert "Green roof × Rooftop photovoltaics weaken each other" in first
    assert "16%" in first
    assert "7%" in second
    assert "(8% to 25%)" in first, "6 and 20 of 80"
    rows = {in_words(row["pair"], "zh"): row for row in table.frame.to_dict("records")}
    assert len(rows) == 2
    (roof,) = [row for name, row in rows.items() if "光伏" in name]
    assert in_words(roof["pv_avoided"], "zh") == "\N{MINUS SIGN} 16%"
    assert in_words(roof["air_temperature"], "zh") == "="


def test_every_code_of_the_matrix_leads_to_its_effect(plain: Run) -> None:
    codes = Codes(View(with_effects(plain, tables()["interaction_effects"])))
    list(synergy(codes))
    said = [value for code, value in codes.used.items() if code.startswith("J-")]
    assert {value.raw for value in said} >= {-13.0, -0.004}
    assert all(codes.by_text[value.code] == value and codes.by_text[str(value.address)] == value for value in said)
    index = index_table(codes, Evidence(codes), said)
    assert set(index.frame["code"]) == {value.code for value in said}
    assert [value.amount for value in said] == list(index.frame["amount"])


def test_where_nothing_is_sure_or_asked_for_the_annex_says_so(plain: Run) -> None:
    path = plain.folder / "tables" / "interaction_effects.parquet"
    path.unlink(missing_ok=True)
    codes = Codes(View(plain))
    codes._tables["interactions"] = None
    (clause,) = list(synergy(codes))
    assert isinstance(clause, Clause)
    assert "to be tried together" in in_words(clause.text, "en")
    frame = tables()["interaction_effects"].assign(kind="unsure")
    (clause,) = list(synergy(Codes(View(with_effects(plain, frame)))))
    assert isinstance(clause, Clause)
    assert "no pair of measures surely" in in_words(clause.text, "en")
    assert "效果可以相加" in in_words(clause.text, "zh")
    path.unlink()


def test_pairs_that_the_budget_ran_are_told_where_no_design_was_asked_for(plain: Run) -> None:
    """The demo's annex said that no joint effect was computed, beside a report with those of 21 pairs."""
    codes = Codes(View(plain))
    name = codes.view.run.manifest.asked.objectives[0].indicator
    row = {"first": "permeable_paving", "second": "rain_garden", "indicator": name, "unit": "", "relative": 0.1626}
    hinder = pd.DataFrame([{**row, "kind": "hinder"}, {**row, "relative": 0.4, "kind": "hinder", "unit": "U1"}])
    codes._tables.update({"interaction_effects": None, "interactions": hinder})
    (clause,) = synergy(codes)
    assert isinstance(clause, Clause)
    (item,) = (in_words(each, "en") for each in clause.items)
    assert item.startswith("Permeable paving × Rain garden weaken each other in ")
    assert "by 16% of both lone effects" in item
    assert "相互抵消" in in_words(clause.items[0], "zh")
    codes._tables["interactions"] = hinder.assign(kind="additive")
    (clause,) = synergy(codes)
    assert isinstance(clause, Clause)
    assert "effects add up within 5%" in in_words(clause.text, "en")

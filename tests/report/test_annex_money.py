"""What a review panel asks of the annex: is the number plausible, who pays and who gains, and in what is it counted."""

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.annex.content import Clause
from citybraid.report.annex.evidence import Evidence
from citybraid.report.annex.general import objectives
from citybraid.report.annex.index import index_table
from citybraid.report.annex.integration import _costs
from citybraid.report.annex.money import parties
from citybraid.report.annex.provenance import Address, Codes, Value
from citybraid.report.chapter import Table, in_words
from citybraid.report.view import View, measure_unit
from citybraid.study.run.run import Run
from tests.report.made_run import made_run

OUTSIDE = {
    "quantity": "flooded_area", "use": "", "value": 2.16, "unit": "ha", "low": 3.0, "high": 6.0,
    "outside": True, "region": "CN", "status": "derived", "source": "A Source (2020)", "alternative": "chosen",
}  # fmt: skip
PAID = pd.DataFrame(
    [
        ("chosen", "owner", 300_000.0, 120_000.0, 300_000.0, 120_000.0),
        ("chosen", "public", 100_000.0, 0.0, 0.0, 0.0),
        ("chosen", WHOLE_AREA, 400_000.0, 120_000.0, 300_000.0, 120_000.0),
    ],
    columns=["alternative", "party", "annual_cost", "annual_benefit", "cost_assumed", "benefit_assumed"],
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_run(tmp_path_factory.mktemp("money"))


def codes(run: Run, **tables: pd.DataFrame) -> Codes:
    for name in ("plausibility", "parties", "costs"):
        path = run.folder / "tables" / f"{name}.parquet"
        path.unlink(missing_ok=True)
        if name in tables:
            tables[name].to_parquet(path)
    return Codes(View(run))


def told(found: Codes, language: str) -> str:
    clause = objectives(found).blocks[0]
    assert isinstance(clause, Clause)
    return in_words(clause.text, language)


def test_an_objective_judged_by_a_value_outside_its_published_range_says_so(plain: Run) -> None:
    found = codes(plain, plausibility=pd.DataFrame([OUTSIDE]))
    assert "lies outside the published range of 3 to 6 ha" in told(found, "en")
    assert "超出已发表范围" in told(found, "zh")
    table = objectives(found).blocks[-1]
    assert isinstance(table, Table)
    states = [in_words(each, "en") for each in table.frame["state"]]
    assert [each.endswith("outside published range") for each in states[:2]] == [False, True], "not the present state"
    inside = codes(plain, plausibility=pd.DataFrame([OUTSIDE | {"outside": False}]))
    assert "published range" not in told(inside, "en")


def test_who_pays_and_who_gains_is_a_clause_with_codes_that_lead_back(plain: Run) -> None:
    found = codes(plain, parties=PAID)
    (clause,) = list(parties(found))
    said = [in_words(each, "en") for each in clause.items]
    at = found.number("chosen")
    assert "owners and users" in said[0]
    assert f"[F{at}-01-1]" in said[0]
    assert f"[F{at}-02-2]" in said[1]
    assert f"[F{at}-00-3]" in said[2]
    assert len(said) == 4
    amounts = {each.code: each.raw for each in clause.stated}
    assert amounts[f"F{at}-01-1"] + amounts[f"F{at}-02-1"] == 400_000.0
    assert all(found.by_text[each.code] == each and found.by_text[str(each.address)] == each for each in clause.stated)
    index = index_table(found, Evidence(found), clause.stated)
    assert "who pays and who gains" in [in_words(each, "en") for each in index.frame["step"]]
    assert list(parties(codes(plain))) == []


def test_what_is_counted_has_a_name(plain: Run) -> None:
    """A price for each tree, a number of trees: neither stands without a unit."""
    assert measure_unit("street_trees", "") == "street_trees"
    assert measure_unit("green_roof", "m2") == "m2"
    assert measure_unit("built_form", "") == ""
    row = {"alternative": "chosen", "measure": "street_trees", "unit": "", "quantity": 1811.0, "build": 2.7e6,
           "present": 3e6, "assumed": True}  # fmt: skip
    planted = codes(plain, costs=pd.DataFrame([row])).measure("street_trees", "chosen", "quantity")
    assert in_words(planted.plain, "en") == "1,811 trees"
    assert in_words(planted.plain, "zh") == "1,811 株"
    assert in_words(planted._replace(amount=1.0).plain, "en") == "1 tree"


def test_costs_that_cannot_be_told_name_the_measures_without_a_price_once() -> None:
    """Seven items read "not computed", one for each total, and none said why."""
    lacking: Any = SimpleNamespace(
        view=SimpleNamespace(name=str), plan="chosen", table=lambda _: PAID, never_pays=lambda _: math.nan,
        total=lambda name, where: Value("E", Address("total", name, where), name, math.nan, "CNY"),
        costs={("chosen", "green_roof"): {"present": math.nan}, ("chosen", "street_trees"): {"present": 5.0}},
    )  # fmt: skip
    (clause,) = _costs(lacking)
    assert isinstance(clause, Clause)
    assert not clause.items
    assert in_words(clause.text, "zh") == "“chosen”的费用与效益未计算：绿色屋顶没有单价。请在项目中补充单价并注明来源。"

"""What a panel asks of an annex first: basis, term, datum, data with their sources, and who carries which work when."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from docx import Document

from citybraid.core import catalogue
from citybraid.core.rows.plan import StandardTitle
from citybraid.core.tables import read_table
from citybraid.core.text import LANGUAGES, known, say
from citybraid.core.text import catalogue as texts
from citybraid.report.annex import memorandum as memorandum_module
from citybraid.report.annex.basis import STANDARD, standards_named, standards_table, title_status
from citybraid.report.annex.content import Clause, clauses_of
from citybraid.report.annex.general import _attribute, general
from citybraid.report.annex.implementation import implementation
from citybraid.report.annex.memorandum import memorandum
from citybraid.report.annex.provenance import Codes
from citybraid.report.annex.strands import _lacks
from citybraid.report.annex.write import annex_of
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.remarks.crs_title import crs_title
from citybraid.report.view import View, region_title
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.study.open.schema import Alternative, Objective, PlanInfo
from citybraid.study.run.run import Run
from tests.report.test_basis import asking

PLAN = PlanInfo(
    period="2021-2035", elevation={"zh": "1985 国家高程基准", "en": "National Height Datum 1985"},
    basis=({"zh": "《中华人民共和国土地管理法》（2019 年修正）", "en": "Land Administration Law, as amended in 2019"},),
)  # fmt: skip


def articles(run: Run, language: str) -> str:
    clauses = clauses_of([general(Codes(View(run)))])
    return "\n".join(f"{in_words(each.text, language)}{[in_words(item, language) for item in each.items]}"
                     for each in clauses)  # fmt: skip


def test_term_datum_and_plans_above_are_stated_or_told_as_absent(run: Run) -> None:
    """The annex listed bare numbers of standards, gave the CRS as a code, and had no vertical datum and no term."""
    bare, told = articles(run, "zh"), articles(asking(run, plan=PLAN), "zh")
    assert "高程基准：资料未注明" in bare
    assert "项目未注明规划期限" in bare
    assert "项目未列明所依据的法律法规、上位规划与批复" in bare
    assert "规划期限为 2021—2035 年。核算基准年为" in told
    assert "高程基准：1985 国家高程基准。" in told
    assert "['《中华人民共和国土地管理法》（2019 年修正）', " in told
    assert "未注明" not in told
    assert "National Height Datum 1985" in articles(asking(run, plan=PLAN), "en")


def test_standards_are_cited_by_title_and_one_that_was_replaced_is_told_as_such() -> None:
    sources = {"GB 50014-2006, edition of 2014": "verified", "TD/T 1063-2021": "recalled_unverified"}
    old, check = standards_named(sources, "CN-ZJ-JX")
    assert in_words(old, "zh") == "《室外排水设计规范》（GB 50014-2006），已由 GB 50014-2021 代替"
    assert in_words(check, "zh") == "《国土空间规划城市体检评估规程》（TD/T 1063-2021）（名称与条文待核）"
    assert in_words(old, "en").endswith("engineering, replaced by GB 50014-2021")


def test_every_title_of_a_standard_has_a_status_and_one_without_is_marked() -> None:
    """Titles stood as facts, whoever had read them."""
    rows = {row.number: row for row in read_table(StandardTitle)}
    titled = {name.removeprefix("standard_title.") for name in texts() if name.startswith("standard_title.")}
    assert set(rows) == titled
    assert title_status("GB 50180-2018") == "single_source"
    (unknown,) = standards_named({"GB 99999-2020": "verified"}, "CN")
    assert in_words(unknown, "zh") == "GB 99999-2020（名称待核）"


def test_the_memorandum_says_how_sure_title_and_clauses_of_each_standard_are(run: Run) -> None:
    table = standards_table(Codes(View(run)))
    assert table is not None
    told = {in_words(row["standard"], "zh"): row for row in table.frame.to_dict("records")}
    drains = told["《室外排水设计规范》（GB 50014-2006），已由 GB 50014-2021 代替"]
    assert in_words(drains["title"], "zh") == "单一来源"
    assert all(in_words(row["clauses"], "zh") in {"来源待核", "无待核条文"} for row in told.values())


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("EPSG:4549", "2000 国家大地坐标系（CGCS2000），高斯—克吕格投影，3° 带，中央经线 120°E（EPSG:4549）"),
        ("EPSG:4528", "2000 国家大地坐标系（CGCS2000），高斯—克吕格投影，3° 带第 40 带，中央经线 120°E（EPSG:4528）"),
        ("EPSG:2384", "西安 1980，高斯—克吕格投影，3° 带，中央经线 117°E（EPSG:2384）"),
        ("EPSG:32649", "WGS-84，UTM 投影 49N 带（EPSG:32649）"),
        ("EPSG:3006", "坐标系 SWEREF99 TM（EPSG:3006）"),
    ],
)
def test_a_crs_is_named_as_plans_name_it(code: str, wanted: str) -> None:
    assert in_words(crs_title(code), "zh") == wanted


def test_data_have_year_source_and_licence_or_are_told_as_without(run: Run) -> None:
    files = {
        "terrain": FileSpec(path="dem.tif", as_of=2019, obtained="survey of the city", licence="CC-BY-4.0"),
        "parcels": FileSpec(path="plan.dxf"),
    }  # fmt: skip
    asked = asking(run, files=files)
    kept = {"terrain:dem.tif": "0564e2bd0e5325bfa6ae", "parcels:plan.dxf": "04dfed1dc3bfa38bfa4a"}
    annex = annex_of(View(replace(asked, manifest=asked.manifest.model_copy(update={"files": kept}))))
    tables = [block for part in memorandum(annex.codes, annex.evidence, annex.text, ())
              for block in part.blocks if isinstance(block, Table)]  # fmt: skip
    frame = next(each.frame for each in tables if each.name == "annex_files")
    told = [[in_words(cell, "zh") for cell in row] for row in frame[["year", "source", "licence"]].to_numpy()]
    assert told == [["2019", "survey of the city", "CC-BY-4.0"], ["未注明"] * 3]
    assert list(frame["version"]) == ["0564e2bd", "04dfed1d"]


def works(run: Run, phases: pd.DataFrame | None) -> tuple[str, pd.DataFrame]:
    """Return the sentence and the table of works of a run with street trees, whose starts are in `phases`."""
    codes = Codes(View(run))
    row = {"alternative": codes.plan, "measure": "street_trees", "unit": "count", "quantity": 12.0, "build": 6e4,
           "present": 7e4}  # fmt: skip
    held = codes._tables
    held["costs"] = pd.DataFrame([row])
    held["phases"] = phases
    clause, table = implementation(codes, []).blocks[:2]
    assert isinstance(clause, Clause)
    assert isinstance(table, Table)
    frame = table.frame[[each.key for each in table.columns]]
    return in_words(clause.text, "zh"), frame.map(lambda cell: in_words(cell, "zh"))


def test_each_work_has_a_responsible_body_and_the_want_of_years_is_told(run: Run) -> None:
    sentence, table = works(run, None)
    assert sentence.endswith("项目未设分年预算，本附件未给出实施年份，报批前应补充。")
    assert list(table.columns) == ["measure", "quantity", "cost", "responsible"]
    assert table.loc[0, "responsible"] == "市级园林绿化主管部门"
    assert str(table.loc[0, "quantity"]).startswith("12")


def test_works_of_a_portfolio_with_budgets_by_year_say_when_they_start(run: Run) -> None:
    phases = pd.DataFrame({"measure": ["street_trees"] * 2, "unit": ["1", "2"], "start": [2027.0, 2029.0]})
    chosen = Alternative(title={"zh": "优选组合", "en": "Chosen"}, portfolio=True)
    sentence, table = works(asking(run, alternatives={"chosen": chosen}), phases)
    assert sentence.endswith("各项工程按各年预算于表列年份开工。")
    assert table.loc[0, "start"] == "2027–2029"


def test_every_responsible_body_of_a_measure_has_a_name_in_both_languages() -> None:
    stated = {str(entry["responsible"]) for entry in catalogue.known().values() if entry["responsible"]}
    bodies = {f"responsible.{body.strip()}" for each in stated for body in each.split(";")}
    assert len(bodies) > 20
    assert not [body for body in bodies if not known(body)]
    assert all(say(body, language) for body in bodies for language in LANGUAGES)


def test_titles_of_standards_that_codes_and_pilots_name_are_known() -> None:
    root = Path(catalogue.__file__).parents[1]
    text = "".join((root / "codes" / f"{name}.csv").read_text(encoding="utf-8") for name in ("indicators", "controls"))
    numbers = set(STANDARD.findall(text))
    assert numbers
    assert not [number for number in numbers if not known(f"standard_title.{number}")]


def test_targets_of_counts_have_their_unit_and_master_plan_objectives_their_attribute(run: Run) -> None:
    """A target read "at most 0"; binding and anticipatory stood in no article, mandatory and indicative for all."""
    flooded = Objective(
        id="dry", title={"zh": "不进水", "en": "Dry"}, strategy={"zh": "抬高", "en": "Raise"},
        indicator="flooded_buildings", target=0,
    )  # fmt: skip
    codes = Codes(View(asking(run, objectives=(flooded, flooded.model_copy(update={"indicator": "flooded_area"})))))
    assert in_words(codes.target("dry").plain, "zh") == "0 个"
    said = {row: "".join(in_words(text, "zh") for text in _attribute(row)) for row in ("flooded_area", "residents")}
    assert said["residents"] == "总体规划指标属性：预期性。"
    assert said["flooded_area"] == "总体规划指标属性：由规划确定（约束性或预期性）。"
    assert not list(_attribute("flooded_buildings"))
    assert "约束性、预期性" in articles(run, "zh")


def test_the_memorandum_tells_what_limits_the_results_of_the_articles(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def notes(_view: View, names: list[str]) -> tuple[str, ...]:
        shown.extend(names)
        return ("Depths hold for open ground.",)

    monkeypatch.setattr(memorandum_module, "limit_notes", notes)
    annex = annex_of(View(run))
    parts = memorandum(annex.codes, annex.evidence, annex.text, ())
    said = [in_words(each.text, "en") for part in parts for each in part.blocks if isinstance(each, Paragraph)]
    assert "flooded_area" in shown
    assert said[said.index("Limits of the results that the articles state:") + 1] == "Depths hold for open ground."


@pytest.mark.parametrize("kind", ["text", "memorandum"])
def test_the_contents_count_the_pages_that_chapters_begin(report: Path, kind: str) -> None:
    """Contents gave page 5 to a chapter of page 8 until a word processor counted anew: each chapter begins a page."""
    lines = Document(str(report / "annex" / f"{kind}.zh.docx")).paragraphs
    pages = [int(line.text.rpartition("\t")[2]) for line in lines if re.search(r"\t\d+$", line.text)]
    assert pages[0] == 3
    assert pages == sorted(set(pages))


def test_indicators_that_lack_the_same_are_one_item_of_the_text(run: Run) -> None:
    """Articles of what was not computed had up to 65 items, most of them for want of the same four columns."""
    view = View(run)
    lacking = dict.fromkeys(("people_exposed", "residents"), "living_weight") | {"flooded_assets": "asset_value"}
    items = [in_words(each, "zh") for each in _lacks(view, lacking)]
    assert len(items) == 2
    assert items[0].startswith("受淹人口（最大暴雨）；常住人口：未计算，需补充")
    assert in_words(_lacks(view, lacking)[0], "en").count("not computed") == 1


@pytest.mark.parametrize(
    ("code", "wanted"), [("CN-ZJ-JX", "（CN-ZJ-JX）"), ("CN", "中国（CN）"), ("DE-BY", "DE-BY"), ("", "–")]
)
def test_regions_go_by_their_name_and_their_code(code: str, wanted: str) -> None:
    """The memorandum gave the region of factors as CN-ZJ-JX alone."""
    said = in_words(region_title(code), "zh")
    assert said.endswith(wanted)
    assert (len(said) > len(wanted)) is (code == "CN-ZJ-JX")

"""The review of a plan in the report: sentences in the body, and tables that say what, where and what to change."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.review.clinic import KINDS
from citybraid.planning.review.evaluation import Aim, evaluation_list, progress
from citybraid.planning.review.standards import check_standards
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters.c80_plan import chapter
from citybraid.report.remarks.chain_links import link_text
from citybraid.report.review.clinic import clinic_sentence, clinic_table
from citybraid.report.review.clinic_sources import _OF_KIND
from citybraid.report.review.evaluation import _yearly, evaluation_sentence, evaluation_table, progress_table
from citybraid.report.review.standards import standards_sentence, standards_table
from citybraid.report.view import View
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.study.run.manifest import BreakRecord
from citybraid.study.run.run import Run
from tests.report.test_verdict import Altered

CLINIC = [
    ("conflict", True, "P001", "storeys", 1.5, 2.0, "1", ""),
    ("standard", True, "P003 P004", "home_height", 85.0, 80.0, "m", ""),
    ("objective", True, "dry", "flooded_area", 2.4, 1.0, "ha", ""),
    ("control", True, "P003", "far", 1.38, 1.25, "1", ""),
    ("hazard", False, "P002", "flood", 40.0, 10.0, "%", ""),
    ("capacity", False, "P002", "population", 25.0, 30.0, "m2 person-1", ""),
    ("chain", False, "dry", "rain_garden", math.nan, math.nan, "", "chain.no_effect"),
]


@pytest.fixture
def reviewed(run: Run, tmp_path: Path) -> View:
    """A run with the tables of a review."""
    for each in (run.folder / "tables").rglob("*.parquet"):
        target = tmp_path / "tables" / each.relative_to(run.folder / "tables")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(each.read_bytes())
    units = pd.DataFrame({"flooded_area": [2.4]}, index=pd.Index([WHOLE_AREA], name="zone"))
    added = {
        "clinic": pd.DataFrame(
            CLINIC, columns=["kind", "hard", "place", "subject", "value", "limit", "unit", "detail"]
        ),
        "feasibility": pd.DataFrame(
            [("P001", "storeys", False, 2.0, 1.5, "1", "height", "", 20.0, 24.0, "m", 0.17)],
            columns=["parcel", "conflict", "hard", "needs", "offers", "unit", "control", "end", "old", "new",
                     "new_unit", "change"],
        ),
        "standards": check_standards(None, None, {"flooded_buildings": 3.0}, region="CN", year=2025),
        "evaluation": evaluation_list(None, {"fire_coverage": 82.0}),
        "progress": progress([Aim("dry", "flooded_area", 1.0, 2035)], units, units, year=2025),
    }  # fmt: skip
    for name, table in added.items():
        path = tmp_path / "tables" / name / "as_is.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path)
    return View(replace(run, folder=tmp_path))


def texts(table: Table, column: str, language: str) -> list[str]:
    return [in_words(cell, language) for cell in table.frame[column]]


def test_the_clinic_names_place_contradiction_and_what_resolves_it(reviewed: View) -> None:
    table = next(each for each in clinic_table(reviewed) if isinstance(each, Table))
    assert texts(table, "place", "zh")[:3] == ["嘉南-01", "嘉南-03、嘉南-04", "减少内涝"]
    what = texts(table, "what", "en")
    assert [*what[:2], *what[3:]] == [
        "floor area ratio, density and height contradict each other",
        "New housing stays below 80 m (MOHURD city check list 2021)", "Floor area ratio",
        "water deeper than 0.5 m in the largest storm, share of the plot",
        "housing floor area for each resident stated", "measure Rain garden leaves its indicator unchanged",
    ]  # fmt: skip
    changes = texts(table, "change", "en")
    assert changes[0] == "Smallest change: Building height 20.0 m → 24.0 m."
    assert changes[3].startswith("reduce floor area by")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_clinic_says_where_each_side_of_a_contradiction_stands(reviewed: View, language: str) -> None:
    """File, column and row of what is stated, model of what is computed, clause, objective: none was told."""
    run = reviewed.run
    origin = {
        **run.manifest.origin,
        **dict.fromkeys(("floor_area_ratio", "building_density", "height_limit"), ("plan",)),
    }
    files = {**run.manifest.asked.files, "plan": FileSpec(path="控规图则.dxf", layers={"plan": "用地-*"})}
    asked = run.manifest.asked.model_copy(update={"files": files})
    manifest = run.manifest.model_copy(update={"origin": origin, "asked": asked})
    table = next(each for each in clinic_table(View(replace(run, manifest=manifest))) if isinstance(each, Table))
    named_file = {"zh": "控规图则.dxf（图层用地-*）", "en": "控规图则.dxf (layer 用地-*)"}[language]
    conflict, standard, objective, control, hazard, capacity, chain = texts(table, "source", language)
    assert named_file in conflict
    assert "P001" in conflict
    assert {"zh": "建筑密度", "en": "Building density"}[language].lower() in conflict.lower()
    assert "P003" in standard
    assert "P004" in standard
    assert {"zh": "条文：", "en": "clause: "}[language] in standard
    assert {"zh": "目标“减少内涝”", "en": 'objective "'}[language] in objective
    assert named_file in control
    assert "P003" in control
    assert {"zh": "计算：", "en": "computed: "}[language] in hazard
    assert {"zh": "人均住房建筑面积", "en": "floor area per person"}[language] in capacity
    assert {"zh": "减少内涝", "en": 'objective "'}[language] in chain
    assert "objective dry" not in f"{objective}{chain}"


def test_every_kind_of_finding_has_a_source() -> None:
    assert set(_OF_KIND) == set(KINDS)


def test_what_is_of_no_plot_says_where_it_stands(reviewed: View) -> None:
    """A clause missed by the whole area had an empty place; figures of a table stand in that table."""
    rows = [
        ("standard", True, "", "building_water", 464.0, 0.0, "count", ""),
        ("handed_down", True, "", "cultivated_land", 0.2, 0.25, "km2", ""),
        ("layers", True, "", "cultivated_land", 0.136, 0.2, "km2", ""),
    ]
    found = pd.DataFrame(rows, columns=["kind", "hard", "place", "subject", "value", "limit", "unit", "detail"])
    found.to_parquet(reviewed.run.folder / "tables" / "clinic" / "as_is.parquet")
    (table,) = clinic_table(View(replace(reviewed.run)))
    assert isinstance(table, Table)
    assert texts(table, "place", "en") == ["Whole area", "table of indicators", "table of indicators"]
    assert texts(table, "what", "en")[0].endswith(" (GB 50014-2021, table 4.1.4, note)")
    assert texts(table, "what", "zh")[0].endswith("（GB 50014-2021，表 4.1.4 注）")
    assert texts(table, "what", "zh")[1:] == ["耕地保有量", "耕地保有量"]
    assert texts(table, "kind", "zh")[1:] == ["规划值与上级下达", "图层统计与规划值"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_of_the_body_count_what_the_tables_list(reviewed: View, language: str) -> None:
    sentences = [*clinic_sentence(reviewed), *standards_sentence(reviewed), *evaluation_sentence(reviewed)]
    said = " ".join(in_words(each.text, language) for each in sentences if isinstance(each, Paragraph))
    assert {"zh": "发现矛盾 7 处，其中刚性矛盾 4 处", "en": "7 contradictions, 4 of them hard"}[language] in said
    assert {"zh": "不满足 1 条", "en": "1 missed"}[language] in said
    assert {"zh": "其余 121 项", "en": "each of the other 121"}[language] in said


def test_where_no_clause_can_be_checked_none_is_counted_as_met_or_missed(reviewed: View) -> None:
    """Xiamen's page said: 0 could be checked: 0 met, 0 missed, 0 not shown; the wording of 0 is to be confirmed."""
    table = check_standards(None, None, {}, region="CN", year=2025)
    table.to_parquet(reviewed.run.folder / "tables" / "standards" / "as_is.parquet")
    (said,) = standards_sentence(View(replace(reviewed.run)))
    assert isinstance(said, Paragraph)
    assert in_words(said.text, "en").startswith(
        f"Standards: of {len(table)} clauses in the table none could be checked"
    )
    assert in_words(said.text, "zh").startswith(f"标准核查：清单共 {len(table)} 条，按本项目资料均无法核查")


def test_a_clause_that_stands_no_more_is_left_out_of_the_report_of_an_earlier_run(reviewed: View) -> None:
    """Three clauses of shelters became one: a run that checked them is still reported."""
    folder = reviewed.run.folder / "tables"
    for name, column in (("clinic", "subject"), ("standards", "standard")):
        path = folder / name / "as_is.parquet"
        table = pd.read_parquet(path)
        gone = table[table[column].isin(["home_height"])].assign(**{column: "shelter_short"})
        assert len(gone) == 1
        pd.concat([table, gone]).to_parquet(path)
    earlier = View(replace(reviewed.run))
    tables = [each for blocks in (clinic_table, standards_table) for each in blocks(earlier) if isinstance(each, Table)]
    now = [each for blocks in (clinic_table, standards_table) for each in blocks(reviewed) if isinstance(each, Table)]
    assert [len(each.frame) for each in tables] == [len(each.frame) for each in now] == [7, len(now[1].frame)]


def test_missed_clauses_come_first_and_computed_indicators_too(reviewed: View) -> None:
    standards = next(each for each in standards_table(reviewed) if isinstance(each, Table))
    assert texts(standards, "state", "en")[:2] == ["missed", "not computable"]
    evaluated = next(each for each in evaluation_table(reviewed) if isinstance(each, Table))
    assert texts(evaluated, "name", "zh")[0] == "消防救援5分钟可达覆盖率"
    grade = next(each for each in progress_table(reviewed) if isinstance(each, Table))
    assert texts(grade, "grade", "en") == ["red: does not"]
    assert texts(grade, "needed", "en") == ["−0.14 ha a year"]
    assert "rain garden" in texts(grade, "measures", "en")[0].casefold()


def test_the_chapter_has_them_in_body_and_appendix_and_an_earlier_run_none(reviewed: View, run: Run) -> None:
    blocks = chapter(reviewed).blocks
    tables = {each.name: each for each in blocks if isinstance(each, Table)}
    assert {"clinic", "standards", "evaluation", "progress"} <= set(tables)
    assert all(tables[name].appendix for name in ("clinic", "standards", "evaluation", "progress"))
    assert "clinic" not in {each.name for each in chapter(View(run)).blocks if isinstance(each, Table)}


def test_no_other_measure_is_asked_for_where_the_objective_is_reached_without_one(run: Run) -> None:
    """The polder's page had no building flooded, and asked for another measure than pumps against it."""
    objective = run.manifest.asked.objectives[0].id
    link = BreakRecord(text="chain.no_effect", objective=objective, name="rain_garden")
    for state, said in (("green", "reached in existing conditions already"), ("red", "Choose another measure.")):
        score = pd.DataFrame({"objective": [objective], "alternative": ["as_is"], "state": [state]})
        view: Any = View(Altered(run, {"scorecard": score}))  # type: ignore[arg-type]  # stands in for a run
        assert said in in_words(link_text(view, link), "en")


def test_a_clause_that_many_plots_miss_names_the_first_and_counts_the_others(reviewed: View) -> None:
    """A row of the demo's clinic named 162 plots, four times over."""
    places = " ".join(f"P{number:03d}" for number in range(1, 17))
    rows = [("standard", True, places, "home_height", 90.0, 80.0, "m", "")]
    found = pd.DataFrame(rows, columns=["kind", "hard", "place", "subject", "value", "limit", "unit", "detail"])
    found.to_parquet(reviewed.run.folder / "tables" / "clinic" / "as_is.parquet")
    (table,) = clinic_table(View(replace(reviewed.run)))
    assert isinstance(table, Table)
    (place,) = texts(table, "place", "zh")
    assert place.count("、") == 11
    assert place.endswith(" 及另外 4 个地块")
    assert texts(table, "place", "en")[0].endswith("and 4 more")


def test_yearly_changes_of_shares_are_percentage_points(reviewed: View) -> None:
    """A change of a canopy of 7.8% read 0.2%: of itself, or in points, a year or in all?"""
    row = {"needed_a_year": 0.22, "unit": "%"}
    assert in_words(_yearly(reviewed, row, "needed_a_year"), "zh") == "每年 0.2 个百分点"
    assert in_words(_yearly(reviewed, row, "needed_a_year"), "en") == "0.2 percentage points a year"
    assert _yearly(reviewed, {"needed_a_year": float("nan"), "unit": "%"}, "needed_a_year") == "–"
    assert (
        in_words(_yearly(reviewed, {"needed_a_year": -41.0, "unit": "count"}, "needed_a_year"), "zh") == "每年 −41 个"
    )

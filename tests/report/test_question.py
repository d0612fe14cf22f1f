"""The question of a study on page one: its answers are found by name, and what cannot be answered is told."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

import citybraid.report.answers
from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import LANGUAGES
from citybraid.report.annex.content import clauses_of
from citybraid.report.annex.memorandum import memorandum
from citybraid.report.annex.write import annex_of
from citybraid.report.answers import station_area
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.verdict.question import Answer, Lacking, answered, question
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.open.question import known_answers
from citybraid.study.open.schema import Question
from citybraid.study.run.run import Run

ROOT = Path(__file__).parents[2]
ASK = {"zh": "新城是否向车站集聚？", "en": "Does the town gather around its station?"}
STUDY = """
[study]
name = "asks"
title = {{ zh = "一问", en = "It asks" }}
crs = "EPSG:4549"
region = "CN"
year = 2025
resolution = 10
[question]
ask = {{ zh = "问？", en = "Why?" }}
answers = {answers}
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
"""


def asking(run: Run, *answers: str) -> View:
    """A run whose study asks a question."""
    asked = run.manifest.asked.model_copy(update={"question": Question(ask=ASK, answers=answers)})
    manifest = run.manifest.model_copy(update={"asked": asked})
    return View(Run(run.folder, run.store, manifest))


def test_each_answer_is_a_module_a_title_and_a_row_of_the_reference() -> None:
    folder = Path(citybraid.report.answers.__path__[0])
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    page = (ROOT / "docs" / "reference" / "answers.md").read_text(encoding="utf-8")
    assert modules == set(known_answers())
    assert set(re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)) == modules


def test_page_one_opens_with_the_question_and_tells_what_is_lacking(run: Run) -> None:
    ask, told = chapter(asking(run, "station_area")).blocks[:2]
    assert isinstance(ask, Paragraph)
    assert isinstance(told, Paragraph)
    assert (ask.kind, told.kind) == ("heading", "warning")
    for language in LANGUAGES:
        assert in_words(ask.text, language) == ASK[language]
        assert "120801" in in_words(told.text, language)


def test_what_follows_speaks_of_objectives_only_where_there_are_some(run: Run) -> None:
    """Pages of Jakarta and Xiamen had a heading of alternatives and objectives over a list of limits."""
    view = asking(run, "station_area")
    with_some, without = (
        View(Run(run.folder, run.store, view.run.manifest.model_copy(update={"asked": asked})))
        for asked in (view.run.manifest.asked, view.run.manifest.asked.model_copy(update={"objectives": ()}))
    )
    heads = [
        [
            in_words(block.text, "en")
            for block in question(each)
            if isinstance(block, Paragraph) and block.kind == "heading"
        ]
        for each in (with_some, without)
    ]
    assert [each[1:] for each in heads] == [["The alternatives and their objectives"], []]


def test_what_to_bear_in_mind_stands_under_one_heading_at_the_end(run: Run) -> None:
    told = [block for block in chapter(asking(run, "station_area")).blocks if isinstance(block, Paragraph)]
    heads = [at for at, block in enumerate(told) if block.kind == "heading"]
    assert in_words(told[heads[-1]].text, "en") == "What to bear in mind"
    assert {block.kind for block in told[heads[-1] + 1 :]} <= {"warning", "text"}


def test_a_study_without_a_question_has_none(run: Run) -> None:
    assert list(question(View(run))) == []


def test_the_annex_asks_the_question_and_its_memorandum_opens_with_the_answer(run: Run) -> None:
    annex = annex_of(asking(run, "station_area"))
    clauses = [in_words(each.text, "en") for each in clauses_of(annex.text)]
    assert sum(ASK["en"] in said for said in clauses) == 1
    first = memorandum(annex.codes, annex.evidence, annex.text, ())[0]
    told = [in_words(each.text, "en") for each in first.blocks if isinstance(each, Paragraph)]
    assert told[0] == ASK["en"]
    assert "120801" in told[1], "what the answer lacks is told here too"
    without = annex_of(View(run))
    titles = [in_words(each.title, "en") for each in memorandum(without.codes, without.evidence, without.text, ())]
    assert in_words(first.title, "en") not in titles


def test_an_answer_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(answers='["station_aera", "station_area", "station_area"]'), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        open_study(path)
    assert {fault.text for fault in caught.value.problems} == {"question.unknown_answer", "study.twice"}
    for language in LANGUAGES:
        said = caught.value.say(language)
        assert "station_aera" in said
        assert "station_area" in said.replace("station_aera", "")


def test_a_run_that_names_an_unknown_answer_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match="of_later_versions"):
        list(question(asking(run, "of_later_versions")))


@pytest.mark.parametrize("answers", ["[]", '["a", "b", "c", "d", "e"]'])
def test_one_to_four_answers_are_named(tmp_path: Path, answers: str) -> None:
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(answers=answers), encoding="utf-8")
    with pytest.raises(InputErrors, match=r"question\.answers"):
        open_study(path)


def town(residents: dict[str, list[float]]) -> Any:
    """A view of three buildings 100, 700 and 2000 m from a station, with residents by alternative."""
    ids = ["near", "mid", "far"]
    shapes = {
        "parcels": gpd.GeoSeries([box(-50, -50, 0, 50), box(0, 0, 9, 9)], index=["station", "homes"], crs="EPSG:4549"),
        "buildings": gpd.GeoSeries([Point(100, 0), Point(700, 0), Point(2000, 0)], index=ids, crs="EPSG:4549"),
    }
    uses = pd.Series(["120801", "070102"], index=["station", "homes"])

    def column(alternative: str, name: str) -> pd.Series:
        return uses if name == "land_use" else pd.Series(residents[alternative], index=ids)

    return SimpleNamespace(
        base="a", ends=("a", "b"), column=column, shapes=lambda _, table: shapes[table], name=lambda name: name,
        run=SimpleNamespace(alternatives=("a", "b"), table=lambda _: None),
    )  # fmt: skip


def test_people_by_distance_to_the_station_are_those_counted_by_hand() -> None:
    told = station_area.answer(town({"a": [10, 20, 70], "b": [50, 50, 100]}))
    assert isinstance(told, Answer)
    assert isinstance(told.shown, Table)
    assert list(told.shown.frame["residents/a"]) == [10, 20, 70]
    assert list(told.shown.frame["residents/b"]) == [50, 50, 100]
    said = in_words(told.sentences[0], "en")
    assert "gathers the town" in said
    assert "50%" in said
    assert "30%" in said


def test_a_plan_that_fills_the_far_end_is_told_not_to_gather_the_town() -> None:
    told = station_area.answer(town({"a": [10, 20, 70], "b": [10, 20, 700]}))
    assert isinstance(told, Answer)
    assert "does not gather" in in_words(told.sentences[0], "en")


def test_a_town_without_a_station_lacks_it() -> None:
    nowhere = town({"a": [1, 1, 1], "b": [1, 1, 1]})
    nowhere.column = lambda _, __: pd.Series(["070102", "070102"], index=["station", "homes"])
    assert isinstance(station_area.answer(nowhere), Lacking)


@pytest.mark.parametrize("name", known_answers())
def test_each_answer_is_given_or_says_what_it_lacks(run: Run, name: str) -> None:
    """The made run has neither station nor plants, villages nor phases."""
    told = answered(View(run), name)
    texts = told.needs if isinstance(told, Lacking) else told.sentences
    assert texts
    for language in LANGUAGES:
        assert all(in_words(text, language).strip() for text in texts)


class Phased:
    """A run whose portfolio is built in two years, in two of its units."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def table(self, name: str) -> pd.DataFrame | None:
        units = self._run.table("units/as_is")
        assert units is not None
        if name == "phases":
            first, second = units.index[:2]
            return pd.DataFrame({
                "start": [2026.0, 2026.0, 2027.0, None], "later": [False, False, True, False],
                "measure": ["rain_garden", "green_roof", "rain_garden", "street_trees"],
                "unit": [first, first, second, second], "cost": [1e5, 2e5, 3e5, 4e5],
            })  # fmt: skip
        if name.startswith("units/"):
            return units.assign(residents=[100.0 * (at + 1) for at in range(len(units))])
        return self._run.table(name)


def test_works_are_told_by_year_with_those_who_live_there(run: Run) -> None:
    told = answered(View(Phased(run)), "phased_renewal")  # type: ignore[arg-type]  # stands in for a run
    assert isinstance(told, Answer)
    assert isinstance(told.shown, Table)
    frame = told.shown.frame
    assert [in_words(year, "en") for year in frame["year"]] == ["2026", "2027", "no year yet"]
    assert list(frame["cost"]) == [3e5, 3e5, 4e5]
    assert list(frame["living"]) == [100.0, 200.0, 200.0]
    said = in_words(told.sentences[0], "en")
    assert "Placed in years by the money left" in said
    assert "Without a year, since the money of these years does not pay them: Street trees" in said

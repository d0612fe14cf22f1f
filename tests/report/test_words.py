"""What a reader never meets: ids of factors and models, paths of parameters, labels of events, words of another day."""

import re
from pathlib import Path

import pytest

from citybraid.core import factor
from citybraid.core.text import CITED, NOTED, catalogue, known, say
from citybraid.report.chapter import Words, in_words
from citybraid.report.view import View
from citybraid.study.run.run import Run
from tests.written import Written

DOCS = Path(__file__).parents[2] / "docs"
READ = ("report/", "planning/", "integrate/", "biodiversity/")
WITHDRAWN = {
    "zh": (
        "一页结论", "凭记忆", "回忆", "填补值", "断援", "总体层面", "详细层面", "细缝", "林冠", "乔木冠层",
        "年期望损失", "格网", "失去救援", "管控指标", "土地覆盖", "洪涝影响人口", "受影响人口",
        "管控冲突", "待核系数", "项目系数表", "自有系数表", "系数行",
    ),
    "en": (
        "One page first", "As it is", "miss at least one", "would mend", "no offer", "10⁴", "give up", "pen by filled",
        "Unsure", "Brought by no file", "is had", "hinder", "recalled",
    ),
}  # fmt: skip
"""Replaced by the terms that planners use."""
SINGLE_EVENT = re.compile("场次(?!径流|降雨|洪水|暴雨)")
"""An event is 事件; 场次 stands before what falls or runs off in one."""
ONE_NAME = ("管控指标", "土地覆盖", "洪涝影响人口")
"""Other names of 控制指标, 地表覆盖 and 受淹人口, which the glossary has."""
METHOD_PAGE = re.compile(r"\b[a-z_.]+\.md\b")
"""File of a method page in the documentation, which goes by the model's id."""
PARAMETER = re.compile(r"\b(resilience|lowcarbon|biodiversity|integrate)\.[a-z_]+|\[parameters|subgrid = ")
REPORT = re.compile(r"^(first|change|basis|plan|measures|method|risk|rescue|water_works|subgrid\.(title|note)|map)\b")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_that_were_replaced_do_not_come_back(language: str) -> None:
    quoted = (CITED, NOTED) if language == "en" else ()  # the English of a source or note is that of its row
    rows = {name: said for name, said in catalogue().items() if not name.startswith(quoted)}
    assert [(row, word) for row in rows for word in WITHDRAWN[language] if word in rows[row][language]] == []


def test_an_event_has_one_name_in_chinese() -> None:
    """A table was headed 场次 where indicators, maps and the study file said 事件."""
    assert [row for row, said in catalogue().items() if SINGLE_EVENT.search(said["zh"])] == []


def test_documents_in_chinese_use_the_words_of_the_catalogue() -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in DOCS.rglob("*.zh.md")}
    told = [(name, word) for name, page in pages.items() for word in ONE_NAME if word in page]
    assert pages
    assert told + [(name, "场次") for name, page in pages.items() if SINGLE_EVENT.search(page)] == []


def test_no_text_of_the_report_names_a_parameter_by_its_path() -> None:
    rows = {row: texts for row, texts in catalogue().items() if REPORT.match(row)}
    told = [row for row in rows for language in ("zh", "en") if PARAMETER.search(rows[row][language])]
    assert [row for row in told if row not in TOLD_TO_MODELLERS] == []


TOLD_TO_MODELLERS = frozenset({"risk.no_return_period"})
"""Errors of a study file, which its author reads on the terminal."""


def test_every_factor_has_a_name_in_both_languages() -> None:
    assert [row.factor for row in factor.shipped().rows if not known(f"factor.{row.factor}")] == []


@pytest.mark.parametrize(
    ("event", "zh", "en"), [("user", "自定义降雨", "user-defined rainfall"), ("berta", "“berta”情景", "'berta' event")]
)
def test_an_event_without_a_return_period_has_a_name(town_run: Run, event: str, zh: str, en: str) -> None:
    named = View(town_run).event_name("as_is", event)
    assert isinstance(named, Words)
    assert (in_words(named, "zh"), in_words(named, "en")) == (zh, en)
    assert View(town_run).event_name("as_is", "") == ""


@pytest.mark.parametrize(("count", "text"), [(1, "1 alternative:"), (2, "2 alternatives:")])
def test_nouns_follow_their_number(count: int, text: str) -> None:
    assert text in say("report.subtitle", "en", year=2030, count=count, names="A")
    assert f"{count} 个方案" in say("report.subtitle", "zh", year=2030, count=count, names="A")


@pytest.mark.parametrize(("change", "noun"), [("+1", "point"), ("−1", "point"), ("0", "points"), ("+2", "points")])
def test_nouns_follow_a_change_too(change: str, noun: str) -> None:
    """A change of +1 percentage points stood in the chapter on synergy."""
    said = say("synergy.other", "en", alternative="A", share="5%", change=change, base="B")
    assert f"a change of {change} percentage {noun} against" in said


def test_the_page_shows_no_id_of_a_model_or_factor(town_report: Written) -> None:
    page = (town_report.folder / "report.html").read_text(encoding="utf-8")
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    seen = re.sub(r"<[^>]*>", " ", body)
    ids = {row.factor for row in factor.shipped().rows if "_" in row.factor}
    assert [
        each
        for each in sorted(ids)
        if re.search(rf"\b{each}\b", seen.replace("`citybraid factors measure_upkeep`", ""))
    ] == []
    assert PARAMETER.findall(METHOD_PAGE.sub("", seen)) == []

"""Sources of indicators and controls in the annex: what is no mere reference is said in both languages."""

import re
import tomllib

from citybraid.core.text import catalogue
from citybraid.planning.rows import controls, indicators
from citybraid.report.annex.citing import GROUP, cited, with_status
from citybraid.report.chapter import in_words
from citybraid.report.drawing.units import signed
from tests.discovered import ROOT

PILOTS = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "pilots").glob("*/study.toml"))]
ASKED = {objective.get("source", "") for study in PILOTS for objective in study.get("objectives", ())}
SOURCES = {row.source for row in indicators().values()} | {row.source for row in controls().values()} | ASKED
SOURCES = SOURCES - {""}
EXPLAINED = re.compile(r"^[a-z]|\b[a-z]+ [a-z]+ [a-z]+\b|recalled|assumed|screening")
"""What is more than a reference: words before, between or after names, journals and numbers."""


def test_each_source_is_a_reference_or_said_in_chinese() -> None:
    plain = [source for source in SOURCES if in_words(cited(source), "zh") == source]
    assert plain
    assert [source for source in plain if EXPLAINED.search(source)] == []
    said = {in_words(cited(source), "zh") for source in SOURCES - set(plain)}
    assert all(re.search("[\u4e00-\u9fff（：]", each) for each in said)
    assert in_words(cited("delays of a warning: assumed"), "zh") == "预警延迟：假定"


def test_no_text_speaks_of_a_source_that_is_gone() -> None:
    assert {said["en"] for text, said in catalogue().items() if text.startswith(GROUP)} - SOURCES == set()


def test_english_is_the_source_itself() -> None:
    assert all(in_words(cited(source), "en") == signed(source) for source in SOURCES)


def test_what_is_to_be_confirmed_is_told_once() -> None:
    """A memorandum had a source (source to be confirmed) twice over, and another (to be confirmed) (verified)."""
    for source in SOURCES:
        for language, told in (("en", "to be confirmed"), ("zh", "待核")):
            assert in_words(with_status(source, "recalled_unverified"), language).count(told) == 1
        if "assumed" in source:
            assert in_words(with_status(source, "assumed"), "en").count("assumed") == 1
        if "to be confirmed" in source:
            assert "verified" not in in_words(with_status(source, "verified"), "en")

"""Sources and notes of rows and models: what is no mere reference is said in both languages."""

import csv
import re
import tomllib
from collections import Counter

from citybraid.core import catalogue as models
from citybraid.core.factor import shipped
from citybraid.core.text import CITED, NOTED, PERCENT_APART, catalogue
from citybraid.planning.review.standards import standards
from citybraid.planning.rows import controls, indicators
from citybraid.report.chapter import in_words
from citybraid.report.drawing.units import signed
from citybraid.report.remarks.citing import cited, with_status
from tests.discovered import ROOT

PILOTS = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "pilots").glob("*/study.toml"))]
ASKED = {objective.get("source", "") for study in PILOTS for objective in study.get("objectives", ())}
ASKED |= {row.get("source", "") for study in PILOTS for row in study.get("published", ())}
SOURCES = {told for row in indicators().values() for told in (row.source, row.clause)}
SOURCES |= {told for row in controls().values() for told in (row.source, row.clause)}
SOURCES |= {row.source for row in standards().values()}
SOURCES = (SOURCES | ASKED) - {""}
OF_PILOTS = [
    row
    for path in sorted((ROOT / "src/citybraid/pilots").glob("*/factors.csv"))
    for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
]
OF_FACTORS = {row.source for row in shipped().rows} | {row.get("source") or "" for row in OF_PILOTS}
OF_FACTORS = OF_FACTORS - {""}
OF_MODELS = {model.cite for model in models.discover()}
NOTES = ({row.note for row in shipped().rows} | {row.get("note") or "" for row in OF_PILOTS}) - {""}
EVERYTHING = SOURCES | OF_FACTORS | OF_MODELS | NOTES
EXPLAINED = re.compile(r"^[a-z]|\b[a-z]+ [a-z]+ [a-z]+\b|recalled|assumed|screening")
"""What is more than a reference: words before, between or after names, journals and numbers."""
ADDRESS = re.compile(r"\b(?:doi:10|[\w.]+\.(?:cn|org|gov|com)\b)[^\s;,]*|, table \d+")
"""Addresses on the net, and the word for a table after one."""
REWRITTEN = re.compile(
    r"[mb]illion|10\.5 Gt|\bMt\b|\barts?\. \d|no\. 2|m-2 of|per m[23]|\b(?:nine|first|third)\b|3rd ed|30 years"
    r"|January|February|November|December|June|July|October|March|1 USD|per USD|per CAD|per GBP"
    r"|per 100 km|over 100 years|10 thousand people|\bGt of buildings|class-3|class 1A"
)
"""Numbers that one language writes as words or in other powers of ten, read by eye: 万 and 亿, dates, classes."""
HALF_ENGLISH = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b|[\u4e00-\u9fff][,;:?]|[,;:?] ?[\u4e00-\u9fff]|^[^\u4e00-\u9fff]*$")
"""English words in a row, Latin marks beside Chinese, or no Chinese at all."""


def test_each_source_is_a_reference_or_said_in_chinese() -> None:
    everything = SOURCES | OF_FACTORS | OF_MODELS
    plain = [source for source in everything if in_words(cited(source), "zh") == source]
    assert plain
    assert [source for source in plain if EXPLAINED.search(ADDRESS.sub("", source))] == []
    said = {in_words(cited(source), "zh") for source in everything - set(plain)}
    assert all(re.search("[\u4e00-\u9fff（：]", each) for each in said)
    assert in_words(cited("delays of a warning: assumed"), "zh") == "预警延迟：假定"


def test_no_text_speaks_of_a_source_that_is_gone() -> None:
    told = {said["en"] for text, said in catalogue().items() if text.startswith(CITED)}
    assert told - _beside(SOURCES | OF_FACTORS | OF_MODELS) == set()


def test_numbers_of_sources_and_notes_are_the_same_in_both_languages() -> None:
    """Clauses, tables, years and values: a wrong digit in one language sends a reviewer to another page."""
    rows = [said for text, said in catalogue().items() if text.startswith((CITED, NOTED))]
    rows = [said for said in rows if not REWRITTEN.search(said["en"])]
    wrong = [said["zh"] for said in rows if _numbers(said["en"]) != _numbers(said["zh"])]
    assert len(rows) > 1400
    assert wrong == []


def _beside(told: set[str]) -> set[str]:
    """Return texts with their percent signs beside the number, as pages have them."""
    return {PERCENT_APART.sub("%", each) for each in told}


def _numbers(source: str) -> Counter[str]:
    """Return the numbers of a source without powers of units; those that one language writes as words are REWRITTEN."""
    plain = re.sub(r"(?<=\d)[ ,](?=\d{3}(?!\d))|[²³⁻¹₂₄]|(?<=CO)2|(?<=CH)4|(?<=N)2(?=O)|(?<=[ /\dk]m)[23]", "", source)
    return Counter(re.findall(r"\d+(?:\.\d+)?", plain))


def test_english_is_the_source_or_note_itself() -> None:
    assert _beside({"35 % of it"}) == {"35% of it"}
    assert all(in_words(cited(told), "en") == signed(PERCENT_APART.sub("%", told)) for told in EVERYTHING)


def test_each_note_is_a_code_or_said_in_chinese() -> None:
    plain = {note for note in NOTES if in_words(cited(note), "zh") == signed(note)}
    assert len(NOTES) > 1000
    assert [note for note in plain if re.search("[a-z]{3}", note)] == []
    assert in_words(cited("no fuel"), "zh") == "无燃料"


def test_notes_in_chinese_are_of_shipped_rows_and_chinese() -> None:
    """No row is left over, none is half English, and marks beside Chinese are Chinese ones."""
    rows = [said for text, said in catalogue().items() if text.startswith(NOTED)]
    assert {said["en"] for said in rows} - _beside(NOTES) == set()
    assert [said["zh"] for said in rows if HALF_ENGLISH.search(said["zh"])] == []


def test_a_source_and_a_note_of_the_same_words_have_one_text() -> None:
    told = [said["en"] for text, said in catalogue().items() if text.startswith((CITED, NOTED))]
    assert len(told) == len(set(told))


def test_what_is_to_be_confirmed_is_told_once() -> None:
    """A memorandum had a source (source to be confirmed) twice over, and another (to be confirmed) (verified)."""
    for source in SOURCES:
        for language, told in (("en", "to be confirmed"), ("zh", "待核")):
            assert in_words(with_status(source, "recalled_unverified"), language).count(told) == 1
        if "assumed" in source:
            assert in_words(with_status(source, "assumed"), "en").count("assumed") == 1
        if "to be confirmed" in source:
            assert "verified" not in in_words(with_status(source, "verified"), "en")


APART = re.compile(r"(?<![\d.,/\-:])\d{1,3}(?: \d{3})+(?=(?:\.\d+)?(?:[^\d]|$))")
"""Thousands set apart by spaces: 2 368."""
BARE = re.compile(
    r"(?<![\w./_-])(?:k?m[23]|CO2e?|N2O|CH4)(?![\w.]\w|[_/]\w*\.\w)|(?<=[A-Za-z³²]/)k?m[23]\b"
    r"|(?<=[A-Za-z元] )(?:m|ha|h|year|kg|kWh|s)-[123](?![\w-])"
)
"""Units without their powers and gases without their figures: m2, CO2e, kWh m-2."""


def test_sources_and_notes_write_numbers_and_units_in_one_way() -> None:
    """They had 2 368 kWh and m2 beside the report's 2,368 kWh and m²; columns that code reads keep theirs."""
    cited_texts = {
        said[language]
        for text, said in catalogue().items() for language in ("en", "zh")
        if text.startswith((CITED, NOTED)) and said["en"] not in OF_MODELS - SOURCES
    }  # fmt: skip
    told = SOURCES | OF_FACTORS | NOTES | cited_texts
    assert [text for text in told if APART.search(text) or BARE.search(text)] == []
    assert APART.search("2 368 kWh")
    assert [bool(BARE.search(text)) for text in ("45 CNY per m2", "11 W m-2", "kg CO2e", "50 m²", "ISO 52000-1")] == [
        True, True, True, False, False
    ]  # fmt: skip

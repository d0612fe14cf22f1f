"""Lessons of the pilots: all of them told, the same numbers in both languages, and no price that the factors lack."""

import csv
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from citybraid.commons.form.lessons import FILE, TOPICS, read_lessons
from citybraid.study.open.pilots import pilots

PILOTS = Path(str(files("citybraid") / "pilots"))
SCALES = {"亿": 1e8, "万": 1e4, "million": 1e6, "billion": 1e9, "": 1.0}
NUMBER = re.compile(r"(?<![\w.])(\d{1,3}(?: \d{3})+(?!\d)|\d+)(\.\d+)?(?:\s*(亿|万|million|billion))?")
PRICE = re.compile(r"(\d+(?:\.\d+)?) 元/(?:\(?m²)")
MONEY_YEARS = 0.03
"""How far consumer prices move the money of a recent year [-]."""


def numbers(text: str) -> set[float]:
    return {
        float(f"{float(whole.replace(' ', '') + part) * SCALES[scale]:.12g}")
        for whole, part, scale in NUMBER.findall(text.replace(" ", " "))
    }


def prices(name: str) -> Iterator[float]:
    """Prices and upkeep a square metre of the product's tables and of a pilot's own rows."""
    own = PILOTS / name / "factors.csv"
    for path in [*Path(str(files("citybraid") / "factors")).glob("*.csv"), *([own] if own.is_file() else [])]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["factor"] in {"measure_cost", "measure_upkeep"} and "CNY m-2" in row["unit"]:
                    yield float(row["value"])


@pytest.mark.parametrize("name", pilots())
def test_a_pilot_tells_all_its_lessons_in_both_languages(name: str) -> None:
    assert read_lessons(PILOTS / name / FILE).missing == ()


@pytest.mark.parametrize("name", pilots())
def test_both_languages_of_a_lesson_tell_the_same_numbers(name: str) -> None:
    lessons = read_lessons(PILOTS / name / FILE)
    told = {topic: [numbers(getattr(lessons, topic)[each]) for each in ("zh", "en")] for topic in TOPICS}
    assert {topic: each for topic, each in told.items() if each[0] != each[1]} == {}


@pytest.mark.parametrize("name", pilots())
def test_prices_of_a_lesson_are_those_that_its_study_counts_with(name: str) -> None:
    """Xi'an's still told of paving at 60 a square metre when the table had long had its whole price, 431."""
    told = [float(each) for each in PRICE.findall(read_lessons(PILOTS / name / FILE).cost["zh"])]
    known = list(prices(name))
    lost = [each for each in told if min(abs(each / price - 1.0) for price in known if price) > MONEY_YEARS]
    assert lost == []


def test_numbers_are_read_with_their_scale() -> None:
    assert numbers("1.2 亿元，39 710 人，CO2 与 9 万") == {1.2e8, 39710.0, 9e4}
    assert numbers("CNY 120 million for 39 710 people") == {1.2e8, 39710.0}

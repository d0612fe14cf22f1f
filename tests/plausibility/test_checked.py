"""Which indicators a pencil has reached: every one of low carbon and nature, and those of heat that people feel."""

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest

HEAT = (
    "air_temperature", "utci", "severe_heat_hours", "night_heat_island", "day_heat_island",
    "very_strong_heat_person_hours", "elderly_heat_person_hours", "heat_deaths", "moderate_work_heat_hours",
    "people_near_cool_room", "people_far_from_cool_room",
)  # fmt: skip
HERE = Path(__file__)


def checked(name: str) -> bool:
    """Tell whether a test of this folder names an indicator; this file does not count."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(path.read_text(encoding="utf-8")) for path in HERE.parent.glob("*.py") if path != HERE)


def of_strand(strand: str) -> list[str]:
    with (files("citybraid") / "codes" / "indicators.csv").open(encoding="utf-8") as lines:
        return [row["id"] for row in csv.DictReader(lines) if row["strand"] == strand]


@pytest.mark.parametrize("strand", ["lowcarbon", "biodiversity"])
def test_every_indicator_of_a_strand_is_reached_by_another_route(strand: str) -> None:
    names = of_strand(strand)
    assert len(names) > 10
    assert [name for name in names if not checked(name)] == []


def test_so_are_those_of_heat_that_people_feel() -> None:
    assert set(HEAT) <= set(of_strand("resilience"))
    assert [name for name in HEAT if not checked(name)] == []

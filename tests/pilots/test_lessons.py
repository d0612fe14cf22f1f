"""Figures that lessons of pilots tell in words, beside the cards of their whole runs: they go stale with a model."""

import re
import tomllib
from pathlib import Path

import pytest

from citybraid.commons.library.library import Version
from citybraid.commons.library.shipped import read_shipped

PILOTS = Path(__file__).parents[2] / "pilots"
YANGPU, XINHUA, PARK, TOWN = "shanghai-yangpu", "shanghai-xinhua", "shanghai-qingpu-park", "jiaxing-hsr"
VILLAGE, ESTATE, XIAN, ZONE = "jiaxing-zhuxiaohui", "jiaxing-ecf", "xian-units", "delta-zone"
TOLD = (
    (YANGPU, "net_emissions", "as_is", "72.5 万 t", "725 000 t"),
    (YANGPU, "net_emissions", "retrofit", "67.2 万 t", "672 000"),
    (YANGPU, "net_emissions", "retrofit_pv", "55.3 万 t", "553 000"),
    (YANGPU, "net_emissions", "within_budget", "59.9 万 t", "599 000"),
    (YANGPU, "blackout_people", "as_is", "11.8 万", "118 000 residents"),
    (YANGPU, "blackout_people", "retrofit", "6.3 万", "63 000"),
    (YANGPU, "overheated_hours", "as_is", "698", "698 hours"),
    (YANGPU, "overheated_hours", "retrofit", "789", "789"),
    (XINHUA, "residents", "as_is", "70 110", "70 110"),
    (XINHUA, "overheated_hours", "as_is", "702", "702"),
    (XINHUA, "overheated_hours", "retrofit", "801", "801"),
    (PARK, "inventory_emissions", "as_is", "100 011 t", "100 011"),
    (PARK, "inventory_emissions", "near_zero", "84 078 t", "84 078 t"),
    (PARK, "flooded_buildings", "as_is", "76 栋", "instead of 76"),
    (PARK, "flooded_buildings", "near_zero", "10 栋", "10 halls are flooded"),
    (PARK, "expected_annual_damage", "as_is", "368 万元", "3.68 million"),
    (PARK, "expected_annual_damage", "near_zero", "12 万元", "0.12 million"),
    (TOWN, "residents", "as_is", "39 710", "39 710"),
    (TOWN, "residents", "as_planned", "55 300", "55 300"),
    (TOWN, "emissions_per_resident", "as_is", "2.69", "2.69"),
    (TOWN, "emissions_per_resident", "as_planned", "2.47 t", "2.47 t"),
    (TOWN, "emissions_per_resident", "with_measures", "2.28 t", "2.28"),
    (TOWN, "emissions_per_resident", "scheme_a", "2.26 t", "2.26"),
    (TOWN, "people_exposed", "as_is", "4 506", "4 506"),
    (TOWN, "people_exposed", "as_planned", "7 613", "7 613"),
    (TOWN, "car_distance_per_resident", "as_is", "1 387", "1 387"),
    (TOWN, "car_distance_per_resident", "as_planned", "1 340 km", "1 340 km"),
    (VILLAGE, "inventory_emissions", "as_is", "1 817 t", "1 817 t"),
    (VILLAGE, "inventory_emissions", "zero_carbon", "850 t", "850 t"),
    (VILLAGE, "connected_area", "as_is", "14.8", "14.8"),
    (VILLAGE, "connected_area", "zero_carbon", "22.7 ha", "22.7 ha"),
    (VILLAGE, "flooded_area", "as_is", "8.1", "8.1"),
    (VILLAGE, "flooded_area", "zero_carbon", "6.9 ha", "6.9 ha"),
    (ESTATE, "flooded_buildings", "as_is", "39", "from 39"),
    (ESTATE, "flooded_buildings", "within_budget", "6 栋", "to 6,"),
    (ESTATE, "elderly_exposed", "as_is", "1 034", "1 034"),
    (ESTATE, "elderly_exposed", "within_budget", "176", "176"),
    (ESTATE, "expected_annual_damage", "as_is", "49 万", "490 000"),
    (ESTATE, "expected_annual_damage", "within_budget", "5 万", "50 000"),
    (ESTATE, "canopy_cover", "as_is", "0.4", "0.4"),
    (ESTATE, "canopy_cover", "within_budget", "2.3", "2.3"),
    (ESTATE, "overheated_hours", "as_is", "765", "765"),
    (ESTATE, "overheated_hours", "within_budget", "877", "877"),
    (ESTATE, "blackout_elderly", "as_is", "897", "897"),
    (ESTATE, "blackout_elderly", "within_budget", "645", "645"),
    (XIAN, "flooded_share", "as_is", "14.2%", "14.2 %"),
    (XIAN, "flooded_share", "sponge", "11.9%", "11.9 %"),
    (XIAN, "pervious_share", "as_is", "28%", "28 %"),
    (XIAN, "pervious_share", "sponge", "42%", "42 %"),
    (XIAN, "waterlogging_points", "as_is", "194 处", "from 194"),
    (XIAN, "waterlogging_points", "sponge", "201 处", "to 201"),
    ("gothenburg", "flooded_share", "as_is", "7.4%", "7.4 %"),
    ("gothenburg", "flooded_share", "greener", "6.9%", "6.9 %"),
    ("jakarta", "flooded_buildings", "as_is", "4 000 栋", "4 000 of"),
    ("xiongan", "residents", "as_is", "3.4 万", "34 000"),
    (ZONE, "inventory_emissions", "as_is", "1 391 万 t", "13.91 million t"),
    (ZONE, "inventory_emissions", "near_zero", "1 180 万 t", "11.80 million t"),
    (ZONE, "residents", "as_is", "346.5 万", "3.465 million"),
)
"""Pilot, indicator, alternative, and how its lessons write the value in Chinese and in English."""
TIMES = {"万": 1e4, "亿": 1e8, "million": 1e6, "billion": 1e9}
MONEY = {"10^4 CNY year-1": 1e4}


def cards_of(pilot: str) -> list[Version]:
    return [read_shipped(path) for path in sorted((PILOTS / pilot).glob("case*.json"))]


def read_number(words: str) -> tuple[float, float]:
    """Return the number in words, with 万 or million, and half of the last place that it states."""
    found = re.search(r"(\d[\d ]*\d|\d)(?:\.(\d+))?(?:[  ]?(万|亿|million|billion))?", words)
    assert found is not None
    whole, part, unit = found[1].replace(" ", ""), found[2], found[3]
    times = TIMES.get(unit, 1.0)
    digits = len(part or "") or -(len(whole) - len(whole.rstrip("0")))
    return float(f"{whole}.{part or 0}") * times, 0.5 * 10.0**-digits * times


@pytest.mark.parametrize(("pilot", "indicator", "alternative", "zh", "en"), TOLD)
def test_a_lesson_tells_what_the_whole_run_gave(pilot: str, indicator: str, alternative: str, zh: str, en: str) -> None:
    value = 0.0
    for version in cards_of(pilot):
        assert version.card is not None
        told = version.card.indicators[indicator]
        value += told.values[alternative] * MONEY.get(told.unit, 1.0)
    lessons = tomllib.loads((PILOTS / pilot / "lessons.toml").read_text(encoding="utf-8"))
    for language, words in (("zh", zh), ("en", en)):
        number, half = read_number(words)
        assert number == pytest.approx(value, abs=half * (1 + 1e-9)), language
        text = " ".join(part[language] for part in lessons.values() if isinstance(part, dict))
        assert words in text, language


@pytest.mark.parametrize(
    ("pilot", "share"),
    [((YANGPU, "carbon"), 0.8), ((XINHUA, "heat"), 0.9), ((XINHUA, "water"), 0.8), ((PARK, "carbon"), 0.5)],
)
def test_a_target_that_is_titled_as_a_share_of_today_is_one(pilot: tuple[str, str], share: float) -> None:
    """A fifth less was asked of Yangpu by a number that had become a quarter less."""
    name, objective = pilot
    study = tomllib.loads((PILOTS / name / "study.toml").read_text(encoding="utf-8"))
    (asked,) = (each for each in study["objectives"] if each["id"] == objective)
    (version,) = cards_of(name)
    assert version.card is not None
    today = version.card.indicators[asked["indicator"]].values["as_is"]
    assert asked["target"] == pytest.approx(share * today, rel=5e-3)


def lessons_of(pilot: str, language: str) -> str:
    lessons = tomllib.loads((PILOTS / pilot / "lessons.toml").read_text(encoding="utf-8"))
    return " ".join(part[language] for part in lessons.values() if isinstance(part, dict))


def test_xian_goes_a_quarter_of_the_way_for_water_and_four_fifths_for_permeable_ground() -> None:
    """27 and 81 % were told, and CNY 7.15 billion, of an earlier run."""
    (version,) = cards_of(XIAN)
    assert version.card is not None
    shares = []
    for objective in version.card.objectives:
        values = version.card.indicators[objective.indicator].values
        shares.append(100.0 * (values["sponge"] - values["as_is"]) / (objective.target - values["as_is"]))
    water, ground = (f"{share:.0f}" for share in shares)
    assert f"{water} % of the way for water and {ground} %" in lessons_of(XIAN, "en")
    assert f"所需的 {water}%、透水目标的 {ground}%" in lessons_of(XIAN, "zh")
    permeable = version.card.indicators["pervious_share"].values
    assert version.card.area is not None
    paved = (permeable["sponge"] - permeable["as_is"]) / 100.0 * version.card.area * 1e4
    for language, words in (("zh", "69.1 亿"), ("en", "6.91 billion")):
        assert words in lessons_of(XIAN, language)
        assert read_number(words)[0] == pytest.approx(paved * 516.0, rel=5e-3), "what it costs a square metre"


def test_what_the_polder_emits_without_what_it_avoids_elsewhere_is_told() -> None:
    """As page one says it: net emissions, 48.4 t of 38 280 m3 of biogas, and of the power what leaves the village.

    All that buildings send out was told, 1 348 t, when page one told 1 266 already: neighbours use 82 t of it.
    """
    (version,) = cards_of(VILLAGE)
    assert version.card is not None
    values = {
        name: version.card.indicators[name].values["zero_carbon"] for name in ("inventory_emissions", "pv_avoided")
    }
    left, told = 1277.0, "1 277 t"
    used_by_neighbours = sum(values.values()) + 48.4 - left
    assert used_by_neighbours / values["pv_avoided"] == pytest.approx(0.18, abs=0.005)
    today = version.card.indicators["inventory_emissions"].values["as_is"]
    page = (PILOTS / VILLAGE / "README.md").read_text(encoding="utf-8")
    assert page.count(told) == 2
    assert page.count(f"{100.0 * (1.0 - left / today):.0f}") >= 2
    assert told in lessons_of(VILLAGE, "zh")
    assert told in lessons_of(VILLAGE, "en")

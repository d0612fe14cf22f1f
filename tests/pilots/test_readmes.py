"""Figures that the pages of pilots tell in words, beside the cards of their whole runs: they go stale with a model."""

from pathlib import Path

import pytest

from citybraid.commons.library.shipped import read_shipped

PILOTS = Path(__file__).parents[2] / "pilots"
TOLD = (
    ("shanghai-xinhua", "blackout_people", "as_is", "37 187"),
    ("shanghai-xinhua", "blackout_elderly", "as_is", "8 136"),
    ("shanghai-xinhua", "residents", "as_is", "70 110"),
    ("shanghai-yangpu", "people_exposed", "as_is", "32 290"),
    ("shanghai-yangpu", "flooded_buildings", "as_is", "1 236"),
    ("shanghai-qingpu-park", "inventory_emissions", "as_is", "100 011"),
    ("shanghai-qingpu-park", "inventory_emissions", "near_zero", "84 078"),
    ("shanghai-qingpu-park", "flooded_buildings", "as_is", "76"),
    ("shanghai-qingpu-park", "flooded_buildings", "near_zero", "10"),
    ("jiaxing-zhuxiaohui", "inventory_emissions", "as_is", "1 817"),
    ("jiaxing-zhuxiaohui", "inventory_emissions", "zero_carbon", "850"),
    ("jiaxing-zhuxiaohui", "flooded_area", "as_is", "8.1"),
    ("jiaxing-zhuxiaohui", "flooded_area", "zero_carbon", "6.9"),
    ("jiaxing-zhuxiaohui", "connected_area", "as_is", "14.8"),
    ("jiaxing-zhuxiaohui", "connected_area", "zero_carbon", "22.7"),
    ("jiaxing-ecf", "flooded_buildings", "as_is", "39"),
    ("jiaxing-ecf", "elderly_exposed", "as_is", "1 034"),
    ("jiaxing-ecf", "elderly_exposed", "within_budget", "176"),
    ("jiaxing-ecf", "canopy_cover", "within_budget", "2.3"),
    ("jiaxing-ecf", "emissions_per_resident", "as_is", "0.94"),
    ("jiaxing-ecf", "emissions_per_resident", "within_budget", "0.93"),
    ("xian-units", "flooded_area", "as_is", "1 413.6"),
    ("xian-units", "flooded_area", "sponge", "1 179.8"),
    ("xian-units", "flooded_share", "as_is", "14.2"),
    ("xian-units", "flooded_share", "sponge", "11.9"),
    ("xian-units", "pervious_share", "as_is", "28.2"),
    ("xian-units", "pervious_share", "sponge", "41.6"),
    ("xian-units", "waterlogging_points", "as_is", "194"),
    ("xian-units", "waterlogging_points", "sponge", "201"),
    ("xiamen", "patch_conductance", "as_is", "1.16"),
    ("xiamen", "patch_conductance", "crossings", "5.48"),
    ("xiamen", "connected_area", "as_is", "1 668"),
    ("xiamen", "connected_area", "crossings", "1 668"),
    ("xiamen", "typhoon_wind", "as_is", "46.4"),
    ("xiamen", "coastal_area", "as_is", "240.2"),
    ("xiamen", "landslide_area", "as_is", "80.9"),
    ("gothenburg", "flooded_area", "as_is", "12.78"),
    ("gothenburg", "flooded_area", "greener", "11.80"),
    ("gothenburg", "flooded_share", "as_is", "7.4"),
    ("gothenburg", "flooded_share", "greener", "6.9"),
    ("gothenburg", "pervious_share", "as_is", "33.0"),
    ("gothenburg", "pervious_share", "greener", "40.0"),
    ("gothenburg", "waterlogging_points", "as_is", "28"),
    ("gothenburg", "waterlogging_points", "greener", "26"),
    ("gothenburg", "canopy_cover", "greener", "8.2"),
    ("jakarta", "flooded_buildings", "as_is", "3 982"),
    ("jakarta", "flooded_area", "as_is", "18 291"),
    ("jakarta", "flooded_share", "as_is", "28.5"),
)
"""Pilot, indicator, alternative, and how its page writes the number in both languages."""


@pytest.mark.parametrize(("pilot", "indicator", "alternative", "number"), TOLD)
def test_a_page_tells_what_the_whole_run_gave(pilot: str, indicator: str, alternative: str, number: str) -> None:
    version = read_shipped(PILOTS / pilot / "case.json")
    assert version.card is not None
    assert version.origin is not None
    assert not version.origin.changed, "the pilot is not that of its card: run it whole, write the card, then its page"
    digits = len(number.partition(".")[2])
    value = version.card.indicators[indicator].values[alternative]
    assert f"{value:,.{digits}f}".replace(",", " ") == number
    text = (PILOTS / pilot / "README.md").read_text(encoding="utf-8").replace("\n", " ")
    assert text.count(number) >= 2, "Chinese and English"

"""Figures that the pages of pilots tell in words, beside the cards of their whole runs: they go stale with a model."""

from pathlib import Path

import pytest

from citybraid.commons.library.shipped import read_shipped

PILOTS = Path(__file__).parents[2] / "pilots"
TOLD = (
    ("shanghai-xinhua", "blackout_people", "as_is", "37 378"),
    ("shanghai-xinhua", "blackout_elderly", "as_is", "8 181"),
    ("shanghai-xinhua", "residents", "as_is", "70 110"),
    ("shanghai-yangpu", "people_exposed", "as_is", "32 290"),
    ("shanghai-yangpu", "flooded_buildings", "as_is", "1 236"),
    ("shanghai-qingpu-park", "inventory_emissions", "as_is", "100 271"),
    ("shanghai-qingpu-park", "inventory_emissions", "near_zero", "84 423"),
    ("shanghai-qingpu-park", "flooded_buildings", "as_is", "76"),
    ("shanghai-qingpu-park", "flooded_buildings", "near_zero", "10"),
    ("jiaxing-zhuxiaohui", "inventory_emissions", "as_is", "1 815"),
    ("jiaxing-zhuxiaohui", "inventory_emissions", "zero_carbon", "824"),
    ("jiaxing-zhuxiaohui", "flooded_area", "as_is", "8.1"),
    ("jiaxing-zhuxiaohui", "flooded_area", "zero_carbon", "6.9"),
    ("jiaxing-zhuxiaohui", "connected_area", "as_is", "14.8"),
    ("jiaxing-zhuxiaohui", "connected_area", "zero_carbon", "22.7"),
    ("jiaxing-ecf", "flooded_buildings", "as_is", "39"),
    ("jiaxing-ecf", "elderly_exposed", "as_is", "1 034"),
    ("jiaxing-ecf", "elderly_exposed", "within_budget", "176"),
    ("jiaxing-ecf", "canopy_cover", "within_budget", "2.3"),
    ("jiaxing-ecf", "emissions_per_resident", "as_is", "0.93"),
    ("jiaxing-ecf", "emissions_per_resident", "within_budget", "0.91"),
)
"""Pilot, indicator, alternative, and how its page writes the number in both languages."""


@pytest.mark.parametrize(("pilot", "indicator", "alternative", "number"), TOLD)
def test_a_page_tells_what_the_whole_run_gave(pilot: str, indicator: str, alternative: str, number: str) -> None:
    version = read_shipped(PILOTS / pilot / "case.json")
    assert version.card is not None
    assert version.origin is not None
    if version.origin.changed:
        pytest.skip("the pilot has changed since its card was written: run it whole, write the card, then its page")
    digits = len(number.partition(".")[2])
    value = version.card.indicators[indicator].values[alternative]
    assert f"{value:,.{digits}f}".replace(",", " ") == number
    text = (PILOTS / pilot / "README.md").read_text(encoding="utf-8").replace("\n", " ")
    assert text.count(number) >= 2, "Chinese and English"

"""Covers that are water: marked in the table of covers, and only there."""

from citybraid.core.land_cover import open_water, water_covers
from citybraid.core.vocabulary.surface import COVER


def test_open_water_is_water_and_both_are_covers() -> None:
    names = dict(COVER)
    assert [names[code] for code in open_water()] == ["water"]
    assert [names[code] for code in water_covers()] == ["water", "wetland"]

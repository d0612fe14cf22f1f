"""The key of a factor's row in words: each part's title, by factor where a part means something else there."""

import re

from citybraid.core.text import known
from citybraid.report.chapter import Text, TextList, TranslatedText, words
from citybraid.report.drawing.palettes import code_names
from citybraid.report.view import LANGUAGES

BETWEEN, INSIDE = "/", " · "
"""Sign between the parts of a key, and between their titles."""
NUMBER = re.compile(r"[\d.]+(-\d\d)*")
CODES = {
    **dict.fromkeys(("carbon_stock", "sink_rate", "wetland_methane_rate"), "land_cover"),
    **dict.fromkeys(("measure_site", "parcel_use", "shelter_land"), "land_use"),
}
"""Table of codes that the numbers in a factor's keys are; those of others are years, ages, zones and the like."""
SIGNS = frozenset(
    "A B C D I II III K1 K2 M2 M4 M6 MM MS4 MSF N2 O1 P1 Q1 S2".split()  # noqa: SIM905  (reads better so)
)
"""Soil groups, moisture classes and tidal constituents, whose signs are their names."""


def key_title(factor: str, key: str) -> Text:
    """Return the key of a factor's row in both languages; '–' for a factor that has a single row."""
    parts = [part for part in key.split(BETWEEN) if part]
    return TextList(tuple(part_title(factor, part) for part in parts), INSIDE) if parts else "–"


def part_title(factor: str, part: str) -> Text:
    """Return the title of a part of a key; a number and a sign of the field stand as they are."""
    text = next((each for each in (f"factor_key.{factor}.{part}", f"factor_key.{part}") if known(each)), "")
    if text:
        return words(text)
    if not NUMBER.fullmatch(part):
        return part
    if known(f"factor_number.{factor}"):
        return words(f"factor_number.{factor}", number=part)
    if factor not in CODES:
        return part
    names = {language: code_names(CODES[factor], language).get(part, "") for language in LANGUAGES}
    if not all(names.values()):
        return part
    return TranslatedText({language: f"{part} {name}" for language, name in names.items()})

"""What the search of a library reads of a case, in Chinese and English."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from citybraid.commons.form.card import Card
from citybraid.commons.form.lessons import TOPICS
from citybraid.commons.library.effects import Limit
from citybraid.core.text import CATALOGUE_LANGUAGES, SEPARATORS, Phrase, known, say
from citybraid.report.drawing.units import WHOLE_FROM, brief, label_as_is

ZONES: Mapping[str, str] = {"climate_zone": "case_climate"}
"""Features whose values are codes of zones, with the texts that name them."""
CLOSE = ("", "%")
"""Names of units that stand at their number without a space; that of a ratio is empty."""
DIGITS = 4
"""Significant digits of numbers in sentences."""


def named(text: str, language: str) -> str:
    """Return a text of the catalogue, the last part of its id where a case of a later version brings an unknown one."""
    return say(text, language) if known(text) else text.rpartition(".")[2]


def measure_name(measure: str, language: str) -> str:
    """Return the name of a measure."""
    return named(f"model.integrate.measures.{measure}", language)


def feature_value(feature: str, value: float | str, language: str) -> float | str:
    """Return a value of a feature of places: a code of a zone by its name, anything else as it is."""
    told = _phrase(feature, value)
    return say(told.text, language) if isinstance(told, Phrase) else value


def limit_words(limit: Limit, language: str, titles: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> str:
    """Return what limits a transfer: unit, feature, zones, and cases as far as `titles` has them, by their names."""
    told = {name: _shown(each) if isinstance(each, float) else each for name, each in limit.values.items()}
    if "unit" in told:
        told["unit"] = unit = label_as_is(str(told["unit"]), language)
        if "got" in told:
            told["got"] = f"{told['got']}{' ' if unit not in CLOSE else ''}{unit}"
    if "name" in told:
        feature = str(told["name"])
        told["name"] = Phrase(f"case_feature.{feature}", {})
        told |= {name: _phrases(feature, told[name]) for name in ("got", "known") if name in told}
    if isinstance(cases := told.get("cases"), list | tuple):
        told["cases"] = SEPARATORS.get(language, "; ").join(titles.get(each, {}).get(language, each) for each in cases)
    return say(limit.text, language, **told)


def _phrases(feature: str, value: object) -> object:
    return [_phrase(feature, each) for each in value] if isinstance(value, list) else _phrase(feature, value)


def _phrase(feature: str, value: object) -> object:
    """Return a zone's code as the phrase that names it where the catalogue does, any other value as it is."""
    text = f"{ZONES.get(feature, '')}.{value}"
    return Phrase(text, {}) if feature in ZONES and known(text) else value


def _shown(value: float) -> str:
    """Return a number of a sentence, large ones whole and with their thousands apart, none as a power of ten."""
    return brief(value, DIGITS) if abs(value) >= WHOLE_FROM else f"{value:.{DIGITS}g}"


def searched(card: Card) -> str:
    """Return all words that a case is found by."""
    return "\n".join(_lines(card))


def _lines(card: Card) -> Iterator[str]:
    lessons = card.lessons
    yield card.name
    yield from card.title.values()
    yield from (card.note or {}).values()
    yield card.region
    yield from lessons.authors
    for topic in TOPICS:
        yield from getattr(lessons, topic).values()
    for language in CATALOGUE_LANGUAGES:
        yield from (measure_name(each, language) for each in card.measures)
        yield from (named(f"case_hazard.{each}", language) for each in card.hazards)
        yield from (named(f"case_form.{each}", language) for each in lessons.form)
        yield from (named(f"case_level.{each}", language) for each in lessons.levels)
    yield from (objective.title[language] for objective in card.objectives for language in objective.title)
    yield from card.measures

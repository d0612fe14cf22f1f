"""Words of cases in every language: their names of measures, hazards and indicators may be of a later version."""

from collections.abc import Iterable, Mapping

from citybraid.commons.library.effects import Limit
from citybraid.commons.library.facets import cost_band
from citybraid.commons.library.words import feature_value, limit_words, measure_name, named
from citybraid.core.text import LANGUAGES, say
from citybraid.report.drawing.units import label_as_is

Said = dict[str, str]
"""A text by language."""


def said(text: str, **values: object) -> Said:
    """Return a text of the catalogue in every language."""
    return {language: say(text, language, **values) for language in LANGUAGES}


def said_with_units(text: str, **values: object) -> Said:
    """Return a text of the catalogue in every language, with its unit and its currency as each writes them."""
    units = {name: unit_said(str(values[name])) for name in ("unit", "currency") if name in values}
    texts: Said = {}
    for language in LANGUAGES:
        spoken = {name: each for name, each in values.items() if isinstance(each, Mapping)} | units
        own: dict[str, object] = {name: each.get(language, "") for name, each in spoken.items()}
        texts[language] = say(text, language, **{**values, **own})
    return texts


def name_said(text: str) -> Said:
    """Return the name of a thing; the last part of its id where this version does not know it."""
    return {language: named(text, language) for language in LANGUAGES}


def measure_said(measure: str) -> Said:
    """Return the name of a measure."""
    return {language: measure_name(measure.rpartition(".")[2], language) for language in LANGUAGES}


def indicator_said(indicator: str) -> Said:
    """Return the name of an indicator."""
    return name_said(f"indicator.{indicator}")


def feature_said(feature: str) -> Said:
    """Return the name of a feature of a place."""
    return name_said(f"case_feature.{feature}")


def value_said(feature: str, value: float | str) -> float | Said:
    """Return a value of a feature of a place: a number, or its words in every language."""
    if not isinstance(value, str):
        return value
    return {language: str(feature_value(feature, value, language)) for language in LANGUAGES}


def unit_said(unit: str) -> Said:
    """Return the name of a unit; pages of cases show the same number in every language."""
    return {language: label_as_is(unit, language) for language in LANGUAGES}


def facet_said(facet: str, value: str) -> Said:
    """Return the name of a value of a facet."""
    if facet == "cost":
        currency, low, high = cost_band(value)
        return said_with_units("case.cost_band", currency=currency, low=f"{low:,.0f}", high=f"{high:,.0f}")
    return measure_said(value) if facet == "measure" else name_said(f"case_{facet}.{value}")


def all_said(prefix: str, ids: Iterable[str]) -> list[Said]:
    """Return the names of several things of one kind."""
    return [name_said(f"{prefix}.{each}") for each in ids]


def limit_said(limit: Limit, titles: Mapping[str, Said]) -> Said:
    """Return what limits a transfer; its feature, zones and cases are named in the language."""
    return {language: limit_words(limit, language, titles) for language in LANGUAGES}

"""What the pages of a site show, as plain values for their templates."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from citybraid.commons.form.card import Card
from citybraid.commons.form.lessons import TOPICS
from citybraid.commons.library.effects import (
    SHARE,
    CaseEffect,
    Distribution,
    Limit,
    case_effect,
    effects_of,
    without_effect,
)
from citybraid.commons.library.facets import FACETS, cost_band, facet_values, facets
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.likeness import alike
from citybraid.commons.library.shipped import shipped_text
from citybraid.commons.library.words import feature_value, limit_words, measure_name, named, searched
from citybraid.commons.site import both
from citybraid.commons.site.chart import strip
from citybraid.core.text import known, say, visible

MOST_EFFECTS = 6
"""Effects shown of each measure, the largest first; all stand in the case's tables."""
WIDEST = 100.0
"""Largest effect that charts have room for [%]."""
MOST_ALIKE = 3


def index_page(
    library: Library | None, versions: Sequence[Version], pictures: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return what the index shows: every case that is shown with its words and facets, and retracted ones."""
    cards = [each.card for each in versions if each.card is not None]
    return {
        "root": "", "page": "index", "region": region, "cases": [
            _listed(each, each.card, pictures[each.name]) for each in versions if each.card is not None
        ],
        "facets": [_facet(facet, values) for facet, values in facets(cards).items() if values],
        "retracted": [*_retracted(library)], "synthetic": sum(card.synthetic for card in cards),
        "data": _data({card.name: {"words": searched(card).casefold(), "facets": _tags(card)} for card in cards}),
    }  # fmt: skip


def case_page(
    library: Library | None, version: Version, versions: Sequence[Version], pictures: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return what the page of a case shows, its pictures with what is seen on them in each language."""
    card = version.card
    assert card is not None  # noqa: S101  (published versions have their card)
    others = [each for each in versions if each.name != version.name]
    return {
        "root": "../../", "page": "case", "card": card, "version": version, "pictures": pictures, "data": _data({}),
        "file": version.file.name if version.file else "",
        "lessons": [(f"case_topic.{topic}", getattr(card.lessons, topic)) for topic in TOPICS],
        "features": [
            (f"case_feature.{name}", value(name, each.value), each.unit) for name, each in card.features.items()
        ],
        "objectives": [_objective(card, each) for each in card.objectives],
        "alternatives": [(name, card.alternatives[name]) for name in card.alternatives],
        "indicators": [(indicator(name), each.unit, each.values) for name, each in card.indicators.items()],
        "effects": [*_effects(card)], "together": _together(card),
        "prices": _prices(card), "inputs": card.inputs,
        "history": () if version.origin is not None or library is None else library.history(version.name),
        "shipped": _shipped(version),
        "hazards": [named_both(f"case_hazard.{each}") for each in card.hazards],
        "forms": [named_both(f"case_form.{each}") for each in card.lessons.form],
        "levels": [named_both(f"case_level.{each}") for each in card.lessons.levels],
        "measures": [measure(each) for each in card.measures], "alike": alike(card.features, others)[:MOST_ALIKE],
        "titles": _titles(versions), "value": value, "region": region,
    }  # fmt: skip


def measures_page(versions: Sequence[Version]) -> dict[str, Any]:
    """Return what the page of effects shows: each measure, its effects across cases, and their limits."""
    names = sorted({each for version in versions if version.card for each in version.card.measures})
    rows = [_measure(name, versions) for name in names]
    return {
        "root": "", "page": "measures", "data": _data({}), "measures": [each for each in rows if each["effects"]],
        "titles": _titles(versions),
    }  # fmt: skip


def indicator(name: str) -> Markup:
    """Return the name of an indicator in each language."""
    return named_both(f"indicator.{name}")


def measure(name: str) -> Markup:
    """Return the name of a measure in each language."""
    return both.spoken(lambda language: measure_name(name, language))


def region(code: str) -> Markup:
    """Return the name of a region in each language; without one, that of the region it lies in, and its code.

    Countries without a name here are named by the reader's browser: `site.js` does so by the attribute.
    """
    parts = code.split("-")
    behind = Markup(" ({})").format(visible(code))
    for end in range(len(parts), 0, -1):
        if known(text := f"web.region.{'-'.join(parts[:end])}"):
            return named_both(text) + (behind if end < len(parts) else Markup(""))
    country = Markup('<span data-country="{0}">{0}</span>').format(visible(parts[0]))
    return country + (behind if len(parts) > 1 else Markup(""))


def value(feature: str, told: float | str) -> float | Markup:
    """Return a value of a feature of a place: a number, or its words in each language."""
    if not isinstance(told, str):
        return told
    return both.spoken(lambda language: str(feature_value(feature, told, language)))


def named_both(text: str) -> Markup:
    """Return a name of the catalogue in each language; its id where a case brings one that is not known here."""
    return both.spoken(lambda language: named(text, language))


def _measure(name: str, versions: Sequence[Version]) -> dict[str, Any]:
    transfer = effects_of(name, versions)
    largest = sorted(transfer.distributions, key=lambda each: each.size, reverse=True)[: 2 * MOST_EFFECTS]
    scales = _scales((each.unit, one.relative) for each in largest for one in each.cases)
    rows = [
        (
            indicator(each.indicator),
            each,
            strip([one.relative for one in each.cases], scales[each.unit], span=_span(each)),
        )
        for each in largest
    ]
    limits = [_limit(each, _titles(versions)) for each in transfer.limits]
    return {"id": name, "name": measure(name), "effects": rows, "limits": limits}


def _scales(values: Iterable[tuple[str, float | None]]) -> Mapping[str, float]:
    """Return the end of the charts of each unit: the largest value; of shares what charts have room for at most."""
    ends: dict[str, float] = {}
    for unit, value in values:
        ends[unit] = max(ends.get(unit, 0.0), abs(value or 0.0))
    return {unit: min(end, WIDEST) if unit == SHARE else end for unit, end in ends.items()}


def _span(each: Distribution) -> tuple[float, float] | None:
    return None if each.few else (each.lower, each.upper)


def _titles(versions: Sequence[Version]) -> Mapping[str, Mapping[str, str]]:
    return {each.name: each.title for each in versions}


def _limit(limit: Limit, titles: Mapping[str, Mapping[str, str]]) -> Markup:
    return both.spoken(lambda language: limit_words(limit, language, titles))


def _listed(version: Version, card: Card, pictures: Sequence[str]) -> dict[str, Any]:
    return {
        "card": card, "shipped": version.origin is not None, "picture": pictures[0] if pictures else "",
        "measures": [measure(each) for each in card.measures],
        "hazards": [named_both(f"case_hazard.{each}") for each in card.hazards],
        "climate": [_facet_value("climate", each) for each in facet_values(card, "climate")],
        "cost": [_cost(each) for each in facet_values(card, "cost")],
        "about": card.lessons.problem or card.lessons.context or card.note or {},
    }  # fmt: skip


def _facet(facet: str, values: Mapping[str, int]) -> dict[str, Any]:
    shown = [(f"{facet}={value}", _facet_value(facet, value), count) for value, count in values.items()]
    return {"id": facet, "name": both.say_both(f"case.facet_{facet}"), "values": shown}


def _facet_value(facet: str, value: str) -> Markup:
    if facet == "cost":
        return _cost(value)
    return measure(value) if facet == "measure" else named_both(f"case_{facet}.{value}")


def _cost(value: str) -> Markup:
    currency, low, high = cost_band(value)
    return both.say_with_units("case.cost_band", currency=currency, low=both.number(low), high=both.number(high))


def _tags(card: Card) -> list[str]:
    return [f"{facet}={value}" for facet in FACETS for value in facet_values(card, facet)]


def _shipped(version: Version) -> Markup | None:
    """Tell of what run a case is that comes with the program; None of others."""
    text = shipped_text(version)
    return None if text is None else both.say_both(text.text, **text.values)


def _retracted(library: Library | None) -> Iterator[dict[str, Any]]:
    if library is None:
        return
    for name in library.names:
        for entry in library.history(name):
            if entry.act == "retracted":
                yield {"name": name, "entry": entry}


def _objective(card: Card, objective: Any) -> dict[str, Any]:
    known = card.indicators.get(objective.indicator)
    return {
        "title": objective.title, "indicator": indicator(objective.indicator), "target": objective.target,
        "unit": known.unit if known else "", "values": known.values if known else {},
    }  # fmt: skip


def _effects(card: Card) -> Iterator[dict[str, Any]]:
    """Yield each measure with its largest effects, against the state without it."""
    by_measure: dict[str, list[CaseEffect]] = {}
    for each in card.effects:
        effect_row = case_effect(card, each)
        if effect_row.moves:
            by_measure.setdefault(each.measure.rpartition(".")[2], []).append(effect_row)
    for name, rows in sorted(by_measure.items()):
        largest = sorted(rows, key=lambda each: -each.size)[:MOST_EFFECTS]
        scales = _scales((each.unit, end) for each in largest for end in (each.relative, each.low, each.high))
        yield {
            "name": measure(name),
            "rows": [
                (
                    indicator(each.effect.indicator),
                    each,
                    strip([each.relative], scales[each.unit], span=_band(each)),
                    each.unit,
                )
                for each in largest
            ],
            "more": len(rows) - len(largest),
        }  # fmt: skip


def _together(card: Card) -> Markup | None:
    names = without_effect(card)
    if not names:
        return None
    return both.spoken(
        lambda language: say("site.together", language, measures=[measure_name(each, language) for each in names])
    )


def _band(each: CaseEffect) -> tuple[float, float] | None:
    return None if each.low is None or each.high is None else (each.low, each.high)


def _prices(card: Card) -> list[tuple[Markup, Any, Markup]]:
    if card.cost is None:
        return []
    prices = sorted(card.cost.measures.items())
    return [(measure(name), price, named_both(f"status.{price.status}")) for name, price in prices]


def _data(record: Mapping[str, Any]) -> Markup:
    """Return values for the page's script, as JSON that cannot end the element it stands in."""
    text = json.dumps({"cases": record, "none": {each: say("site.none_found", each) for each in both.LANGUAGES}})
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  (escaped)

"""Facets of cases: climate zone, form, hazard, measure, plan level, and cost per hectare in powers of ten."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from citybraid.commons.form.card import Card
from citybraid.core.errors import InputError

FACETS = ("climate", "form", "hazard", "measure", "level", "cost")


def facet_values(card: Card, facet: str) -> tuple[str, ...]:
    """Return what a case has of a facet."""
    if facet == "climate":
        zone = card.features.get("climate_zone")
        return () if zone is None else (str(zone.value),)
    if facet == "cost":
        return _cost(card)
    values = {
        "form": card.lessons.form, "hazard": card.hazards, "measure": card.measures, "level": card.lessons.levels,
    }  # fmt: skip
    return tuple(values[facet])


def facets(cards: Iterable[Card]) -> Mapping[str, Mapping[str, int]]:
    """Return the values of every facet with the number of cases that have them."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for card in cards:
        for facet in FACETS:
            counts[facet].update(set(facet_values(card, facet)))
    return {facet: dict(sorted(each.items())) for facet, each in counts.items()}


def matches(card: Card, wanted: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a case has one of the values wanted of every facet; raises InputError for an unknown facet."""
    if unknown := sorted(set(wanted) - set(FACETS)):
        raise InputError("case.facet", got=unknown, known=FACETS)
    return all(set(values) & set(facet_values(card, facet)) for facet, values in wanted.items() if values)


def cost_band(value: str) -> tuple[str, float, float]:
    """Return currency, and lower and upper bound per hectare, of a value of the facet cost, as CNY-5."""
    currency, _, power = value.partition("-")
    return currency, 10.0 ** int(power), 10.0 ** (int(power) + 1)


def _cost(card: Card) -> tuple[str, ...]:
    if card.cost is None or not card.cost.present or not card.area:
        return ()
    return (f"{card.cost.currency}-{math.floor(math.log10(card.cost.present / card.area))}",)

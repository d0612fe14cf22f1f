"""Two cases side by side: features of their places, indicators before and after, effects of shared measures."""

from typing import NamedTuple

from citybraid.commons.form.card import Card
from citybraid.commons.library.effects import CaseEffect, case_effect, in_own_unit


class Row(NamedTuple):
    """A line of the comparison: what it is, its unit, and both sides; None where one lacks it."""

    name: str
    unit: str
    one: float | str | None
    other: float | str | None


class EffectRow(NamedTuple):
    """Effect of a measure that both cases tried, on an indicator that it moves."""

    measure: str
    indicator: str
    unit: str
    one: float
    other: float


class Comparison(NamedTuple):
    """Features, indicators of the first alternative, and effects of shared measures of two cases."""

    features: tuple[Row, ...]
    indicators: tuple[Row, ...]
    effects: tuple[EffectRow, ...]
    not_both: tuple[str, ...]
    """Indicators that only one case has."""


def compare(one: Card, other: Card) -> Comparison:
    """Compare two cases; indicators in another unit, such as another currency, are not compared."""
    features = tuple(
        Row(
            name,
            (one.features.get(name) or other.features[name]).unit,
            *(_feature(each, name) for each in (one, other)),
        )
        for name in sorted({*one.features, *other.features})
    )
    shared = [
        name for name in one.indicators if name in other.indicators
        and one.indicators[name].unit == other.indicators[name].unit
    ]  # fmt: skip
    values = tuple(Row(name, one.indicators[name].unit, _first(one, name), _first(other, name)) for name in shared)
    apart = tuple(sorted({*one.indicators, *other.indicators} - set(shared)))
    return Comparison(features, values, _effects(one, other), apart)


def _feature(card: Card, name: str) -> float | str | None:
    return card.features[name].value if name in card.features else None


def _first(card: Card, name: str) -> float | None:
    """Return an indicator in the first alternative that has it."""
    values = card.indicators[name].values
    return next((values[each] for each in card.alternatives if each in values), None)


def _effects(one: Card, other: Card) -> tuple[EffectRow, ...]:
    ours, theirs = (_by_name(card) for card in (one, other))
    both = [(key, ours[key], theirs[key]) for key in sorted(ours) if key in theirs]
    alike = [
        (key, here, there) if here.unit == there.unit else (key, in_own_unit(here), in_own_unit(there))
        for key, here, there in both
        if here.moves or there.moves
    ]
    return tuple(
        EffectRow(*key, here.unit, here.relative, there.relative)
        for key, here, there in alike
        if here.unit == there.unit
    )


def _by_name(card: Card) -> dict[tuple[str, str], CaseEffect]:
    return {(each.measure.rpartition(".")[2], each.indicator): case_effect(card, each) for each in card.effects}

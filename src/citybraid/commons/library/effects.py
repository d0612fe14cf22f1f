"""Effects of a measure across cases: a distribution with its number, and how far it may be carried over."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from citybraid.commons.form.card import Card, Effect, FeatureValue
from citybraid.commons.library.library import Version
from citybraid.core.rows.cases import CaseFeature
from citybraid.core.tables import read_table

FEW = 5
"""Fewer cases than this give no distribution: their values are shown one by one."""
PERCENT = 100.0
INTERVAL: Mapping[str, str] = {"degC": "K"}
"""Units whose zero is a convention, and the unit of their differences: a share of 20 °C means nothing."""
LEAST = 0.05
"""Smaller effects than this are none [% or the unit of the difference]."""


class CaseEffect(NamedTuple):
    """Effect of a measure in one case against the state without it, with its band; and per unit installed.

    In %, or for units with a zero by convention in that of the difference.
    """

    case: str
    synthetic: bool
    effect: Effect
    relative: float
    low: float | None
    high: float | None
    per_unit: float | None


class Distribution(NamedTuple):
    """Effects on an indicator across cases: least, quartiles, most; and whether signs agree."""

    indicator: str
    unit: str
    n: int
    least: float
    lower: float
    median: float
    upper: float
    most: float
    same_sign: bool
    cases: tuple[CaseEffect, ...]

    @property
    def few(self) -> bool:
        """Whether there are too few cases for quartiles to mean anything."""
        return self.n < FEW


class Limit(NamedTuple):
    """What limits the transfer of an effect: a text with its values."""

    text: str
    values: Mapping[str, object]


class Transfer(NamedTuple):
    """Effects of a measure by indicator, and the limits of carrying them over to another place."""

    measure: str
    distributions: tuple[Distribution, ...]
    limits: tuple[Limit, ...]


def effects_of(measure: str, versions: Iterable[Version], here: Mapping[str, FeatureValue] | None = None) -> Transfer:
    """Return the effects of a measure across cases; with a place (`here`), also where it lies outside of them."""
    all_of_them = list(versions)
    with_it = [each for each in all_of_them if _has(each, measure)]
    found: dict[str, list[CaseEffect]] = {}
    for version in with_it:
        if version.card is None:
            continue
        for effect in version.card.effects:
            told = case_effect(version.card, effect) if effect.measure.rpartition(".")[2] == measure else None
            if told is not None:
                found.setdefault(effect.indicator, []).append(told)
    distributions = [_distribution(name, each) for name, each in sorted(found.items()) if _moves(each)]
    together = [each.name for each in all_of_them if each not in with_it and _uses(each, measure)]
    limits = (*_unheld(with_it, together), *_amounts(measure, with_it), *_limits(with_it, here))
    return Transfer(measure, tuple(distributions), limits)


def _has(version: Version, measure: str) -> bool:
    return version.card is not None and any(each.measure.rpartition(".")[2] == measure for each in version.card.effects)


def _uses(version: Version, measure: str) -> bool:
    return version.card is not None and measure in version.card.measures


def without_effect(card: Card) -> tuple[str, ...]:
    """Return the measures of a case that it tells no effect of: they were computed together with others alone."""
    told = {each.measure.rpartition(".")[2] for each in card.effects}
    return tuple(each for each in card.measures if each not in told)


def effect_unit(effect: Effect) -> str:
    """Return the unit that effects on an indicator are compared in: % of the state without, or a difference."""
    return INTERVAL.get(effect.unit, "%")


def case_effect(card: Card, effect: Effect) -> CaseEffect | None:
    """Return an effect as cases are compared by it; None where there is nothing that it could be a share of."""
    if not effect.base and effect.unit not in INTERVAL:
        return None
    scale = 1.0 if effect.unit in INTERVAL else PERCENT / abs(effect.base)
    return CaseEffect(
        card.name, card.synthetic, effect, effect.change * scale,
        None if effect.low is None else effect.low * scale, None if effect.high is None else effect.high * scale,
        effect.change / effect.installed if effect.installed else None,
    )  # fmt: skip


def _moves(effects: Iterable[CaseEffect]) -> bool:
    return any(abs(each.relative) >= LEAST for each in effects)


def _distribution(indicator: str, effects: list[CaseEffect]) -> Distribution:
    values = np.array([each.relative for each in effects])
    least, lower, median, upper, most = (float(each) for each in np.percentile(values, (0, 25, 50, 75, 100)))
    signs = {float(np.sign(each)) for each in values if each}
    cases = tuple(sorted(effects, key=lambda each: each.relative))
    unit = effect_unit(effects[0].effect)
    return Distribution(
        indicator, unit, len(values), least, lower, median, upper, most, len(signs) <= 1, cases
    )  # fmt: skip


def _amounts(measure: str, versions: list[Version]) -> Iterable[Limit]:
    """Yield how much of a measure was tried per hectare, where cases tell it in one unit."""
    tried = [
        (effect.installed / version.card.area, effect.quantity_unit)
        for version in versions
        if version.card is not None and version.card.area
        for effect in version.card.effects
        if effect.installed and effect.measure.rpartition(".")[2] == measure
    ]
    units = {unit for _, unit in tried}
    if len(units) == 1:
        amounts = [amount for amount, _ in tried]
        low, high, unit = min(amounts), max(amounts), units.pop()
        if low == high:
            yield Limit("case_limit.amount_one", {"amount": low, "unit": unit})
        else:
            yield Limit("case_limit.amount", {"low": low, "high": high, "unit": unit})


def _unheld(versions: list[Version], together: list[str]) -> Iterable[Limit]:
    """Yield that cases used a measure with others at once alone, or that none used it."""
    if together:
        yield Limit("case_limit.together", {"count": len(together), "cases": together})
    elif not versions:
        yield Limit("case_limit.none", {})


def _limits(versions: list[Version], here: Mapping[str, FeatureValue] | None) -> Iterable[Limit]:
    cards = [each.card for each in versions if each.card is not None]
    if not cards:
        return
    if len(cards) < FEW:
        yield Limit("case_limit.few", {"count": len(cards), "needs": FEW})
    if synthetic := sum(card.synthetic for card in cards):
        yield Limit("case_limit.synthetic", {"count": synthetic, "of": len(cards)})
    yield Limit("case_limit.model", {})
    for row in read_table(CaseFeature):
        told = [card.features[row.id].value for card in cards if row.id in card.features]
        if here is None or row.id not in here or not told:
            continue
        value = here[row.id].value
        numbers = [each for each in told if not isinstance(each, str)]
        if isinstance(value, str):
            if value not in told:
                yield Limit(
                    "case_limit.other_text", {"name": row.id, "got": value, "known": sorted(set(map(str, told)))}
                )
        elif numbers and not min(numbers) <= value <= max(numbers):
            values = {"name": row.id, "got": value, "low": min(numbers), "high": max(numbers), "unit": row.unit}
            yield Limit("case_limit.outside", values)

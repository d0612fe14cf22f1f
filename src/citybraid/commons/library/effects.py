"""Effects of a measure across cases: a distribution with its number, and how far it may be carried over."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from citybraid.commons.form.card import Card, Effect, FeatureValue
from citybraid.commons.library.library import Version
from citybraid.commons.library.likeness import same
from citybraid.core.rows.cases import CaseFeature
from citybraid.core.tables import read_table

FEW = 5
"""Fewer cases than this give no distribution: their values are shown one by one."""
PERCENT = 100.0
SHARE, POINTS = "%", "pp"
INTERVAL: Mapping[str, str] = {"degC": "K", SHARE: POINTS}
"""Units that effects are compared in as differences, and the unit of these: a share of 20 °C means nothing, and a share
of a share reads as one of the area."""
LEAST = 0.05
"""Smaller effects than this are none [% or the unit of the difference]."""
ROUNDING = 1e-9
"""Share of an effect by which the width of its band may differ from it and count as equal."""


class CaseEffect(NamedTuple):
    """Effect of a measure in one case against the state without it, with its band; and per unit installed.

    `relative`, `low` and `high` are in `unit`: % of the state without; for units with a zero by convention and shares
    that of the difference; and the indicator's own where effect or band is larger than the state without, of which a
    share would tell nothing. `guessed` says that no run tells how far off the effect may be: it has no band (`low` and
    `high` are None).
    """

    case: str
    synthetic: bool
    effect: Effect
    unit: str
    relative: float
    low: float | None
    high: float | None
    guessed: bool
    per_unit: float | None

    @property
    def size(self) -> float:
        """How much an effect moves its indicator, whatever its unit: as a share, 1 for a kelvin or a whole area's."""
        if self.unit in {SHARE, *INTERVAL.values()}:
            return abs(self.relative) / PERCENT
        return abs(self.effect.change / self.effect.base) if self.effect.base else float(self.effect.change != 0.0)

    @property
    def moves(self) -> bool:
        """Whether it is an effect at all."""
        return self.size >= LEAST / PERCENT


class Distribution(NamedTuple):
    """Effects on an indicator across cases in one unit: least, quartiles, most; and whether signs agree."""

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

    @property
    def size(self) -> float:
        """How much the largest of the effects moves its indicator."""
        return max(each.size for each in self.cases)


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
    by_measure: dict[tuple[str, str], list[CaseEffect]] = {}
    for version in with_it:
        if version.card is None:
            continue
        for effect in version.card.effects:
            if effect.measure.rpartition(".")[2] == measure:
                effect_row = case_effect(version.card, effect)
                by_measure.setdefault((effect.indicator, effect_row.unit), []).append(effect_row)
    distributions = [
        _distribution(*key, each) for key, each in sorted(by_measure.items()) if any(one.moves for one in each)
    ]
    together = [each.name for each in all_of_them if each not in with_it and _uses(each, measure)]
    limits = (
        *_unheld(with_it, together), *_amounts(measure, with_it), *_bands(distributions), *_limits(with_it, here),
    )  # fmt: skip
    return Transfer(measure, tuple(distributions), limits)


def _has(version: Version, measure: str) -> bool:
    return version.card is not None and any(each.measure.rpartition(".")[2] == measure for each in version.card.effects)


def _uses(version: Version, measure: str) -> bool:
    return version.card is not None and measure in version.card.measures


def without_effect(card: Card) -> tuple[str, ...]:
    """Return the measures of a case that it tells no effect of: they were computed together with others alone."""
    names = {each.measure.rpartition(".")[2] for each in card.effects}
    return tuple(each for each in card.measures if each not in names)


def case_effect(card: Card, effect: Effect) -> CaseEffect:
    """Return an effect as cases are compared by it."""
    guessed = _guessed(effect)
    low, high = (None, None) if guessed else (effect.low, effect.high)
    reach = max(abs(each) for each in (effect.change, low, high) if each is not None)
    if effect.unit in INTERVAL:
        unit, scale = INTERVAL[effect.unit], 1.0
    elif reach > abs(effect.base):
        unit, scale = effect.unit, 1.0
    else:
        unit, scale = SHARE, PERCENT / abs(effect.base) if effect.base else 0.0
    return CaseEffect(
        card.name, card.synthetic, effect, unit, effect.change * scale, None if low is None else low * scale,
        None if high is None else high * scale, guessed, effect.change / effect.installed if effect.installed else None,
    )  # fmt: skip


def in_own_unit(effect: CaseEffect) -> CaseEffect:
    """Return an effect in its indicator's unit, a difference of shares in points."""
    own = effect.effect
    low, high = (None, None) if effect.guessed else (own.low, own.high)
    return effect._replace(unit=INTERVAL.get(own.unit, own.unit), relative=own.change, low=low, high=high)


def _guessed(effect: Effect) -> bool:
    """Tell whether no run tells an effect's error.

    Its band is missing then; cases that were packed before runs told so have one that is as wide as the effect itself.
    """
    if effect.low is None or effect.high is None:
        return True
    if not effect.change:
        return False
    halves = (effect.high - effect.change, effect.change - effect.low)
    return all(abs(half - abs(effect.change)) <= ROUNDING * abs(effect.change) for half in halves)


def _distribution(indicator: str, unit: str, effects: list[CaseEffect]) -> Distribution:
    values = np.array([each.relative for each in effects])
    least, lower, median, upper, most = (float(each) for each in np.percentile(values, (0, 25, 50, 75, 100)))
    signs = {float(np.sign(each)) for each in values if each}
    cases = tuple(sorted(effects, key=lambda each: each.relative))
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


def _bands(distributions: Iterable[Distribution]) -> Iterable[Limit]:
    """Yield that effects stand without a band as no run tells their error, and that others do in their own unit."""
    pairs = [(each, one) for each in distributions for one in each.cases if one.moves]
    if guessed := sorted({one.case for _, one in pairs if one.guessed}):
        yield Limit("case_limit.no_band", {"count": len(guessed), "cases": guessed})
    if any(each.unit not in {SHARE, *INTERVAL.values()} for each, _ in pairs):
        yield Limit("case_limit.own_unit", {})


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
        known_values = [card.features[row.id].value for card in cards if row.id in card.features]
        if here is None or row.id not in here or not known_values:
            continue
        value = here[row.id].value
        numbers = [each for each in known_values if not isinstance(each, str)]
        if isinstance(value, str):
            if not any(same(value, str(each)) for each in known_values):
                yield Limit(
                    "case_limit.other_text",
                    {"name": row.id, "got": value, "known": sorted(set(map(str, known_values)))},
                )
        elif numbers and not min(numbers) <= value <= max(numbers):
            values = {"name": row.id, "got": value, "low": min(numbers), "high": max(numbers), "unit": row.unit}
            yield Limit("case_limit.outside", values)

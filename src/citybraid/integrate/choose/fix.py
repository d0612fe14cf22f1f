"""The cheapest fix: the measure, or pair of measures, that reaches one unit's target at the lowest cost."""

import math
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Target
from citybraid.integrate.learn.effects import EffectTable

ENOUGH = 1e-9
"""Relative slack within which a target counts as met [-]."""


@dataclass(frozen=True)
class Fix:
    """Measures with their adoption (0 to 1) in the unit, their present cost, and the value they lead to."""

    adoption: Mapping[str, float]
    cost: float
    value: float
    assumed: bool


def cheapest_fix(
    effects: EffectTable, prices: Mapping[str, Price], target: Target, *, undivided: Container[str] = ()
) -> Fix | None:
    """Return the cheapest fix of a unit's indicator, None where no measure and no pair with a price reaches the target.

    A unit that meets its target already gets a fix without measures. The change is
    linear in adoption; a pair adds its interaction times both adoptions, within the
    room that the two share. The `undivided` measures count at full adoption only: a
    maximum over buildings does not fall by a share of a measure on each building.
    """
    base = float(effects.base[target.indicator][target.unit])
    need = target.direction * (target.value - base)
    if not math.isfinite(need):
        return None
    if need <= ENOUGH * abs(target.value):
        return Fix({}, 0.0, base, assumed=False)
    lone = {
        name: (
            target.direction * float(single.change[target.indicator][target.unit]),
            _cost(single.installed, prices, name, target.unit),
        )
        for name, single in effects.single.items()
        if name in prices and single.installed[target.unit] > 0.0
    }
    options = [*_singles(lone, need, undivided), *_pairs(effects, lone, need, target)]
    if not options:
        return None
    adoption, cost, gain = min(options, key=lambda fix: (fix[1], len(fix[0]), sorted(fix[0])))
    return Fix(adoption, cost, base + target.direction * gain, assumed=any(prices[name].assumed for name in adoption))


def best_step(effects: EffectTable, prices: Mapping[str, Price], target: Target) -> Fix | None:
    """Return the measure that, at full adoption, brings a unit's indicator nearest to its target without reaching it.

    None where no measure with a price moves the indicator towards the target. Of equal
    measures the cheaper one is returned.
    """
    base = float(effects.base[target.indicator][target.unit])
    steps = [
        (gain, -_cost(single.installed, prices, name, target.unit), name)
        for name, single in effects.single.items()
        if name in prices
        and single.installed[target.unit] > 0.0
        and (gain := target.direction * float(single.change[target.indicator][target.unit])) > ENOUGH
    ]
    if not steps or not math.isfinite(base):
        return None
    gain, cost, name = max(steps)
    return Fix({name: 1.0}, -cost, base + target.direction * gain, assumed=prices[name].assumed)


Option = tuple[dict[str, float], float, float]


def _singles(lone: Mapping[str, tuple[float, float]], need: float, undivided: Container[str]) -> Iterator[Option]:
    for name, (gain, cost) in lone.items():
        if gain >= need * (1.0 - ENOUGH):
            share = 1.0 if name in undivided else min(1.0, need / gain)
            yield {name: share}, share * cost, share * gain


def _pairs(
    effects: EffectTable, lone: Mapping[str, tuple[float, float]], need: float, target: Target
) -> Iterator[Option]:
    for one, other in combinations(lone, 2):
        pair = effects.pair.get((one, other))
        if pair is None:
            continue
        room = float(pair.first[target.unit]), float(pair.second[target.unit])
        if min(room) <= 0.0:
            continue
        both = target.direction * float(pair.interaction[target.indicator][target.unit]) / (room[0] * room[1])
        (gain_a, cost_a), (gain_b, cost_b) = lone[one], lone[other]
        for a in _candidates(
            gain_a, gain_b, both=both if math.isfinite(both) else 0.0, need=need, costs=(cost_a, cost_b)
        ):
            slope = gain_b + both * a
            b = (need - gain_a * a) / slope if slope > 0.0 else math.inf
            fits = 0.0 <= b <= 1.0 - (1.0 - room[1]) * a + ENOUGH and a <= 1.0 - (1.0 - room[0]) * b + ENOUGH
            if fits and a > 0.0 and b > 0.0:
                yield {one: a, other: b}, a * cost_a + b * cost_b, gain_a * a + gain_b * b + both * a * b


def _candidates(
    gain_a: float, gain_b: float, *, both: float, need: float, costs: tuple[float, float]
) -> tuple[float, ...]:
    """Return the first measure's adoptions that can be cheapest on need = a A + b B + ab C.

    They are full adoption, the adoption beside full adoption of the second, and where
    the cost along the curve is stationary: (B + aC)^2 = (AB + need C) cost_b / cost_a.
    """
    adoptions = [1.0]
    if gain_a + both > 0.0:
        adoptions.append((need - gain_b) / (gain_a + both))
    inner = (gain_a * gain_b + need * both) * costs[1] / costs[0] if costs[0] > 0.0 else 0.0
    if both != 0.0 and inner > 0.0:
        adoptions += [(sign * math.sqrt(inner) - gain_b) / both for sign in (1.0, -1.0)]
    return tuple(a for a in adoptions if 0.0 < a <= 1.0)


def _cost(installed: pd.Series, prices: Mapping[str, Price], name: str, unit: str) -> float:
    return float(installed[unit]) * prices[name].present

"""Marginal abatement cost curve: what each measure adds beside those taken before it, and what that costs."""

from collections.abc import Collection, Mapping

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.learn.effects import EffectTable
from citybraid.kernels.risk.cost_benefit import present_value

COLUMNS = ("measure", "abatement", "cost", "marginal", "alone", "alone_cost", "cumulative", "status")


def abatement_curve(
    effects: EffectTable, prices: Mapping[str, Price], indicator: str, *, tonnes: float = 1.0
) -> pd.DataFrame:
    """Return a row per priced measure in the order of the curve, at full adoption in the whole area.

    The next measure is the one whose increment costs least beside those already taken; increments are computed anew
    at every step from pairs that were run, so they sum to the effect of all. Columns: abatement [t a year, `tonnes` per
    unit of the indicator] and cost [currency a year] of the increment, marginal [currency per t], both alone, the sum
    of abatement so far, and status of the price. A measure that abates nothing beside those before it stands at the
    end, its marginal cost absent. Empty where the effects lack the indicator.
    """
    left = [name for name in effects.single if name in prices and float(effects.single[name].installed.sum()) > 0.0]
    if indicator not in effects.base:
        left = []
    taken: list[str] = []
    rows: list[dict[str, object]] = []
    before, spent = 0.0, 0.0
    while left:
        steps = {name: _step(effects, prices, [*taken, name], indicator) for name in left}
        gain = {name: tonnes * abated - before for name, (abated, _) in steps.items()}
        useful = [name for name in left if gain[name] > 0.0]
        ranked = useful or left
        best = min(ranked, key=lambda name: (steps[name][1] - spent) / gain[name] if useful else -gain[name])
        alone, alone_cost = _step(effects, prices, [best], indicator)
        added, cost = gain[best], steps[best][1] - spent
        rows.append({
            "measure": best, "abatement": added, "cost": cost, "marginal": cost / added if useful else float("nan"),
            "alone": tonnes * alone, "alone_cost": alone_cost, "cumulative": before + added,
            "status": prices[best].status,
        })  # fmt: skip
        before, spent = before + added, spent + cost
        taken.append(best)
        left.remove(best)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _step(
    effects: EffectTable, prices: Mapping[str, Price], group: Collection[str], indicator: str
) -> tuple[float, float]:
    """Return what a group of measures abates [units of the indicator] and costs [currency a year] together.

    Of each measure that much fits as beside the one that leaves it least room. Its lone effect at that share, and what
    each pair was found to interact, scaled to the shares, make up the group's: exact for one and two measures.
    """
    room = {name: min([1.0, *(_room(effects, name, other) for other in group if other != name)]) for name in group}
    change = sum(room[name] * float(effects.single[name].change[indicator][WHOLE_AREA]) for name in group)
    for (first, second), pair in effects.pair.items():
        if first in room and second in room:
            shares = [float(share[WHOLE_AREA]) for share in (pair.first, pair.second)]
            scale = _of(room[first], shares[0]) * _of(room[second], shares[1])
            change += scale * float(pair.interaction[indicator][WHOLE_AREA])
    cost = sum(room[name] * _yearly(prices[name]) * float(effects.single[name].installed.sum()) for name in group)
    return 0.0 - change, cost


def _room(effects: EffectTable, name: str, other: str) -> float:
    """Return the share of a measure that fits beside another; 1 where the pair was not run."""
    if (name, other) in effects.pair:
        return float(effects.pair[name, other].first[WHOLE_AREA])
    if (other, name) in effects.pair:
        return float(effects.pair[other, name].second[WHOLE_AREA])
    return 1.0


def _of(share: float, beside: float) -> float:
    return share / beside if beside > 0.0 else 0.0


def _yearly(price: Price) -> float:
    """Return the present cost of a unit spread evenly over its lifetime [currency a year]."""
    return price.present / present_value(1.0, years=price.lifetime, rate=price.discount_rate)

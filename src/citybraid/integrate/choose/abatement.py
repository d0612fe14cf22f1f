"""Marginal abatement cost curve: what each measure adds beside those taken before it, and what that costs."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.learn.effects import EffectTable
from citybraid.kernels.risk.cost_benefit import present_value

COLUMNS = ("measure", "abatement", "cost", "saved", "marginal", "alone", "alone_cost", "cumulative", "status")


class _Step(NamedTuple):
    """What a group of measures does: abated [units of the indicator], net cost and bills saved [currency a year]."""

    abated: float
    cost: float
    saved: float


def abatement_curve(
    effects: EffectTable, prices: Mapping[str, Price], indicator: str, *, tonnes: float = 1.0,
    bills: Mapping[str, float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return a row per priced measure in the order of the curve, at full adoption in the whole area.

    The next measure is the one whose increment costs least beside those already taken; increments are computed anew
    at every step from pairs that were run, so they sum to the effect of all as pairs tell it. `bills` gives the
    indicators that are energy paid for in a year, with the currency of a unit: what they fall by is taken off the
    cost, which may then be below 0. Columns: abatement [t a year, `tonnes` per unit of the indicator], cost and the
    energy bills saved in it [currency a year] of the increment, marginal [currency per t], abatement and cost alone,
    the sum of abatement so far, and status of the price. A measure that abates nothing beside those before it stands
    at the end, its marginal cost absent. Empty where the effects lack the indicator.
    """
    left = [name for name in effects.single if name in prices and float(effects.single[name].installed.sum()) > 0.0]
    if indicator not in effects.base:
        left = []
    taken: list[str] = []
    rows: list[dict[str, object]] = []
    known = {name: each for name, each in (bills or {}).items() if name in effects.base}

    def step(group: list[str]) -> _Step:
        return _step(effects, prices, group, indicator, known)

    before, spent, saved = 0.0, 0.0, 0.0
    while left:
        steps = {name: step([*taken, name]) for name in left}
        gain = {name: tonnes * each.abated - before for name, each in steps.items()}
        useful = [name for name in left if gain[name] > 0.0]
        ranked = useful or left
        best = min(ranked, key=lambda name: (steps[name].cost - spent) / gain[name] if useful else -gain[name])
        alone = step([best])
        added, cost = gain[best], steps[best].cost - spent
        rows.append({
            "measure": best, "abatement": added, "cost": cost, "saved": steps[best].saved - saved,
            "marginal": cost / added if useful else float("nan"), "alone": tonnes * alone.abated,
            "alone_cost": alone.cost, "cumulative": before + added,
            "status": prices[best].status,
        })  # fmt: skip
        before, spent, saved = before + added, spent + cost, steps[best].saved
        taken.append(best)
        left.remove(best)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _step(
    effects: EffectTable, prices: Mapping[str, Price], group: Collection[str], indicator: str,
    bills: Mapping[str, float],
) -> _Step:  # fmt: skip
    """Return what a group of measures abates, costs and saves of energy bills together.

    Of each measure that much fits as beside the one that leaves it least room. Its lone effect at that share, and what
    each pair was found to interact, scaled to the shares, make up the group's: exact for one and two measures.
    """
    room = {name: min([1.0, *(_room(effects, name, other) for other in group if other != name)]) for name in group}
    cost = sum(room[name] * _yearly(prices[name]) * float(effects.single[name].installed.sum()) for name in group)
    saved = 0.0 - sum(_change(effects, room, bill) * currency for bill, currency in bills.items())
    return _Step(0.0 - _change(effects, room, indicator), cost - saved, saved)


def _change(effects: EffectTable, room: Mapping[str, float], indicator: str) -> float:
    """Return the change of an indicator by measures at their shares, with the interactions of pairs."""
    change = sum(share * float(effects.single[name].change[indicator][WHOLE_AREA]) for name, share in room.items())
    for (first, second), pair in effects.pair.items():
        if first in room and second in room:
            shares = [float(share[WHOLE_AREA]) for share in (pair.first, pair.second)]
            scale = _of(room[first], shares[0]) * _of(room[second], shares[1])
            change += scale * float(pair.interaction[indicator][WHOLE_AREA])
    return change


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

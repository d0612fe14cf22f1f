"""Money of the chosen portfolio handed down from planning units to parcels, as tables of a run."""

from collections.abc import Mapping, Sequence

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, Portfolio, Use
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.money.parcels import ParcelShares, parcel_money
from citybraid.planning.aggregation import rule_of, without_whole
from citybraid.planning.levels import nested
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import unit_table
from citybraid.study.open.budget import Budget
from citybraid.study.run.choosing import Choice, served
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import Frames
from citybraid.study.run.parcel_effects import installed_by_parcel

BARE, ELSEWHERE = 0.05, 0.05
"""Least share of parcels without a measure by which its reach is told, and the most of its effect there."""
SPREADS = ("measure", "indicator", "spread")


def parcel_money_frames(evaluator: Evaluator, choice: Choice, budget: Budget) -> Frames:
    """Return `parcel_money` and `parcel_money_units` as `parcel_money` gives them, and how effects are `spread`.

    An effect is spread over parcels as its own change falls on them ("effect") where a run of the measure in all units
    changes next to nothing on parcels without it; else, and for means, as the measure's quantity ("quantity").
    Nothing where the study does not ask for it, or has no parcels.
    """
    if budget.down_to != "parcel" or "parcels" not in evaluator.place.layers:
        return {}
    goal, money, targets = served(evaluator.study, choice, budget)
    programme = choice.settled.programme
    edge = margins(programme, goal, budget=money, targets=targets)
    names = list(dict.fromkeys([goal.indicator, *(target.indicator for target in edge.per_target)]))
    shares = parcel_shares(evaluator, [use for use in choice.candidates if use.model.name in programme.used], names)
    frames = parcel_money(programme, edge, choice.chosen, shares)
    rows = [
        (measure, name, "effect" if (measure, name) in shares.effect else "quantity")
        for measure in programme.used
        for name in names
    ]
    return {
        "parcel_money": frames.parcels, "parcel_money_units": frames.units,
        "parcel_spread": pd.DataFrame(rows, columns=list(SPREADS)),
    }  # fmt: skip


def parcel_shares(evaluator: Evaluator, uses: Sequence[Use], names: Sequence[str]) -> ParcelShares:
    """Return how measures and their effects on indicators are spread over the parcels of each unit."""
    place = evaluator.planned((), grid="full").place
    memory = evaluator.engine.memory
    shapes = {level: memory.get(place.one(table).key) for level, table in (("unit", "units"), ("parcel", "parcels"))}
    parents = nested(shapes)
    home = parents.parents["parcel"]
    lost = set(parents.problems.loc[parents.problems["kind"] == "none", "zone"])
    home = home[[name not in lost and parent != "" for name, parent in home.items()]]
    amounts: dict[str, pd.Series] = {}
    effects: dict[tuple[str, str], pd.Series] = {}
    before = _by_zone(evaluator, ())
    for use in uses:
        quantity = _quantity(evaluator, use, home, shapes["parcel"].area, shapes["unit"].area)
        amounts[use.model.name] = quantity
        after = _by_zone(evaluator, (use,))
        for name in names:
            summed = _summed(name)
            if summed in after["units"]:
                change = {zones: (after[zones] - before[zones])[summed] for zones in after}
                spread = _spread(change, quantity, home)
                if spread is not None:
                    effects[use.model.name, name] = spread
    return ParcelShares(home, amounts, effects)


def _summed(name: str) -> str:
    """Return the indicator that parcels add up: itself, or what it is a quotient of; '' for none."""
    reading = indicators()[name].reading
    above = reading.var if reading.statistic == "quotient" else name
    return above if above in indicators() and rule_of(indicators()[above]) == "sum" else ""


def _by_zone(evaluator: Evaluator, members: Portfolio) -> Mapping[str, pd.DataFrame]:
    """Return the indicators of units and of parcels on the screening grid."""
    planned = evaluator.planned(members, grid="screening", whole=False)
    tables = {}
    for zones in ("units", "parcels"):
        reader = Evaluator(evaluator.study, evaluator.place, evaluator.base, evaluator.engine, evaluator.grid, zones)
        tables[zones] = without_whole(unit_table(reader.read(planned, grid="screening"), indicators().values()).by_zone)
    return tables


def _quantity(evaluator: Evaluator, use: Use, home: pd.Series, areas: pd.Series, units: pd.Series) -> pd.Series:
    """Return each parcel's share of its unit's quantity; of its ground where parcels cannot tell the quantity."""
    of_unit = evaluator.installed((use,)) - evaluator.installed(())
    amount = installed_by_parcel(evaluator, use, home.index)
    if amount is None or use.model.quantity is None:
        part, whole = areas.astype(float), units.astype(float)
    else:
        part, whole = amount.astype(float), of_unit[use.model.quantity.name].drop(WHOLE_AREA).astype(float)
    part = part.set_axis([str(name) for name in part.index]).reindex(home.index).fillna(0.0).clip(lower=0.0)
    whole = whole.set_axis([str(name) for name in whole.index])
    made = part.groupby(home).sum().reindex(whole.index).fillna(0.0)
    size = whole.where(whole >= made, made)
    return (part / home.map(size).where(home.map(size) > 0.0)).fillna(0.0)


def _spread(change: Mapping[str, pd.Series], quantity: pd.Series, home: pd.Series) -> pd.Series | None:
    """Return each parcel's share of its unit's change, None where the change does not stay with the measure."""
    own = change["parcels"].set_axis([str(name) for name in change["parcels"].index]).reindex(home.index)
    whole = change["units"].set_axis([str(name) for name in change["units"].index]).astype(float)
    size = float(own.abs().sum())
    bare = quantity <= 0.0
    if own.isna().any() or size <= 0.0 or float(bare.mean()) < BARE:
        return None
    if float(own[bare].abs().sum()) > ELSEWHERE * size:
        return None
    of_unit = home.map(whole)
    shares = (own / of_unit.where(of_unit != 0.0)).fillna(0.0)
    sums = shares.groupby(home).sum()
    if (shares < -ELSEWHERE).any() or (sums > 1.0 + ELSEWHERE).any():
        return None
    shares = shares.clip(lower=0.0)
    return shares / home.map(shares.groupby(home).sum().clip(lower=1.0))

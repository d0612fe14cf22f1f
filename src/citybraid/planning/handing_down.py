"""Targets of the objectives handed down to planning units and parcels, as a table of the run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.aggregation import without_whole
from citybraid.planning.cascade import (
    CAPACITY,
    EQUAL,
    PORTFOLIO,
    REST,
    Level,
    Shares,
    best_reached,
    cascades,
    handed_down,
    with_rest,
)
from citybraid.planning.rows import Indicator, indicators

COLUMNS = (
    "objective", "indicator", "level", "zone", "parent", "rule", "present", "target", "reached", "weight", "met",
    "reach",
)  # fmt: skip


class Aim(NamedTuple):
    """An objective as it is handed down: its indicator, the target of the whole, and the rule of sharing."""

    id: str
    indicator: str
    target: float
    cascade: str


class LevelTable(NamedTuple):
    """A level of the first alternative: its name, indicators by zone with the whole last, weights, and parents."""

    level: str
    table: pd.DataFrame
    weights: pd.DataFrame
    parents: pd.Series | None


class Handing(NamedTuple):
    """What targets are handed down on: objectives, units by alternative, levels from units down, the portfolio."""

    objectives: Sequence[Aim]
    units: Mapping[str, pd.DataFrame]
    levels: Sequence[LevelTable]
    portfolio: str


def target_table(handing: Handing) -> pd.DataFrame:
    """Return a row per objective, level and zone whose target follows from that of the whole area.

    Units share the target of the whole by the objective's rule; parcels share that of their unit equally. What lies in
    no zone of a level has a row of its own (zone REST), so that every level adds up. `reached` is the value in the last
    alternative, `weight` what a mean is weighted with. An objective whose indicator has no values by zone, or none
    that add up, has no rows.
    """
    rows = [row for objective in handing.objectives for row in _objective(handing, objective)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _objective(handing: Handing, objective: Aim) -> Iterator[tuple[object, ...]]:
    indicator = indicators()[objective.indicator]
    if not cascades(indicator) or not handing.levels or indicator.id not in handing.levels[0].table:
        return
    first, *below = handing.levels
    whole = float(first.table[indicator.id][WHOLE_AREA])
    if not np.isfinite(whole):
        return
    weight = _weight(first, indicator)
    level = with_rest(indicator, _of(first, indicator), whole, weight)
    shares = _shared(handing, objective, indicator, level, whole=weight)
    last = handing.units[tuple(handing.units)[-1]]
    rule = objective.cascade
    yield from _rows(objective, first.level, level, shares, rule, parent=WHOLE_AREA, last=last)
    for lower in below:
        if lower.parents is None or indicator.id not in lower.table:
            continue
        for zone in first.table.index.drop(WHOLE_AREA):
            target = float(shares.target.get(str(zone), np.nan))
            yield from _within(objective, lower, str(zone), above=first, target=target)


def _within(
    objective: Aim, lower: LevelTable, zone: str, *, above: LevelTable, target: float
) -> Iterator[tuple[object, ...]]:
    """Yield the targets of the shapes of a level within one unit: each the same part of its way."""
    indicator, parents = indicators()[objective.indicator], lower.parents
    inside = [] if parents is None else [name for name, home in parents.items() if home == zone]
    if not inside or not np.isfinite(target):
        return
    whole = float(above.table[indicator.id][zone])
    weight = float(above.weights[indicator.id][zone]) if indicator.id in above.weights else np.nan
    own = _of(lower, indicator)
    part = Level(own.present.reindex(inside), None if own.weights is None else own.weights.reindex(inside))
    level = with_rest(indicator, part, whole, weight)
    down = handed_down(indicator, target, level.present, level.weights)
    yield from _rows(objective, lower.level, level, down, EQUAL, parent=zone, last=None)


def _shared(handing: Handing, objective: Aim, indicator: Indicator, level: Level, *, whole: float) -> Shares:
    units = {name: _zones(indicator, table, level, whole) for name, table in handing.units.items()}
    best = best_reached(indicator.id, units)
    key: pd.Series | None = None
    first = next(iter(units))
    base = without_whole(handing.units[first])
    if objective.cascade == CAPACITY and best is not None:
        key = _change(best, units[first][indicator.id], indicator)
    elif objective.cascade == PORTFOLIO and handing.portfolio in units:
        key = _change(units[handing.portfolio][indicator.id], units[first][indicator.id], indicator)
    elif objective.cascade in base:
        key = base[objective.cascade]
    if key is not None and level.weights is not None and objective.cascade in (CAPACITY, PORTFOLIO):
        key = key.reindex(level.present.index) * level.weights
    return handed_down(indicator, objective.target, level.present, level.weights, key=key, capacity=best)


def _zones(indicator: Indicator, table: pd.DataFrame, level: Level, whole: float) -> pd.DataFrame:
    """Return an alternative's values of an indicator by zone, with the rest of the whole where the level has one.

    Streets between units shade as units do: what alternatives change there counts too. `whole` is the whole's weight.
    """
    if indicator.id not in table:
        return pd.DataFrame(index=without_whole(table).index)
    values, total = without_whole(table)[indicator.id].astype(float), float(table[indicator.id][WHOLE_AREA])
    if REST in level.present.index and np.isfinite(total):
        weights = None if level.weights is None else level.weights.drop(REST)
        values = with_rest(indicator, Level(values, weights), total, whole).present.reindex(level.present.index)
    return pd.DataFrame({indicator.id: values})


def _change(after: pd.Series, before: pd.Series, indicator: Indicator) -> pd.Series:
    """Return the change for the better of each zone, 0 where there is none."""
    sign = -1.0 if indicator.direction == "lower" else 1.0
    return (sign * (after - before)).clip(lower=0.0)


def _of(level: LevelTable, indicator: Indicator) -> Level:
    weights = without_whole(level.weights)
    values = without_whole(level.table)[indicator.id].astype(float)
    return Level(values, weights.get(indicator.id))


def _weight(level: LevelTable, indicator: Indicator) -> float:
    return float(level.weights[indicator.id][WHOLE_AREA]) if indicator.id in level.weights else np.nan


def _rows(
    objective: Aim, level: str, zones: Level, shares: Shares, rule: str, *, parent: str, last: pd.DataFrame | None
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    for name, present in zones.present.items():
        zone = str(name)
        reached = np.nan
        if last is not None and zone != REST and objective.indicator in last:
            reached = float(last[objective.indicator].get(zone, np.nan))
        weight = 1.0 if zones.weights is None else float(zones.weights[zone])
        yield (objective.id, objective.indicator, level, zone, parent, rule, float(present),
               float(shares.target[zone]), reached, weight, shares.met, shares.reach)  # fmt: skip

"""Targets of the whole area handed down to units and parcels by a stated rule, so that they add up to it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.planning.aggregation import rule_of
from citybraid.planning.rows import Indicator, indicators
from citybraid.planning.zones import Floats

EQUAL, CAPACITY, PORTFOLIO = "equal", "capacity", "portfolio"
RULES = (EQUAL, CAPACITY, PORTFOLIO)
"""Everyone the same part of the way; by what the alternatives can change there; as the chosen portfolio changes it."""
PERCENT = "%"
CLOSED = 1e-12
"""Share of a change that may be left when it is handed on."""


class Shares(NamedTuple):
    """Targets of zones: `target` of each, whether `met` already, and which share of the change can be had.

    `reach` is what all zones can change over what is asked, NaN where no alternative says what they can.
    """

    target: pd.Series
    met: bool
    reach: float


def cascades(indicator: Indicator) -> bool:
    """Tell whether targets of an indicator can be handed down: sums and weighted means of zones with a direction."""
    return rule_of(indicator) in ("sum", "mean") and indicator.direction != "none"


def handed_down(
    indicator: Indicator, target: float, values: pd.Series, weights: pd.Series | None, *, key: pd.Series | None = None,
    capacity: pd.Series | None = None,
) -> Shares:  # fmt: skip
    """Return the target of each zone so that the sum, or the weighted mean, of all is the target of the whole.

    The change that the whole needs is handed out in proportion to `key` (people, what the alternatives change there);
    without one, each zone goes the same part of its way to 0, or of a share to 100 %, or grows by the same percentage.
    No zone is asked to fall below 0 where the present values do not, nor a share to rise above 100 %; what it cannot
    take, the others share. Where the target is met already, each zone keeps what it has. `capacity` is the best that
    alternatives reach in each zone.
    """
    weight = np.ones(len(values)) if weights is None else weights.reindex(values.index).to_numpy(np.float64)
    known = np.isfinite(values.to_numpy(np.float64)) & (weight > 0.0)
    base = np.where(known, values.to_numpy(np.float64) * weight, 0.0)
    wanted = target * (weight[known].sum() if weights is not None else 1.0)
    change = wanted - base.sum()
    sign = -1.0 if indicator.direction == "lower" else 1.0
    able = _able(values, capacity, weight, sign=sign, known=known)
    reach = able.sum() / abs(change) if capacity is not None and change else np.nan
    if sign * change <= 0.0:
        return Shares(values.where(known), met=True, reach=reach)
    room = _room(indicator, base, weight, known=known)
    part = _key(key, values, room if np.isfinite(room[known]).all() else base, known=known)
    taken = shared_out(abs(change), part, room)
    targets = np.divide(base + sign * taken, weight, out=np.full(len(values), np.nan), where=known)
    return Shares(pd.Series(targets, index=values.index), met=False, reach=reach)


def shared_out(amount: float, key: Floats, room: Floats) -> Floats:
    """Return an amount shared out in proportion to a key, none above its room; what one cannot take, others share.

    Raises nothing where rooms are too small in all: each is then full.
    """
    taken, rest = np.zeros(len(key)), amount
    open_ = (key > 0.0) & (room > 0.0)
    while open_.any() and rest > CLOSED * amount:
        shares, left = np.zeros(len(key)), room - taken
        shares[open_] = rest * (key[open_] / key[open_].sum())
        full = open_ & (shares >= left)  # not by the sum after: rounding may leave a full zone short of its room
        step = np.where(full, left, shares)
        taken += step
        rest -= float(step.sum())
        if not full.any():
            break
        open_ &= ~full
    return taken


def _able(values: pd.Series, capacity: pd.Series | None, weight: Floats, *, sign: float, known: np.ndarray) -> Floats:
    if capacity is None:
        return np.zeros(len(values))
    best = capacity.reindex(values.index).to_numpy(np.float64)
    gain = sign * (best - values.to_numpy(np.float64)) * weight
    return np.where(known & np.isfinite(gain), np.clip(gain, 0.0, None), 0.0)


def _room(indicator: Indicator, base: Floats, weight: Floats, *, known: np.ndarray) -> Floats:
    """Return how far each zone can change: to 0 where none is negative, a share to 100 %; else without limit."""
    if indicator.direction == "lower" and not (base < 0.0).any():
        return np.where(known, base, 0.0)
    if indicator.direction == "higher" and indicator.unit == PERCENT:
        return np.where(known, np.clip(100.0 * weight - base, 0.0, None), 0.0)
    return np.where(known, np.inf, 0.0)


def _key(key: pd.Series | None, values: pd.Series, size: Floats, *, known: np.ndarray) -> Floats:
    """Return the key, else the size given of each zone; where all are 0, every zone counts the same."""
    given = None if key is None else key.reindex(values.index).fillna(0.0).to_numpy(np.float64)
    own = np.abs(size) if given is None else np.clip(given, 0.0, None)
    own = np.where(known, own, 0.0)
    return own if own.sum() > 0.0 else known.astype(np.float64)


def best_reached(indicator: str, tables: Mapping[str, pd.DataFrame]) -> pd.Series | None:
    """Return the best value that any of several alternatives reaches in each zone, None with fewer than two."""
    columns = [table[indicator] for table in tables.values() if indicator in table]
    if len(columns) < 2:  # noqa: PLR2004  (a change needs two)
        return None
    every = pd.concat(columns, axis=1)
    return every.min(axis=1) if indicators()[indicator].direction == "lower" else every.max(axis=1)


REST = "*outside*"
"""Name of what lies in no zone of a level, such as streets between parcels: it takes its share like a zone."""


class Level(NamedTuple):
    """An indicator over the zones of a level and, last, over the whole: values, and weights where it is a mean."""

    present: pd.Series
    weights: pd.Series | None


def with_rest(indicator: Indicator, zones: Level, whole: float, weight: float) -> Level:
    """Return the zones with the rest of the whole, so that all make it up; none where nothing is left.

    `weight` is that of the whole, for a mean.
    """
    values = zones.present.astype(float)
    if rule_of(indicator) == "sum":
        left = whole - float(values.sum())
        size = max(float(values.abs().sum()), abs(whole))
        return zones if abs(left) <= NOTHING * size else Level(pd.concat([values, pd.Series({REST: left})]), None)
    weights = pd.Series(1.0, index=values.index) if zones.weights is None else zones.weights.reindex(values.index)
    known = values.notna() & (weights > 0.0)
    left = weight - float(weights[known].sum())
    if left <= NOTHING * weight:
        return Level(values, weights)
    rest = (whole * weight - float((values * weights)[known].sum())) / left
    return Level(pd.concat([values, pd.Series({REST: rest})]), pd.concat([weights, pd.Series({REST: left})]))


NOTHING = 1e-9
"""Share of a whole that is rounding of sums."""

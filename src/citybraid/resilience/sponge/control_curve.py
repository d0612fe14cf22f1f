"""Control curve of sponge city planning: share of all rain retained against the design rain depth of each event."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError

F64 = NDArray[np.float64]
DAY = 24.0
CLOSE = 1e-6
KNOWN = 0.75
"""Least share of a day's steps that must be known for its rain to count [-]."""
PERCENT = 100.0


@dataclass(frozen=True)
class ControlCurve:
    """Design rain depths [mm] and the share of all rain [-] retained by them; both increase from 0.

    Between the points the share is interpolated linearly: exact where the points are the days of a
    record, conservative where they are published pairs, since the curve is concave.
    Beyond the last point the share is constant.
    """

    depth: F64
    share: F64

    def share_at(self, depth: F64) -> F64:
        """Return the share of all rain retained by a design rain depth [mm]."""
        return np.asarray(np.interp(depth, self.depth, self.share), dtype=np.float64)

    def depth_for(self, share: F64) -> F64:
        """Return the design rain [mm] of a control rate; no value above the curve's last point."""
        design_rain = np.interp(share, self.share, self.depth)
        return np.asarray(np.where(share > self.share[-1] + CLOSE, np.nan, design_rain), dtype=np.float64)


def daily_rain_depths(rain: pd.Series) -> F64:
    """Return daily rain [mm] as the sum of known steps; NaN where too few are known.

    Raises InputError where the step does not divide a day, or the record is empty.
    """
    values = rain.to_numpy(np.float64)
    hours = rain.index.to_numpy(np.float64)
    step = float(hours[1] - hours[0]) if hours.size > 1 else DAY
    steps = round(DAY / step) if step > 0 else 0
    if steps < 1 or abs(steps * step - DAY) > CLOSE or not np.isfinite(values).any():
        raise InputError("sponge.record", steps=values.size, step=step)
    table = values[: values.size // steps * steps].reshape(-1, steps)
    enough = np.isfinite(table).sum(axis=1) >= KNOWN * steps
    return np.asarray(np.where(enough, np.nansum(table, axis=1), np.nan), dtype=np.float64)


def curve_from_days(rain: F64, *, least: float) -> ControlCurve:
    """Return the curve of a record of daily rain [mm], without days of at most `least`.

    The share retained by depth H is the sum of min(P, H) over the sum of P, which is linear between
    consecutive days of the sorted record. Raises InputError where no day is left.
    """
    wet_days = rain[rain > least]
    if wet_days.size == 0:
        raise InputError("sponge.no_rain", least=least, days=int(np.isfinite(rain).sum()))
    depth, count = np.unique(wet_days, return_counts=True)
    wetter = wet_days.size - np.cumsum(count)
    retained = np.maximum.accumulate(np.cumsum(count * depth) + wetter * depth)
    return ControlCurve(np.append(0.0, depth), np.append(0.0, retained / retained[-1]))


def curve_from_pairs(pairs: Mapping[str, float]) -> ControlCurve:
    """Return the curve of published pairs: design rain [mm] by control rate in percent ("75").

    Raises InputError where there is no pair, or the design rain does not increase with the control rate.
    """
    points = sorted((float(key) / PERCENT, value) for key, value in pairs.items() if key)
    if not points:
        raise InputError("sponge.no_pairs")
    share, depth = (np.append(0.0, column) for column in np.array(points).T)
    if (np.diff(depth) <= 0.0).any() or share[-1] > 1.0:
        raise InputError("sponge.pairs", pairs={key: pairs[key] for key in sorted(pairs) if key})
    return ControlCurve(depth, share)

"""Heat cascade of a site: the least heating and cooling from outside by the problem-table algorithm.

Hot streams give heat while they cool, cold ones take it while they warm. Streams are shifted by half the least
temperature difference, cut at every temperature, and surplus heat passes down from interval to interval.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Cascade(NamedTuple):
    """The least utilities and the cascade; temperatures [degC] are shifted, heat in the unit of the streams."""

    heating: float
    """Heat needed from outside."""
    cooling: float
    """Heat that remains and must be cooled away or used elsewhere."""
    recovered: float
    """Heat that streams exchange with each other."""
    pinch: float
    """Shifted temperature across which no heat passes; NaN where heat passes everywhere."""
    temperature: Array
    """Bounds of the intervals, from hot to cold; that of a stream of one temperature stands before and after it."""
    flow: Array
    """Heat that passes each bound, with the least heating."""


def cascade(start: Array, end: Array, heat: Array, *, difference: float) -> Cascade:
    """Return the heat cascade of streams (Linnhoff and Flower 1978; Kemp 2007, ch. 2).

    A stream goes from `start` to `end` [degC] and exchanges `heat` (positive); at equal temperatures, as in
    condensation, it is hot where `heat` is negative. `difference` is the least temperature difference [K] between
    a hot and a cold stream.
    """
    hot = (start > end) | ((start == end) & (heat < 0))
    amount = np.abs(heat)
    shift = np.where(hot, -0.5, 0.5) * difference
    low, high = np.minimum(start, end) + shift, np.maximum(start, end) + shift
    level = np.unique(np.concatenate([low, high]))[::-1]
    twice = np.isin(level, low[low == high])
    temperature = np.repeat(level, 1 + twice)
    after = np.append(np.diff(temperature) == 0, values=False)[np.arange(-1, temperature.size - 1)]
    flow = _passing(temperature, after, low, high, np.where(hot, amount, -amount))
    if temperature.size == 0:
        return Cascade(0.0, 0.0, 0.0, np.nan, temperature, flow)
    least = max(0.0, -float(flow.min()))
    flow = flow + least
    cooling = float(flow[-1])
    total = float(amount[hot].sum())
    closed = np.flatnonzero(np.isclose(flow, 0.0, atol=1e-9 * max(float(amount.sum()), 1.0)))
    inner = [at for at in closed if 0 < at < flow.size - 1]
    pinch = float(temperature[inner[0]]) if inner else np.nan
    return Cascade(least, cooling, total - cooling, pinch, temperature, flow)


def _passing(temperature: Array, after: NDArray[np.bool_], low: Array, high: Array, heat: Array) -> Array:
    """Return the sum of heat above each temperature; where `after`, with streams of that one temperature."""
    span = high - low
    share = np.clip((high - temperature[:, None]) / np.where(span > 0, span, 1.0), 0.0, 1.0)
    reached = (temperature[:, None] < high) | ((temperature[:, None] == high) & after[:, None])
    return np.asarray((np.where(span > 0, share, reached) * heat).sum(1), dtype=np.float64)

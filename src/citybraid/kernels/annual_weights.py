"""Weight of each event in an average year, so that expected annual loss is a sum over events."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def annual_weights(period: Floats, *, onset: float, tail: bool) -> Floats:
    """Return weights [1/year] of events with rising return periods [year]: their product with losses is the trapezoid.

    From `onset` to the first event loss rises from none, linear in annual probability; left out where the
    onset is not below it. With `tail`, rarer events cost as much as the rarest.
    """
    chance = 1.0 / period
    step = np.abs(np.diff(chance))
    weights = np.zeros(period.size)
    weights[:-1] += 0.5 * step
    weights[1:] += 0.5 * step
    if onset < period[0]:
        weights[0] += 0.5 * (1.0 / onset - chance[0])
    if tail:
        weights[-1] += chance[-1]
    return weights

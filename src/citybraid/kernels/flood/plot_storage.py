"""Storage of plots through years of rain: filled in wet steps, emptied continuously, overflowing above capacity."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F64 = NDArray[np.float64]


@compiled()
def storage_overflow(inflow: F64, wet: F64, dry: F64, capacity: F64, emptying: F64, coefficient: F64) -> F64:
    """Return the total overflow of each plot [mm].

    `inflow` is the rain of each wet step [mm], which falls evenly over `wet` hours, with `dry`
    hours up to the next one; a plot's runoff is its coefficient times the rain. The storage S
    gains runoff less emptying [mm h⁻¹] and is limited to 0 and the capacity [mm]: exact for
    constant rain, since S is then monotonic within a step.
    """
    out = np.zeros(capacity.size)
    for plot in range(capacity.size):
        limit, rate, share = capacity[plot], emptying[plot], coefficient[plot]
        stored = 0.0
        total = 0.0
        for k in range(inflow.size):
            filled = stored + share * inflow[k] - rate * wet[k]
            if filled > limit:
                total += filled - limit
                filled = limit
            stored = max(filled, 0.0)
            stored = max(stored - rate * dry[k], 0.0)
        out[plot] = total
    return out

"""A plot's storage through years of rain: it fills in wet steps, empties all the time, sheds what it cannot hold."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F64 = NDArray[np.float64]


@compiled()
def shed(inflow: F64, wet: F64, dry: F64, capacity: F64, emptying: F64, coefficient: F64) -> F64:
    """Return what each plot sheds of its runoff in all [mm].

    `inflow` is the rain of each wet step [mm], which falls evenly over `wet` hours, with `dry`
    hours up to the next one; a plot's runoff is its coefficient times the rain. The storage S
    gains runoff less emptying [mm h⁻¹] and is kept within 0 and the capacity [mm]: exact for
    even rain, since S then moves one way only within a step.
    """
    out = np.zeros(capacity.size)
    for plot in range(capacity.size):
        room, rate, share = capacity[plot], emptying[plot], coefficient[plot]
        held = 0.0
        total = 0.0
        for k in range(inflow.size):
            after = held + share * inflow[k] - rate * wet[k]
            if after > room:
                total += after - room
                after = room
            held = max(after, 0.0)
            held = max(held - rate * dry[k], 0.0)
        out[plot] = total
    return out

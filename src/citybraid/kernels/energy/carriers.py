"""Balance of one energy carrier of a site over steps of time: what it takes, makes and gives away (EN ISO 52000-1)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.energy.weighted import matching_factor

Array = NDArray[np.float64]


class CarrierFlows(NamedTuple):
    """A carrier over its steps of time [kWh]; a row a source on site, in the order in which they serve."""

    delivered: float
    """From outside, to the uses that are rated."""
    produced: Array
    to_others: Array
    """What other uses of the site take of what the rated ones leave."""
    to_grid: Array


def carrier_flows(used: Array, produced: Array, others: Array, *, matched: bool) -> CarrierFlows:
    """Return the flows of one carrier; `used` and `others` (steps,), `produced` (sources, steps).

    Sources serve the rated uses one after another in each step (9.6.6.2.4, with priorities); what is left goes to
    other uses, each source with its share of the year's exports, then to the grid.
    """
    made = produced.sum(axis=0)
    share = matching_factor(made, used) if matched else np.ones_like(made)
    own = np.minimum(made, used) * share
    before = np.cumsum(produced, axis=0) - produced
    exported = produced - np.clip(own - before, 0.0, produced)
    left = exported.sum(axis=0)
    taken = float(np.minimum(left, others).sum())
    by_source = exported.sum(axis=1)
    to_others = by_source * (taken / left.sum() if left.sum() > 0.0 else 0.0)
    return CarrierFlows(float((used - own).sum()), produced.sum(axis=1), to_others, by_source - to_others)

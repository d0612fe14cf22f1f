"""Spill-over of measures between planning units, from runs on the two halves of a checkerboard."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA, Evaluate, Use

Floats = NDArray[np.float64]
COLUMNS = ("measure", "indicator", "own", "others", "share")
ROUNDING = 1e-9
"""Changes below this share of the indicator are rounding [-]."""


def spill_over(
    evaluate: Evaluate, uses: Sequence[Use], colour: Mapping[str, int], weights: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return how much of each measure's effect falls on units that do not have it, a row per measure and indicator.

    A measure is built in all units of one colour, then in all of the other. `own` is the sum of the changes in the
    units that have it, `others` that in the units that do not, over both runs; `share` is `others` over the sum of
    both magnitudes, with the sign of `others` relative to `own`: positive where neighbours change as the units
    themselves do, negative where they change the other way. `weights` give each indicator's weight by unit in the
    order of `colour`: 1 for sums, areas for means. Indicators that no unit has are left out. Raises InputError
    where there is only one colour.
    """
    units = list(colour)
    sides = [[unit for unit in units if colour[unit] == side] for side in (0, 1)]
    if not all(sides):
        raise InputError("spill_over.one_unit", got=len(units))
    base = evaluate((), grid="screening").drop(WHOLE_AREA).loc[units]
    rows = []
    for use in uses:
        own, others = (dict.fromkeys(weights, 0.0) for _ in range(2))
        for side in sides:
            placed = Use(use.model, use.params.model_copy(update={"where": tuple(side)}))
            change = evaluate((placed,), grid="screening").drop(WHOLE_AREA).loc[units] - base
            inside = np.isin(units, side)
            for indicator, weight in weights.items():
                values = weight * change[indicator].to_numpy(dtype=np.float64)
                own[indicator] += float(np.nansum(values[inside]))
                others[indicator] += float(np.nansum(values[~inside]))
        for indicator, weight in weights.items():
            size = float(np.nansum(np.abs(weight * base[indicator].to_numpy(dtype=np.float64))))
            if base[indicator].notna().any():
                share = _share(own[indicator], others[indicator], size)
                rows.append((use.model.name, indicator, own[indicator], others[indicator], share))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _share(own: float, others: float, size: float) -> float:
    """Return the share of the effect that falls on others, signed; NaN where there is no effect."""
    whole = abs(own) + abs(others)
    if whole <= ROUNDING * max(size, 1e-300):
        return np.nan
    sign = np.sign(own) if abs(own) > ROUNDING * size else 1.0
    return float(sign * others / whole) + 0.0

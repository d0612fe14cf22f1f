"""Rasters that can be read but are hard to believe: flat, in another unit, zero where there is none."""

import numpy as np

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.discovery import pixels_of

STEEP = 1.0
"""Median slope between neighbouring cells from which a terrain is not believed: 45 degrees [-]."""
FEWEST = 16
"""Fewest pairs of cells that a slope is judged by [-]."""
ZERO_SHARE = 0.01
"""Share of exact zeros from which they are told [-]."""
GAP = 20.0
"""Height between zero and the rest from which zeros are not believed [m]."""
LOW_QUANTILE = 1.0
ENOUGH = 2_000_000
"""Cells that a doubt is judged by; of larger rasters every so many lines [-]."""


def doubts(values: np.ndarray, var: Var, *, cell: float, name: str) -> list[Finding]:
    """Return advice on values that lie within the range but are hard to believe; `cell` [m]."""
    finite = np.isfinite(values)
    known = values.ravel() if finite.all() else values[finite]
    if not known.size:
        return []
    if known.min() == known.max():
        told = {"name": name, "value": float(known.min())}
        return [Finding("advice", "intake.raster_constant", var.name, 1, told)]
    if not pixels_of(var.name).heights:
        return []
    return [*_steep(values, var, cell=cell, name=name), *_zeros(known, var, name=name)]


def _steep(values: np.ndarray, var: Var, *, cell: float, name: str) -> list[Finding]:
    """Heights in mm, cm or dm stand as cliffs from cell to cell."""
    every = max(1, values.size // ENOUGH)
    lines = (values[::every], values[:, ::every].T)
    steps = np.concatenate([np.diff(line, axis=1).ravel() for line in lines])
    steps = np.abs(steps[np.isfinite(steps)])
    if steps.size < FEWEST or float(np.median(steps)) < STEEP * cell:
        return []
    told = {"name": name, "step": float(np.median(steps)), "cell": cell}
    return [Finding("advice", "intake.terrain_steep", var.name, values=told)]


def _zeros(known: np.ndarray, var: Var, *, name: str) -> list[Finding]:
    """Exact zeros far below the rest: sea, or a mark for no value."""
    count = known.size - int(np.count_nonzero(known))
    share = count / known.size
    if share < ZERO_SHARE or count == known.size:
        return []
    some = known[:: max(1, known.size // ENOUGH)]
    rest = float(np.percentile(some[some != 0.0], LOW_QUANTILE)) if some.any() else 0.0
    if rest < GAP:
        return []
    told = {"name": name, "share": share * 100, "rest": rest}
    return [Finding("advice", "intake.terrain_zeros", var.name, count, told)]

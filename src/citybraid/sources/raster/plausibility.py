"""Plausibility of readable rasters: constant values, a wrong unit, zeros in place of no data."""

import numpy as np

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.discovery import raster_settings

STEEP = 1.0
"""Median slope between neighbouring cells from which a terrain is implausible: 45 degrees [-]."""
FEWEST = 16
"""Fewest pairs of cells for a slope [-]."""
ZERO_SHARE = 0.01
"""Share of exact zeros from which they are reported [-]."""
GAP = 20.0
"""Gap between zero and the other heights from which zeros are implausible [m]."""
LOW_QUANTILE = 1.0
EDGES = (10.0, 90.0)
"""Percentiles between which most of the other heights lie; cells on the rim of a hole are means of both [%]."""
LEAST_APART = 2.0
"""Least distance of one height of many cells from the others that is told; it is also at least their span [m]."""
ENOUGH = 2_000_000
"""Cells that are sampled at most; larger rasters are strided [-]."""


def plausibility_findings(values: np.ndarray, var: Var, *, cell: float, name: str) -> list[Finding]:
    """Return advice on values that lie within the range but are implausible; `cell` [m]."""
    finite = np.isfinite(values)
    known = values.ravel() if finite.all() else values[finite]
    if not known.size:
        return []
    if known.min() == known.max():
        details = {"name": name, "value": float(known.min())}
        return [Finding("warning", "intake.raster_constant", var.name, 1, details)]
    if not raster_settings(var.name).heights:
        return []
    return [*_steep(values, var, cell=cell, name=name), *_zeros(known, var, name=name)]


def _steep(values: np.ndarray, var: Var, *, cell: float, name: str) -> list[Finding]:
    """Return advice on slopes that suggest heights in mm, cm or dm."""
    stride = max(1, values.size // ENOUGH)
    lines = (values[::stride], values[:, ::stride].T)
    steps = np.concatenate([np.diff(line, axis=1).ravel() for line in lines])
    steps = np.abs(steps[np.isfinite(steps)])
    if steps.size < FEWEST or float(np.median(steps)) < STEEP * cell:
        return []
    details = {"name": name, "step": float(np.median(steps)), "cell": cell}
    return [Finding("advice", "intake.terrain_steep", var.name, values=details)]


def _zeros(known: np.ndarray, var: Var, *, name: str) -> list[Finding]:
    """Return advice on exact zeros far below the rest: sea, or a nodata value."""
    count = known.size - int(np.count_nonzero(known))
    share = count / known.size
    if share < ZERO_SHARE or count == known.size:
        return _apart(known, var, name=name)
    sample = known[:: max(1, known.size // ENOUGH)]
    rest_height = float(np.percentile(sample[sample != 0.0], LOW_QUANTILE)) if sample.any() else 0.0
    if rest_height < GAP:
        return _apart(known, var, name=name)
    details = {"name": name, "share": share * 100, "rest": rest_height}
    return [Finding("advice", "intake.terrain_zeros", var.name, count, details)]


def _apart(known: np.ndarray, var: Var, *, name: str) -> list[Finding]:
    """Return a warning of one height, lowest or highest, that many cells hold and that the others are nowhere near."""
    sample = known[:: max(1, known.size // ENOUGH)]
    for value in (sample.min(), sample.max()):
        others = sample[sample != value]
        share = 1.0 - others.size / sample.size
        if share < ZERO_SHARE or not others.size:
            continue
        low, high = np.percentile(others, EDGES)
        away = float(low - value if value < low else value - high)
        if away >= max(LEAST_APART, float(high - low)):
            count = int(np.count_nonzero(known == value))
            details = {
                "name": name,
                "value": float(value),
                "share": share * 100,
                "low": float(low),
                "high": float(high),
            }
            return [Finding("warning", "intake.terrain_apart", var.name, count, details)]
    return []

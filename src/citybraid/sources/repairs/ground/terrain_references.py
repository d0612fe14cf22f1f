"""The terrain against points of known height and water levels: a unit or a datum of its own tells itself there."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import shapely

from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import SPOT_ELEVATION, SPOT_HEIGHTS
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("terrain", "spot_heights", "edge_level", "side_level")
VERSION = 1
UNITS: Mapping[str, float] = MappingProxyType({"ft": 0.3048, "dm": 0.1, "cm": 0.01, "mm": 0.001})
"""Units that heights come in, in metres."""
LEVELS = ("edge_level", "side_level")
FEWEST = 5
"""Fewest spots by which a terrain is judged [-]."""
OFF = 2.0
"""Median difference from spots from which the terrain is doubted [m]."""
BETTER = 0.2
"""Share of that difference that another unit must leave at most, to be named [-]."""
REACH = 15.0
"""How far water may lie above or below all ground of a plan: behind a dike, down a river's bank [m]."""
ENDS = (1.0, 99.0)
"""Percentiles between which the ground lies; single cells beyond are pits and masts [%]."""
F64 = npt.NDArray[np.float64]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Compare the terrain with spots and water levels; no data change."""
    del rules
    terrain = layers.get("terrain")
    if terrain is None or terrain.grid is None:
        return RepairResult(layers)
    heights = terrain.value.to_numpy().astype(np.float64)
    known = heights[np.isfinite(heights)]
    if not known.size:
        return RepairResult(layers)
    ends = np.percentile(known, ENDS)
    levels = [
        finding for each in layers if each.var.name in LEVELS if (finding := _level_finding(each, ends)) is not None
    ]
    return RepairResult(layers, (*_spot_findings(layers, terrain), *levels))


def _spot_findings(layers: Layers, terrain: SourceLayer) -> Iterator[Finding]:
    """Yield what the spots tell of the terrain: another unit, an offset, else its error."""
    table = layers.table(SPOT_HEIGHTS.on)
    if table is None or SPOT_ELEVATION.name not in table:
        return
    points = shapely.point_on_surface(table.geometry.to_numpy())
    values = _at(terrain, shapely.get_x(points), shapely.get_y(points))
    stated = table[SPOT_ELEVATION.name].to_numpy(np.float64)
    both = np.isfinite(values) & np.isfinite(stated)
    if both.sum() < FEWEST:
        return
    values, stated = values[both], stated[both]
    off, middle = float(np.median(np.abs(values - stated))), float(np.median(values - stated))
    left = {unit: float(np.median(np.abs(values * metres - stated))) for unit, metres in UNITS.items()}
    unit = min(left, key=lambda each: left[each])
    count = int(both.sum())
    if off > OFF and left[unit] < BETTER * off:
        details = {"off": round(off, 1), "left": round(left[unit], 1), "unit": unit}
        yield Finding("warning", "intake.terrain_unit_spots", "terrain", count, details)
        return
    if abs(middle) > OFF:
        side = Phrase("intake.terrain_higher" if middle > 0 else "intake.terrain_lower", {})
        details = {"off": round(abs(middle), 1), "side": side}
        yield Finding("warning", "intake.terrain_spots_off", "terrain", count, details)
        return
    error = float(np.sqrt(np.mean((values - stated) ** 2)))
    yield Finding(
        "found", "intake.terrain_spots", "terrain", count, {"error": round(error, 2), "off": round(abs(middle), 2)}
    )


def _at(terrain: SourceLayer, x: F64, y: F64) -> F64:
    """Return the terrain at places, NaN outside of its grid."""
    grid = terrain.grid
    assert grid is not None  # noqa: S101  (asked by the caller)
    columns, rows = ~grid.affine * (x, y)
    column, row = (np.floor(np.nan_to_num(each, nan=-1.0)).astype(int) for each in (columns, rows))
    inside = (row >= 0) & (row < grid.shape[0]) & (column >= 0) & (column < grid.shape[1])
    values = np.full(len(x), np.nan)
    values[inside] = terrain.value.to_numpy()[row[inside], column[inside]]
    return values


def _level_finding(layer: SourceLayer, ends: F64) -> Finding | None:
    """Return a warning of levels that lie far above or below all ground; a unit in which both meet is named."""
    levels = np.asarray(layer.value, np.float64)
    levels = levels[np.isfinite(levels)]
    low, high = (float(each) for each in ends)
    if not levels.size:
        return None
    least, most = float(levels.min()), float(levels.max())
    if _apart(low, high, least, most) <= REACH:
        return None
    name = ", ".join(sorted(layer.origin)) or layer.var.name
    about = {"name": name, "low": round(low, 1), "high": round(high, 1), "least": round(least, 1),
             "most": round(most, 1)}  # fmt: skip
    gaps = {unit: _apart(low * metres, high * metres, least, most) for unit, metres in UNITS.items()}
    unit = min(gaps, key=lambda each: gaps[each])
    if gaps[unit] <= REACH:
        ground = {"metres_low": round(low * UNITS[unit], 1), "metres_high": round(high * UNITS[unit], 1)}
        return Finding("warning", "intake.terrain_unit_level", "terrain", 1, {**about, "unit": unit, **ground})
    side = Phrase("intake.level_above" if least > high else "intake.level_below", {})
    values = {**about, "apart": round(_apart(low, high, least, most), 1), "side": side}
    return Finding("warning", "intake.terrain_level_apart", "terrain", 1, values)


def _apart(low: float, high: float, least: float, most: float) -> float:
    """Return the gap between two ranges, 0 where they meet."""
    return max(0.0, least - high, low - most)

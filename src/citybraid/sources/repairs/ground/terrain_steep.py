"""Terrain in centimetres, decimetres or feet: told where ground beside buildings is too steep to be built on."""

import numpy as np

from citybraid.core.burning import rasterize
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("terrain", "buildings")
VERSION = 1
STEEP = 0.35
"""Median slope of built ground from which its unit is doubted: houses in the hills of Chongqing stand on less [-]."""
FEWEST = 10
"""Fewest buildings, and fewest cells beside them [-]."""
BESIDE = 3
"""Cells from a building within which ground counts as built: a street's width, not the hill behind [cell]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Compare the slope of the ground around buildings with what is built on; no data change.

    The ground under roofs is left out, as roofs in a surface model are steep at their edges.
    """
    del rules
    terrain, buildings = layers.get("terrain"), layers.get("buildings", on="buildings")
    if terrain is None or buildings is None or terrain.grid is None or len(buildings.value) < FEWEST:
        return RepairResult(layers)
    heights, grid = terrain.value.to_numpy().astype(np.float64), terrain.grid
    pairs = [(shape, 1) for shape in buildings.value]
    roofs = rasterize(pairs, out_shape=grid.shape, transform=grid.affine, dtype="uint8") > 0
    if min(heights.shape) < BESIDE or not roofs.any():
        return RepairResult(layers)
    from scipy import ndimage

    beside = ndimage.binary_dilation(roofs, iterations=BESIDE) & ~ndimage.binary_dilation(roofs)
    falls = np.gradient(heights, abs(float(grid.resolution.y)), float(grid.resolution.x))
    slopes = np.hypot(*falls)[beside]
    slopes = slopes[np.isfinite(slopes)]
    if slopes.size < FEWEST or (median := float(np.median(slopes))) < STEEP:
        return RepairResult(layers)
    values = {"slope": round(100 * median)}
    return RepairResult(layers, (Finding("warning", "intake.terrain_steep_built", "terrain", len(pairs), values),))

"""Ground of the plan area that no terrain tells: told with its share, whether it is a hole or beyond the data."""

import numpy as np

from citybraid.core.burning import rasterize
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("terrain", "study_area")
VERSION = 1
TOLD = 0.01
"""Share of the plan area without ground elevation from which that is told [-]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Compare the cells that have a height with the plan area; no data change."""
    del rules
    terrain, area = layers.get("terrain"), layers.get("study_area", on="study_area")
    if terrain is None or area is None or terrain.grid is None:
        return RepairResult(layers)
    pairs = [(shape, 1) for shape in area.value if not shape.is_empty]
    if not pairs:
        return RepairResult(layers)
    grid = terrain.grid
    inside = rasterize(pairs, out_shape=grid.shape, transform=grid.affine, dtype="uint8") > 0
    unknown = inside & ~np.isfinite(terrain.value.to_numpy())
    share = float(unknown.sum() / max(int(inside.sum()), 1))
    if share < TOLD:
        return RepairResult(layers)
    values = {"share": round(100.0 * share, 1)}
    return RepairResult(layers, (Finding("warning", "intake.terrain_short", "terrain", int(unknown.sum()), values),))

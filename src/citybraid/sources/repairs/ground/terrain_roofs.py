"""Surface model (DSM) supplied as terrain: detected where the ground rises under buildings as roofs do."""

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("terrain", "buildings")
VERSION = 2
COARSEST = 10.0
"""Largest cell at which roofs can be distinguished from ground [m]."""
FEWEST_CELLS, FEWEST_BUILDINGS = 4, 10
NEAREST, FARTHEST = 1.5, 5.0
"""Ring of ground around a building to compare with: beyond the blur of walls, up to the next street [cell]."""
RISE = 2.0
"""Least rise of ground under buildings that is reported: less than one storey [m]."""
F64 = npt.NDArray[np.float64]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Compare the terrain under buildings with that around them; no data change."""
    del rules
    terrain, buildings = layers.get("terrain"), layers.get("buildings", on="buildings")
    if terrain is None or buildings is None or terrain.grid is None:
        return RepairResult(layers)
    if max(float(terrain.grid.resolution.x), terrain.native_resolution or 0.0) > COARSEST:
        return RepairResult(layers)
    rises = ground_rise(terrain.value.to_numpy().astype(np.float64), list(buildings.value), terrain.grid)
    if len(rises) < FEWEST_BUILDINGS or float(np.median(rises)) < RISE:
        return RepairResult(layers)
    values = {"height": float(np.median(rises))}
    return RepairResult(layers, (Finding("advice", "intake.terrain_roofs", "terrain", len(rises), values),))


def ground_rise(heights: F64, shapes: list[object], grid: GeoBox) -> F64:
    """Return the mean ground level under each building of a few cells less that around it [m]."""
    from scipy import ndimage

    pairs = [(shape, number) for number, shape in enumerate(shapes, 1)]
    if not pairs:
        return np.zeros(0)
    labels = rasterize(pairs, out_shape=grid.shape, transform=grid.affine, dtype="int32")
    if not labels.any():
        return np.zeros(0)
    distance, nearest = ndimage.distance_transform_edt(labels == 0, return_indices=True)
    around = np.where((distance >= NEAREST) & (distance <= FARTHEST), labels[tuple(nearest)], 0)
    known = np.isfinite(heights)
    numbers = np.arange(1, len(shapes) + 1)
    filled = np.where(known, heights, 0.0)
    inside, outside = np.where(known, labels, 0), np.where(known, around, 0)
    count_in, count_out = (np.bincount(part.ravel(), minlength=len(shapes) + 1)[1:] for part in (inside, outside))
    enough = (count_in >= FEWEST_CELLS) & (count_out >= FEWEST_CELLS)
    means = [ndimage.mean(filled, part, numbers[enough]) for part in (inside, outside)]
    return np.asarray(means[0], dtype=np.float64) - np.asarray(means[1], dtype=np.float64)

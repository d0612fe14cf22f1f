"""Holes in the terrain: small ones filled from their rims, large ones reported with their place."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely
from odc.geo.geobox import GeoBox
from rasterio.features import shapes

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "geometry"
READS: tuple[str, ...] = ("terrain",)
VERSION = 3
NEIGHBOURS = 12
POWER = 2
"""Weights are distance to this power, inverted (Shepard 1968)."""
MOST_TOLD = 5
"""Most holes whose place is told [-]."""
MOST_SHOWN = 200
"""Most holes that are drawn as problems [-]."""
Labels = npt.NDArray[np.int32]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill holes of a few cells that terrain surrounds, by inverse distance weighting; report the others.

    Missing cells connected to the raster's edge are no hole: there the data end.
    """
    layer = layers.get("terrain")
    if layer is None or layer.grid is None or not isinstance(layer.stated, float):
        return RepairResult(layers)
    values = layer.value.to_numpy()
    labels, sizes = holes(values)
    if not sizes.size:
        return RepairResult(layers)
    small = np.flatnonzero((sizes > 0) & (sizes <= rules.choices.hole_cells))
    large = np.flatnonzero(sizes > rules.choices.hole_cells)
    mended = fill_holes(values, np.isin(labels, small))
    findings = []
    if small.size:
        hole_values: dict[str, object] = {"holes": small.size, "most": rules.choices.hole_cells}
        hole_values |= _where(labels, sizes, small, layer.grid)
        findings.append(Finding("guessed", "intake.holes_filled", "terrain", int(sizes[small].sum()), hole_values))
    if large.size:
        hole_values = {"holes": large.size, "largest": int(sizes[large].max())}
        hole_values |= _where(labels, sizes, large, layer.grid)
        findings.append(Finding("rejected", "intake.holes_left", "terrain", int(sizes[large].sum()), hole_values))
    raster = layer.value.copy(data=mended)
    repaired_layers = layers.put(replace(layer, value=raster)) if small.size else layers
    problems = [
        *_hole_problems(labels, sizes, large, layer.grid, mended=False),
        *_hole_problems(labels, sizes, small, layer.grid, mended=True),
    ]
    return RepairResult(repaired_layers, tuple(findings), tuple(problems[:MOST_SHOWN]))


def holes(values: np.ndarray) -> tuple[Labels, npt.NDArray[np.int64]]:
    """Return labels of the holes that touch no edge (0: none), and the cell count of each label."""
    from scipy import ndimage

    labels, count = ndimage.label(~np.isfinite(values))
    if not count:
        return labels.astype(np.int32), np.zeros(0, dtype=np.int64)
    open_ones = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    closed: Labels = np.where(np.isin(labels, open_ones), 0, labels).astype(np.int32)
    sizes = np.bincount(closed.ravel(), minlength=count + 1).astype(np.int64)
    sizes[0] = 0
    return closed, sizes if sizes.any() else np.zeros(0, dtype=np.int64)


def fill_holes(values: np.ndarray, where: npt.NDArray[np.bool_]) -> np.ndarray:
    """Return values with the selected cells filled by inverse-squared-distance means of the nearest rim cells."""
    from scipy import ndimage
    from scipy.spatial import cKDTree

    if not where.any():
        return values
    rim = ndimage.binary_dilation(where, iterations=2) & np.isfinite(values)
    at, targets = np.argwhere(rim), np.argwhere(where)
    count = min(NEIGHBOURS, len(at))
    distance, index = cKDTree(at).query(targets, k=count)
    weights = 1.0 / np.asarray(distance).reshape(len(targets), count) ** POWER
    known = values[rim][np.asarray(index).reshape(len(targets), count)]
    mended = values.copy()
    mended[where] = (weights * known).sum(axis=1) / weights.sum(axis=1)
    return mended


def _where(labels: Labels, sizes: np.ndarray, which: np.ndarray, grid: GeoBox) -> dict[str, object]:
    """Return the bounding box of holes, and the centres of the largest with their areas, in the study's CRS [m, m2]."""
    from scipy import ndimage

    boxes = ndimage.find_objects(labels)
    rows = [end for each in which for end in (boxes[each - 1][0].start, boxes[each - 1][0].stop)]
    columns = [end for each in which for end in (boxes[each - 1][1].start, boxes[each - 1][1].stop)]
    cell = abs(grid.affine.determinant)
    places: list[str] = []
    for each in which[np.argsort(-sizes[which], kind="stable")][:MOST_TOLD]:
        inside = np.argwhere(labels[boxes[each - 1]] == each).mean(axis=0) + 0.5
        x, y = grid.affine * (boxes[each - 1][1].start + inside[1], boxes[each - 1][0].start + inside[0])
        places.append(f"{x:.0f}, {y:.0f} ({sizes[each] * cell:.0f} m²)")
    (west, north), (east, south) = grid.affine * (min(columns), min(rows)), grid.affine * (max(columns), max(rows))
    told = [*places, *(["…"] if which.size > MOST_TOLD else [])]
    return {"x": f"{west:.0f}–{east:.0f}", "y": f"{south:.0f}–{north:.0f}", "places": told}


def _hole_problems(
    labels: Labels, sizes: np.ndarray, which: np.ndarray, grid: GeoBox, *, mended: bool
) -> list[Problem]:
    """Holes as problems with their polygons, the largest first."""
    chosen = which[np.argsort(-sizes[which])][:MOST_SHOWN]
    selected = np.where(np.isin(labels, chosen), labels, 0).astype(np.int32)
    text = "intake.hole_mended" if mended else "intake.hole"
    polygons: dict[int, list[shapely.Geometry]] = {}
    for shape, label in shapes(selected, mask=selected > 0, transform=grid.affine):
        polygons.setdefault(int(label), []).append(shapely.geometry.shape(shape))
    return [
        Problem(text, "terrain", f"hole-{each}", shapely.union_all(polygons[each]), mended, {"cells": int(sizes[each])})
        for each in chosen.tolist()
        if each in polygons
    ]

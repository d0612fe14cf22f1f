"""Heights of buildings from a surface model, and tree cover from tree heights, where no file states them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import CROWN_SHARE, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.protocol.target import Target
from citybraid.sources.raster.parts_of_cells import LEAST_HEIGHT, blocks, split
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.terrain_holes import fill_holes

STAGE: Stage = "ground"
READS: tuple[str, ...] = ("surface_model", "terrain", "buildings", "canopy_height")
VERSION = 3
MOST_HOLES = 0.05
"""Share of the terrain's cells without a surface up to which they are filled from around [-]."""
BELOW, MOST_BELOW = 1.0, 0.05
"""A surface more than this below the terrain [m] is an error; from this share on the two do not belong together [-]."""
FINER = 0.5
"""Pixels below this share of a cell tell edges that the cell does not [-]."""
F64 = npt.NDArray[np.float64]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Add heights of buildings as surface less terrain, and tree cover where trees have heights alone.

    Buildings of a table go before a surface model. A surface finer than the terrain tells which part of a cell is
    built, and how high that is, by its samples with a value. Few holes are filled from around; a surface with many, or
    below the terrain, gives no heights, and the finding says why.
    """
    covered, cover_findings = _tree_cover(layers)
    surface, terrain = covered.get("surface_model"), covered.get("terrain")
    if surface is None:
        return RepairResult(covered, cover_findings)
    if covered.table("buildings") is not None:
        note = Finding("found", "intake.surface_beside_buildings", "surface_model")
        return RepairResult(covered, (*cover_findings, note))
    along = _finer(surface, terrain, rules.target)
    if terrain is None or terrain.grid is None or not along:
        note = Finding("warning", "intake.surface_no_terrain", "surface_model")
        return RepairResult(covered, (*cover_findings, note))
    ground = terrain.value.to_numpy()
    tops, below = surface.value.to_numpy(), _spread(ground, along)
    has_tops = np.isfinite(blocks(tops, along)).any(axis=2)
    below[~np.isfinite(tops) & np.repeat(np.repeat(has_tops, along, axis=0), along, axis=1)] = np.nan
    heights, findings = building_heights(tops, below)
    if heights is None:
        return RepairResult(covered, (*cover_findings, *findings))
    cells = blocks(heights, along)
    built = cells >= LEAST_HEIGHT
    known = np.maximum(np.isfinite(blocks(below, along)).sum(axis=2), 1)
    share = np.where(np.isfinite(ground), built.sum(axis=2) / known, 0.0)
    summed = np.where(built, cells, 0.0).sum(axis=2) / known
    values = {
        "building_height": np.divide(summed, share, out=np.zeros_like(share), where=share > 0.0),
        "building_fraction": share,
    }
    made = [_layer(name, each, terrain.grid, surface) for name, each in values.items()]
    return RepairResult(covered.put(*made), (*cover_findings, *findings, *_whole_cells(surface, "building_height")))


def _finer(surface: SourceLayer, terrain: SourceLayer | None, target: Target) -> int:
    """Return how many cells of the surface lie along one of the terrain; 0 where it is on other cells."""
    if terrain is None or terrain.grid is None or surface.grid is None:
        return 0
    if terrain.grid != target.grid_for(surface.native_resolution or float(surface.grid.resolution.x)):
        return 0
    along = surface.grid.shape[0] // terrain.grid.shape[0]
    return along if along and surface.grid == split(terrain.grid, along) else 0


def _spread(terrain: F64, along: int) -> F64:
    """Return the terrain at the cells of a finer surface: between the middles of its cells, at the rim their own.

    Cells beside one without a value keep their own.
    """
    plain = np.repeat(np.repeat(terrain, along, axis=0), along, axis=1)
    if along == 1:
        return plain
    from scipy import ndimage

    at = np.meshgrid(*((np.arange(size * along) + 0.5) / along - 0.5 for size in terrain.shape), indexing="ij")
    between = ndimage.map_coordinates(terrain.astype(np.float64), at, order=1, mode="nearest")
    return np.where(np.isfinite(between), between, plain)


def building_heights(surface: F64, terrain: F64) -> tuple[F64 | None, tuple[Finding, ...]]:
    """Return the height of the surface above the terrain [m], at least 0; None where the two do not fit."""
    known = np.isfinite(terrain)
    holes = known & ~np.isfinite(surface)
    count, share = int(holes.sum()), float(holes.sum() / max(int(known.sum()), 1))
    if share > MOST_HOLES:
        values: dict[str, object] = {"share": round(100 * share, 1), "limit": 100 * MOST_HOLES}
        return None, (Finding("warning", "intake.surface_holes", "surface_model", count, values),)
    findings: list[Finding] = []
    whole = np.asarray(fill_holes(surface.astype(np.float64), holes), np.float64)
    if count:
        findings.append(Finding("guessed", "intake.surface_filled", "surface_model", count))
    above = whole - terrain
    deep = known & (above < -BELOW)
    share = float(deep.sum() / max(int(known.sum()), 1))
    values = {"share": round(100 * share, 1), "metres": BELOW}
    if share > MOST_BELOW:
        return None, (*findings, Finding("warning", "intake.surface_below", "surface_model", int(deep.sum()), values))
    if deep.any():
        findings.append(Finding("repaired", "intake.surface_sunk", "surface_model", int(deep.sum()), values))
    heights = np.maximum(np.nan_to_num(above), 0.0)
    built = heights >= LEAST_HEIGHT
    parts = {
        "share": round(100 * float(built.sum() / max(int(known.sum()), 1)), 1), "least": LEAST_HEIGHT,
        "median": round(float(np.median(heights[built])), 1) if built.any() else 0.0,
    }  # fmt: skip
    findings.append(Finding("guessed", "intake.surface_heights", "building_height", int(built.sum()), parts))
    return heights, tuple(findings)


def _tree_cover(layers: Layers) -> tuple[Layers, tuple[Finding, ...]]:
    """Return layers with the cover of trees, where heights of trees are given without it: by pixels where known."""
    heights = layers.get("canopy_height")
    if heights is None or heights.grid is None or layers.get("canopy_cover") is not None:
        return layers, ()
    tops, parts = heights.value.to_numpy(), layers.get(CROWN_SHARE.name, on=CROWN_SHARE.on)
    cover = np.where(np.isfinite(tops), (tops >= LEAST_HEIGHT).astype(np.float64), np.nan)
    if parts is not None:
        cover = parts.value.to_numpy().astype(np.float64)
    trees = int((cover > 0.0).sum())
    values: dict[str, object] = {"least": LEAST_HEIGHT, "share": round(100 * float(np.nanmean(cover)), 1)}
    note = Finding("guessed", "intake.cover_of_heights", "canopy_cover", trees, values)
    notes = (note, *_whole_cells(heights, "canopy_cover")) if trees and parts is None else (note,)
    return layers.put(_layer("canopy_cover", cover, heights.grid, heights)), notes


def _whole_cells(source: SourceLayer, name: str) -> tuple[Finding, ...]:
    """Return the finding that pixels finer than the cells were averaged, so that a cell counts whole or not at all."""
    if source.grid is None or source.native_resolution is None:
        return ()
    cell = float(source.grid.resolution.x)
    if source.native_resolution > FINER * cell:
        return ()
    return (Finding("warning", "intake.whole_cells", name, values={"pixel": source.native_resolution, "cell": cell}),)


def _layer(name: str, values: F64, grid: GeoBox, source: SourceLayer) -> SourceLayer:
    var = vocabulary()[name]
    pixel = source.native_resolution or float(grid.resolution.x)
    value = on_grid(values.astype(np.float32), grid, var, pixel)
    return replace(source, var=var, value=value, grid=grid, stated=0.0, native_resolution=pixel)

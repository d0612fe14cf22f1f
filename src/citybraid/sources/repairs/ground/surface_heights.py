"""Heights of buildings from a surface model, and tree cover from tree heights, where no file states them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.terrain_holes import fill_holes

STAGE: Stage = "ground"
READS: tuple[str, ...] = ("surface_model", "terrain", "buildings", "canopy_height")
VERSION = 2
LEAST_HEIGHT = 2.0
"""Height above the terrain from which the surface is a building, and a plant a tree [m]: less than one storey."""
MOST_HOLES = 0.05
"""Share of the terrain's cells without a surface up to which they are filled from around [-]."""
BELOW, MOST_BELOW = 1.0, 0.05
"""A surface more than this below the terrain [m] is an error; from this share on the two do not belong together [-]."""
FINER = 0.5
"""Pixels below this share of a cell tell edges that the cell does not [-]."""
F64 = npt.NDArray[np.float64]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Add heights of buildings as surface less terrain, and tree cover where trees have heights alone.

    Buildings of a table go before a surface model. Few holes are filled from around; a surface with many, or below
    the terrain, gives no heights, and the finding says why.
    """
    del rules
    covered, cover_findings = _tree_cover(layers)
    surface, terrain = covered.get("surface_model"), covered.get("terrain")
    if surface is None:
        return RepairResult(covered, cover_findings)
    if covered.table("buildings") is not None:
        note = Finding("found", "intake.surface_beside_buildings", "surface_model")
        return RepairResult(covered, (*cover_findings, note))
    if terrain is None or terrain.grid is None or surface.grid != terrain.grid:
        note = Finding("warning", "intake.surface_no_terrain", "surface_model")
        return RepairResult(covered, (*cover_findings, note))
    heights, findings = building_heights(surface.value.to_numpy(), terrain.value.to_numpy())
    if heights is None:
        return RepairResult(covered, (*cover_findings, *findings))
    built = heights >= LEAST_HEIGHT
    values = {"building_height": np.where(built, heights, 0.0), "building_fraction": built.astype(np.float64)}
    unknown = ~np.isfinite(terrain.value.to_numpy())
    made = [_layer(name, np.where(unknown, 0.0, each), terrain.grid, surface) for name, each in values.items()]
    return RepairResult(covered.put(*made), (*cover_findings, *findings, *_whole_cells(surface, "building_height")))


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
    told = {
        "share": round(100 * float(built.sum() / max(int(known.sum()), 1)), 1), "least": LEAST_HEIGHT,
        "median": round(float(np.median(heights[built])), 1) if built.any() else 0.0,
    }  # fmt: skip
    findings.append(Finding("guessed", "intake.surface_heights", "building_height", int(built.sum()), told))
    return heights, tuple(findings)


def _tree_cover(layers: Layers) -> tuple[Layers, tuple[Finding, ...]]:
    """Return layers with the cover of trees, where heights of trees are given without it."""
    heights = layers.get("canopy_height")
    if heights is None or heights.grid is None or layers.get("canopy_cover") is not None:
        return layers, ()
    tops = heights.value.to_numpy()
    cover = np.where(np.isfinite(tops), (tops >= LEAST_HEIGHT).astype(np.float64), np.nan)
    trees = int((cover == 1.0).sum())
    note = Finding("guessed", "intake.cover_of_heights", "canopy_cover", trees, {"least": LEAST_HEIGHT})
    notes = (note, *_whole_cells(heights, "canopy_cover")) if trees else (note,)
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
    return replace(source, var=var, value=value, stated=0.0, native_resolution=pixel)

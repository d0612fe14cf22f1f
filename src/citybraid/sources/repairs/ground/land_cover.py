"""Land cover where no file supplies it: composed of parcels, ground, green, streets and buildings, if they suffice."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.finding import Finding
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.geometry.shapes import Flags
from citybraid.sources.land_use.land_use import land_cover
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.raster.class_overlay import Classes, Layered, overlay_classes, refined
from citybraid.sources.raster.rasters import on_grid

STAGE: Stage = "ground"
VERSION = 4
READS = ("study_area", "parcels", "ground", "green", "streets", "buildings")
CODES = {name: code for code, name in COVER}
WATERS = (CODES["water"], CODES["wetland"])
PLANTABLE = (CODES["paved"], CODES["bare"])


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Compose land cover: paved ground, land uses, vegetation, water, streets, roofs, in this order.

    A green raster gives the location of plants, not their kind: its cells become grass, canopy stays
    unknown, and both are reported. Streets and buildings alone make no land cover. Where the files
    cover less than the share `cover_known` of the plan area, the rest is unknown and none is composed. Otherwise the
    rest counts as paved in models and is a layer of its own, which leaves it out of shares of the area; holes of a
    raster likewise. A study that chooses gaps (`unknown_cover`) has no land cover where any ground is unknown.
    """
    if (brought := layers.get("land_cover")) is not None:
        return _with_holes_read(layers, brought, rules)
    if not rules.target.grids:
        return RepairResult(layers)
    grid = rules.target.grids[0]
    areas = [(name, *_by_use(layers.table(name))) for name in ("parcels", "ground") if layers.table(name) is not None]
    areas = [each for each in areas if len(each[2])]
    streets, buildings, green = layers.table("streets"), layers.table("buildings"), layers.get("green")
    used = [name for name, _, _ in areas] + [
        n for n, it in (("green", green), ("streets", streets), ("buildings", buildings)) if it is not None
    ]
    if not set(used) & {"parcels", "ground", "green"}:
        advice = (Finding("advice", "intake.cover_missing", "land_cover"),) if used else ()
        return RepairResult(layers, advice)
    land = [(shapes, codes) for _, shapes, codes in areas]
    below = overlay_classes(grid, [_without_codes(layer, WATERS) for layer in land], start=CODES["paved"])
    if green is not None:
        leafy = refined(green.value.to_numpy(), green.grid, grid) >= rules.choices.green_from
        below[leafy & np.isin(below, PLANTABLE)] = CODES["grass"]
    above: list[Layered] = [_with_codes(layer, WATERS) for layer in land]
    above += [_uniform(_carriageways(streets, rules), CODES["road"])] if streets is not None else []
    above += [_uniform(buildings.geometry, CODES["roof"])] if buildings is not None else []
    cover_codes = overlay_classes(grid, above, start=below)
    value = on_grid(cover_codes, grid, vocabulary()["land_cover"], float(grid.resolution.x))
    known_cells = _known_cells([*land, *above], green, grid)
    known = _known_share(known_cells, layers.table("study_area"), grid)
    details: dict[str, object] = {"sources": used, "cell": float(grid.resolution.x), "share": round(100 * known, 1)}
    if known < rules.choices.cover_known:
        details["needs"] = 100 * rules.choices.cover_known
        return RepairResult(layers, (Finding("warning", "intake.cover_unknown_mostly", "land_cover", 1, details),))
    if known < 1.0 and rules.choices.unknown_cover == "gap":
        return RepairResult(layers, (Finding("warning", "intake.cover_gap", "land_cover", 1, details),))
    findings = [Finding("guessed", "intake.cover_composed", "land_cover", cover_codes.size, details)]
    findings += _reading(known_cells, known, rules)
    if green is not None:
        findings.append(
            Finding("guessed", "intake.green_kind_unknown", "land_cover", int((cover_codes == CODES["grass"]).sum()))
        )
    if streets is not None:
        findings += _width_findings(streets)
    native = max(float(grid.resolution.x), green.native_resolution or 0.0) if green is not None else None
    cover = SourceLayer(vocabulary()["land_cover"], value, grid, stated=0.0, native_resolution=native)
    return RepairResult(layers.put(cover, *_assumed(cover_codes, known_cells, grid)), tuple(findings))


def _assumed(codes: Classes, known: Flags, grid: GeoBox) -> tuple[SourceLayer, ...]:
    """Return the layer of the classes of cells that no file covers; none where files cover all."""
    if known.all():
        return ()
    var = vocabulary()["assumed_land_cover"]
    value = on_grid(np.where(known, 0, codes).astype(codes.dtype), grid, var, float(grid.resolution.x))
    return (SourceLayer(var, value, grid, stated=0.0),)


def _with_holes_read(layers: Layers, brought: SourceLayer, rules: Rules) -> RepairResult:
    """Read the cells that a raster leaves untold as the study chooses; none where it tells less than `cover_known`."""
    codes, grid = brought.value.to_numpy(), brought.grid
    if grid is None or (known_cells := codes != 0).all():
        return RepairResult(layers)
    known = _known_share(known_cells, layers.table("study_area"), grid)
    if known < rules.choices.cover_known:
        return RepairResult(layers)
    details: dict[str, object] = {"sources": ["land_cover"], "share": round(100 * known, 1)}
    if rules.choices.unknown_cover == "gap":
        without = layers.without(names=("land_cover",))
        return RepairResult(without, (Finding("warning", "intake.cover_gap", "land_cover", 1, details),))
    whole = np.where(known_cells, codes, CODES["paved"]).astype(codes.dtype)
    cover = replace(brought, value=brought.value.copy(data=whole))
    return RepairResult(layers.put(cover, *_assumed(whole, known_cells, grid)), _reading(known_cells, known, rules))


def _reading(known_cells: Flags, known: float, rules: Rules) -> tuple[Finding, ...]:
    """Tell how ground without a known cover is read, and whether the study chose that."""
    unknown = int((~known_cells).sum())
    if not unknown:
        return ()
    details: dict[str, object] = {"share": round(100 * known, 1)}
    if rules.choices.unknown_cover == "paved":
        return (Finding("guessed", "intake.cover_read_paved", "land_cover", unknown, details),)
    return (Finding("warning", "intake.cover_not_chosen", "land_cover", unknown, details),)


def _known_cells(layers: Sequence[Layered], green: SourceLayer | None, grid: GeoBox) -> Flags:
    """Return which cells some file covers: a shape, or a cell of a green raster."""
    known = overlay_classes(grid, [(shapes, [1] * len(shapes)) for shapes, _ in layers], start=0) > 0
    if green is not None:
        known |= np.isfinite(refined(green.value.to_numpy(), green.grid, grid))
    return known


def _known_share(known: Flags, area: gpd.GeoDataFrame | None, grid: GeoBox) -> float:
    """Return the share of the plan area that some file covers [-]."""
    inside = np.ones(known.shape, dtype=bool)
    if area is not None:
        inside = overlay_classes(grid, [_uniform(area.geometry, 1)], start=0) > 0
    return float(known[inside].mean()) if inside.any() else 0.0


def _by_use(table: gpd.GeoDataFrame | None) -> Layered:
    """Shapes of a table with the typical cover of their land use; uses without one are omitted."""
    if table is None or "land_use" not in table:
        return gpd.GeoSeries([]), []
    codes = table["land_use"].map(land_cover)
    return table.geometry[codes > 0], list(codes[codes > 0])


def _without_codes(layer: Layered, codes: Sequence[int]) -> Layered:
    shapes, values = layer
    rows = ~np.isin(values, codes)
    return shapes[rows], list(np.asarray(values)[rows])


def _with_codes(layer: Layered, codes: Sequence[int]) -> Layered:
    shapes, values = layer
    rows = np.isin(values, codes)
    return shapes[rows], list(np.asarray(values)[rows])


def _uniform(shapes: gpd.GeoSeries, code: int) -> Layered:
    return shapes, [code] * len(shapes)


def _carriageways(streets: gpd.GeoDataFrame, rules: Rules) -> gpd.GeoSeries:
    """Streets as areas: of the stated width, else the class's."""
    by_class = rules.factor("street_width")
    classes = streets["road_class"] if "road_class" in streets else pd.Series("other", index=streets.index)
    width = classes.map(lambda name: by_class[name if name in by_class else "other"]).astype(float)
    if "street_width" in streets:
        width = streets["street_width"].fillna(width)
    paths = classes.eq("path")
    return streets.geometry[~paths].buffer(width[~paths] / 2, cap_style="flat")


def _width_findings(streets: gpd.GeoDataFrame) -> list[Finding]:
    gap = streets["street_width"].isna() if "street_width" in streets else pd.Series(data=True, index=streets.index)
    return [Finding("guessed", "intake.width_guessed", "streets", int(gap.sum()))] if gap.any() else []

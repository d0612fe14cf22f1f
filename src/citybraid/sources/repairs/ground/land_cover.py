"""Land cover where no file supplies it: composed of parcels, ground, green, streets and buildings, if they suffice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.finding import Finding
from citybraid.core.land.class_areas import WHOLE, Strip, cells_by_area, whole_shares
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.geometry.narrow_parts import Narrow, narrow_parts
from citybraid.sources.geometry.shapes import Flags
from citybraid.sources.land_use.land_use import land_cover
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.raster.class_overlay import Classes, Layered, overlay_classes, overlay_shares, refined
from citybraid.sources.raster.rasters import on_grid

STAGE: Stage = "ground"
VERSION = 7
READS = ("study_area", "parcels", "ground", "green", "streets", "buildings", "terrain")
CODES = {name: code for code, name in COVER}
WATERS = (CODES["water"], CODES["wetland"])
PLANTABLE = (CODES["paved"], CODES["bare"])
TYPICAL = 255
"""Grass that a land use of today has typically, until a green raster tells how much there is."""
GREEN = tuple(CODES[name] for name in ("trees", "shrubs", "grass", "cropland", "wetland"))
Shares = npt.NDArray[np.floating]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Compose land cover: paved ground, land uses, vegetation, water, streets, roofs, in this order.

    Cells have one class each, given such that each class keeps its area. A green raster gives the amount of plants,
    not their kind: as much becomes grass, canopy stays unknown, and both are reported. It goes before the grass that
    land uses of today have typically, not before that of parcels, which may be planned. Streets and buildings alone
    make no land cover. Where the files cover less than the share `cover_known` of the plan area, the rest is unknown
    and none is composed. Otherwise the rest counts as paved in models and is a layer of its own, which leaves it out of
    shares of the area; holes of a raster likewise. A study that chooses gaps (`unknown_cover`) has no land cover where
    any ground is unknown.
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
    land = [
        (shapes, _typical(codes) if name == "ground" and green is not None else codes) for name, shapes, codes in areas
    ]
    covers: list[Layered] = [*(_without_codes(layer, WATERS) for layer in land)]
    waters = [_with_codes(layer, WATERS) for layer in land]
    covers += waters
    covers += [_uniform(_carriageways(streets, rules), CODES["road"])] if streets is not None else []
    covers += [_uniform(buildings.geometry, CODES["roof"])] if buildings is not None else []
    strips = overlay_shares(grid, covers, start=0)
    leafy = None if green is None else refined(green.value.to_numpy(), green.grid, grid)
    shared = cells_by_area(strips if leafy is None else _grown(strips, leafy))
    known_cells = shared.codes != 0
    cover_codes = np.where(known_cells, shared.codes, CODES["paved"]).astype(np.uint8)
    value = on_grid(cover_codes, grid, vocabulary()["land_cover"], float(grid.resolution.x))
    known = _known_share(known_cells, layers.table("study_area"), grid)
    details: dict[str, object] = {"sources": used, "cell": float(grid.resolution.x), "share": round(100 * known, 1)}
    details |= {"mixed": round(100 * shared.mixed), "kept": round(100 * shared.kept)}
    if known < rules.choices.cover_known:
        details["needs"] = 100 * rules.choices.cover_known
        return RepairResult(layers, (Finding("warning", "intake.cover_unknown_mostly", "land_cover", 1, details),))
    if known < 1.0 and rules.choices.unknown_cover == "gap":
        return RepairResult(layers, (Finding("warning", "intake.cover_gap", "land_cover", 1, details),))
    findings = [Finding("guessed", "intake.cover_composed", "land_cover", cover_codes.size, details)]
    findings += [*_reading(known_cells, known, rules), *_broken_lines(waters, float(grid.resolution.x))]
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
    area = layers.table("study_area")
    known = _known_share(known_cells, area, grid)
    details: dict[str, object] = {"sources": ["land_cover"], "share": round(100 * known, 1)}
    if _known_share(known_cells, area, grid, ground=_with_terrain(layers, grid)) < rules.choices.cover_known:
        details["needs"] = 100 * rules.choices.cover_known
        return RepairResult(layers, (Finding("warning", "intake.cover_raster_small", "land_cover", 1, details),))
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


def _grown(strips: Iterable[Strip], green: Shares) -> Iterator[Strip]:
    """Yield strips in which paved and bare ground gives way to grass until as much is green as the raster says.

    A green raster sees no ground under roofs, streets and water, so what it calls green lies beside them as far as
    there is room. Ground that nothing else tells is paved where the raster says how much of a cell is green.
    """
    first = 0
    for codes, shares in strips:
        part = {code: share / WHOLE for code, share in zip(codes, shares, strict=True)}
        rows = slice(first, first + shares.shape[1])
        first = rows.stop
        wanted, none = green[rows], np.zeros(shares.shape[1:])
        known = np.isfinite(wanted)
        part[CODES["paved"]] = part.get(CODES["paved"], none) + np.where(known, part[0], 0.0)
        part[0] = np.where(known, 0.0, part[0])
        grass = part.pop(TYPICAL, none)
        part[CODES["paved"]] = part[CODES["paved"]] + np.where(known, grass, 0.0)
        part[CODES["grass"]] = part.get(CODES["grass"], none) + np.where(known, 0.0, grass)
        room = sum((part.get(code, none) for code in PLANTABLE), none)
        growth = np.clip(np.nan_to_num(wanted) - sum((part.get(code, none) for code in GREEN), none), 0.0, room)
        left = np.divide(room - growth, room, out=np.ones_like(room), where=room > 0.0)
        part |= {code: part[code] * left for code in PLANTABLE if code in part}
        part[CODES["grass"]] = part[CODES["grass"]] + growth
        order = tuple(sorted(part))
        yield order, whole_shares(np.stack([part[code] for code in order]))


def _with_terrain(layers: Layers, grid: GeoBox) -> Flags | None:
    """Return the cells whose height is known, all that a flood needs; None where no terrain is on the grid."""
    terrain = layers.get("terrain")
    return np.isfinite(terrain.value.to_numpy()) if terrain is not None and terrain.grid == grid else None


def _known_share(known: Flags, area: gpd.GeoDataFrame | None, grid: GeoBox, *, ground: Flags | None = None) -> float:
    """Return the share of the plan area that some file covers, of its `ground` where that is given [-]."""
    inside = np.ones(known.shape, dtype=bool)
    if area is not None:
        inside = overlay_classes(grid, [_uniform(area.geometry, 1)], start=0) > 0
    if ground is not None and (inside & ground).any():
        inside &= ground
    return float(known[inside].mean()) if inside.any() else 0.0


def _by_use(table: gpd.GeoDataFrame | None) -> Layered:
    """Shapes of a table with the typical cover of their land use; uses without one are omitted."""
    if table is None or "land_use" not in table:
        return gpd.GeoSeries([]), []
    codes = table["land_use"].map(land_cover)
    return table.geometry[codes > 0], list(codes[codes > 0])


def _typical(codes: Sequence[int]) -> list[int]:
    return [TYPICAL if code == CODES["grass"] else code for code in codes]


def _without_codes(layer: Layered, codes: Sequence[int]) -> Layered:
    shapes, values = layer
    rows = ~np.isin(values, codes)
    return shapes[rows], list(np.asarray(values)[rows])


def _with_codes(layer: Layered, codes: Sequence[int]) -> Layered:
    shapes, values = layer
    rows = np.isin(values, codes)
    return shapes[rows], list(np.asarray(values)[rows])


def _broken_lines(waters: Iterable[Layered], cell: float) -> tuple[Finding, ...]:
    """Tell how much water is narrower than a cell [m]: its area is kept, but its cells do not touch each other."""
    shapes = np.concatenate([np.asarray(each, object) for each, _ in waters])
    narrow = narrow_parts(shapes, cell) if len(shapes) else Narrow(0.0, 0.0)
    if not narrow.length:
        return ()
    details = {"length": round(narrow.length), "width": round(narrow.width, 1), "cell": cell}
    return (Finding("warning", "intake.water_narrow", "land_cover", len(shapes), details),)


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

"""Tiles of one raster put side by side on one grid: overlaps, seams and gaps between them are measured and told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.features import geometry_mask
from rasterio.warp import reproject
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target

MOST_COMMON = 0.5
"""Largest share of the smaller one's extent that two tiles of one raster have in common; above it they are two
versions of the same place [-]."""
MOST_PAIRS = 12
"""Most pairs of tiles that are told one by one, those that differ most [-]."""
USUAL = 95.0
"""A step between tiles is unusual above this percentile of the breaks of slope within them [%]."""
APART = 3
"""Distance between cells that are compared: those at the rim of a tile are covered in part and left out [cell]."""
RIM = 0.01
"""Part of a cell by which an extent may reach into the next one and not cover any of it [cell]."""
SIDES = 32
"""Points along each side of an extent that is reprojected [-]."""
NONE = -1
Values = npt.NDArray[np.float64]
Owners = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]


class Mosaic(NamedTuple):
    """The layer that tiles make together, and what was found where they meet."""

    layer: SourceLayer
    findings: tuple[Finding, ...]


class _Tiles(NamedTuple):
    """Values of the tiles on one grid, NaN for none, which cells lie inside each, their names and extents."""

    values: tuple[Values, ...]
    inner: tuple[Mask, ...]
    names: tuple[str, ...]
    covers: tuple[BaseGeometry, ...]
    grid: GeoBox
    var: Var


def covers(layer: SourceLayer, target: Target) -> BaseGeometry:
    """Return the extent of a raster's file in the study's CRS; empty without a position."""
    if layer.position is None:
        return box(0.0, 0.0, 0.0, 0.0).intersection(box(1.0, 1.0, 2.0, 2.0))
    plane = transformer(CRS.from_wkt(layer.position.crs), parse_crs(target.crs, name="crs"))

    def projected(points: Values) -> Values:
        return np.column_stack(plane.transform(points[:, 0], points[:, 1]))

    return shapely.transform(box(*layer.position.bounds).segmentize(_step(layer.position.bounds)), projected)


def _step(bounds: tuple[float, float, float, float]) -> float:
    west, south, east, north = bounds
    return max(east - west, north - south) / SIDES


def are_tiles(extents: Sequence[BaseGeometry]) -> bool:
    """Tell whether extents lie beside each other: no two have more than half of the smaller one in common."""
    return all(
        one.intersection(other).area <= MOST_COMMON * min(one.area, other.area)
        for one, other in combinations(extents, 2)
    )


def mosaic(parts: Sequence[SourceLayer], extents: Sequence[BaseGeometry]) -> Mosaic:
    """Return tiles of one quantity as one layer on the coarsest of their grids.

    Where several have a value that of the finest counts, of equally fine ones that of the first. Values are never
    shifted to fit each other: offsets in overlaps, steps along seams and gaps between tiles are findings.
    """
    order = sorted(range(len(parts)), key=lambda at: parts[at].native_resolution or 0.0)
    sorted_parts = [parts[at] for at in order]
    first = sorted_parts[0]
    grid = max((part.grid for part in parts if part.grid is not None), key=lambda each: float(each.resolution.x))
    names = tuple(part.position.name if part.position else ", ".join(sorted(part.origin)) for part in sorted_parts)
    ordered = tuple(extents[at] for at in order)
    values = tuple(_within(_on(part, grid), extent, grid) for part, extent in zip(sorted_parts, ordered, strict=True))
    inner = tuple(_inner(np.isfinite(value)) for value in values)
    tiles = _Tiles(values, inner, names, ordered, grid, first.var)
    owner, merged = _put(tiles)
    known = owner != NONE
    pixel = max(part.native_resolution or 0.0 for part in parts)
    empty = 0 if first.var.kind == "int" else np.nan
    data = np.where(known, merged, empty).astype(first.value.dtype)
    raster = first.value.copy(data=data) if first.grid == grid else type(first.value)(data, dims=("y", "x"))
    raster = raster.rename(first.var.name).assign_attrs({**first.value.attrs, "native_resolution": pixel})
    layer = replace(
        first, value=raster, grid=grid, stated=float(known.mean()), native_resolution=pixel,
        origin=frozenset().union(*(part.origin for part in parts)),
    )  # fmt: skip
    sizes = sorted({round(part.native_resolution or 0.0, 3) for part in parts})
    details: dict[str, object] = {
        "names": list(names), "cell": float(grid.resolution.x), "pixels": sizes,
        "share": round(100 * layer.completeness, 1),
    }  # fmt: skip
    finding = Finding("found", "intake.tiles_joined", first.var.name, len(parts), details)
    return Mosaic(layer, (finding, *_meetings(tiles, merged, owner), *_gaps(tiles, known, owner)))


def _on(part: SourceLayer, grid: GeoBox) -> Values:
    """Return a tile's values on the grid of all, NaN for none."""
    values = np.asarray(part.value.to_numpy(), dtype=np.float64)
    if part.var.kind == "int":
        values = np.where(values == 0, np.nan, values)
    if part.grid is None or part.grid == grid:
        return values
    brought = np.full(grid.shape, np.nan)
    reproject(
        values, brought, src_transform=part.grid.affine, src_crs=str(part.grid.crs), src_nodata=np.nan,
        dst_transform=grid.affine, dst_crs=str(grid.crs), dst_nodata=np.nan,
        resampling=Resampling.mode if part.var.kind == "int" else Resampling.average,
    )  # fmt: skip
    return brought


def _within(values: Values, extent: BaseGeometry, grid: GeoBox) -> Values:
    """Return values without those of cells that a tile only touches: averages reach one cell too far."""
    return np.where(_outside((extent,), grid), np.nan, values)


def _outside(extents: Sequence[BaseGeometry], grid: GeoBox) -> Mask:
    """Return the cells that no extent covers in part."""
    cell = float(grid.resolution.x)
    inside = [extent.buffer(-RIM * cell) for extent in extents]
    mask: Mask = geometry_mask(inside, out_shape=grid.shape, transform=grid.affine, all_touched=True)
    return mask


def _put(tiles: _Tiles) -> tuple[Owners, Values]:
    """Return which tile each cell is of, and its value: of the first tile that it lies inside, else of the first.

    Cells at the rim of a tile may be covered by it in part: another one that covers them whole comes first.
    """
    owner, merged = np.full(tiles.grid.shape, NONE, dtype=np.int16), np.full(tiles.grid.shape, np.nan)
    for masks in (tiles.inner, tuple(np.isfinite(value) for value in tiles.values)):
        for number, (value, mask) in enumerate(zip(tiles.values, masks, strict=True)):
            taken = (owner == NONE) & mask
            owner[taken] = number
            merged[taken] = value[taken]
    return owner, merged


def _meetings(tiles: _Tiles, merged: Values, owner: Owners) -> list[Finding]:
    """Tell where pairs of tiles overlap or meet, and how far they differ there; the pairs that differ most first."""
    meetings = list[tuple[float, Finding]]()
    usual: float | None = None
    for one, other in combinations(range(len(tiles.names)), 2):
        both = tiles.inner[one] & tiles.inner[other]
        if both.any():
            meetings.append(_overlap(tiles, both, one, other))
        elif tiles.var.kind == "float" and (steps := _steps(tiles, merged, owner, one, other)).size:
            usual = _usual_step(merged, owner) if usual is None else usual
            meetings.append(_seam(tiles, steps, usual, (one, other)))
    meetings.sort(key=lambda each: -each[0])
    more = len(meetings) - MOST_PAIRS
    rest = [Finding("found", "intake.tiles_more", tiles.var.name, more)] if more > 0 else []
    return [finding for _, finding in meetings[:MOST_PAIRS]] + rest


def _inner(known: Mask) -> Mask:
    """Return the cells that lie inside a tile: those at its rim are covered in part."""
    from scipy import ndimage

    inner: Mask = ndimage.binary_erosion(known, border_value=1)
    return inner


def _overlap(tiles: _Tiles, both: Mask, one: int, other: int) -> tuple[float, Finding]:
    """Return how far two tiles differ where both have values."""
    names = {"first": tiles.names[one], "second": tiles.names[other]}
    apart = tiles.values[other][both] - tiles.values[one][both]
    count = int(apart.size)
    if tiles.var.kind == "int":
        share = round(100 * float((apart != 0).mean()), 1)
        return share, Finding("found", "intake.tiles_classes", tiles.var.name, count, {**names, "share": share})
    mean, spread = float(apart.mean()), float(apart.std())
    shift = abs(mean) > spread and round(abs(mean), 2) > 0.0
    values = {**names, "mean": round(mean, 2), "spread": round(spread, 2), "unit": tiles.var.unit}
    text = "intake.tiles_shifted" if shift else "intake.tiles_overlap"
    return abs(mean), Finding("warning" if shift else "found", text, tiles.var.name, count, values)


def _seam(tiles: _Tiles, steps: Values, usual: float, pair: tuple[int, int]) -> tuple[float, Finding]:
    """Return the step from one tile to the next beyond the slope on both sides, and what is usual within tiles."""
    step = float(np.median(steps))
    odd = abs(step) > usual
    values = {
        "first": tiles.names[pair[0]], "second": tiles.names[pair[1]], "step": round(step, 2),
        "usual": round(usual, 2), "unit": tiles.var.unit, "apart": APART * float(tiles.grid.resolution.x),
    }  # fmt: skip
    text = "intake.tiles_step" if odd else "intake.tiles_seam"
    return abs(step), Finding("warning" if odd else "found", text, tiles.var.name, int(steps.size), values)


def _fours(values: npt.NDArray[Any]) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """Yield four cells in line, APART from each other, along rows and along columns."""
    ends = ((None, -3), (1, -2), (2, -1), (3, None))
    bounds = [(None if low is None else low * APART, None if high is None else high * APART) for low, high in ends]
    yield tuple(values[:, low:high] for low, high in bounds)
    yield tuple(values[low:high] for low, high in bounds)


def _breaks(merged: Values) -> Iterator[Values]:
    """Yield by how far values change between the middle two of four cells beyond the slope on both sides."""
    for first, second, third, fourth in _fours(merged):
        yield (third - second) - ((second - first) + (fourth - third)) / 2.0


def _steps(tiles: _Tiles, merged: Values, owner: Owners, one: int, other: int) -> Values:
    """Return the breaks across the seam of two tiles, from the first to the second, between cells inside them."""
    steps = list[Values]()
    here, there = ((owner == number) & tiles.inner[number] for number in (one, other))
    for near, far, broken in zip(_fours(here), _fours(there), _breaks(merged), strict=True):
        steps.append(broken[near[0] & near[1] & far[2] & far[3]])
        steps.append(-broken[far[0] & far[1] & near[2] & near[3]])
    return np.concatenate(steps)


def _usual_step(merged: Values, owner: Owners) -> float:
    """Return the percentile USUAL of the breaks within tiles, 0 without any."""
    within = [
        np.abs(broken[(cells[0] == cells[1]) & (cells[1] == cells[2]) & (cells[2] == cells[3]) & (cells[0] != NONE)])
        for cells, broken in zip(_fours(owner), _breaks(merged), strict=True)
    ]
    joined = np.concatenate(within)
    return float(np.percentile(joined, USUAL)) if joined.size else 0.0


def _gaps(tiles: _Tiles, known: Mask, owner: Owners) -> list[Finding]:
    """Tell cells between two tiles that no tile covers."""
    from scipy import ndimage

    if known.all():
        return []
    cell = float(tiles.grid.resolution.x)
    outside = _outside(tiles.covers, tiles.grid)
    gap: Mask = outside & ~known & (_between(owner) | _between(owner.T).T)
    if not gap.any():
        return []
    wide = 2.0 * float(ndimage.distance_transform_edt(gap).max()) * cell
    values = {"hectares": round(float(gap.sum()) * cell**2 / 1e4, 2), "wide": round(wide)}
    return [Finding("warning", "intake.tiles_gap", tiles.var.name, int(gap.sum()), values)]


def _between(owner: Owners) -> Mask:
    """Tell of each cell whether the known cells next to it along its row are of two tiles."""
    before, after = _last(owner), _last(owner[:, ::-1])[:, ::-1]
    between: Mask = (before != NONE) & (after != NONE) & (before != after)
    return between


def _last(owner: Owners) -> Owners:
    """Return for each cell the tile of the last known cell up to it in its row."""
    at = np.where(owner != NONE, np.arange(owner.shape[1]), 0)
    np.maximum.accumulate(at, axis=1, out=at)
    last: Owners = np.take_along_axis(owner, at, axis=1)
    return last

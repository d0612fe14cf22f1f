"""Terrain from a drawing's contours and spot heights: heights checked, put in metres, and interpolated."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cad.heights import DrawnHeights
from citybraid.sources.cad.units import Unit
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import raster_var
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.height_surface import surface_reading
from citybraid.sources.tabular.tables import to_study_crs
from citybraid.sources.vector.vectors import check_vertices

LOWEST, HIGHEST = -500.0, 9000.0
"""Heights on land: the shore of the Dead Sea is at about -430 m, the summit of Qomolangma at 8 849 m [m]."""
STEEPEST = 1.0
"""Largest difference in height over the size of the drawing [-]."""
FLATTEST = 0.05
"""Least difference in height where the drawing's unit is not the metre, and heights may not be in it [m]."""
AGREE = 0.02
"""Relative difference up to which a height agrees with the number beside it [-]."""
ALONE = 1.5
"""Distance of zero from the lowest other contour up to which zero is a contour too [contour interval]."""
Floats = NDArray[np.float64]


class Heights(NamedTuple):
    """Lines and points in CRS units, the height of each of their vertices [m], how many are left out, and the range."""

    shapes: Sequence[BaseGeometry]
    heights: Floats
    zeros: int
    scale: float


def terrain_reading(
    drawn: DrawnHeights, unit: Unit, place: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], target: Target, *,
    limits: Limits, path: Path, role: str,
) -> Reading:  # fmt: skip
    """Return contours and spot heights as a raster; `place` puts shapes in their CRS.

    Raises InputError where no height is known, where heights are not those of ground, or too few.
    """
    var = raster_var(role)
    if var is None:
        raise InputError("intake.role_not_table", name=path.name, role=role)
    surface = _heights(drawn, unit, path)
    if len(surface.shapes) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(surface.shapes), limit=limits.features)
    frame = gpd.GeoDataFrame(geometry=surface.shapes)
    check_vertices(frame.geometry, limits, name=path.name)
    flat = to_study_crs(place(frame).geometry, target, name=path.name)
    grid = target.grid_for(target.cell)
    reading = surface_reading(_raised(flat, surface.heights), var, grid, name=path.name, header="z")
    return Reading(reading.layers, (*_findings(drawn, surface, unit, role, path), *reading.findings))


def _heights(drawn: DrawnHeights, unit: Unit, path: Path) -> Heights:
    """Return contours and spots that have a height, in metres; raises InputError where heights are implausible."""
    lines = [(line, z, written) for line, z, written in zip(
        drawn.contours, drawn.contour_heights, drawn.contour_written, strict=True)]  # fmt: skip
    zero = _zeros_left([z for _, z, _ in lines], drawn.spot_heights)
    kept = [line for line, missing in zip(lines, zero, strict=True) if not missing]
    if not kept and not drawn.spots:
        raise InputError("intake.heights_zero", name=path.name, got=len(lines), without=drawn.unknown)
    shapes = [*(shapely.LineString(line) for line, _, _ in kept), *(shapely.Point(each) for each in drawn.spots)]
    raw = np.concatenate([*(z for _, z, _ in kept), np.array(drawn.spot_heights, dtype=float)])
    written = np.concatenate(
        [*(np.full(len(z), own) for _, z, own in kept), np.array(drawn.spot_written, dtype=bool)]
    ).astype(bool)
    size = float(np.hypot(*np.ptp(shapely.get_coordinates(np.array(shapes, dtype=object)), axis=0))) / unit.metre
    scale = _scale(raw, written, drawn.labels, unit, size=size, path=path)
    return Heights(shapes, np.where(written, raw, raw * scale), sum(zero), scale)


def _zeros_left(heights: list[Floats], spots: list[float]) -> list[bool]:
    """Return which contours at zero have no elevation: those far below all others, where none lies below zero."""
    level = [bool(np.any(each)) for each in heights]
    others = np.array(sorted({float(z) for each, drawn in zip(heights, level, strict=True) if drawn for z in each}))
    below = [*others.tolist(), *(spot for spot in spots if spot)]
    if not below:
        return [not each for each in level]
    interval = float(np.diff(others).min()) if len(others) > 1 else 0.0
    follows = min(below) < 0.0 or (interval > 0.0 and others[0] <= ALONE * interval)
    return [not each and not follows for each in level]


def _scale(
    raw: Floats, written: NDArray[np.bool_], labels: list[tuple[float, float]], unit: Unit, *, size: float, path: Path
) -> float:
    """Return metres per unit of heights as drawn: those of the drawing's unit, or 1.

    The numbers beside spots decide, else which of the two makes a ground. Raises InputError where neither does.
    """
    own = 1.0 if unit.name == "degree" else unit.factor / unit.metre
    candidates = list(dict.fromkeys((own, 1.0)))
    if labels and len(candidates) > 1:
        pairs = np.array(labels, dtype=float)
        agree = [np.mean(np.isclose(pairs[:, 0] * each, pairs[:, 1], rtol=AGREE, atol=0.05)) for each in candidates]
        candidates = [candidates[int(np.argmax(agree))]] if max(agree) > 0 else candidates
    for each in candidates:
        metres = np.where(written, raw, raw * each)
        relief = float(np.ptp(metres))
        flattest = 0.0 if each == 1.0 or bool(written.all()) else FLATTEST
        low, high = float(metres.min()), float(metres.max())
        if low >= LOWEST and high <= HIGHEST and flattest < relief <= STEEPEST * size:
            return each
    first = np.where(written, raw, raw * candidates[0])
    values = {"name": path.name, "low": round(float(first.min()), 2), "high": round(float(first.max()), 2),
              "size": round(size), "unit": unit.name or "m"}  # fmt: skip
    if np.ptp(first) == 0.0:
        raise InputError("intake.heights_level", **values, got=len(raw))
    raise InputError("intake.heights_implausible", **values, lowest=LOWEST, highest=HIGHEST)


def _raised(flat: gpd.GeoSeries, heights: Floats) -> gpd.GeoSeries:
    """Return shapes with the heights of their vertices, in order."""
    places, owner = shapely.get_coordinates(flat.to_numpy(), return_index=True)
    solid = np.column_stack([places, heights])
    points = shapely.get_type_id(flat.to_numpy()) == 0
    shapes = np.empty(len(flat), dtype=object)
    on_point = points[owner]
    shapes[points] = shapely.points(solid[on_point])
    if (~points).any():
        number = np.cumsum(~points) - 1
        shapes[~points] = shapely.linestrings(solid[~on_point], indices=number[owner[~on_point]])
    return gpd.GeoSeries(shapes, crs=flat.crs)


def _findings(drawn: DrawnHeights, surface: Heights, unit: Unit, role: str, path: Path) -> list[Finding]:
    """Return findings on what the heights come from, and what was left out."""
    name = {"name": path.name}
    contours = len(surface.shapes) - len(drawn.spots)
    values = {**name, "contours": contours, "spots": len(drawn.spots), "low": round(float(surface.heights.min()), 2),
              "high": round(float(surface.heights.max()), 2), "points": drawn.ways["points"],
              "blocks": drawn.ways["blocks"], "attributes": drawn.ways["attributes"],
              "texts": drawn.ways["texts"]}  # fmt: skip
    findings = [Finding("found", "intake.heights_drawn", role, len(surface.shapes), values)]
    if drawn.ways["contour_labels"]:
        findings.append(Finding("guessed", "intake.heights_labels", role, drawn.ways["contour_labels"], name))
    if surface.zeros:
        findings.append(Finding("rejected", "intake.heights_zero_left", role, surface.zeros, name))
    if drawn.unknown:
        findings.append(Finding("rejected", "intake.heights_unknown", role, drawn.unknown, name))
    own = 1.0 if unit.name == "degree" else unit.factor / unit.metre
    if own != 1.0:
        text = "intake.heights_unit" if surface.scale == own else "intake.heights_metres"
        findings.append(Finding("guessed", text, role, 1, {**name, "unit": unit.name}))
    off = [
        (z * surface.scale, label) for z, label in drawn.labels
        if not np.isclose(z * surface.scale, label, rtol=0.0, atol=0.1)
    ]  # fmt: skip
    if off:
        examples = [f"{z:g} / {label:g}" for z, label in off[:4]]
        findings.append(Finding("rejected", "intake.heights_differ", role, len(off), {**name, "examples": examples}))
    return findings

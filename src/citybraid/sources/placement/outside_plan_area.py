"""Tables entirely outside the plan area, and the CRS, axis order or unit that would put them on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.placement.crs import equivalent, parse_crs, transformer
from citybraid.sources.placement.positioned import PositionedShapes
from citybraid.sources.placement.zones import (
    MERIDIANS,
    SIX_DEGREE,
    THREE_DEGREE,
    WEB_MERCATOR,
    centre,
    lonlat,
    prefixed_zone,
    swap_axes,
    three_degree,
    utm,
)
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.target import Bounds, Target, union

FAR = 100_000.0
"""Distance from the plan area beyond which some shapes of a file are of another coordinate system [m]."""
FEET = {"ft": 0.3048, "us-ft": 1200 / 3937}
METRES = {"mm": 0.001, "cm": 0.01, "km": 1000.0}
FEW_INSIDE, MANY_OUTSIDE = 1, 2
"""One table inside and at least two together outside: the one inside is the misplaced one."""


@dataclass(frozen=True)
class Cause:
    """An interpretation of coordinates: text id, its bounds in the study's CRS, and values for the message."""

    text: str
    bounds: Bounds
    values: dict[str, object]


def tables_outside(layers: Layers, sheets: Sequence[PositionedShapes], target: Target) -> dict[str, PlanError]:
    """Return a problem for each table entirely outside the plan area, by name, with its likeliest cause.

    Where the plan area was derived from a single table and at least two others lie
    together elsewhere, the single one is reported.
    """
    if target.outline is None:
        return {}
    area = _bounds(target.outline.bounds)
    extents = {
        layer.var.on: _bounds(layer.value.total_bounds)
        for layer in layers
        if layer.var.kind == "geometry" and len(layer.value)
    }
    gaps = {table: gap for table, bounds in extents.items() if (gap := _gap(bounds, area)) > 0}
    outside = {table: bounds for table, bounds in extents.items() if table in gaps}
    inside = [table for table in extents if table not in gaps]
    outside_extent = union(outside.values())
    together = len(outside) >= MANY_OUTSIDE and all(
        _gap(one, other) <= 0 for one in outside.values() for other in outside.values()
    )
    if len(inside) == FEW_INSIDE and together and outside_extent is not None:
        area, gaps = outside_extent, {inside[0]: _gap(extents[inside[0]], outside_extent)}
    return {table: _problem(table, gap, area, sheets, target) for table, gap in gaps.items()}


def files_outside(sheets: Sequence[PositionedShapes], target: Target) -> list[Finding]:
    """Return warnings of files entirely outside the plan area whose table is not."""
    if target.outline is None:
        return []
    area = _bounds(target.outline.bounds)
    findings: list[Finding] = []
    for sheet in sheets:
        gap = _gap(sheet.bounds, area)
        if gap > 0:
            cause = likeliest(sheet.position, area, target)
            values = {"name": sheet.position.name, "kilometres": gap / 1000}
            findings.append(Finding("warning", "intake.file_elsewhere", sheet.table, len(sheet.shapes), values))
            text, cause_values = (cause.text, cause.values) if cause else ("intake.cause_unknown", {})
            findings.append(Finding("warning", text, sheet.table, 1, {"file": sheet.position.name, **cause_values}))
        else:
            findings += _some_outside(sheet, area)
    return findings


def _some_outside(sheet: PositionedShapes, area: Bounds) -> list[Finding]:
    """Tell shapes of a file that lie in another region than the rest: two coordinate systems stand in one file."""
    edges = sheet.shapes.bounds.dropna().to_numpy()
    away = np.array([_gap((west, south, east, north), area) for west, south, east, north in edges])
    far = away > FAR
    if not far.any():
        return []
    values = {"name": sheet.position.name, "kilometres": float(np.median(away[far])) / 1000}
    return [Finding("warning", "intake.shapes_elsewhere", sheet.table, int(far.sum()), values)]


def _problem(table: str, gap: float, area: Bounds, sheets: Sequence[PositionedShapes], target: Target) -> PlanError:
    values = {"name": table, "kilometres": gap / 1000, "crs": crs_label(parse_crs(target.crs, name="crs"))}
    for sheet in sheets:
        if sheet.table == table and (cause := likeliest(sheet.position, area, target)) is not None:
            return InputError("intake.layer_elsewhere_likely", cause=_phrase(cause, sheet.position), **values)
    return InputError("intake.layer_elsewhere", **values)


def raster_outside(position: Position, target: Target) -> PlanError:
    """Return the problem of a raster without pixels on the plan area, with its likeliest cause."""
    area = None if target.outline is None else _bounds(target.outline.bounds)
    cause = None if area is None else likeliest(position, area, target)
    values = {"name": position.name, "crs": crs_label(parse_crs(target.crs, name="crs"))}
    if cause is None:
        return InputError("intake.raster_elsewhere", **values)
    return InputError("intake.raster_elsewhere_likely", cause=_phrase(cause, position), **values)


def _phrase(cause: Cause, position: Position) -> Phrase:
    return Phrase(cause.text, {"file": position.name, **cause.values})


def likeliest(position: Position, area: Bounds, target: Target) -> Cause | None:
    """Return the interpretation of coordinates with the largest overlap with an area, None where none overlaps.

    Of equally good ones the first is returned: the study's CRS and the file's other
    statements come before zones, and zones before swapped axes.
    """
    best, best_share = None, 0.0
    for cause in interpretations(position, area, target):
        share = _overlap_share(cause.bounds, area)
        if share > best_share + 0.05:
            best, best_share = cause, share
    return best


def interpretations(position: Position, area: Bounds, target: Target) -> Iterator[Cause]:
    """Yield alternative interpretations of a file's coordinates with the resulting bounds in the study's CRS."""
    file_crs, study_crs = CRS.from_wkt(position.crs), parse_crs(target.crs, name="crs")
    plain, swapped = position.bounds, swap_axes(position.bounds)
    if position.datum:
        return
    yield from _cause("intake.cause_axes", swapped, file_crs, study_crs, {})
    named = [code for code in _candidates(area, target) if not equivalent(parse_crs(code, name="crs"), file_crs)]
    if position.stated and position.named and not equivalent(CRS.from_wkt(position.stated), file_crs):
        stated = CRS.from_wkt(position.stated)
        yield from _cause("intake.cause_crs", plain, stated, study_crs, {"likely": crs_label(stated)})
    for code in named:
        yield from _cause("intake.cause_crs", plain, parse_crs(code, name="crs"), study_crs, {"likely": code})
    for code in named:
        yield from _cause("intake.cause_axes_crs", swapped, parse_crs(code, name="crs"), study_crs, {"likely": code})
    for unit, metres in {**FEET, **METRES}.items():
        scaled = tuple(edge * metres for edge in plain)
        text = "intake.cause_feet" if unit in FEET else "intake.cause_scale"
        yield from _cause(text, _bounds(scaled), file_crs, study_crs, {"unit": unit})


def crs_label(crs: CRS) -> str:
    """Return a CRS as its EPSG code, else by name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else crs.name


def _candidates(area: Bounds, target: Target) -> list[str]:
    """Return possible CRS of a file near the plan area, the likeliest first."""
    longitude = lonlat(centre(area), target.crs)[0]
    meridians = sorted(MERIDIANS, key=lambda meridian: abs(meridian - longitude))
    zones = [*THREE_DEGREE, *SIX_DEGREE]
    codes = [
        target.crs, "EPSG:4490", *(three_degree(meridian) for meridian in meridians),
        *(prefixed_zone(zone) for zone in zones), *(utm(longitude + step) for step in (0.0, 6.0, -6.0)),
        utm(longitude, south=True), WEB_MERCATOR,
    ]  # fmt: skip
    return list(dict.fromkeys(codes))


def _cause(text: str, bounds: Bounds, crs: CRS, study_crs: CRS, values: dict[str, object]) -> Iterator[Cause]:
    """Yield the interpretation, where its corners are finite in the study's CRS."""
    west, south, east, north = bounds
    xs, ys = transformer(crs, study_crs).transform(
        np.array([west, east, west, east]), np.array([south, south, north, north])
    )
    if np.isfinite(xs).all() and np.isfinite(ys).all():
        yield Cause(text, (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())), values)


def _overlap_share(bounds: Bounds, area: Bounds) -> float:
    """Return the overlap relative to the smaller extent per axis [-]; an axis without extent counts as 1."""
    wide = min(bounds[2], area[2]) - max(bounds[0], area[0])
    high = min(bounds[3], area[3]) - max(bounds[1], area[1])
    if wide < 0 or high < 0:
        return 0.0
    widest = min(bounds[2] - bounds[0], area[2] - area[0])
    highest = min(bounds[3] - bounds[1], area[3] - area[1])
    return (wide / widest if widest > 0 else 1.0) * (high / highest if highest > 0 else 1.0)


def _gap(one: Bounds, other: Bounds) -> float:
    """Return the gap between two rectangles along the axis with the larger one [m], negative where they overlap."""
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])


def _bounds(edges: Sequence[float]) -> Bounds:
    west, south, east, north = (float(edge) for edge in edges)
    return west, south, east, north

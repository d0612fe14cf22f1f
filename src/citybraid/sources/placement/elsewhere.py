"""Tables that lie wholly outside the plan area, and by which reading of their numbers they would fall on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.placement.crs import parsed, same, transformer
from citybraid.sources.placement.placed_sheet import Sheet
from citybraid.sources.placement.zones import (
    MERIDIANS,
    SIX_DEGREE,
    THREE_DEGREE,
    WEB_MERCATOR,
    centre,
    lonlat,
    numbered,
    three_degree,
    turned,
    utm,
)
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.target import Bounds, Target, union

FEET = {"ft": 0.3048, "us-ft": 1200 / 3937}
METRES = {"mm": 0.001, "cm": 0.01, "km": 1000.0}
FEW_HERE, MANY_THERE = 1, 2
"""One table here and at least two together there: the one here is the stray."""


@dataclass(frozen=True)
class Cause:
    """A reading under which numbers fall on the plan area, and what a study would write for it."""

    text: str
    bounds: Bounds
    values: dict[str, object]


def apart(layers: Layers, sheets: Sequence[Sheet], target: Target) -> dict[str, PlanError]:
    """Return a problem for each table that lies wholly outside the plan area, by name, with its likeliest cause.

    Where the plan area was drawn around a single table and at least two others lie
    together elsewhere, that one is the stray.
    """
    if target.outline is None:
        return {}
    area = _bounds(target.outline.bounds)
    held = {
        found.var.on: _bounds(found.value.total_bounds)
        for found in layers
        if found.var.kind == "geometry" and len(found.value)
    }
    gaps = {table: gap for table, bounds in held.items() if (gap := _gap(bounds, area)) > 0}
    others = {table: bounds for table, bounds in held.items() if table in gaps}
    here = [table for table in held if table not in gaps]
    there = union(others.values())
    together = len(others) >= MANY_THERE and all(
        _gap(one, other) <= 0 for one in others.values() for other in others.values()
    )
    if len(here) == FEW_HERE and together and there is not None:
        area, gaps = there, {here[0]: _gap(held[here[0]], there)}
    return {table: _problem(table, gap, area, sheets, target) for table, gap in gaps.items()}


def strayed(sheets: Sequence[Sheet], target: Target) -> list[Finding]:
    """Return advice on single files of a table that lie wholly outside the plan area while the table does not."""
    if target.outline is None:
        return []
    area = _bounds(target.outline.bounds)
    found: list[Finding] = []
    for sheet in sheets:
        gap = _gap(sheet.bounds, area)
        if gap > 0:
            cause = likeliest(sheet.position, area, target)
            values = {"name": sheet.position.name, "kilometres": gap / 1000}
            found.append(Finding("advice", "intake.file_elsewhere", sheet.table, len(sheet.shapes), values))
            text, more = (cause.text, cause.values) if cause else ("intake.cause_unknown", {})
            found.append(Finding("advice", text, sheet.table, 1, {"file": sheet.position.name, **more}))
    return found


def _problem(table: str, gap: float, area: Bounds, sheets: Sequence[Sheet], target: Target) -> PlanError:
    values = {"name": table, "kilometres": gap / 1000, "crs": target.crs}
    for sheet in sheets:
        if sheet.table == table and (cause := likeliest(sheet.position, area, target)) is not None:
            return InputError("intake.layer_elsewhere_likely", cause=_said(cause, sheet.position), **values)
    return InputError("intake.layer_elsewhere", **values)


def raster_elsewhere(position: Position, target: Target) -> PlanError:
    """Return the problem of a raster without a pixel on the plan area, with its likeliest cause."""
    area = None if target.outline is None else _bounds(target.outline.bounds)
    cause = None if area is None else likeliest(position, area, target)
    values = {"name": position.name, "crs": target.crs}
    if cause is None:
        return InputError("intake.raster_elsewhere", **values)
    return InputError("intake.raster_elsewhere_likely", cause=_said(cause, position), **values)


def _said(cause: Cause, position: Position) -> Phrase:
    return Phrase(cause.text, {"file": position.name, **cause.values})


def likeliest(position: Position, area: Bounds, target: Target) -> Cause | None:
    """Return the reading of a file's numbers under which most of it falls on an area, None where none does.

    Of those that do equally well the first counts: the study's CRS and the file's other
    statements come before zones, and zones before swapped axes.
    """
    best, most = None, 0.0
    for cause in readings_of(position, area, target):
        share = _shared(cause.bounds, area)
        if share > most + 0.05:
            best, most = cause, share
    return best


def readings_of(position: Position, area: Bounds, target: Target) -> Iterator[Cause]:
    """Yield other readings of a file's numbers with where they would put it in the study's CRS."""
    now, wanted = CRS.from_wkt(position.crs), parsed(target.crs, name="crs")
    plain, swapped = position.bounds, turned(position.bounds)
    if position.datum:
        return
    yield from _as("intake.cause_axes", swapped, now, wanted, {})
    named = [code for code in _named(area, target) if not same(parsed(code, name="crs"), now)]
    if position.stated and position.named and not same(CRS.from_wkt(position.stated), now):
        stated = CRS.from_wkt(position.stated)
        yield from _as("intake.cause_crs", plain, stated, wanted, {"likely": shown(stated)})
    for code in named:
        yield from _as("intake.cause_crs", plain, parsed(code, name="crs"), wanted, {"likely": code})
    for code in named:
        yield from _as("intake.cause_axes_crs", swapped, parsed(code, name="crs"), wanted, {"likely": code})
    for unit, metres in {**FEET, **METRES}.items():
        scaled = tuple(edge * metres for edge in plain)
        text = "intake.cause_feet" if unit in FEET else "intake.cause_scale"
        yield from _as(text, _bounds(scaled), now, wanted, {"unit": unit})


def shown(crs: CRS) -> str:
    """Return a CRS as its EPSG code, else by name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else crs.name


def _named(area: Bounds, target: Target) -> list[str]:
    """CRS that a file near the plan area could be in, the likeliest first."""
    longitude = lonlat(centre(area), target.crs)[0]
    meridians = sorted(MERIDIANS, key=lambda meridian: abs(meridian - longitude))
    zones = [*THREE_DEGREE, *SIX_DEGREE]
    every = [
        target.crs, "EPSG:4490", *(three_degree(meridian) for meridian in meridians),
        *(numbered(zone) for zone in zones), *(utm(longitude + step) for step in (0.0, 6.0, -6.0)),
        utm(longitude, south=True), WEB_MERCATOR,
    ]  # fmt: skip
    return list(dict.fromkeys(every))


def _as(text: str, bounds: Bounds, crs: CRS, wanted: CRS, values: dict[str, object]) -> Iterator[Cause]:
    """The reading, where its corners have a place in the study's CRS."""
    west, south, east, north = bounds
    xs, ys = transformer(crs, wanted).transform(
        np.array([west, east, west, east]), np.array([south, south, north, north])
    )
    if np.isfinite(xs).all() and np.isfinite(ys).all():
        yield Cause(text, (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())), values)


def _shared(bounds: Bounds, area: Bounds) -> float:
    """Share of bounds that lies on an area, or of the area where that is the smaller [-]; lines count by length."""
    wide = min(bounds[2], area[2]) - max(bounds[0], area[0])
    high = min(bounds[3], area[3]) - max(bounds[1], area[1])
    if wide < 0 or high < 0:
        return 0.0
    widest = min(bounds[2] - bounds[0], area[2] - area[0])
    highest = min(bounds[3] - bounds[1], area[3] - area[1])
    return (wide / widest if widest > 0 else 1.0) * (high / highest if highest > 0 else 1.0)


def _gap(one: Bounds, other: Bounds) -> float:
    """Distance between two rectangles along the farther axis [m], negative where they overlap."""
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])


def _bounds(edges: Sequence[float]) -> Bounds:
    west, south, east, north = (float(edge) for edge in edges)
    return west, south, east, north

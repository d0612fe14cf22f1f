"""Bounds of a study in longitude and latitude: from its files, or given by the user."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyproj import CRS
from rasterio.warp import transform_bounds

from citybraid.core.errors import InputError, PlanError
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.dataset import require_valid_dataset
from citybraid.sources.protocol.discovery import plan_area_tables, reader_for
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Bounds, Target, union

LONLAT = "EPSG:4326"
ROOM = 1000.0
"""Margin around the study that is fetched as well: grids extend beyond it, web maps of China are shifted [m]."""
WIDEST = 5.0
"""Widest plausible area [degree]."""
PARTS = 4


def parse_bounds(text: str) -> Bounds:
    """Return the bounds in a text `W,S,E,N`, in degrees; raises InputError where they are malformed or too large."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise InputError("fetch.bounds_form", got=text) from fault
    return _checked((west, south, east, north), text)


def study_bounds(files: Mapping[str, FileSpec], target: Target, *, root: Path, limits: Limits) -> Bounds:
    """Return the bounds of the first table with an extent, with the study's buffer and a margin.

    Raises InputError where no file has an extent.
    """
    faults: list[PlanError] = []
    with Sandbox(root) as sandbox:
        for table in plan_area_tables():
            specs = [
                (name, spec) for name, spec in files.items() if (spec.role or name) == table or table in spec.layers
            ]
            extents = [*_extents(specs, target, root=root, sandbox=sandbox, limits=limits, faults=faults)]
            extent = union(extents)
            if extent is not None:
                return _checked(_buffered_lonlat(extent, target), ",".join(f"{edge:.4f}" for edge in extent))
    raise InputError("fetch.no_area", why="; ".join(str(fault) for fault in faults[:3]) or "-")


def _extents(
    specs: Iterable[tuple[str, FileSpec]],
    target: Target,
    *,
    root: Path,
    sandbox: Sandbox,
    limits: Limits,
    faults: list[PlanError],
) -> Iterable[Bounds]:
    """The extents of files in the study's CRS; errors of unreadable files are appended to `faults`."""
    for name, spec in specs:
        for text in spec.paths:
            try:
                refuse_outside(root / text, root, entry=name, said=text)
                path = (root / text).resolve()
                require_valid_dataset(path, limits, entry=name, said=text)
                reader = reader_for(path)
                job = Job(reader.module_name, path, "", reader.options(), target, limits)
                for layer in sandbox.peek(job):
                    fitting = not spec.sheet or layer.layer == spec.sheet
                    crs = _crs(spec.crs, layer.crs, name=name)
                    if fitting and layer.bounds is not None and crs is not None:
                        yield _reprojected(layer.bounds, crs, parse_crs(target.crs, name="crs"))
            except PlanError as fault:
                faults.append(fault)


def _crs(named: str, stated: str, *, name: str) -> CRS | None:
    """The CRS of a file: the study's entry first; shifted coordinates of web maps count as longitude and latitude."""
    if named.upper().startswith(("GCJ", "BD")):
        return parse_crs(LONLAT, name=name)
    text = named or stated
    return parse_crs(text, name=name) if text and named.casefold() != "local" else None


def _reprojected(bounds: Bounds, source: CRS, target: CRS) -> Bounds:
    west, south, east, north = transform_bounds(source.to_wkt(), target.to_wkt(), *bounds, densify_pts=21)
    return float(west), float(south), float(east), float(north)


def _buffered_lonlat(bounds: Bounds, target: Target) -> Bounds:
    margin = target.buffer + max(target.cell, target.whole) + ROOM
    west, south, east, north = bounds
    buffered = (west - margin, south - margin, east + margin, north + margin)
    return _reprojected(buffered, parse_crs(target.crs, name="crs"), parse_crs(LONLAT, name="crs"))


def _checked(bounds: Bounds, text: str) -> Bounds:
    west, south, east, north = bounds
    if not all(map(math.isfinite, bounds)) or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004
        raise InputError("fetch.bounds_form", got=text)
    if max(east - west, north - south) > WIDEST:
        raise InputError("fetch.bounds_wide", got=text, limit=WIDEST)
    return bounds

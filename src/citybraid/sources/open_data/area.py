"""Where a study lies, in longitude and latitude: as its files say, or as a user says."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyproj import CRS
from rasterio.warp import transform_bounds

from citybraid.core.errors import InputError, PlanError
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.placement.crs import parsed
from citybraid.sources.protocol.dataset import refuse_unfit
from citybraid.sources.protocol.discovery import leading, reader_for
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Bounds, Target, union

LONLAT = "EPSG:4326"
ROOM = 1000.0
"""Room around the study that is fetched as well: grids reach over the edge, web maps of China are shifted [m]."""
WIDEST = 5.0
"""Widest area that is no slip of the pen [degree]."""
PARTS = 4


def said(text: str) -> Bounds:
    """Return the area in a text `W,S,E,N`, in degrees; raises InputError where it is none or too large."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise InputError("fetch.bounds_form", got=text) from fault
    return _fit((west, south, east, north), text)


def of_study(files: Mapping[str, FileSpec], target: Target, *, root: Path, limits: Limits) -> Bounds:
    """Return the area of the first table that says where the study lies, with its buffer and some room around.

    Raises InputError where no file says it.
    """
    faults: list[PlanError] = []
    with Sandbox(root) as sandbox:
        for table in leading():
            specs = [
                (name, spec) for name, spec in files.items() if (spec.role or name) == table or table in spec.layers
            ]
            found = [*_extents(specs, target, root=root, sandbox=sandbox, limits=limits, faults=faults)]
            whole = union(found)
            if whole is not None:
                return _fit(_roomy(whole, target), ",".join(f"{edge:.4f}" for edge in whole))
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
    """The extents of files in the study's CRS; what cannot be looked at is put to the faults."""
    for name, spec in specs:
        for text in spec.paths:
            try:
                refuse_outside(root / text, root, entry=name, said=text)
                path = (root / text).resolve()
                refuse_unfit(path, limits, entry=name, said=text)
                reader = reader_for(path)
                job = Job(reader.module_name, path, "", reader.options(), target, limits)
                for layer in sandbox.peek(job):
                    fitting = not spec.sheet or layer.layer == spec.sheet
                    crs = _crs(spec.crs, layer.crs, name=name)
                    if fitting and layer.bounds is not None and crs is not None:
                        yield _moved(layer.bounds, crs, parsed(target.crs, name="crs"))
            except PlanError as fault:
                faults.append(fault)


def _crs(named: str, stated: str, *, name: str) -> CRS | None:
    """The CRS of a file: the study's word first; shifted coordinates of web maps count as longitude and latitude."""
    if named.upper().startswith(("GCJ", "BD")):
        return parsed(LONLAT, name=name)
    text = named or stated
    return parsed(text, name=name) if text and named.casefold() != "local" else None


def _moved(bounds: Bounds, source: CRS, target: CRS) -> Bounds:
    west, south, east, north = transform_bounds(source.to_wkt(), target.to_wkt(), *bounds, densify_pts=21)
    return float(west), float(south), float(east), float(north)


def _roomy(bounds: Bounds, target: Target) -> Bounds:
    room = target.buffer + max(target.cell, target.whole) + ROOM
    west, south, east, north = bounds
    around = (west - room, south - room, east + room, north + room)
    return _moved(around, parsed(target.crs, name="crs"), parsed(LONLAT, name="crs"))


def _fit(bounds: Bounds, text: str) -> Bounds:
    west, south, east, north = bounds
    if not all(map(math.isfinite, bounds)) or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004
        raise InputError("fetch.bounds_form", got=text)
    if max(east - west, north - south) > WIDEST:
        raise InputError("fetch.bounds_wide", got=text, limit=WIDEST)
    return bounds

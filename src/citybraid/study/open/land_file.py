"""Outlines of the land that takes a measure, from a GeoJSON file beside the study file."""

import json
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS, Transformer

from citybraid.core.errors import InputError

LARGEST_BYTES = 8 * 2**20
"""Largest file of outlines [byte]."""
DEGREES = "OGC:CRS84"
"""CRS of GeoJSON (RFC 7946): longitude, latitude of WGS 84."""
SNAP = 1e-4
"""Outlines are rounded to this in the study's CRS, so that every library reads the same [m]."""


def land_of(folder: Path, name: str, crs: str) -> tuple[str, ...]:
    """Return the areas of a file as WKT in the study's CRS; raises InputError where it is not there or holds none."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise InputError("land.outside", file=name)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError("land.large", file=name, mib=LARGEST_BYTES // 2**20)
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = content["features"] if content["type"] == "FeatureCollection" else [content]
        shapes = [shapely.from_geojson(json.dumps(each.get("geometry", each))) for each in features]
    except OSError as fault:
        raise InputError("land.no_file", file=name) from fault
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.GEOSException) as fault:
        raise InputError("land.no_areas", file=name) from fault
    transform = Transformer.from_crs(DEGREES, CRS.from_user_input(crs), always_xy=True)
    placed = [_in_metres(shape, transform, name) for shape in shapes]
    if not placed:
        raise InputError("land.no_areas", file=name)
    return tuple(placed)


def _in_metres(shape: Any, transform: Transformer, name: str) -> str:
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise InputError("land.no_areas", file=name)
    west, south, east, north = shape.bounds
    if west < -180.0 or east > 180.0 or south < -90.0 or north > 90.0:  # noqa: PLR2004  (degrees of the globe)
        raise InputError("land.no_degrees", file=name)
    moved = shapely.transform(shape, lambda points: _columns(transform, points))
    valid = shapely.make_valid(shapely.set_precision(moved, SNAP))
    if valid.geom_type not in ("Polygon", "MultiPolygon") or valid.is_empty:
        raise InputError("land.no_areas", file=name)
    return str(shapely.to_wkt(valid, rounding_precision=4))


def _columns(transform: Transformer, points: Any) -> Any:
    points[:, 0], points[:, 1] = transform.transform(points[:, 0], points[:, 1])
    return points

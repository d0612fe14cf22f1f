"""Overpass API: the query for the tags of the roles, and parsing of its responses to shapes with tags."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.sources.protocol.target import Bounds
from citybraid.sources.vector.osm_tags import OsmSelection, has_tag, osm_selection

ROLES = ("buildings", "streets", "ground")
CRS = "EPSG:4326"
SECONDS = 180
LINE, RING = 2, 4
"""Minimum points of a line, and of a closed ring."""
AREAS = ("multipolygon", "boundary")


class RoleShapes(NamedTuple):
    """Shapes of a role with their tags as columns; `broken` counts relations whose rings do not close."""

    role: str
    frame: gpd.GeoDataFrame
    broken: int


def query(bounds: Bounds) -> str:
    """Return the query of an area in longitude and latitude: every tag that the roles select."""
    west, south, east, north = bounds
    parts: dict[str, None] = {}
    for role in ROLES:
        selection = _selection(role)
        for key in selection.selects:
            parts[f'way["{key}"];'] = None
            if selection.layer == "multipolygons":
                parts[f'relation["type"="multipolygon"]["{key}"];'] = None
    box = ",".join(f"{edge:.5f}" for edge in (south, west, north, east))
    return f"[out:json][timeout:{SECONDS}][bbox:{box}];({''.join(parts)});out geom;"


def encoded_query(bounds: Bounds) -> bytes:
    """Return the query URL-encoded, for POST."""
    return urlencode({"data": query(bounds)}).encode("ascii")


def layers(path: Path) -> tuple[RoleShapes, ...]:
    """Return the shapes of every role in a response; runs in the sandbox.

    Raises InputError where the file is no response, or the server reports an error.
    """
    try:
        content = json.loads(path.read_bytes())
        elements = content["elements"]
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise InputError("fetch.not_overpass", name=path.name) from fault
    if not isinstance(elements, list):
        raise InputError("fetch.not_overpass", name=path.name)
    remark = str(content.get("remark", ""))
    if "error" in remark.lower():
        raise InputError("fetch.overpass_remark", name=path.name, why=remark[:160])
    return tuple(_role_shapes(role, [each for each in elements if isinstance(each, dict)]) for role in ROLES)


def _selection(role: str) -> OsmSelection:
    selection = osm_selection(role)
    assert selection is not None  # noqa: S101  (every role here has rows)
    return selection


def _role_shapes(role: str, elements: Iterable[Mapping[str, Any]]) -> RoleShapes:
    selection = _selection(role)
    keys = [*selection.selects, *selection.carries]
    ids: list[str] = []
    tag_rows: list[list[str]] = []
    shapes: list[BaseGeometry] = []
    broken = 0
    for each in elements:
        tag_values = each.get("tags")
        if not isinstance(tag_values, dict) or not any(tag_values.get(key) for key in selection.selects):
            continue
        shape, faulty = _shape(each, selection)
        broken += faulty
        if shape is not None:
            ids.append(f"{str(each.get('type'))[:1]}{each.get('id')}")
            tag_rows.append([str(tag_values.get(key, "")) for key in keys])
            shapes.append(shape)
    table = pd.DataFrame(tag_rows, columns=keys, dtype=object)
    frame = gpd.GeoDataFrame(table.assign(id=ids), geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)
    chosen = frame[has_tag(table, selection.selects).to_numpy(dtype=bool)] if len(frame) else frame
    return RoleShapes(role, chosen.drop_duplicates("id").reset_index(drop=True), broken)


def _shape(element: Mapping[str, Any], selection: OsmSelection) -> tuple[BaseGeometry | None, bool]:
    """An element as the role's geometry type, None where it is of another type; and whether its rings do not close."""
    if element.get("type") == "way":
        points = _points(element.get("geometry"))
        if selection.layer == "lines":
            return (LineString(points) if len(points) >= LINE else None), False
        return (Polygon(points) if len(points) >= RING and points[0] == points[-1] else None), False
    if element.get("type") != "relation" or selection.layer == "lines":
        return None, False
    tags = element.get("tags")
    if not isinstance(tags, dict) or tags.get("type") not in AREAS:
        return None, False
    area = _area(element.get("members"))
    return area, area is None


def _area(members: object) -> BaseGeometry | None:
    """The area of a relation: its outer rings less its inner rings; None where no ring closes."""
    relation_members = [each for each in members if isinstance(each, dict)] if isinstance(members, list) else []
    outer = _enclosed(_lines(each for each in relation_members if each.get("role") in ("outer", "")))
    if outer.is_empty:
        return None
    return outer.difference(_enclosed(_lines(each for each in relation_members if each.get("role") == "inner")))


def _lines(members: Iterable[Mapping[str, Any]]) -> Iterator[LineString]:
    for each in members:
        points = _points(each.get("geometry"))
        if len(points) >= LINE:
            yield LineString(points)


def _enclosed(lines: Iterable[LineString]) -> BaseGeometry:
    rings = shapely.polygonize(list(lines))
    return shapely.union_all(shapely.get_parts(rings))


def _points(geometry: object) -> Sequence[tuple[float, float]]:
    """Points of a geometry; null points are skipped."""
    if not isinstance(geometry, list):
        return []
    return [
        (float(point["lon"]), float(point["lat"]))
        for point in geometry
        if isinstance(point, dict) and all(isinstance(point.get(edge), int | float) for edge in ("lon", "lat"))
    ]

"""Answers of the Overpass API: the query by the tags that roles want, and shapes with these tags."""

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
from citybraid.sources.vector.osm_tags import Wanted, selected, wanted

ROLES = ("buildings", "streets", "ground")
CRS = "EPSG:4326"
SECONDS = 180
LINE, RING = 2, 4
"""Fewest points of a line, and of a closed ring."""
AREAS = ("multipolygon", "boundary")


class RoleShapes(NamedTuple):
    """Shapes of a role with their tags as columns; `broken` relations could not be closed to areas."""

    role: str
    frame: gpd.GeoDataFrame
    broken: int


def query(bounds: Bounds) -> str:
    """Return the query of an area in longitude and latitude: every tag that the roles select."""
    west, south, east, north = bounds
    parts: dict[str, None] = {}
    for role in ROLES:
        what = _wanted(role)
        for key in what.selects:
            parts[f'way["{key}"];'] = None
            if what.layer == "multipolygons":
                parts[f'relation["type"="multipolygon"]["{key}"];'] = None
    box = ",".join(f"{edge:.5f}" for edge in (south, west, north, east))
    return f"[out:json][timeout:{SECONDS}][bbox:{box}];({''.join(parts)});out geom;"


def form(bounds: Bounds) -> bytes:
    """Return the query as a server's form takes it."""
    return urlencode({"data": query(bounds)}).encode("ascii")


def layers(path: Path) -> tuple[RoleShapes, ...]:
    """Return the shapes of every role in an answer; runs in the sandbox.

    Raises InputError where the file is no answer, or the server broke off and says why.
    """
    try:
        told = json.loads(path.read_bytes())
        elements = told["elements"]
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise InputError("fetch.not_overpass", name=path.name) from fault
    if not isinstance(elements, list):
        raise InputError("fetch.not_overpass", name=path.name)
    remark = str(told.get("remark", ""))
    if "error" in remark.lower():
        raise InputError("fetch.overpass_remark", name=path.name, why=remark[:160])
    return tuple(_of_role(role, [each for each in elements if isinstance(each, dict)]) for role in ROLES)


def _wanted(role: str) -> Wanted:
    what = wanted(role)
    assert what is not None  # noqa: S101  (every role here has rows)
    return what


def _of_role(role: str, elements: Iterable[Mapping[str, Any]]) -> RoleShapes:
    what = _wanted(role)
    keys = [*what.selects, *what.carries]
    ids: list[str] = []
    tags: list[list[str]] = []
    shapes: list[BaseGeometry] = []
    broken = 0
    for each in elements:
        said = each.get("tags")
        if not isinstance(said, dict) or not any(said.get(key) for key in what.selects):
            continue
        shape, faulty = _shape(each, what)
        broken += faulty
        if shape is not None:
            ids.append(f"{str(each.get('type'))[:1]}{each.get('id')}")
            tags.append([str(said.get(key, "")) for key in keys])
            shapes.append(shape)
    table = pd.DataFrame(tags, columns=keys, dtype=object)
    frame = gpd.GeoDataFrame(table.assign(id=ids), geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)
    kept = frame[selected(table, what.selects).to_numpy(dtype=bool)] if len(frame) else frame
    return RoleShapes(role, kept.drop_duplicates("id").reset_index(drop=True), broken)


def _shape(each: Mapping[str, Any], what: Wanted) -> tuple[BaseGeometry | None, bool]:
    """An element as the role's kind of shape, None where it is of another kind; and whether it cannot be closed."""
    if each.get("type") == "way":
        points = _points(each.get("geometry"))
        if what.layer == "lines":
            return (LineString(points) if len(points) >= LINE else None), False
        return (Polygon(points) if len(points) >= RING and points[0] == points[-1] else None), False
    if each.get("type") != "relation" or what.layer == "lines":
        return None, False
    tags = each.get("tags")
    if not isinstance(tags, dict) or tags.get("type") not in AREAS:
        return None, False
    area = _area(each.get("members"))
    return area, area is None


def _area(members: object) -> BaseGeometry | None:
    """The area that a relation's outer rings enclose, without its inner rings; None where no ring closes."""
    listed = [each for each in members if isinstance(each, dict)] if isinstance(members, list) else []
    outer = _enclosed(_lines(each for each in listed if each.get("role") in ("outer", "")))
    if outer.is_empty:
        return None
    return outer.difference(_enclosed(_lines(each for each in listed if each.get("role") == "inner")))


def _lines(members: Iterable[Mapping[str, Any]]) -> Iterator[LineString]:
    for each in members:
        points = _points(each.get("geometry"))
        if len(points) >= LINE:
            yield LineString(points)


def _enclosed(lines: Iterable[LineString]) -> BaseGeometry:
    rings = shapely.polygonize(list(lines))
    return shapely.union_all(shapely.get_parts(rings))


def _points(said: object) -> Sequence[tuple[float, float]]:
    """Points of a geometry; those that an answer leaves out (null) are left out."""
    if not isinstance(said, list):
        return []
    return [
        (float(point["lon"]), float(point["lat"]))
        for point in said
        if isinstance(point, dict) and all(isinstance(point.get(edge), int | float) for edge in ("lon", "lat"))
    ]

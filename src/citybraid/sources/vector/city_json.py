"""CityJSON 1.0 to 2.0 as data: surfaces of city objects, footprints, heights, attributes; nothing is fetched."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits

VERSIONS = ("1.0", "1.1", "2.0")
EPSG = re.compile(
    r"^(?:urn:ogc:def:crs:EPSG:[\d.]*:|https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/|EPSG:)(\d{4,6})$", re.IGNORECASE
)
"""Notations of an EPSG code in `referenceSystem`; a URL is parsed as a name, never fetched."""
DEPTH = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
"""Nesting depth of the surfaces in a geometry's `boundaries`."""
GROUND = "GroundSurface"
FLAT = 0.05
"""Greatest rise of a face over its width that counts as level [-]."""
LEVEL = 0.5
"""Faces up to this above the lowest point count as the base of a building [m]."""
RING = 3
Points = npt.NDArray[np.float64]


class Surface(NamedTuple):
    """One face: its rings of vertex indices, its semantic type ('' if none), its geometry's level of detail."""

    rings: Sequence[Sequence[int]]
    kind: str
    lod: float


@dataclass
class CityObject:
    """One city object with its parts: id, type, attributes, faces."""

    id: str
    type: str
    attributes: dict[str, Any]
    surfaces: list[Surface] = field(default_factory=list)


@dataclass(frozen=True)
class City:
    """Content of a CityJSON file: objects without parents, vertices [m], the CRS (None if not stated)."""

    objects: tuple[CityObject, ...]
    vertices: Points
    crs: CRS | None


class Footprint(NamedTuple):
    """A footprint (None if there is none), the object's height [m], and the method of derivation."""

    shape: BaseGeometry | None
    height: float
    how: str


def parsed_city(path: Path, limits: Limits) -> City:
    """Return the objects of a CityJSON file.

    Raises InputError where it is no CityJSON of a known version, its numbers do not fit, or it is too large.
    """
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=f"JSON: {str(fault)[:100]}") from fault
    if not isinstance(document, dict) or document.get("type") != "CityJSON":
        raise InputError("intake.not_this_format", name=path.name, format="CityJSON")
    version = str(document.get("version", ""))
    if not version.startswith(VERSIONS):
        raise InputError("intake.city_version", name=path.name, got=version or "-", needs=VERSIONS)
    try:
        vertices = _vertices(document)
        objects = _objects(document["CityObjects"])
        for city_object in objects:
            _check_numbers(city_object, len(vertices))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise InputError("intake.city_broken", name=path.name, why=f"{type(fault).__name__}: {fault}"[:120]) from fault
    if len(objects) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(objects), limit=limits.features)
    return City(tuple(objects), vertices, _crs(document, path))


def _vertices(document: Mapping[str, Any]) -> Points:
    vertices = np.asarray(document["vertices"], dtype=np.float64).reshape(-1, 3)
    if "transform" in document:
        scale = np.asarray(document["transform"]["scale"], dtype=np.float64)
        vertices = vertices * scale + np.asarray(document["transform"]["translate"], dtype=np.float64)
    if not np.isfinite(vertices).all():
        message = "vertices that are not finite"
        raise ValueError(message)
    return vertices


def _crs(document: Mapping[str, Any], path: Path) -> CRS | None:
    """Return the horizontal CRS that the metadata state by an EPSG code."""
    metadata = document.get("metadata")
    text = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    if text is None:
        return None
    match = EPSG.match(text) if isinstance(text, str) else None
    if match is None:
        raise InputError("intake.crs_form", name=path.name, got=str(text)[:80])
    try:
        crs = CRS.from_epsg(int(match[1]))
    except CRSError as fault:
        raise InputError("intake.crs_unknown", name=path.name, got=str(text)[:80]) from fault
    return crs.sub_crs_list[0] if crs.is_compound else crs.to_2d()


def _objects(records: Mapping[str, Any]) -> list[CityObject]:
    """Return objects without parents; they inherit the faces and missing attributes of their parts."""
    objects: list[CityObject] = []
    for name, record in records.items():
        if record.get("parents"):
            continue
        city_object = CityObject(str(name), str(record["type"]), dict(record.get("attributes") or {}))
        queue, visited = [str(name)], set[str]()
        while queue:
            key = queue.pop()
            part = records.get(key)
            if key in visited or part is None:
                continue
            visited.add(key)
            queue += [str(each) for each in part.get("children") or ()]
            city_object.surfaces += [face for each in part.get("geometry") or () for face in _faces(each)]
            for attribute, value in (part.get("attributes") or {}).items():
                city_object.attributes[attribute] = _larger(city_object.attributes.get(attribute), value)
        objects.append(city_object)
    return objects


def _larger(one: object, other: object) -> object:
    """Return the larger of two numbers, else the first value: a building is as high as its highest part."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(one, other)
    return other if one is None else one


def _faces(geometry: Mapping[str, Any]) -> Iterator[Surface]:
    """Yield the faces of a geometry with their semantics; templates, points and lines have none."""
    depth = DEPTH.get(str(geometry.get("type")))
    if depth is None:
        return
    semantics = geometry.get("semantics") or {}
    kinds = [str(each.get("type", "")) for each in semantics.get("surfaces") or ()]
    lod = float(geometry.get("lod", 1))
    for face, value in _flattened(geometry["boundaries"], semantics.get("values"), depth):
        yield Surface(face, kinds[value] if isinstance(value, int) and 0 <= value < len(kinds) else "", lod)


def _flattened(boundaries: Sequence[Any], values: Any, depth: int) -> Iterator[tuple[Sequence[Sequence[int]], Any]]:
    for number, part in enumerate(boundaries):
        value = values[number] if isinstance(values, list) and number < len(values) else None
        if depth:
            yield from _flattened(part, value, depth - 1)
        else:
            yield part, value


def _check_numbers(city_object: CityObject, count: int) -> None:
    for face in city_object.surfaces:
        for ring in face.rings:
            if any(not isinstance(number, int) or not 0 <= number < count for number in ring):
                message = f"vertex numbers of '{city_object.id}'"
                raise ValueError(message)


def footprint(city_object: CityObject, vertices: Points) -> Footprint:
    """Return an object's footprint: its ground surfaces, else LoD 0, else its lowest level faces, else its outline."""
    if not city_object.surfaces:
        return Footprint(None, float("nan"), "none")
    numbers = sorted({number for face in city_object.surfaces for ring in face.rings for number in ring})
    heights = vertices[numbers, 2]
    low, rise = float(heights.min(initial=np.inf)), float(np.ptp(heights)) if numbers else 0.0
    has_height = any(face.lod >= 1 for face in city_object.surfaces) and rise > 0
    height = rise if has_height else float("nan")
    if (shape := _union([face for face in city_object.surfaces if face.kind == GROUND], vertices)) is not None:
        return Footprint(shape, height, "ground")
    if (shape := _union([face for face in city_object.surfaces if face.lod < 1], vertices)) is not None:
        return Footprint(shape, height, "lod0")
    if (shape := _union(_lowest_faces(city_object.surfaces, vertices, low), vertices)) is not None:
        return Footprint(shape, height, "lowest")
    return Footprint(_union(city_object.surfaces, vertices), height, "outline")


def _lowest_faces(faces: Sequence[Surface], vertices: Points, low: float) -> list[Surface]:
    level_faces: list[Surface] = []
    for face in faces:
        points = vertices[np.asarray(face.rings[0], dtype=np.int64)] if face.rings else np.empty((0, 3))
        if len(points) < RING or points[:, 2].min() > low + LEVEL:
            continue
        if np.ptp(points[:, 2]) <= FLAT * max(np.ptp(points[:, 0]), np.ptp(points[:, 1])):
            level_faces.append(face)
    return level_faces


def _union(faces: Sequence[Surface], vertices: Points) -> BaseGeometry | None:
    """Return the union of faces in plan view; None where they have no area."""
    shapes = [shape for face in faces if (shape := _plan_polygon(face, vertices)) is not None]
    if not shapes:
        return None
    if len(shapes) == 1:
        return shapes[0]
    try:
        return shapely.union_all(shapes, grid_size=None)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapely.make_valid(np.array(shapes, dtype=object), method="structure"))


def _plan_polygon(face: Surface, vertices: Points) -> BaseGeometry | None:
    rings = [vertices[np.asarray(ring, dtype=np.int64), :2] for ring in face.rings if len(ring) >= RING]
    if not rings:
        return None
    shape = shapely.Polygon(rings[0], rings[1:])
    return shape if shape.area > 0 else None

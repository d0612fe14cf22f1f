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
"""How a reference system names its code; the address is read as a name, never fetched."""
DEPTH = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}
"""How deep the surfaces of a geometry lie within its boundaries."""
GROUND = "GroundSurface"
FLAT = 0.05
"""Greatest rise of a face over its width that counts as level [-]."""
LEVEL = 0.5
"""Faces up to this above the lowest point count as the foot of a building [m]."""
RING = 3
Points = npt.NDArray[np.float64]


class Surface(NamedTuple):
    """One face: its rings of vertex numbers, what it is ('' where unsaid), the level of detail of its geometry."""

    rings: Sequence[Sequence[int]]
    kind: str
    lod: float


@dataclass
class CityObject:
    """One city object with its parts: id, type, attributes, faces, how its footprint was found."""

    id: str
    type: str
    attributes: dict[str, Any]
    surfaces: list[Surface] = field(default_factory=list)


@dataclass(frozen=True)
class City:
    """What a CityJSON file holds: objects without parents, vertices [m], the CRS (None where unsaid)."""

    objects: tuple[CityObject, ...]
    vertices: Points
    crs: CRS | None


class Foot(NamedTuple):
    """A footprint (None where there is none), the height of what stands on it [m], and how it was found."""

    shape: BaseGeometry | None
    height: float
    how: str


def parsed_city(path: Path, limits: Limits) -> City:
    """Return the objects of a CityJSON file.

    Raises InputError where it is no CityJSON of a known version, its numbers do not fit, or it is too large.
    """
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=f"JSON: {str(fault)[:100]}") from fault
    if not isinstance(said, dict) or said.get("type") != "CityJSON":
        raise InputError("intake.not_this_format", name=path.name, format="CityJSON")
    version = str(said.get("version", ""))
    if not version.startswith(VERSIONS):
        raise InputError("intake.city_version", name=path.name, got=version or "-", needs=VERSIONS)
    try:
        vertices = _vertices(said)
        objects = _objects(said["CityObjects"])
        for each in objects:
            _check_numbers(each, len(vertices))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise InputError("intake.city_broken", name=path.name, why=f"{type(fault).__name__}: {fault}"[:120]) from fault
    if len(objects) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(objects), limit=limits.features)
    return City(tuple(objects), vertices, _crs(said, path))


def _vertices(said: Mapping[str, Any]) -> Points:
    vertices = np.asarray(said["vertices"], dtype=np.float64).reshape(-1, 3)
    if "transform" in said:
        scale = np.asarray(said["transform"]["scale"], dtype=np.float64)
        vertices = vertices * scale + np.asarray(said["transform"]["translate"], dtype=np.float64)
    if not np.isfinite(vertices).all():
        message = "vertices that are not finite"
        raise ValueError(message)
    return vertices


def _crs(said: Mapping[str, Any], path: Path) -> CRS | None:
    """The horizontal CRS that the metadata name by an EPSG code."""
    metadata = said.get("metadata")
    text = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    if text is None:
        return None
    named = EPSG.match(text) if isinstance(text, str) else None
    if named is None:
        raise InputError("intake.crs_form", name=path.name, got=str(text)[:80])
    try:
        crs = CRS.from_epsg(int(named[1]))
    except CRSError as fault:
        raise InputError("intake.crs_unknown", name=path.name, got=str(text)[:80]) from fault
    return crs.sub_crs_list[0] if crs.is_compound else crs.to_2d()


def _objects(said: Mapping[str, Any]) -> list[CityObject]:
    """Objects without parents; faces and missing attributes of their parts are theirs."""
    found: list[CityObject] = []
    for name, told in said.items():
        if told.get("parents"):
            continue
        whole = CityObject(str(name), str(told["type"]), dict(told.get("attributes") or {}))
        waiting, seen = [str(name)], set[str]()
        while waiting:
            key = waiting.pop()
            part = said.get(key)
            if key in seen or part is None:
                continue
            seen.add(key)
            waiting += [str(each) for each in part.get("children") or ()]
            whole.surfaces += [face for each in part.get("geometry") or () for face in _faces(each)]
            for attribute, value in (part.get("attributes") or {}).items():
                whole.attributes[attribute] = _more(whole.attributes.get(attribute), value)
        found.append(whole)
    return found


def _more(one: object, other: object) -> object:
    """Of two statements the larger number, else the first: a building is as high as its highest part."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(one, other)
    return other if one is None else one


def _faces(geometry: Mapping[str, Any]) -> Iterator[Surface]:
    """Faces of a geometry with their meanings; templates, points and lines have none."""
    depth = DEPTH.get(str(geometry.get("type")))
    if depth is None:
        return
    semantics = geometry.get("semantics") or {}
    kinds = [str(each.get("type", "")) for each in semantics.get("surfaces") or ()]
    lod = float(geometry.get("lod", 1))
    for face, value in _level(geometry["boundaries"], semantics.get("values"), depth):
        yield Surface(face, kinds[value] if isinstance(value, int) and 0 <= value < len(kinds) else "", lod)


def _level(boundaries: Sequence[Any], values: Any, depth: int) -> Iterator[tuple[Sequence[Sequence[int]], Any]]:
    for number, part in enumerate(boundaries):
        value = values[number] if isinstance(values, list) and number < len(values) else None
        if depth:
            yield from _level(part, value, depth - 1)
        else:
            yield part, value


def _check_numbers(each: CityObject, count: int) -> None:
    for face in each.surfaces:
        for ring in face.rings:
            if any(not isinstance(number, int) or not 0 <= number < count for number in ring):
                message = f"vertex numbers of '{each.id}'"
                raise ValueError(message)


def foot(each: CityObject, vertices: Points) -> Foot:
    """Return an object's footprint: its ground surfaces, else LoD 0, else its lowest level faces, else its outline."""
    if not each.surfaces:
        return Foot(None, float("nan"), "none")
    numbers = sorted({number for face in each.surfaces for ring in face.rings for number in ring})
    heights = vertices[numbers, 2]
    low, rise = float(heights.min(initial=np.inf)), float(np.ptp(heights)) if numbers else 0.0
    standing = any(face.lod >= 1 for face in each.surfaces) and rise > 0
    height = rise if standing else float("nan")
    if (shape := _joined([face for face in each.surfaces if face.kind == GROUND], vertices)) is not None:
        return Foot(shape, height, "ground")
    if (shape := _joined([face for face in each.surfaces if face.lod < 1], vertices)) is not None:
        return Foot(shape, height, "lod0")
    if (shape := _joined(_lowest(each.surfaces, vertices, low), vertices)) is not None:
        return Foot(shape, height, "lowest")
    return Foot(_joined(each.surfaces, vertices), height, "outline")


def _lowest(faces: Sequence[Surface], vertices: Points, low: float) -> list[Surface]:
    found: list[Surface] = []
    for face in faces:
        points = vertices[np.asarray(face.rings[0], dtype=np.int64)] if face.rings else np.empty((0, 3))
        if len(points) < RING or points[:, 2].min() > low + LEVEL:
            continue
        if np.ptp(points[:, 2]) <= FLAT * max(np.ptp(points[:, 0]), np.ptp(points[:, 1])):
            found.append(face)
    return found


def _joined(faces: Sequence[Surface], vertices: Points) -> BaseGeometry | None:
    """Faces seen from above as one area; None where they have none."""
    shapes = [shape for face in faces if (shape := _seen(face, vertices)) is not None]
    if not shapes:
        return None
    if len(shapes) == 1:
        return shapes[0]
    try:
        return shapely.union_all(shapes, grid_size=None)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapely.make_valid(np.array(shapes, dtype=object), method="structure"))


def _seen(face: Surface, vertices: Points) -> BaseGeometry | None:
    rings = [vertices[np.asarray(ring, dtype=np.int64), :2] for ring in face.rings if len(ring) >= RING]
    if not rings:
        return None
    shape = shapely.Polygon(rings[0], rings[1:])
    return shape if shape.area > 0 else None

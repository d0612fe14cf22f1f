"""KML parsed as a stream: placemarks, their folders and data; entities are refused, nothing is fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits

BLOCK = 1 << 16
DEEPEST = 200
"""Deepest nesting of elements that is accepted [-]."""
LONGEST_TEXT = 1 << 26
"""Longest text of one element [character]."""
SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"})
LEFT_OUT = frozenset(
    {"GroundOverlay", "ScreenOverlay", "PhotoOverlay", "NetworkLink", "Tour", "Track", "MultiTrack", "Model"}
)
"""KML features that are images, links, tours or models rather than shapes."""
PLAIN = frozenset({"name", "description"})
"""Elements of a placemark that are read as data fields."""
RING, LINE = 4, 2
"""Fewest points of a ring and of a line [-]."""


@dataclass
class Placemark:
    """One placemark: its folder, its data by name, its geometry (None if it has none)."""

    folder: str
    data: dict[str, str] = field(default_factory=dict)
    shape: BaseGeometry | None = None


@dataclass
class Document:
    """Content of a KML file: placemarks, counts of skipped elements by name, number of invalid shapes."""

    placemarks: list[Placemark] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    broken: int = 0

    @property
    def folders(self) -> Mapping[str, list[Placemark]]:
        """Placemarks by folder."""
        by_folder: dict[str, list[Placemark]] = {}
        for placemark in self.placemarks:
            by_folder.setdefault(placemark.folder, []).append(placemark)
        return by_folder


class _Fault(Exception):  # noqa: N818  (never leaves this module)
    """A text id with values, raised from within the parser's callbacks."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


@dataclass
class _Shape:
    """A geometry being read: its kind, its own coordinates, its parts."""

    kind: str
    points: list[tuple[float, float]] = field(default_factory=list)
    parts: list["_Shape"] = field(default_factory=list)


class _Callbacks:
    """The parser's callbacks and their state."""

    def __init__(self, limits: Limits, *, stem: str) -> None:
        self.document = Document()
        self._limits, self._stem = limits, stem
        self._path: list[str] = []
        self._folders: list[str] = []
        self._mark: Placemark | None = None
        self._shapes: list[_Shape] = []
        self._key = ""
        self._text: list[str] = []
        self._length = 0

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._path and name != "kml":
            raise _Fault("intake.not_this_format", format="KML")
        if len(self._path) >= DEEPEST:
            raise _Fault("intake.unreadable", why="nesting")
        self._path.append(name)
        self._text, self._length = [], 0
        if name in LEFT_OUT:
            self.document.left_out[name] = self.document.left_out.get(name, 0) + 1
        if name in ("Folder", "Document"):
            self._folders.append("")
        elif name == "Placemark":
            self._mark = Placemark(next((each for each in reversed(self._folders) if each), self._stem))
        elif name in SHAPES and self._mark is not None:
            self._shapes.append(_Shape(name))
        elif name in ("SimpleData", "Data"):
            self._key = attributes.get("name", "")

    def character_data(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise _Fault("intake.unreadable", why="text")
        self._text.append(text)

    def end_element(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        text = "".join(self._text).strip()
        self._text, self._length = [], 0
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if name in ("Folder", "Document"):
            self._folders.pop()
        elif name == "name" and parent in ("Folder", "Document"):
            self._folders[-1] = text
        elif self._mark is not None:
            self._end_in_placemark(name, parent, text)

    def _end_in_placemark(self, name: str, parent: str, text: str) -> None:
        mark = self._mark
        assert mark is not None  # noqa: S101  (the caller's guard)
        if name == "Placemark":
            if len(self.document.placemarks) >= self._limits.features:
                count = len(self.document.placemarks)
                raise _Fault("intake.too_many_features", got=count, limit=self._limits.features)
            self.document.placemarks.append(mark)
            self._mark = None
        elif name == "coordinates" and self._shapes:
            self._shapes[-1].points = self._points(text)
        elif name in SHAPES and self._shapes:
            shape = self._shapes.pop()
            if self._shapes:
                self._shapes[-1].parts.append(shape)
            else:
                mark.shape = self._geometry(shape)
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            mark.data[self._key] = text
        elif name in PLAIN and parent == "Placemark" and text:
            mark.data.setdefault(name, text)

    def _points(self, text: str) -> list[tuple[float, float]]:
        tuples = text.replace(", ", ",").split()
        if len(tuples) > self._limits.vertices:
            raise _Fault("intake.too_many_vertices", got=len(tuples), limit=self._limits.vertices)
        try:
            return [(float(x), float(y)) for x, y, *_ in (each.split(",") for each in tuples)]
        except ValueError as fault:
            raise _Fault("intake.kml_coordinates", got=text[:60]) from fault

    def _geometry(self, shape: _Shape) -> BaseGeometry | None:
        """Return the geometry, None where it has too few points; each invalid part counts once."""
        parts = [self._geometry(part) for part in shape.parts]
        try:
            built = geometry(shape.kind, shape.points, parts)
        except (ValueError, shapely.errors.GEOSException):
            built = None
        if built is None and not parts:
            self.document.broken += 1
        return built


def geometry(kind: str, points: list[tuple[float, float]], parts: list[BaseGeometry | None]) -> BaseGeometry | None:
    """Return a geometry of KML from its own points and its parts; None where it has too few points."""
    valid_parts = [part for part in parts if part is not None]
    if kind == "Point":
        return shapely.Point(points[0]) if points else None
    if kind == "LineString":
        return shapely.LineString(points) if len(points) >= LINE else None
    if kind == "LinearRing":
        ring = points if not points or points[0] == points[-1] else [*points, points[0]]
        return shapely.LinearRing(ring) if len(ring) >= RING else None
    if kind == "Polygon":
        return _polygon(valid_parts) if parts and parts[0] is not None else None
    return _multipart(valid_parts)


def _polygon(rings: list[BaseGeometry]) -> BaseGeometry:
    """Return the area within the first ring and outside the others."""
    shell, *holes = (shapely.get_coordinates(ring) for ring in rings)
    return shapely.Polygon(shell, holes)


def _multipart(parts: list[BaseGeometry]) -> BaseGeometry | None:
    """Return parts of one kind as a multi-geometry, of several kinds as a collection."""
    flat = list(shapely.get_parts(np.array(parts, dtype=object))) if parts else []
    kinds = {part.geom_type for part in flat}
    if not flat:
        return None
    if kinds == {"Polygon"}:
        return shapely.MultiPolygon(flat)
    if kinds <= {"LineString", "LinearRing"}:
        return shapely.MultiLineString(flat)
    return shapely.MultiPoint(flat) if kinds == {"Point"} else shapely.GeometryCollection(flat)


def parsed_kml(path: Path, limits: Limits, *, name: str) -> Document:
    """Return the content of a KML file, whose coordinates are always WGS 84.

    Raises InputError where it is no KML, is not well formed, declares entities or a
    document type, nests too deep, or goes beyond the limits.
    """
    parser = expat.ParserCreate()
    callbacks = _Callbacks(limits, stem=Path(name).stem)
    parser.StartElementHandler, parser.EndElementHandler = callbacks.start_element, callbacks.end_element
    parser.CharacterDataHandler = callbacks.character_data
    parser.buffer_text = True
    for handler in ("EntityDeclHandler", "UnparsedEntityDeclHandler", "ExternalEntityRefHandler"):
        setattr(parser, handler, _entity)
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                parser.Parse(block, False)  # noqa: FBT003  (expat's own signature)
            parser.Parse(b"", True)  # noqa: FBT003  (the same)
    except _Fault as fault:
        raise InputError(fault.text, **{"name": name, **fault.values}) from fault
    except expat.ExpatError as fault:
        why = expat.errors.messages.get(fault.code, "XML")
        raise InputError("intake.xml_broken", name=name, line=fault.lineno, why=why) from fault
    except (LookupError, ValueError) as fault:
        raise InputError("intake.xml_broken", name=name, line=parser.CurrentLineNumber, why=str(fault)[:80]) from fault
    return callbacks.document


def _entity(*_: object) -> int:
    raise _Fault("intake.xml_entities")

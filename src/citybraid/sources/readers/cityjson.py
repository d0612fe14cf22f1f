"""CityJSON: three-dimensional city models, read as footprints with heights and attributes."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.file_signature import head_of, raise_wrong_format
from citybraid.sources.vector.city_json import City, CityObject, Footprint, footprint, parsed_city
from citybraid.sources.vector.preview import LayerPreview
from citybraid.sources.vector.vectors import check_vertices, georeferenced

SUFFIXES = (".city.json", ".cityjson")
VERSION = 9
OBJECTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"buildings": ("Building", "BuildingPart"), "ground": ("WaterBody",)}
)
"""Types of city objects by role."""
TAGS: Mapping[str, str] = MappingProxyType({"WaterBody": "water"})
"""The equivalent tag 'natural=' of a type of object."""
ATTRIBUTES: Mapping[str, str] = MappingProxyType(
    {
        "measuredHeight": "height",
        "storeysAboveGround": "floors",
        "yearOfConstruction": "year_built",
        "function": "building_use",
        "usage": "building_use",
        "class": "building_use",
    }
)
"""Attributes of CityGML's building module by the quantity that they state."""


class Options(ShapeOptions):
    """Options of a CityJSON file in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the footprints of buildings, or water for the role ground.

    A missing height is taken from the model's vertical extent, which is reported. Raises
    InputError where the file is no CityJSON, is damaged, or holds nothing for the role.
    """
    if not head_of(path).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise_wrong_format(path, "CityJSON")
    city = parsed_city(path, limits)
    types = OBJECTS.get(role)
    if types is None:
        raise InputError("intake.city_role", name=path.name, role=role, needs=sorted(OBJECTS))
    objects = [each for each in city.objects if each.type in types]
    feet = [footprint(each, city.vertices) for each in objects]
    pairs = [(each, print_) for each, print_ in zip(objects, feet, strict=True) if print_.shape is not None]
    if not pairs:
        raise InputError("intake.city_nothing", name=path.name, role=role, needs=types)
    frame = _frame(pairs, city)
    notes = _footprint_findings(city, objects, pairs, role, path)
    check_vertices(frame.geometry, limits, name=path.name)
    frame = georeferenced(frame, options.crs, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    return Reading(reading.layers, findings(notes, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a layer for each role that the model can serve; raises InputError where the file is no CityJSON."""
    city = parsed_city(path, Limits())
    crs = "" if city.crs is None else city.crs.to_wkt()
    layers: list[LayerPreview] = []
    for role, types in OBJECTS.items():
        objects = [each for each in city.objects if each.type in types]
        if objects:
            names = dict.fromkeys(ATTRIBUTES.get(name, name) for each in objects for name in each.attributes)
            west, south = city.vertices[:, :2].min(axis=0)
            east, north = city.vertices[:, :2].max(axis=0)
            bounds = (float(west), float(south), float(east), float(north))
            layers.append(LayerPreview("polygon", role, tuple(names), len(objects), crs, bounds))
    if not layers:
        raise InputError("intake.city_nothing", name=path.name, role="buildings", needs=OBJECTS["buildings"])
    return tuple(layers)


def _frame(pairs: list[tuple[CityObject, Footprint]], city: City) -> gpd.GeoDataFrame:
    rows = [_row(each, print_) for each, print_ in pairs]
    frame = pd.DataFrame(rows)
    frame = frame.dropna(axis=1, how="all")
    return gpd.GeoDataFrame(frame, geometry=[print_.shape for _, print_ in pairs], crs=city.crs)


def _row(item: CityObject, print_: Footprint) -> dict[str, object]:
    """Scalar attributes by the quantity that they state, the first of several; a height where none is stated."""
    row: dict[str, object] = {"id": item.id}
    for name, value in item.attributes.items():
        if isinstance(value, str | int | float) and name != "geometry":
            row.setdefault(ATTRIBUTES.get(name, name), value)
    if item.type in TAGS:
        row["natural"] = TAGS[item.type]
    elif not isinstance(row.get("height"), int | float) and np.isfinite(print_.height):
        row["height"] = round(print_.height, 2)
    return row


def _footprint_findings(
    city: City, objects: list[CityObject], pairs: list[tuple[CityObject, Footprint]], role: str, path: Path
) -> list[Finding]:
    """Findings on how footprints and heights were derived, and on what was left out."""
    notes: list[Finding] = []
    ways = Counter(print_.how for _, print_ in pairs)
    values = {"name": path.name, "ground": ways["ground"], "lod0": ways["lod0"], "lowest": ways["lowest"]}
    notes.append(Finding("found", "intake.city_feet", role, len(pairs), values))
    if ways["outline"]:
        notes.append(Finding("guessed", "intake.city_outline", role, ways["outline"], {"name": path.name}))
    if len(objects) > len(pairs):
        notes.append(Finding("rejected", "intake.city_no_shape", role, len(objects) - len(pairs), {"name": path.name}))
    rises = [
        each
        for each, print_ in pairs
        if not isinstance(each.attributes.get("measuredHeight", each.attributes.get("height")), int | float)
        and np.isfinite(print_.height)
    ]
    if rises and role == "buildings":
        notes.append(Finding("guessed", "intake.city_height", role, len(rises), {"name": path.name}))
    others = Counter(each.type for each in city.objects if each.type not in OBJECTS[role])
    if others:
        more = {"name": path.name, "kinds": [f"{kind} {count}" for kind, count in others.most_common(6)]}
        notes.append(Finding("found", "intake.city_left_out", role, sum(others.values()), more))
    return notes

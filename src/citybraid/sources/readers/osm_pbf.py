"""OpenStreetMap extracts, .osm.pbf or .osm: the role selects layer and tags."""

import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.file_signature import head_of, raise_wrong_format
from citybraid.sources.vector.osm_tags import (
    OTHER,
    OsmSelection,
    attribute_filter,
    has_tag,
    osm_selection,
    roles,
    tag_columns,
)
from citybraid.sources.vector.preview import LayerPreview, shape_kind
from citybraid.sources.vector.vectors import check_vertices, georeferenced, refuse_other_driver, unreadable_error

SUFFIXES = (".osm.pbf", ".pbf", ".osm")
VERSION = 9
DRIVER = "OSM"
CRS = "EPSG:4326"
SAMPLED = 1000
"""Features that are read to tell where an extract lies [-]."""
BLOB = b"OSMHeader"
XML = re.compile(rb"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<osm[\s>]", re.DOTALL)
"""Start of an .osm file: no document type, so no entities."""
WAY, RELATION = "osm_way_id", "osm_id"
LEVEL = "admin_level"
MOST_LEVEL = 12
INDEX = "OSM_USE_CUSTOM_INDEXING"
"""GDAL's option for its fast node index; its error message names it where the node order does not allow it."""


class Options(ShapeOptions):
    """Options of an OpenStreetMap extract in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the features of a role: buildings, streets, ground, parcels (land use) or units (finest admin level).

    Raises InputError where the file is no extract or damaged, OpenStreetMap has no features
    for the role, or the extract holds none of it.
    """
    _refuse_other(path)
    selection = osm_selection(role)
    if selection is None:
        raise InputError("intake.osm_role", name=path.name, role=role, needs=roles())
    bounds = _study_bounds(target)
    raw = _features(path, selection, limits, bounds)
    tags = tag_columns(raw, [*selection.selects, *selection.carries])
    chosen = has_tag(tags, selection.selects) if len(raw) else pd.Series(dtype=bool)
    tags, raw, notes = _finest_level(tags[chosen], raw[chosen], role, path)
    if raw.empty:
        raise InputError("intake.osm_nothing", name=path.name, role=role, keys=selection.selects)
    check_vertices(raw.geometry, limits, name=path.name)
    frame = gpd.GeoDataFrame(tags.assign(id=_ids(raw)), geometry=raw.geometry, crs=CRS).reset_index(drop=True)
    frame = georeferenced(frame, options.crs, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    if bounds is not None:
        notes.append(Finding("found", "intake.osm_cut", role, values={"name": path.name}))
    values = {"name": path.name, "sheet": selection.layer, "keys": selection.selects}
    notes.insert(0, Finding("found", "intake.osm_read", role, len(frame), values))
    return Reading(reading.layers, findings(notes, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a layer for each role that the extract can serve; raises InputError where the file is no extract."""
    _refuse_other(path)
    try:
        listed = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
        refuse_other_driver(path, str(pyogrio.read_info(path, layer="lines")["driver"]), DRIVER)
    except InputError:
        raise
    except Exception as fault:
        raise unreadable_error(path, fault) from fault
    offered = [
        (role, selection)
        for role in roles()
        if (selection := osm_selection(role)) is not None and selection.layer in listed
    ]
    bounds = _bounds(path, tuple(listed))
    return tuple(
        LayerPreview(
            shape_kind(listed[selection.layer]), role, (*selection.selects, *selection.carries), 0, CRS, bounds
        )
        for role, selection in offered
        if role not in ("parcels", "units")
    )


def _bounds(path: Path, layers: Sequence[str]) -> Bounds | None:
    """Return the bounds of the first features of an extract's first layer that has any [degree]."""
    for layer in layers:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                _, edges = pyogrio.read_bounds(path, layer=layer, max_features=SAMPLED)
        except Exception as fault:
            raise unreadable_error(path, fault) from fault
        if edges.size and np.isfinite(edges).any():
            west, south = np.nanmin(edges[:2], axis=1)
            east, north = np.nanmax(edges[2:], axis=1)
            return float(west), float(south), float(east), float(north)
    return None


def _refuse_other(path: Path) -> None:
    head = head_of(path)
    if BLOB not in head[:64] and not XML.match(head.removeprefix(b"\xef\xbb\xbf")):
        if b"<!" in head and b"<osm" in head:
            raise InputError("intake.xml_entities", name=path.name)
        raise_wrong_format(path, "OSM PBF")


def _study_bounds(target: Target) -> Bounds | None:
    """Bounds of the study's grid in longitude and latitude, None where its extent is not known yet."""
    if target.outline is None:
        return None
    edges = gpd.GeoSeries([target.outline], crs=target.crs).to_crs(CRS).total_bounds
    west, south, east, north = (float(edge) for edge in edges)
    return west, south, east, north


def _features(path: Path, selection: OsmSelection, limits: Limits, bounds: Bounds | None) -> gpd.GeoDataFrame:
    """Raw features that have one of the keys and intersect the study's grid, in one pass over the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            frame = _in_any_order(lambda: _read(path, selection, bounds))
    except InputError:
        raise
    except Exception as fault:
        raise unreadable_error(path, fault) from fault
    if len(frame) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(frame), limit=limits.features)
    return frame


def _read(path: Path, selection: OsmSelection, bounds: Bounds | None) -> gpd.GeoDataFrame:
    info = pyogrio.read_info(path, layer=selection.layer)
    refuse_other_driver(path, str(info["driver"]), DRIVER)
    fields = [str(each) for each in info["fields"]]
    keys = [key for key in (*selection.selects, *selection.carries, WAY, RELATION, OTHER) if key in fields]
    columns = list(dict.fromkeys(keys))
    return pyogrio.read_dataframe(
        path, layer=selection.layer, columns=columns, where=attribute_filter(selection.selects, fields), bbox=bounds,
        force_2d=True,
    )  # fmt: skip


def _in_any_order(read: Callable[[], gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Read with the index that needs ascending node ids; where they are not, with the one for any order.

    Editors such as JOSM give new nodes negative ids.
    """
    try:
        return read()
    except DataLayerError as fault:
        if INDEX not in str(fault):
            raise
    try:
        pyogrio.set_gdal_config_options({INDEX: "NO"})
        return read()
    finally:
        pyogrio.set_gdal_config_options({INDEX: None})


def _ids(raw: gpd.GeoDataFrame) -> np.ndarray:
    """Unique ids: 'w12' for a way, 'r3' for a relation; lines are all ways."""
    if WAY not in raw.columns:
        return np.array([f"w{each}" for each in raw[RELATION]], dtype=object)
    ways = raw[WAY].notna()
    return np.array(
        [
            f"w{way}" if own else f"r{relation}"
            for own, way, relation in zip(ways, raw[WAY], raw[RELATION], strict=True)
        ],
        dtype=object,
    )


def _finest_level(
    tags: pd.DataFrame, raw: gpd.GeoDataFrame, role: str, path: Path
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, list[Finding]]:
    """Keep the finest of several administrative levels: the others contain them."""
    if LEVEL not in tags.columns or tags.empty:
        return tags, raw, []
    levels = pd.to_numeric(tags[LEVEL], errors="coerce")
    levels = levels.where(levels <= MOST_LEVEL)
    finest = levels == levels.max()
    values = {"name": path.name, "level": 0 if levels.isna().all() else int(levels.max())}
    note = Finding("guessed", "intake.osm_level", role, int(finest.sum()), values)
    return tags[finest].drop(columns=LEVEL), raw[finest], [note]

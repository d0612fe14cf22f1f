"""Vector files through pyogrio: one driver, one layer, its encoding, its CRS, within limits."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import select_crs
from citybraid.sources.placement.datum import parse_datum
from citybraid.sources.placement.web_maps import WGS_84, convert_to_wgs84
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.position import Position
from citybraid.sources.vector.curves import curve_findings


def flattening_findings(info: Mapping[str, Any], *, name: str) -> tuple[Finding, ...]:
    """Return a finding for a layer whose geometry type has heights (Z) or measures (M), none for others."""
    kind = str(info.get("geometry_type", ""))
    high = kind.startswith(("2.5D", "3D", "Measured")) or kind.endswith((" Z", " M", " ZM"))
    return (Finding("found", "intake.shape_flat", name, int(info["features"])),) if high else ()


POSITION = "position"
"""Key of a frame's attrs for the position of its coordinates in the file."""
DRIVERS = {
    "ESRI Shapefile": "Shapefile",
    "GPKG": "GeoPackage",
    "GeoJSON": "GeoJSON",
    "FlatGeobuf": "FlatGeobuf",
    "OpenFileGDB": "File Geodatabase",
    "OSM": "OSM PBF",
}
"""Common names of the drivers in use."""


def layer_names(path: Path, *, shapes: bool = True) -> tuple[str, ...]:
    """Return the names of a file's layers that have geometry, or of those that have none; InputError if unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            listed = pyogrio.list_layers(path)
    except Exception as fault:
        raise unreadable_error(path, fault) from fault
    return tuple(str(name) for name, kind in listed if (kind is not None) == shapes)


def read_layer(
    path: Path,
    limits: Limits,
    *,
    driver: str,
    layer: str | None = None,
    encoding: str | None = None,
    opening: Mapping[str, str] | None = None,
    solid: bool = False,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return one layer's raw features, Z dropped unless `solid`: contours and spots may have their heights there.

    `opening` are the driver's open options. Raises InputError where the layer cannot be
    read, a driver other than `driver` opens the file, there is no geometry, or it is too large.
    """
    frame, notes = read_table(path, limits, driver=driver, layer=layer, encoding=encoding, opening=opening, solid=solid)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError("intake.no_geometry", name=path.name)
    check_vertices(frame.geometry, limits, name=path.name)
    return frame, notes


def read_table(
    path: Path,
    limits: Limits,
    *,
    driver: str,
    layer: str | None = None,
    encoding: str | None = None,
    opening: Mapping[str, str] | None = None,
    solid: bool = False,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return one layer's raw rows, with geometry where it has any; raises InputError as `read_layer` does."""
    options: dict[str, Any] = {"layer": layer, "encoding": encoding, **(opening or {})}
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            info = pyogrio.read_info(path, force_feature_count=True, **options)
            refuse_other_driver(path, str(info["driver"]), driver)
            _check_count(path, int(info["features"]), limits)
            names = [str(each) for each in info["fields"]]
            curved = curve_findings(path, info, layer=layer, name=path.name)
            if len(set(names)) < len(names):
                frame = _by_place(path, names, options)
            else:
                frame = pyogrio.read_dataframe(path, force_2d=not solid, on_invalid="fix", **options)
    except InputError:
        raise
    except Exception as fault:
        raise unreadable_error(path, fault) from fault
    notes = _repeated(names, name=path.name)
    messages = sorted(
        {
            str(warning.message).splitlines()[0][:160]
            for warning in caught
            if issubclass(warning.category, RuntimeWarning)
        }
    )
    return frame, (
        *notes,
        *(() if solid else flattening_findings(info, name=path.name)),
        *curved,
        *(Finding("found", "intake.reader_warned", path.name, values={"why": message}) for message in messages),
    )


def refuse_other_driver(path: Path, got: str, expected: str) -> None:
    """Raise InputError where a file was opened by another driver than its suffix implies."""
    if got != expected:
        raise InputError("intake.disguised", name=path.name, format=DRIVERS.get(expected, expected), got=got)


def with_unique_columns(frame: gpd.GeoDataFrame, *, name: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return a frame with unique column names and findings: a repeated name gets a number."""
    names = [str(each) for each in frame.columns]
    notes = _repeated(names, name=name)
    return (frame.set_axis(unique_names(names), axis=1) if notes else frame), notes


def _repeated(names: Sequence[str], *, name: str) -> list[Finding]:
    repeated = sorted(each for each, count in Counter(names).items() if count > 1)
    if not repeated:
        return []
    return [Finding("repaired", "intake.columns_repeated", name, len(repeated), {"columns": repeated[:4]})]


def _by_place(path: Path, names: Sequence[str], options: Mapping[str, Any]) -> pd.DataFrame:
    """Read a layer with repeated column names by position: by name the first of them would be lost."""
    meta, _, shapes, columns = pyogrio.raw.read(path, force_2d=True, **options)
    rows = pd.DataFrame(dict(zip(unique_names(names), columns, strict=True)))
    return rows if shapes is None else gpd.GeoDataFrame(rows, geometry=shapely.from_wkb(shapes), crs=meta["crs"])


def unique_names(names: Sequence[str]) -> list[str]:
    """Return unique names: the second occurrence of a name becomes 'name_2'."""
    used: set[str] = set()
    unique: list[str] = []
    for name in names:
        candidate, number = name, 2
        while candidate in used or (candidate != name and candidate in names):
            candidate, number = f"{name}_{number}", number + 1
        used.add(candidate)
        unique.append(candidate)
    return unique


def check_vertices(shapes: gpd.GeoSeries, limits: Limits, *, name: str) -> None:
    """Raise InputError where one shape has more vertices than the limit."""
    if len(shapes) == 0:
        return
    most = int(np.max(shapely.get_num_coordinates(shapes.to_numpy())))
    if most > limits.vertices:
        raise InputError("intake.too_many_vertices", name=name, got=most, limit=limits.vertices)


def _check_count(path: Path, count: int, limits: Limits) -> None:
    if count > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=count, limit=limits.features)


def georeferenced(frame: gpd.GeoDataFrame, named: str, *, name: str, axes: str = "") -> gpd.GeoDataFrame:
    """Return features with their CRS: the one the study names, else the one the file carries.

    With `axes` "yx" the two coordinates are swapped. The position of the file's coordinates
    is stored in the frame's attrs under POSITION.
    Raises InputError where there are no features, coordinates are not finite, no CRS is known, or the
    coordinates lie outside it.
    """
    if axes == "yx":
        frame = frame.set_geometry(with_swapped_axes(frame.geometry))
    bounds = frame.total_bounds
    if len(frame) == 0 or not np.isfinite(bounds).all():
        raise InputError("intake.layer_empty", name=name)
    carried = None if frame.crs is None else CRS(frame.crs)
    edges = (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3]))
    stated = "" if carried is None else carried.to_wkt()
    if (declaration := parse_datum(named)) is not None:
        shapes, moved = convert_to_wgs84(frame.geometry, declaration, carried, name=name)
        located = frame.set_geometry(shapes, crs=shapes.crs)
        located.attrs[POSITION] = Position(name, WGS_84.to_wkt(), edges, named, stated, axes, declaration.datum, moved)
        return located
    crs = select_crs(named, carried, edges, name=name)
    located = frame.set_crs(crs, allow_override=True)
    located.attrs[POSITION] = Position(name, crs.to_wkt(), edges, named, stated, axes)
    return located


def with_swapped_axes(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes with x and y swapped."""
    swapped_shapes = shapely.transform(shapes.to_numpy(), lambda points: points[:, ::-1])
    return gpd.GeoSeries(swapped_shapes, index=shapes.index, crs=shapes.crs)


def georeferenced_if_spatial(
    frame: pd.DataFrame, named: str, limits: Limits, *, name: str, axes: str = ""
) -> pd.DataFrame:
    """Return rows with their CRS where they have shapes, else unchanged; raises InputError as `placed` does."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    check_vertices(frame.geometry, limits, name=name)
    located: pd.DataFrame = georeferenced(frame, named, name=name, axes=axes)
    return located


def unreadable_error(path: Path, fault: Exception) -> InputError:
    """Return the error for a library's failure to read a file, without folder paths in its message."""
    why = str(fault).replace(str(path), path.name).replace(str(path.parent), "").splitlines() or [type(fault).__name__]
    return InputError("intake.unreadable", name=path.name, why=why[0][:200])

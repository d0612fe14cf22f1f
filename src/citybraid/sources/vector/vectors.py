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
from citybraid.sources.placement.crs import chosen
from citybraid.sources.placement.datum import declared
from citybraid.sources.placement.web_maps import WGS_84, straightened
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.position import Position


def dropped(info: Mapping[str, Any], *, name: str) -> tuple[Finding, ...]:
    """Return what is said of a layer whose kind of shapes has heights (Z) or measures (M), nothing of others."""
    kind = str(info.get("geometry_type", ""))
    high = kind.startswith(("2.5D", "3D", "Measured")) or kind.endswith((" Z", " M", " ZM"))
    return (Finding("found", "intake.shape_flat", name, int(info["features"])),) if high else ()


POSITION = "position"
"""The attribute of a frame that tells where its coordinates stood in the file."""
DRIVERS = {
    "ESRI Shapefile": "Shapefile",
    "GPKG": "GeoPackage",
    "GeoJSON": "GeoJSON",
    "FlatGeobuf": "FlatGeobuf",
    "OpenFileGDB": "File Geodatabase",
    "OSM": "OSM PBF",
}
"""What people call the drivers that are used."""


def layer_names(path: Path, *, shapes: bool = True) -> tuple[str, ...]:
    """Return the names of a file's layers that have geometry, or of those that have none; InputError if unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            listed = pyogrio.list_layers(path)
    except Exception as fault:
        raise unreadable(path, fault) from fault
    return tuple(str(name) for name, kind in listed if (kind is not None) == shapes)


def read_layer(
    path: Path,
    limits: Limits,
    *,
    driver: str,
    layer: str | None = None,
    encoding: str | None = None,
    opening: Mapping[str, str] | None = None,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return one layer's raw features, Z dropped.

    `opening` are the driver's open options. Raises InputError where the layer cannot be
    read, another driver than the wanted one opens the file, there is no geometry, or it is too large.
    """
    frame, told = read_table(path, limits, driver=driver, layer=layer, encoding=encoding, opening=opening)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError("intake.no_geometry", name=path.name)
    check_vertices(frame.geometry, limits, name=path.name)
    return frame, told


def read_table(
    path: Path,
    limits: Limits,
    *,
    driver: str,
    layer: str | None = None,
    encoding: str | None = None,
    opening: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return one layer's raw rows, with geometry where it has any; raises InputError as `read_layer` does."""
    options: dict[str, Any] = {"layer": layer, "encoding": encoding, **(opening or {})}
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            info = pyogrio.read_info(path, force_feature_count=True, **options)
            refuse_other_driver(path, str(info["driver"]), driver)
            _check_count(path, int(info["features"]), limits)
            names = [str(each) for each in info["fields"]]
            if len(set(names)) < len(names):
                frame = _by_place(path, names, options)
            else:
                frame = pyogrio.read_dataframe(path, force_2d=True, on_invalid="fix", **options)
    except InputError:
        raise
    except Exception as fault:
        raise unreadable(path, fault) from fault
    notes = _repeated(names, name=path.name)
    said = sorted(
        {str(warning.message).splitlines()[0][:160] for warning in told if issubclass(warning.category, RuntimeWarning)}
    )
    return frame, (
        *notes,
        *dropped(info, name=path.name),
        *(Finding("found", "intake.reader_warned", path.name, values={"why": note}) for note in said),
    )


def refuse_other_driver(path: Path, got: str, wanted: str) -> None:
    """Raise InputError where a file in disguise was opened by another driver than the wanted one."""
    if got != wanted:
        raise InputError("intake.disguised", name=path.name, format=DRIVERS.get(wanted, wanted), got=got)


def apart(frame: gpd.GeoDataFrame, *, name: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return a frame whose columns have names of their own: a second one of a name gets a number, and is told."""
    names = [str(each) for each in frame.columns]
    notes = _repeated(names, name=name)
    return (frame.set_axis(numbered(names), axis=1) if notes else frame), notes


def _repeated(names: Sequence[str], *, name: str) -> list[Finding]:
    repeated = sorted(each for each, count in Counter(names).items() if count > 1)
    if not repeated:
        return []
    return [Finding("repaired", "intake.columns_repeated", name, len(repeated), {"columns": repeated[:4]})]


def _by_place(path: Path, names: Sequence[str], options: Mapping[str, Any]) -> pd.DataFrame:
    """A layer whose columns repeat names: by name alone the first of them would be lost."""
    about, _, shapes, columns = pyogrio.raw.read(path, force_2d=True, **options)
    rows = pd.DataFrame(dict(zip(numbered(names), columns, strict=True)))
    return rows if shapes is None else gpd.GeoDataFrame(rows, geometry=shapely.from_wkb(shapes), crs=about["crs"])


def numbered(names: Sequence[str]) -> list[str]:
    """Return names of which the second of a kind is 'name_2', so that each stands once."""
    taken: set[str] = set()
    given: list[str] = []
    for name in names:
        fresh, number = name, 2
        while fresh in taken or (fresh != name and fresh in names):
            fresh, number = f"{name}_{number}", number + 1
        taken.add(fresh)
        given.append(fresh)
    return given


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


def placed(frame: gpd.GeoDataFrame, named: str, *, name: str, axes: str = "") -> gpd.GeoDataFrame:
    """Return features with their CRS: the one the study names, else the one the file carries.

    With `axes` "yx" the two coordinates change places. Where the file's coordinates
    stood is kept in the frame's attributes, under POSITION.
    Raises InputError where there are no features, coordinates are not finite, no CRS is known, or the
    coordinates cannot lie in it.
    """
    if axes == "yx":
        frame = frame.set_geometry(swapped(frame.geometry))
    bounds = frame.total_bounds
    if len(frame) == 0 or not np.isfinite(bounds).all():
        raise InputError("intake.layer_empty", name=name)
    carried = None if frame.crs is None else CRS(frame.crs)
    edges = (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3]))
    stated = "" if carried is None else carried.to_wkt()
    if (said := declared(named)) is not None:
        shapes, moved = straightened(frame.geometry, said, carried, name=name)
        there = frame.set_geometry(shapes, crs=shapes.crs)
        there.attrs[POSITION] = Position(name, WGS_84.to_wkt(), edges, named, stated, axes, said.datum, moved)
        return there
    crs = chosen(named, carried, edges, name=name)
    there = frame.set_crs(crs, allow_override=True)
    there.attrs[POSITION] = Position(name, crs.to_wkt(), edges, named, stated, axes)
    return there


def swapped(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes with x and y in each other's place."""
    turned = shapely.transform(shapes.to_numpy(), lambda points: points[:, ::-1])
    return gpd.GeoSeries(turned, index=shapes.index, crs=shapes.crs)


def placed_if_spatial(frame: pd.DataFrame, named: str, limits: Limits, *, name: str, axes: str = "") -> pd.DataFrame:
    """Return rows with their CRS where they have shapes, as they are where not; raises InputError as `placed` does."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    check_vertices(frame.geometry, limits, name=name)
    there: pd.DataFrame = placed(frame, named, name=name, axes=axes)
    return there


def unreadable(path: Path, fault: Exception) -> InputError:
    """Return the error that tells why a library could not read a file, without the folders that it lies in."""
    why = str(fault).replace(str(path), path.name).replace(str(path.parent), "").splitlines() or [type(fault).__name__]
    return InputError("intake.unreadable", name=path.name, why=why[0][:200])

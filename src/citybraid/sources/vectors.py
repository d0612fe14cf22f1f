"""Vector files through pyogrio: one layer, its encoding, its CRS, within limits."""

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.crs import chosen
from citybraid.sources.limits import Limits
from citybraid.sources.position import Position

POSITION = "position"
"""The attribute of a frame that tells where its coordinates stood in the file."""


def layer_names(path: Path) -> tuple[str, ...]:
    """Return the names of a file's layers that have geometry."""
    try:
        listed = pyogrio.list_layers(path)
    except Exception as fault:
        raise _unreadable(path, fault) from fault
    return tuple(str(name) for name, kind in listed if kind is not None)


def read_layer(
    path: Path, limits: Limits, *, layer: str | None = None, encoding: str | None = None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return one layer's raw features, Z dropped; raises InputError where it cannot be read or is too large."""
    options: dict[str, Any] = {"layer": layer, "encoding": encoding}
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            info = pyogrio.read_info(path, force_feature_count=True, **options)
            _check_count(path, int(info["features"]), limits)
            frame = pyogrio.read_dataframe(path, force_2d=True, **options)
    except InputError:
        raise
    except Exception as fault:
        raise _unreadable(path, fault) from fault
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError("intake.no_geometry", name=path.name)
    if len(frame):
        most = int(np.max(shapely.get_num_coordinates(frame.geometry.to_numpy())))
        if most > limits.vertices:
            raise InputError("intake.too_many_vertices", name=path.name, got=most, limit=limits.vertices)
    notes = sorted(
        {str(warning.message).splitlines()[0][:160] for warning in told if issubclass(warning.category, RuntimeWarning)}
    )
    return frame, tuple(Finding("found", "intake.reader_warned", path.name, values={"why": note}) for note in notes)


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
    crs = chosen(named, carried, edges, name=name)
    there = frame.set_crs(crs, allow_override=True)
    there.attrs[POSITION] = Position(
        name, crs.to_wkt(), edges, named, "" if carried is None else carried.to_wkt(), axes
    )
    return there


def swapped(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes with x and y in each other's place."""
    turned = shapely.transform(shapes.to_numpy(), lambda points: points[:, ::-1])
    return gpd.GeoSeries(turned, index=shapes.index, crs=shapes.crs)


def _unreadable(path: Path, fault: Exception) -> InputError:
    why = str(fault).replace(str(path), path.name).replace(str(path.parent), "").splitlines() or [type(fault).__name__]
    return InputError("intake.unreadable", name=path.name, why=why[0][:200])

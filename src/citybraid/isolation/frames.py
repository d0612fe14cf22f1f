"""Which kinds of pandas, geopandas, xarray and their kin go through a message, and how rasters and grids do."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from citybraid.isolation.arrays import got, put
from citybraid.isolation.columns import (
    Making,
    Telling,
    crs_of,
    frame_made,
    frame_told,
    index_made,
    index_told,
    no_form,
    series_made,
    series_told,
)


class FrameWay(NamedTuple):
    """How a library's kind is told as plain data, and made from it again."""

    kind: str
    told: Callable[[Any, Telling], Any]
    made: Callable[[Any, Making], Any]


@cache
def _ways() -> Mapping[type, FrameWay]:
    """The kinds by class; the libraries are imported where a value of theirs has been made, or is."""
    import affine
    import geopandas as gpd
    import odc.geo.crs
    import odc.geo.geobox
    import pandas as pd
    import pyproj
    import xarray as xr

    return {
        pd.Timestamp: MADE["timestamp"], pd.Timedelta: MADE["span"], type(pd.NaT): MADE["nat"], type(pd.NA): MADE["na"],
        pd.Series: MADE["series"], gpd.GeoSeries: MADE["series"], pd.DataFrame: MADE["frame"],
        gpd.GeoDataFrame: MADE["frame"], xr.DataArray: MADE["raster"], affine.Affine: MADE["affine"],
        odc.geo.geobox.GeoBox: MADE["grid"], odc.geo.crs.CRS: MADE["grid_crs"], pyproj.CRS: MADE["crs"],
    }  # fmt: skip


def way(kind: type) -> FrameWay | None:
    """Return how values of a library's class go, None for other classes."""
    from shapely.geometry.base import BaseGeometry

    if issubclass(kind, BaseGeometry):
        return MADE["shape"]
    import pandas as pd

    return MADE["index"] if issubclass(kind, pd.Index) else _ways().get(kind)


def _raster_told(value: Any, out: Telling) -> Any:
    places = [
        [out.told(name), list(each.dims), out.told(np.asarray(each.to_numpy())), out.told(dict(each.attrs))]
        for name, each in value.coords.items()
    ]
    return {
        "values": out.told(value.to_numpy()), "dims": list(value.dims), "places": places,
        "name": out.told(value.name), "attrs": out.told(dict(value.attrs)),
    }  # fmt: skip


def _raster_made(told: Any, come: Making) -> Any:
    import xarray as xr

    places = {
        come.made(name): (tuple(dims), come.made(values), come.made(attrs))
        for name, dims, values, attrs in told["places"]
    }
    return xr.DataArray(
        come.made(told["values"]), coords=places or None, dims=tuple(told["dims"]), name=come.made(told["name"]),
        attrs=come.made(told["attrs"]),
    )  # fmt: skip


def _grid_made(told: Any, _: Making) -> Any:
    from affine import Affine
    from odc.geo.geobox import GeoBox

    shape, affine, crs = told
    return GeoBox(tuple(shape), Affine(*affine), crs)


def _shape_told(value: Any, out: Telling) -> Any:
    import shapely

    wkb = np.frombuffer(shapely.to_wkb(value, include_srid=True), np.uint8)
    return {"wkb": put(wkb, out.parts), "ring": value.geom_type == "LinearRing"}


def _shape_made(told: Any, come: Making) -> Any:
    import shapely

    found = shapely.from_wkb(got(told["wkb"], come.parts).tobytes())
    return shapely.linearrings(shapely.get_coordinates(found, include_z=found.has_z)) if told["ring"] else found


def _timestamp_told(value: Any, out: Telling) -> Any:
    return out.told(value.to_datetime64()) if value.tz is None else no_form("a time with a zone")


def _pandas(name: str) -> Any:
    import pandas as pd

    return getattr(pd, name)


def _affine_made(told: Any, _: Making) -> Any:
    from affine import Affine

    return Affine(*told)


def _grid_crs_made(told: Any, _: Making) -> Any:
    from odc.geo.crs import CRS

    return CRS(told)


MADE: Mapping[str, FrameWay] = {
    each.kind: each
    for each in (
        FrameWay("timestamp", _timestamp_told, lambda told, come: _pandas("Timestamp")(come.made(told))),
        FrameWay("span", lambda value, out: out.told(value.to_timedelta64()),
                 lambda told, come: _pandas("Timedelta")(come.made(told))),
        FrameWay("nat", lambda *_: None, lambda *_: _pandas("NaT")),
        FrameWay("na", lambda *_: None, lambda *_: _pandas("NA")),
        FrameWay("index", index_told, index_made),
        FrameWay("series", series_told, series_made),
        FrameWay("frame", frame_told, frame_made),
        FrameWay("raster", _raster_told, _raster_made),
        FrameWay("affine", lambda value, _: list(value[:6]), _affine_made),
        FrameWay("grid", lambda value, _: [list(value.shape), list(value.affine[:6]),
                                           None if value.crs is None else str(value.crs)], _grid_made),
        FrameWay("grid_crs", lambda value, _: str(value), _grid_crs_made),
        FrameWay("crs", lambda value, _: value.srs, lambda told, _: crs_of(told)),
        FrameWay("shape", _shape_told, _shape_made),
    )
}  # fmt: skip

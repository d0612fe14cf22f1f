"""Codecs for the types of pandas, geopandas, xarray, odc-geo, pyproj and shapely."""

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
    """Encoder and decoder of a library's type."""

    kind: str
    told: Callable[[Any, Telling], Any]
    made: Callable[[Any, Making], Any]


@cache
def _ways() -> Mapping[type, FrameWay]:
    """Return the codecs by class; libraries are imported only when a value of theirs is encoded or decoded."""
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
    """Return the codec of a library's class, None for other classes."""
    from shapely.geometry.base import BaseGeometry

    if issubclass(kind, BaseGeometry):
        return MADE["shape"]
    import pandas as pd

    return MADE["index"] if issubclass(kind, pd.Index) else _ways().get(kind)


def _encode_raster(value: Any, writer: Telling) -> Any:
    places = [
        [writer.told(name), list(each.dims), writer.told(np.asarray(each.to_numpy())), writer.told(dict(each.attrs))]
        for name, each in value.coords.items()
    ]
    return {
        "values": writer.told(value.to_numpy()), "dims": list(value.dims), "places": places,
        "name": writer.told(value.name), "attrs": writer.told(dict(value.attrs)),
    }  # fmt: skip


def _decode_raster(encoded: Any, reader: Making) -> Any:
    import xarray as xr

    places = {
        reader.made(name): (tuple(dims), reader.made(values), reader.made(attrs))
        for name, dims, values, attrs in encoded["places"]
    }
    return xr.DataArray(
        reader.made(encoded["values"]), coords=places or None, dims=tuple(encoded["dims"]),
        name=reader.made(encoded["name"]),
        attrs=reader.made(encoded["attrs"]),
    )  # fmt: skip


def _decode_grid(encoded: Any, _: Making) -> Any:
    from affine import Affine
    from odc.geo.geobox import GeoBox

    shape, affine, crs = encoded
    return GeoBox(tuple(shape), Affine(*affine), crs)


def _encode_shape(value: Any, writer: Telling) -> Any:
    import shapely

    wkb = np.frombuffer(shapely.to_wkb(value, include_srid=True), np.uint8)
    return {"wkb": put(wkb, writer.parts), "ring": value.geom_type == "LinearRing"}


def _decode_shape(encoded: Any, reader: Making) -> Any:
    import shapely

    shape = shapely.from_wkb(got(encoded["wkb"], reader.parts).tobytes())
    return shapely.linearrings(shapely.get_coordinates(shape, include_z=shape.has_z)) if encoded["ring"] else shape


def _encode_timestamp(value: Any, writer: Telling) -> Any:
    return writer.told(value.to_datetime64()) if value.tz is None else no_form("a time with a zone")


def _pandas(name: str) -> Any:
    import pandas as pd

    return getattr(pd, name)


def _decode_affine(encoded: Any, _: Making) -> Any:
    from affine import Affine

    return Affine(*encoded)


def _decode_grid_crs(encoded: Any, _: Making) -> Any:
    from odc.geo.crs import CRS

    return CRS(encoded)


MADE: Mapping[str, FrameWay] = {
    each.kind: each
    for each in (
        FrameWay("timestamp", _encode_timestamp, lambda encoded, reader: _pandas("Timestamp")(reader.made(encoded))),
        FrameWay("span", lambda value, writer: writer.told(value.to_timedelta64()),
                 lambda encoded, reader: _pandas("Timedelta")(reader.made(encoded))),
        FrameWay("nat", lambda *_: None, lambda *_: _pandas("NaT")),
        FrameWay("na", lambda *_: None, lambda *_: _pandas("NA")),
        FrameWay("index", index_told, index_made),
        FrameWay("series", series_told, series_made),
        FrameWay("frame", frame_told, frame_made),
        FrameWay("raster", _encode_raster, _decode_raster),
        FrameWay("affine", lambda value, _: list(value[:6]), _decode_affine),
        FrameWay("grid", lambda value, _: [list(value.shape), list(value.affine[:6]),
                                           None if value.crs is None else str(value.crs)], _decode_grid),
        FrameWay("grid_crs", lambda value, _: str(value), _decode_grid_crs),
        FrameWay("crs", lambda value, _: value.srs, lambda encoded, _: crs_of(encoded)),
        FrameWay("shape", _encode_shape, _decode_shape),
    )
}  # fmt: skip

"""Codecs for the types of pandas, geopandas, xarray, odc-geo, pyproj and shapely."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from citybraid.isolation.arrays import get_array, put_array
from citybraid.isolation.columns import (
    Decoder,
    Encoder,
    crs_of,
    decode_frame,
    decode_index,
    decode_series,
    encode_frame,
    encode_index,
    encode_series,
    refuse_type,
)


class FrameCodec(NamedTuple):
    """Encoder and decoder of a library's type."""

    kind: str
    told: Callable[[Any, Encoder], Any]
    made: Callable[[Any, Decoder], Any]


@cache
def _ways() -> Mapping[type, FrameCodec]:
    """Return the codecs by class; libraries are imported only when a value of theirs is encoded or decoded."""
    import affine
    import geopandas as gpd
    import odc.geo.crs
    import odc.geo.geobox
    import pandas as pd
    import pyproj
    import xarray as xr

    return {
        pd.Timestamp: CODECS["timestamp"], pd.Timedelta: CODECS["span"],
        type(pd.NaT): CODECS["nat"], type(pd.NA): CODECS["na"],
        pd.Series: CODECS["series"], gpd.GeoSeries: CODECS["series"], pd.DataFrame: CODECS["frame"],
        gpd.GeoDataFrame: CODECS["frame"], xr.DataArray: CODECS["raster"], affine.Affine: CODECS["affine"],
        odc.geo.geobox.GeoBox: CODECS["grid"], odc.geo.crs.CRS: CODECS["grid_crs"], pyproj.CRS: CODECS["crs"],
    }  # fmt: skip


def codec_of(kind: type) -> FrameCodec | None:
    """Return the codec of a library's class, None for other classes."""
    from shapely.geometry.base import BaseGeometry

    if issubclass(kind, BaseGeometry):
        return CODECS["shape"]
    import pandas as pd

    return CODECS["index"] if issubclass(kind, pd.Index) else _ways().get(kind)


def _encode_raster(value: Any, writer: Encoder) -> Any:
    places = [
        [writer.told(name), list(each.dims), writer.told(np.asarray(each.to_numpy())), writer.told(dict(each.attrs))]
        for name, each in value.coords.items()
    ]
    return {
        "values": writer.told(value.to_numpy()), "dims": list(value.dims), "places": places,
        "name": writer.told(value.name), "attrs": writer.told(dict(value.attrs)),
    }  # fmt: skip


def _decode_raster(encoded: Any, reader: Decoder) -> Any:
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


def _decode_grid(encoded: Any, _: Decoder) -> Any:
    from affine import Affine
    from odc.geo.geobox import GeoBox

    shape, affine, crs = encoded
    return GeoBox(tuple(shape), Affine(*affine), crs)


def _encode_shape(value: Any, writer: Encoder) -> Any:
    import shapely

    wkb = np.frombuffer(shapely.to_wkb(value, include_srid=True), np.uint8)
    return {"wkb": put_array(wkb, writer.parts), "ring": value.geom_type == "LinearRing"}


def _decode_shape(encoded: Any, reader: Decoder) -> Any:
    import shapely

    shape = shapely.from_wkb(get_array(encoded["wkb"], reader.parts).tobytes())
    return shapely.linearrings(shapely.get_coordinates(shape, include_z=shape.has_z)) if encoded["ring"] else shape


def _encode_timestamp(value: Any, writer: Encoder) -> Any:
    return writer.told(value.to_datetime64()) if value.tz is None else refuse_type("a time with a zone")


def _pandas(name: str) -> Any:
    import pandas as pd

    return getattr(pd, name)


def _decode_affine(encoded: Any, _: Decoder) -> Any:
    from affine import Affine

    return Affine(*encoded)


def _decode_grid_crs(encoded: Any, _: Decoder) -> Any:
    from odc.geo.crs import CRS

    return CRS(encoded)


CODECS: Mapping[str, FrameCodec] = {
    each.kind: each
    for each in (
        FrameCodec("timestamp", _encode_timestamp, lambda encoded, reader: _pandas("Timestamp")(reader.made(encoded))),
        FrameCodec("span", lambda value, writer: writer.told(value.to_timedelta64()),
                 lambda encoded, reader: _pandas("Timedelta")(reader.made(encoded))),
        FrameCodec("nat", lambda *_: None, lambda *_: _pandas("NaT")),
        FrameCodec("na", lambda *_: None, lambda *_: _pandas("NA")),
        FrameCodec("index", encode_index, decode_index),
        FrameCodec("series", encode_series, decode_series),
        FrameCodec("frame", encode_frame, decode_frame),
        FrameCodec("raster", _encode_raster, _decode_raster),
        FrameCodec("affine", lambda value, _: list(value[:6]), _decode_affine),
        FrameCodec("grid", lambda value, _: [list(value.shape), list(value.affine[:6]),
                                           None if value.crs is None else str(value.crs)], _decode_grid),
        FrameCodec("grid_crs", lambda value, _: str(value), _decode_grid_crs),
        FrameCodec("crs", lambda value, _: value.srs, lambda encoded, _: crs_of(encoded)),
        FrameCodec("shape", _encode_shape, _decode_shape),
    )
}  # fmt: skip

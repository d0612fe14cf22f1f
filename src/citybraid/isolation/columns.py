"""Encoding of pandas and geopandas columns as plain data: arrays, index, and the CRS as text."""

from typing import Any, Protocol

import numpy as np

from citybraid.isolation.arrays import get_array, get_texts, put_array, put_texts


class Encoder(Protocol):
    """The encoder: turns values into plain data and message parts."""

    parts: list[Any]
    shared: dict[int, Any]

    def told(self, value: Any) -> Any:
        """Encode a value as plain data."""


class Decoder(Protocol):
    """The decoder: rebuilds values from plain data and message parts."""

    parts: Any
    shared: dict[int, Any]

    def made(self, encoded: Any) -> Any:
        """Decode a value from plain data."""


# arrays -------------------------------------------------------------------------------------------------------------


def encode_array(value: Any, writer: Encoder) -> Any:
    """Encode a numpy or pandas array as plain data."""
    import pandas as pd

    kind = value.dtype
    if isinstance(value, np.ndarray):
        return _encode_objects(value, writer) if kind.hasobject else {"plain": put_array(value, writer.parts)}
    if isinstance(kind, pd.StringDtype):
        absent = "NA" if kind.na_value is pd.NA else "nan"
        return {"texts": put_texts(_as_arrow(value), writer.parts), "storage": kind.storage, "absent": absent}
    if kind.name == "geometry":
        import shapely

        wkb = _as_arrow(shapely.to_wkb(np.asarray(value), include_srid=True), binary=True)
        return {"shapes": put_texts(wkb, writer.parts), "crs": None if value.crs is None else value.crs.srs}
    if isinstance(kind, pd.CategoricalDtype):
        return {"codes": put_array(np.asarray(value.codes), writer.parts), "words": writer.told(value.categories),
                "ordered": bool(value.ordered)}  # fmt: skip
    if isinstance(value, pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray | pd.arrays.NumpyExtensionArray):
        return (
            {"plain": put_array(value.to_numpy(), writer.parts)} if not getattr(kind, "tz", None) else refuse_type(kind)
        )
    if isinstance(value, pd.arrays.IntegerArray | pd.arrays.FloatingArray | pd.arrays.BooleanArray):
        missing = value.isna()
        plain = value.to_numpy(dtype=kind.numpy_dtype, na_value=kind.numpy_dtype.type(0))
        return {"masked": put_array(plain, writer.parts), "mask": put_array(missing, writer.parts)}
    return refuse_type(kind)


def decode_array(encoded: Any, reader: Decoder) -> Any:
    """Decode a numpy or pandas array from plain data."""
    import pandas as pd

    if "plain" in encoded:
        return get_array(encoded["plain"], reader.parts)
    if "objects" in encoded:
        return _decode_objects(encoded, reader)
    if "texts" in encoded:
        na = np.nan if encoded["absent"] == "nan" else pd.NA
        return pd.StringDtype(storage=encoded["storage"], na_value=na).__from_arrow__(  # type: ignore[attr-defined]
            get_texts(encoded["texts"], reader.parts)
        )
    if "shapes" in encoded:
        return _decode_shapes(encoded, reader)
    if "codes" in encoded:
        kind = pd.CategoricalDtype(reader.made(encoded["words"]), ordered=bool(encoded["ordered"]))
        return pd.Categorical.from_codes(get_array(encoded["codes"], reader.parts), dtype=kind)
    plain, mask = get_array(encoded["masked"], reader.parts), get_array(encoded["mask"], reader.parts)
    kinds = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
    return kinds.get(plain.dtype.kind, pd.arrays.IntegerArray)(plain, mask)


def refuse_type(kind: Any) -> Any:
    """Raise TypeError for a type that cannot be encoded."""
    message = f"{kind} has no form in a message"
    raise TypeError(message)


def _as_arrow(values: Any, *, binary: bool = False) -> Any:
    """Return strings or byte strings as one Arrow array; raises TypeError for text that is not valid UTF-8."""
    import pyarrow as pa

    kind = pa.large_binary() if binary else pa.large_string()
    try:
        array = pa.array(values, type=kind) if isinstance(values, np.ndarray) else pa.array(values)
    except MemoryError:
        raise
    except (pa.ArrowException, UnicodeError) as fault:
        raise TypeError from fault
    combined = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return combined.cast(kind)


def _encode_objects(value: Any, writer: Encoder) -> Any:
    """Encode an object array: as strings where it holds only str and None, else element by element."""
    shape = list(value.shape)
    flat = value.ravel()
    kinds = {type(each) for each in flat}
    if kinds <= {str, type(None)}:
        try:
            return {"objects": put_texts(_as_arrow(flat), writer.parts), "shape": shape}
        except TypeError:
            pass
    return {"objects": [writer.told(each) for each in flat], "shape": shape}


def _decode_objects(encoded: Any, reader: Decoder) -> Any:
    content = encoded["objects"]
    items = get_texts(content, reader.parts).to_pylist() if isinstance(content, dict) else reader.made(content)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(encoded["shape"])


def _decode_shapes(encoded: Any, reader: Decoder) -> Any:
    import shapely
    from geopandas.array import GeometryArray

    wkb = get_texts(encoded["shapes"], reader.parts, binary=True).to_numpy(zero_copy_only=False)
    return GeometryArray(shapely.from_wkb(wkb), crs=None if encoded["crs"] is None else crs_of(encoded["crs"]))


def crs_of(text: str) -> Any:
    """Return the pyproj CRS of a text."""
    import pyproj

    return pyproj.CRS.from_user_input(text)


# pandas -------------------------------------------------------------------------------------------------------------


def encode_index(value: Any, writer: Encoder) -> Any:
    """Encode an index as plain data; one that several columns share is sent once and is shared again on arrival."""
    if id(value) in writer.shared:
        return {"same": writer.shared[id(value)][0]}
    number = len(writer.shared)
    writer.shared[id(value)] = (number, value)  # keep a reference, so that no other index reuses its id()
    return {"number": number} | _encode_index(value, writer)


def decode_index(encoded: Any, reader: Decoder) -> Any:
    """Decode an index from plain data."""
    if "same" in encoded:
        return reader.shared[encoded["same"]]
    reader.shared[encoded["number"]] = index = _decode_index(encoded, reader)
    return index


def _encode_index(value: Any, writer: Encoder) -> Any:
    import pandas as pd

    name = writer.told(value.name)
    if isinstance(value, pd.RangeIndex):
        return {"range": [value.start, value.stop, value.step], "name": name}
    if isinstance(value, pd.MultiIndex):
        return refuse_type("MultiIndex")
    step = getattr(value, "freqstr", None) if isinstance(value, pd.DatetimeIndex) else None
    return {"values": encode_array(_array(value), writer), "name": name, "step": step}


def _decode_index(encoded: Any, reader: Decoder) -> Any:
    import pandas as pd

    name = reader.made(encoded["name"])
    if "range" in encoded:
        start, stop, step = encoded["range"]
        return pd.RangeIndex(start, stop, step, name=name)
    values = decode_array(encoded["values"], reader)
    if encoded["step"] is not None:
        return pd.DatetimeIndex(values, name=name, freq=encoded["step"])
    return pd.Index(values, name=name, dtype=values.dtype)


def _array(value: Any) -> Any:
    """Return the array of a column or an index, a plain numpy array where pandas only wraps one."""
    import pandas as pd

    array = value.array
    return array.to_numpy() if type(array) is pd.arrays.NumpyExtensionArray else array


def encode_series(value: Any, writer: Encoder) -> Any:
    """Encode a Series or GeoSeries as plain data."""
    return {
        "values": encode_array(_array(value), writer), "index": encode_index(value.index, writer),
        "name": writer.told(value.name),
        "attrs": writer.told(dict(value.attrs)),
    }  # fmt: skip


def decode_series(encoded: Any, reader: Decoder) -> Any:
    """Decode a Series or GeoSeries from plain data."""
    import geopandas as gpd
    import pandas as pd

    values, index, name = (
        decode_array(encoded["values"], reader),
        decode_index(encoded["index"], reader),
        reader.made(encoded["name"]),
    )
    constructor = gpd.GeoSeries if "shapes" in encoded["values"] else pd.Series
    series = constructor(
        values, index=index, name=name, dtype=None if constructor is gpd.GeoSeries else values.dtype, copy=False
    )
    series.attrs = reader.made(encoded["attrs"])
    return series


def encode_frame(value: Any, writer: Encoder) -> Any:
    """Encode a DataFrame or GeoDataFrame as plain data."""
    import geopandas as gpd

    columns = [encode_array(_array(value.iloc[:, place]), writer) for place in range(value.shape[1])]
    active = value._geometry_column_name if isinstance(value, gpd.GeoDataFrame) else None  # noqa: SLF001
    return {
        "columns": columns, "names": encode_index(value.columns, writer), "index": encode_index(value.index, writer),
        "geometry": active, "spatial": isinstance(value, gpd.GeoDataFrame), "attrs": writer.told(dict(value.attrs)),
    }  # fmt: skip


def decode_frame(encoded: Any, reader: Decoder) -> Any:
    """Decode a DataFrame or GeoDataFrame from plain data."""
    import geopandas as gpd
    import pandas as pd

    names, index = decode_index(encoded["names"], reader), decode_index(encoded["index"], reader)
    columns = {
        place: pd.Series(decode_array(each, reader), index=index, copy=False)
        for place, each in enumerate(encoded["columns"])
    }
    frame = pd.DataFrame(columns, index=index, copy=False)
    frame.columns = names
    if encoded["spatial"]:
        frame = gpd.GeoDataFrame(frame, geometry=encoded["geometry"])
    frame.attrs = reader.made(encoded["attrs"])
    return frame

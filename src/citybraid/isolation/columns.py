"""Encoding of pandas and geopandas columns as plain data: arrays, index, and the CRS as text."""

from typing import Any, Protocol

import numpy as np

from citybraid.isolation.arrays import got, got_texts, put, put_texts


class Telling(Protocol):
    """The encoder: turns values into plain data and message parts."""

    parts: list[Any]
    shared: dict[int, Any]

    def told(self, value: Any) -> Any:
        """Encode a value as plain data."""


class Making(Protocol):
    """The decoder: rebuilds values from plain data and message parts."""

    parts: Any
    shared: dict[int, Any]

    def made(self, encoded: Any) -> Any:
        """Decode a value from plain data."""


# arrays -------------------------------------------------------------------------------------------------------------


def array_told(value: Any, writer: Telling) -> Any:
    """Encode a numpy or pandas array as plain data."""
    import pandas as pd

    kind = value.dtype
    if isinstance(value, np.ndarray):
        return _encode_objects(value, writer) if kind.hasobject else {"plain": put(value, writer.parts)}
    if isinstance(kind, pd.StringDtype):
        absent = "NA" if kind.na_value is pd.NA else "nan"
        return {"texts": put_texts(_as_arrow(value), writer.parts), "storage": kind.storage, "absent": absent}
    if kind.name == "geometry":
        import shapely

        wkb = _as_arrow(shapely.to_wkb(np.asarray(value), include_srid=True), binary=True)
        return {"shapes": put_texts(wkb, writer.parts), "crs": None if value.crs is None else value.crs.srs}
    if isinstance(kind, pd.CategoricalDtype):
        return {"codes": put(np.asarray(value.codes), writer.parts), "words": writer.told(value.categories),
                "ordered": bool(value.ordered)}  # fmt: skip
    if isinstance(value, pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray | pd.arrays.NumpyExtensionArray):
        return {"plain": put(value.to_numpy(), writer.parts)} if not getattr(kind, "tz", None) else no_form(kind)
    if isinstance(value, pd.arrays.IntegerArray | pd.arrays.FloatingArray | pd.arrays.BooleanArray):
        missing = value.isna()
        plain = value.to_numpy(dtype=kind.numpy_dtype, na_value=kind.numpy_dtype.type(0))
        return {"masked": put(plain, writer.parts), "mask": put(missing, writer.parts)}
    return no_form(kind)


def array_made(encoded: Any, reader: Making) -> Any:
    """Decode a numpy or pandas array from plain data."""
    import pandas as pd

    if "plain" in encoded:
        return got(encoded["plain"], reader.parts)
    if "objects" in encoded:
        return _decode_objects(encoded, reader)
    if "texts" in encoded:
        na = np.nan if encoded["absent"] == "nan" else pd.NA
        return pd.StringDtype(storage=encoded["storage"], na_value=na).__from_arrow__(  # type: ignore[attr-defined]
            got_texts(encoded["texts"], reader.parts)
        )
    if "shapes" in encoded:
        return _decode_shapes(encoded, reader)
    if "codes" in encoded:
        kind = pd.CategoricalDtype(reader.made(encoded["words"]), ordered=bool(encoded["ordered"]))
        return pd.Categorical.from_codes(got(encoded["codes"], reader.parts), dtype=kind)
    plain, mask = got(encoded["masked"], reader.parts), got(encoded["mask"], reader.parts)
    kinds = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
    return kinds.get(plain.dtype.kind, pd.arrays.IntegerArray)(plain, mask)


def no_form(kind: Any) -> Any:
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


def _encode_objects(value: Any, writer: Telling) -> Any:
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


def _decode_objects(encoded: Any, reader: Making) -> Any:
    content = encoded["objects"]
    items = got_texts(content, reader.parts).to_pylist() if isinstance(content, dict) else reader.made(content)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(encoded["shape"])


def _decode_shapes(encoded: Any, reader: Making) -> Any:
    import shapely
    from geopandas.array import GeometryArray

    wkb = got_texts(encoded["shapes"], reader.parts, binary=True).to_numpy(zero_copy_only=False)
    return GeometryArray(shapely.from_wkb(wkb), crs=None if encoded["crs"] is None else crs_of(encoded["crs"]))


def crs_of(text: str) -> Any:
    """Return the pyproj CRS of a text."""
    import pyproj

    return pyproj.CRS.from_user_input(text)


# pandas -------------------------------------------------------------------------------------------------------------


def index_told(value: Any, writer: Telling) -> Any:
    """Encode an index as plain data; one that several columns share is sent once and is shared again on arrival."""
    if id(value) in writer.shared:
        return {"same": writer.shared[id(value)][0]}
    number = len(writer.shared)
    writer.shared[id(value)] = (number, value)  # keep a reference, so that no other index reuses its id()
    return {"number": number} | _encode_index(value, writer)


def index_made(encoded: Any, reader: Making) -> Any:
    """Decode an index from plain data."""
    if "same" in encoded:
        return reader.shared[encoded["same"]]
    reader.shared[encoded["number"]] = index = _decode_index(encoded, reader)
    return index


def _encode_index(value: Any, writer: Telling) -> Any:
    import pandas as pd

    name = writer.told(value.name)
    if isinstance(value, pd.RangeIndex):
        return {"range": [value.start, value.stop, value.step], "name": name}
    if isinstance(value, pd.MultiIndex):
        return no_form("MultiIndex")
    step = getattr(value, "freqstr", None) if isinstance(value, pd.DatetimeIndex) else None
    return {"values": array_told(_array(value), writer), "name": name, "step": step}


def _decode_index(encoded: Any, reader: Making) -> Any:
    import pandas as pd

    name = reader.made(encoded["name"])
    if "range" in encoded:
        start, stop, step = encoded["range"]
        return pd.RangeIndex(start, stop, step, name=name)
    values = array_made(encoded["values"], reader)
    if encoded["step"] is not None:
        return pd.DatetimeIndex(values, name=name, freq=encoded["step"])
    return pd.Index(values, name=name, dtype=values.dtype)


def _array(value: Any) -> Any:
    """Return the array of a column or an index, a plain numpy array where pandas only wraps one."""
    import pandas as pd

    array = value.array
    return array.to_numpy() if type(array) is pd.arrays.NumpyExtensionArray else array


def series_told(value: Any, writer: Telling) -> Any:
    """Encode a Series or GeoSeries as plain data."""
    return {
        "values": array_told(_array(value), writer), "index": index_told(value.index, writer),
        "name": writer.told(value.name),
        "attrs": writer.told(dict(value.attrs)),
    }  # fmt: skip


def series_made(encoded: Any, reader: Making) -> Any:
    """Decode a Series or GeoSeries from plain data."""
    import geopandas as gpd
    import pandas as pd

    values, index, name = (
        array_made(encoded["values"], reader),
        index_made(encoded["index"], reader),
        reader.made(encoded["name"]),
    )
    constructor = gpd.GeoSeries if "shapes" in encoded["values"] else pd.Series
    series = constructor(
        values, index=index, name=name, dtype=None if constructor is gpd.GeoSeries else values.dtype, copy=False
    )
    series.attrs = reader.made(encoded["attrs"])
    return series


def frame_told(value: Any, writer: Telling) -> Any:
    """Encode a DataFrame or GeoDataFrame as plain data."""
    import geopandas as gpd

    columns = [array_told(_array(value.iloc[:, place]), writer) for place in range(value.shape[1])]
    active = value._geometry_column_name if isinstance(value, gpd.GeoDataFrame) else None  # noqa: SLF001
    return {
        "columns": columns, "names": index_told(value.columns, writer), "index": index_told(value.index, writer),
        "geometry": active, "spatial": isinstance(value, gpd.GeoDataFrame), "attrs": writer.told(dict(value.attrs)),
    }  # fmt: skip


def frame_made(encoded: Any, reader: Making) -> Any:
    """Decode a DataFrame or GeoDataFrame from plain data."""
    import geopandas as gpd
    import pandas as pd

    names, index = index_made(encoded["names"], reader), index_made(encoded["index"], reader)
    columns = {
        place: pd.Series(array_made(each, reader), index=index, copy=False)
        for place, each in enumerate(encoded["columns"])
    }
    frame = pd.DataFrame(columns, index=index, copy=False)
    frame.columns = names
    if encoded["spatial"]:
        frame = gpd.GeoDataFrame(frame, geometry=encoded["geometry"])
    frame.attrs = reader.made(encoded["attrs"])
    return frame

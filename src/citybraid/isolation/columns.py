"""Columns of pandas and geopandas as plain data: their arrays, their index, and a CRS by its text."""

from typing import Any, Protocol

import numpy as np

from citybraid.isolation.arrays import got, got_texts, put, put_texts


class Telling(Protocol):
    """Values on their way out."""

    parts: list[Any]
    shared: dict[int, Any]

    def told(self, value: Any) -> Any:
        """Return a value as plain data."""


class Making(Protocol):
    """Values on their way in."""

    parts: Any
    shared: dict[int, Any]

    def made(self, told: Any) -> Any:
        """Return the value that plain data tell."""


# arrays -------------------------------------------------------------------------------------------------------------


def array_told(value: Any, out: Telling) -> Any:
    """Return an array of numpy or pandas as plain data."""
    import pandas as pd

    kind = value.dtype
    if isinstance(value, np.ndarray):
        return _objects_told(value, out) if kind.hasobject else {"plain": put(value, out.parts)}
    if isinstance(kind, pd.StringDtype):
        absent = "NA" if kind.na_value is pd.NA else "nan"
        return {"texts": put_texts(_large(value), out.parts), "storage": kind.storage, "absent": absent}
    if kind.name == "geometry":
        import shapely

        wkb = _large(shapely.to_wkb(np.asarray(value), include_srid=True), binary=True)
        return {"shapes": put_texts(wkb, out.parts), "crs": None if value.crs is None else value.crs.srs}
    if isinstance(kind, pd.CategoricalDtype):
        return {"codes": put(np.asarray(value.codes), out.parts), "words": out.told(value.categories),
                "ordered": bool(value.ordered)}  # fmt: skip
    if isinstance(value, pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray | pd.arrays.NumpyExtensionArray):
        return {"plain": put(value.to_numpy(), out.parts)} if not getattr(kind, "tz", None) else no_form(kind)
    if isinstance(value, pd.arrays.IntegerArray | pd.arrays.FloatingArray | pd.arrays.BooleanArray):
        there = value.isna()
        plain = value.to_numpy(dtype=kind.numpy_dtype, na_value=kind.numpy_dtype.type(0))
        return {"masked": put(plain, out.parts), "mask": put(there, out.parts)}
    return no_form(kind)


def array_made(told: Any, come: Making) -> Any:
    """Return the array that plain data tell, as numpy or pandas holds it."""
    import pandas as pd

    if "plain" in told:
        return got(told["plain"], come.parts)
    if "objects" in told:
        return _objects_made(told, come)
    if "texts" in told:
        na = np.nan if told["absent"] == "nan" else pd.NA
        return pd.StringDtype(storage=told["storage"], na_value=na).__from_arrow__(  # type: ignore[attr-defined]
            got_texts(told["texts"], come.parts)
        )
    if "shapes" in told:
        return _shapes_made(told, come)
    if "codes" in told:
        kind = pd.CategoricalDtype(come.made(told["words"]), ordered=bool(told["ordered"]))
        return pd.Categorical.from_codes(got(told["codes"], come.parts), dtype=kind)
    plain, mask = got(told["masked"], come.parts), got(told["mask"], come.parts)
    kinds = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
    return kinds.get(plain.dtype.kind, pd.arrays.IntegerArray)(plain, mask)


def no_form(kind: Any) -> Any:
    """Raise TypeError for a kind that cannot be sent."""
    message = f"{kind} has no form in a message"
    raise TypeError(message)


def _large(values: Any, *, binary: bool = False) -> Any:
    """Texts or byte strings as one array of Arrow; raises TypeError for texts that are none in UTF-8."""
    import pyarrow as pa

    kind = pa.large_binary() if binary else pa.large_string()
    try:
        found = pa.array(values, type=kind) if isinstance(values, np.ndarray) else pa.array(values)
    except MemoryError:
        raise
    except (pa.ArrowException, UnicodeError) as fault:
        raise TypeError from fault
    whole = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return whole.cast(kind)


def _objects_told(value: Any, out: Telling) -> Any:
    """An array of Python's objects: of texts where it holds nothing but texts and None, else one by one."""
    shape = list(value.shape)
    flat = value.ravel()
    kinds = {type(each) for each in flat}
    if kinds <= {str, type(None)}:
        try:
            return {"objects": put_texts(_large(flat), out.parts), "shape": shape}
        except TypeError:
            pass
    return {"objects": [out.told(each) for each in flat], "shape": shape}


def _objects_made(told: Any, come: Making) -> Any:
    held = told["objects"]
    found = got_texts(held, come.parts).to_pylist() if isinstance(held, dict) else come.made(held)
    made = np.empty(len(found), dtype=object)
    made[:] = found
    return made.reshape(told["shape"])


def _shapes_made(told: Any, come: Making) -> Any:
    import shapely
    from geopandas.array import GeometryArray

    wkb = got_texts(told["shapes"], come.parts, binary=True).to_numpy(zero_copy_only=False)
    return GeometryArray(shapely.from_wkb(wkb), crs=None if told["crs"] is None else crs_of(told["crs"]))


def crs_of(text: str) -> Any:
    """Return the CRS of a text as pyproj keeps it."""
    import pyproj

    return pyproj.CRS.from_user_input(text)


# pandas -------------------------------------------------------------------------------------------------------------


def index_told(value: Any, out: Telling) -> Any:
    """An index as plain data: one that columns share goes once, and is one again where it arrives."""
    if id(value) in out.shared:
        return {"same": out.shared[id(value)][0]}
    number = len(out.shared)
    out.shared[id(value)] = (number, value)  # held, so that no other index gets its place in memory
    return {"number": number} | _index_alone(value, out)


def index_made(told: Any, come: Making) -> Any:
    """Return the index that plain data tell."""
    if "same" in told:
        return come.shared[told["same"]]
    come.shared[told["number"]] = made = _index_of(told, come)
    return made


def _index_alone(value: Any, out: Telling) -> Any:
    import pandas as pd

    name = out.told(value.name)
    if isinstance(value, pd.RangeIndex):
        return {"range": [value.start, value.stop, value.step], "name": name}
    if isinstance(value, pd.MultiIndex):
        return no_form("MultiIndex")
    step = getattr(value, "freqstr", None) if isinstance(value, pd.DatetimeIndex) else None
    return {"values": array_told(_array(value), out), "name": name, "step": step}


def _index_of(told: Any, come: Making) -> Any:
    import pandas as pd

    name = come.made(told["name"])
    if "range" in told:
        start, stop, step = told["range"]
        return pd.RangeIndex(start, stop, step, name=name)
    values = array_made(told["values"], come)
    if told["step"] is not None:
        return pd.DatetimeIndex(values, name=name, freq=told["step"])
    return pd.Index(values, name=name, dtype=values.dtype)


def _array(value: Any) -> Any:
    """What a column or an index holds: numpy's array where that is all."""
    import pandas as pd

    held = value.array
    return held.to_numpy() if type(held) is pd.arrays.NumpyExtensionArray else held


def series_told(value: Any, out: Telling) -> Any:
    """Return a column, of shapes too, as plain data."""
    return {
        "values": array_told(_array(value), out), "index": index_told(value.index, out), "name": out.told(value.name),
        "attrs": out.told(dict(value.attrs)),
    }  # fmt: skip


def series_made(told: Any, come: Making) -> Any:
    """Return the column that plain data tell."""
    import geopandas as gpd
    import pandas as pd

    values, index, name = array_made(told["values"], come), index_made(told["index"], come), come.made(told["name"])
    made = gpd.GeoSeries if "shapes" in told["values"] else pd.Series
    found = made(values, index=index, name=name, dtype=None if made is gpd.GeoSeries else values.dtype, copy=False)
    found.attrs = come.made(told["attrs"])
    return found


def frame_told(value: Any, out: Telling) -> Any:
    """Return a table, with shapes too, as plain data."""
    import geopandas as gpd

    columns = [array_told(_array(value.iloc[:, place]), out) for place in range(value.shape[1])]
    active = value._geometry_column_name if isinstance(value, gpd.GeoDataFrame) else None  # noqa: SLF001
    return {
        "columns": columns, "names": index_told(value.columns, out), "index": index_told(value.index, out),
        "geometry": active, "spatial": isinstance(value, gpd.GeoDataFrame), "attrs": out.told(dict(value.attrs)),
    }  # fmt: skip


def frame_made(told: Any, come: Making) -> Any:
    """Return the table that plain data tell."""
    import geopandas as gpd
    import pandas as pd

    names, index = index_made(told["names"], come), index_made(told["index"], come)
    held = {
        place: pd.Series(array_made(each, come), index=index, copy=False) for place, each in enumerate(told["columns"])
    }
    found = pd.DataFrame(held, index=index, copy=False)
    found.columns = names
    if told["spatial"]:
        found = gpd.GeoDataFrame(found, geometry=told["geometry"])
    found.attrs = come.made(told["attrs"])
    return found

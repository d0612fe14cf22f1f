"""File formats by type: zarr for rasters and fields, Parquet for columns and series, JSON for numbers.

A value is one file or folder whose name carries the digest of its bytes: `column.<digest>.parquet`. Values of earlier
versions have none (`column.parquet`); they are read as they are.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from citybraid.store.raster import read_array, write_array

AXES = "axes"
"""Attribute that holds the coordinates of a field."""
DIGEST_BYTES = 16
"""Length of a value's digest."""
PLAIN = frozenset(("bool", "int64", "float32", "float64", "str"))
"""Types of columns and of their index that pandas describes alike, whatever is in them."""
SCHEMAS = 1024
"""Schemas of columns that are kept [-]."""


class DamagedError(Exception):
    """The bytes of a value are not those that were written."""


def write(folder: Path, value: Any) -> None:
    """Write a value into an empty folder; raises TypeError for a type that cannot be stored."""
    if isinstance(value, xr.DataArray):
        path = folder / "raster.zarr"
        _write_raster(path, value)
        path.rename(path.with_name(f"{path.stem}.{_digest(path)}{path.suffix}"))
        return
    name, suffix, content = _content(value)
    (folder / f"{name}.{_digest_of([content])}{suffix}").write_bytes(content)


def _content(value: Any) -> tuple[str, str, bytes]:
    """Return the name, the suffix and the bytes of a value that is one file, whose digest thus needs no reading."""
    if isinstance(value, gpd.GeoSeries):
        into = BytesIO()
        gpd.GeoDataFrame(geometry=value.rename("geometry")).to_parquet(into, index=True)
        return "geometry", ".parquet", into.getvalue()
    if isinstance(value, pd.Series):
        return "column", ".parquet", _column_bytes(value)
    if is_number(value):
        return "number", ".json", json.dumps(plain(value)).encode("utf-8")
    message = f"{type(value).__name__} is no carrier"
    raise TypeError(message)


def is_number(value: Any) -> bool:
    """Tell whether a value is a single number or a text."""
    return isinstance(value, str | int | float | np.integer | np.floating)


def plain(number: Any) -> Any:
    """Return a number as one of Python's."""
    return number.item() if isinstance(number, np.generic) else number


def read(folder: Path, rows: slice | None = None) -> Any:
    """Return the value that a folder holds, of a raster some rows if asked for.

    Raises DamagedError where its bytes, all of them, do not match their digest.
    """
    path, digest = _stored(folder)
    if path.suffix == ".zarr":
        if digest and _digest(path) != digest:
            raise DamagedError(path.name)
        return _read_raster(path, rows)
    content = path.read_bytes()
    if digest and _digest_of([content]) != digest:
        raise DamagedError(path.name)
    if path.suffix == ".json":
        return json.loads(content.decode("utf-8"))
    if path.name.startswith("column"):
        return _read_column(content)
    return gpd.read_parquet(BytesIO(content)).geometry


def packed(folder: Path) -> bytes:
    """Return the files of a value as one, the same bytes wherever it is packed."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return _archive((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)


def packed_number(value: Any) -> bytes:
    """Return a number that is stored with others as if it had a folder of its own."""
    name, suffix, content = _content(value)
    return _archive([(f"{name}.{_digest_of([content])}{suffix}", content)])


def _archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return into.getvalue()


def unpack(folder: Path, content: bytes) -> None:
    """Write the files of a packed value into an empty folder."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)


def intact(folder: Path) -> bool:
    """Tell whether the bytes of a value match their digest; a value of an earlier version has none and is not read."""
    try:
        path, digest = _stored(folder)
        return not digest or _digest(path) == digest
    except (OSError, DamagedError):
        return False


def _stored(folder: Path) -> tuple[Path, str]:
    """Return the file or folder of a value, and the digest in its name; '' where it has none."""
    paths = list(folder.iterdir())
    if len(paths) != 1:
        raise DamagedError(folder.name)
    return paths[0], paths[0].stem.partition(".")[2]


def digest_told(folder: Path) -> str:
    """Return the digest in the name of a value's file, without reading its bytes; '' where there is none."""
    try:
        return _stored(folder)[1]
    except (OSError, DamagedError):
        return ""


def digest_of_number(value: Any) -> str:
    """Return the digest that a number's own file would have."""
    return _digest_of([_content(value)[2]])


def _digest(path: Path) -> str:
    return _digest_of(_parts(path))


def _parts(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, or the names and bytes of all files of a folder."""
    if path.is_file():
        yield path.read_bytes()
        return
    for part in sorted(path.rglob("*")):
        if part.is_file():
            content = part.read_bytes()
            yield f"{part.relative_to(path).as_posix()}\0{len(content)}\0".encode()
            yield content


def _digest_of(parts: Iterator[bytes] | list[bytes]) -> str:
    checksum = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        checksum.update(part)
    return checksum.hexdigest()


def _column_bytes(value: pd.Series) -> bytes:
    """Return the file that pandas would write; pandas starts threads for every column of more than a hundred rows.

    Plain columns of one make share a schema: pandas would describe each of them anew, in half the time of the file.
    """
    if _is_plain(value):
        schema = _schema(value.dtype, value.index.dtype, value.index.name, json.dumps(value.attrs))
        arrays = [pa.array(part, from_pandas=True) for part in (value, value.index)]
        table = pa.Table.from_arrays(arrays, schema=schema)
    else:
        table = _table(value)
    into = pa.BufferOutputStream()
    pq.write_table(table, into)
    content: bytes = into.getvalue().to_pybytes()
    return content


def _table(value: pd.Series) -> pa.Table:
    """Return a column as the table that pandas would write."""
    frame = value.to_frame("value")
    table = pa.Table.from_pandas(frame, preserve_index=True, nthreads=1)
    if not frame.attrs:
        return table
    return table.replace_schema_metadata({**table.schema.metadata, "PANDAS_ATTRS": json.dumps(frame.attrs)})


def _is_plain(value: pd.Series) -> bool:
    """Tell whether the type of a column and that of its index tell how pandas describes both."""
    index = value.index
    return (
        type(index) is pd.Index
        and isinstance(index.name, str | None)
        and all(dtype in PLAIN for dtype in (str(value.dtype), str(index.dtype)))
    )


@lru_cache(maxsize=SCHEMAS)
def _schema(dtype: Any, index_dtype: Any, name: str | None, attributes: str) -> pa.Schema:
    """Return the schema of plain columns with these types, name of the index and attributes, as JSON."""
    index = pd.Index([], dtype=index_dtype, name=name)
    column = pd.Series([], dtype=dtype, index=index)
    column.attrs = json.loads(attributes)
    return _table(column).schema


def _read_column(content: bytes) -> pd.Series:
    """Return a column as `pandas.read_parquet` does, without its search for a file system: in a third of the time."""
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        table = file.read(use_threads=False)
    plain = _plain_index(table.schema.metadata.get(b"pandas", b"{}"), b"PANDAS_ATTRS" in table.schema.metadata)
    if plain is None or any(part.null_count and not pa.types.is_floating(part.type) for part in table.columns):
        column: pd.Series = table.to_pandas(use_threads=False)["value"]
        return column
    place, name = plain
    index = pd.Index(_values_of(table.column(place)), name=name, copy=False)
    return pd.Series(_values_of(table.column("value")), index=index, name="value", copy=False)


@lru_cache(maxsize=SCHEMAS)
def _plain_index(description: bytes, attributes: bool) -> tuple[str, str | None] | None:  # noqa: FBT001  (hashed alone)
    """Return the column of a plain column's index and the index' name, given how pandas describes it; None for others.

    Plain ones are made of their arrays at once: pandas would read its description anew for each of them.
    """
    stated = json.loads(description)
    columns = {each["field_name"]: each for each in stated.get("columns", ())}
    places = [each for each in stated.get("index_columns", ()) if isinstance(each, str)]
    if attributes or len(places) != 1 or set(columns) != {"value", *places} or "value" in places:
        return None
    if any(each["numpy_type"] not in PLAIN for each in columns.values()):
        return None
    return places[0], columns[places[0]]["name"]


def _values_of(column: pa.ChunkedArray) -> Any:
    """Return the values of a plain column as pandas holds them, apart from the bytes of the file."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pd.StringDtype(na_value=np.nan).__from_arrow__(column)  # type: ignore[attr-defined]  # arrow's protocol
    values = column.to_numpy()
    return values if values.flags.writeable else values.copy()


def _read_raster(path: Path, rows: slice | None) -> xr.DataArray:
    data, attributes = read_array(path, rows)
    axes: dict[str, list[Any]] = json.loads(attributes.pop(AXES, "{}"))
    if axes and rows is not None:
        first = next(iter(axes))
        axes[first] = axes[first][rows]
    return xr.DataArray(data, dims=tuple(axes) or ("y", "x"), coords=axes, attrs=attributes)


def _write_raster(path: Path, value: xr.DataArray) -> None:
    data = np.ascontiguousarray(value.to_numpy())
    places = {str(name): value[name].to_numpy().tolist() for name in value.dims} if value.coords else {}
    axes = {AXES: json.dumps(places)} if places else {}
    plain = {name: text for name, text in value.attrs.items() if isinstance(text, str | int | float)}
    write_array(path, data, axes | plain)

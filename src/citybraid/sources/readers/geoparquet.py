"""GeoParquet through Arrow: geometry as WKB or as nested coordinates, the CRS from its metadata."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.projjson import crs_of
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.file_signature import require_magic
from citybraid.sources.vector.preview import LayerPreview, shape_kind
from citybraid.sources.vector.vectors import check_vertices, georeferenced

SUFFIXES = (".parquet", ".geoparquet")
VERSION = 11
MAGIC = b"PAR1"
MIB = 1 << 20
LONGEST_METADATA = 1 << 22
"""Longest geo metadata [byte]."""
NATIVE = frozenset({"point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"})
"""Encodings of coordinates as nested lists (GeoParquet 1.1)."""


class Options(ShapeOptions):
    """Options of a GeoParquet file in the study file."""


class Geometry(NamedTuple):
    """The geometry column: its name, encoding, kinds of shape, CRS and bounds as the metadata states them."""

    column: str
    encoding: str
    kinds: tuple[str, ...]
    crs: CRS | None
    bounds: tuple[float, ...]


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the rows of a GeoParquet file.

    Raises InputError where it is another format, has no geo metadata, is damaged, or
    exceeds the limits when unpacked.
    """
    with _opened(path) as file:
        geometry = _geometry(file, path)
        _check_size(file, path, limits)
        plain, nested = _columns(file.schema_arrow, geometry.column)
        try:
            table = file.read(columns=[*plain, geometry.column], use_threads=False)
            table.validate(full=True)
            shapes = _shapes(table.column(geometry.column), geometry)
            frame = _frame(table.select(plain), shapes, geometry.crs)
        except (pa.ArrowException, OSError, ValueError, shapely.errors.ShapelyError) as fault:
            why = (str(fault).splitlines() or [type(fault).__name__])[0][:160]
            raise InputError("intake.unreadable", name=path.name, why=why) from fault
    check_vertices(frame.geometry, limits, name=path.name)
    notes = (
        [Finding("found", "intake.parquet_nested", role, len(nested), {"name": path.name, "columns": nested[:6]})]
        if nested
        else []
    )
    frame = georeferenced(frame, options.crs, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    return Reading(reading.layers, findings(notes, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview from the metadata alone; raises InputError where the file is no GeoParquet."""
    with _opened(path) as file:
        geometry = _geometry(file, path)
        kinds = {shape_kind(kind) for kind in geometry.kinds}
        plain, _ = _columns(file.schema_arrow, geometry.column)
        half = len(geometry.bounds) // 2
        west, south, east, north = (
            (*geometry.bounds[:2], *geometry.bounds[half : half + 2]) if half > 1 else (np.nan,) * 4
        )
        bounds = (west, south, east, north) if np.isfinite(west) else None
        crs = "" if geometry.crs is None else geometry.crs.to_wkt()
        kind = kinds.pop() if len(kinds) == 1 else ""
        return (LayerPreview(kind, path.stem, tuple(plain), file.metadata.num_rows, crs, bounds),)


def _opened(path: Path) -> pq.ParquetFile:
    require_magic(path, MAGIC, "GeoParquet")
    try:
        return pq.ParquetFile(path, memory_map=False)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise InputError("intake.unreadable", name=path.name, why="Parquet") from fault


def _geometry(file: pq.ParquetFile, path: Path) -> Geometry:
    """The primary geometry column as the geo metadata describes it."""
    text = (file.schema_arrow.metadata or {}).get(b"geo", b"")
    if not text:
        raise InputError("intake.parquet_plain", name=path.name, columns=file.schema_arrow.names[:12])
    if len(text) > LONGEST_METADATA:
        raise InputError("intake.parquet_metadata", name=path.name)
    try:
        metadata = json.loads(text)
        column = str(metadata["primary_column"])
        about: Mapping[str, Any] = metadata["columns"][column]
        encoding = str(about["encoding"])
        kinds = tuple(str(kind) for kind in about.get("geometry_types", []))
        bounds = tuple(float(edge) for edge in about.get("bbox", []))
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise InputError("intake.parquet_metadata", name=path.name) from fault
    if column not in file.schema_arrow.names or (encoding != "WKB" and encoding not in NATIVE):
        raise InputError("intake.parquet_metadata", name=path.name)
    crs = crs_of(about["crs"], name=path.name) if "crs" in about else CRS.from_epsg(4326)
    return Geometry(column, encoding, kinds, crs, bounds)


def _check_size(file: pq.ParquetFile, path: Path, limits: Limits) -> None:
    rows = file.metadata.num_rows
    if rows > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=rows, limit=limits.features)
    size = sum(file.metadata.row_group(number).total_byte_size for number in range(file.metadata.num_row_groups))
    if size > limits.unpacked_mib * MIB:
        raise InputError("intake.parquet_large", name=path.name, got=size / MIB, limit=limits.unpacked_mib)


def _columns(schema: pa.Schema, geometry: str) -> tuple[list[str], list[str]]:
    """Names of scalar columns, and of those that hold lists, records or bytes."""
    others = [each for each in schema if each.name != geometry]
    odd = [each.name for each in others if pa.types.is_nested(each.type) or _is_bytes(each.type)]
    return [each.name for each in others if each.name not in odd], odd


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def _shapes(column: pa.ChunkedArray, geometry: Geometry) -> Sequence[object]:
    """2D shapes, None where a row has none."""
    if geometry.encoding == "WKB":
        geometries = shapely.from_wkb(column.to_numpy())
    else:
        field = pa.field("geometry", column.type, metadata={"ARROW:extension:name": f"geoarrow.{geometry.encoding}"})
        table = pa.Table.from_arrays([column], schema=pa.schema([field]))
        geometries = gpd.GeoDataFrame.from_arrow(table).geometry.to_numpy()
    flat: Sequence[object] = shapely.force_2d(geometries)
    return flat


def _frame(table: pa.Table, shapes: Sequence[object], crs: CRS | None) -> gpd.GeoDataFrame:
    rows: pd.DataFrame = table.to_pandas(ignore_metadata=True, timestamp_as_object=False)
    rows = rows.drop(columns=[name for name in rows.columns if name == "geometry"])
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(list(shapes), index=rows.index, crs=crs))

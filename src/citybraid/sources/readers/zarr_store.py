"""Zarr folders of versions 2 and 3: numeric arrays in known codecs, local files only."""

import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.storage import LocalStore

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import kind_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.raster.axes import Axis, DataSet, Variable, VariableRequest, band_of, bands_of
from citybraid.sources.raster.rasters import band_preview, raster_reading
from citybraid.sources.raster.rasters import extent as extent_of
from citybraid.sources.series.rain_fields import FieldOptions, field_reading
from citybraid.sources.series.rain_fields import FieldRequest as AskedField
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".zarr",)
FOLDER = True
VERSION = 12
CODECS = frozenset(
    {"bytes", "transpose", "crc32c", "gzip", "zlib", "zstd", "blosc", "lz4", "lzma", "bz2", "shuffle",
     "fixedscaleoffset", "sharding_indexed", "delta"}
)  # fmt: skip
"""Codecs for numbers only; pickles, JSON objects and unknown ones are refused."""
KINDS = frozenset("fiu")
MOST_META = 1 << 20
MOST_CHUNK = 1 << 29
"""Largest chunk that is unpacked at once [byte]."""
MOST_AXIS = 1_000_000
META = (".zarray", "zarr.json")
Stored = zarr.Array[Any]


class Options(FieldOptions):
    """Options of a Zarr folder in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read one array of a Zarr folder, at one time, as the raster that the role names.

    Raises InputError where the folder is no Zarr group, an array needs an unsafe codec,
    or the array or time is ambiguous.
    """
    data = _opened(path)
    try:
        if kind_of(role) == "field":
            hours, each, notes = bands_of(data, VariableRequest(role, options.variable, "", path.name))
            field = field_reading(
                hours, each, options, AskedField(options.event or path.stem, path.name, target, limits)
            )
            return Reading(field.layers, findings(notes, field.findings))
        band, _, notes = band_of(data, VariableRequest(role, options.variable, options.time, path.name))
        read_band = raster_reading(band, role, options, target, limits=limits, name=path.name)
    except (OSError, ValueError, RuntimeError, KeyError) as fault:
        raise _broken(path, fault) from fault
    return Reading(read_band.layers, findings(notes, read_band.findings))


def extent(path: Path, options: Options, target: Target) -> Bounds:
    """Return the bounds of the array in the study's CRS [m]; raises InputError as `read` does."""
    band, _, _ = band_of(_opened(path), VariableRequest("", options.variable, options.time, path.name))
    return extent_of(band, options, target, name=path.name)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return the kind of values of the first array on a grid; raises InputError where there is none."""
    data = _opened(path)
    try:
        band, variable, _ = band_of(data, VariableRequest("", "", "", path.name))
        return (band_preview(band, layer=variable),)
    except (OSError, ValueError, RuntimeError, KeyError) as fault:
        raise _broken(path, fault) from fault


def _broken(path: Path, fault: Exception) -> InputError:
    why = (str(fault).replace(str(path), path.name).splitlines() or ["?"])[0][:160]
    return InputError("intake.raster_broken", name=path.name, why=why)


def _opened(path: Path) -> DataSet:
    """The arrays of the root group, after all metadata have been checked as safe."""
    names = [
        each.name for each in sorted(path.iterdir()) if each.is_dir() and any((each / meta).is_file() for meta in META)
    ]
    if not any((path / meta).is_file() for meta in (".zgroup", *META)):
        raise InputError("intake.not_this_format", name=path.name, format="Zarr")
    for name in names:
        _refuse_unsafe(path / name, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            group = zarr.open_group(store=LocalStore(path, read_only=True), mode="r", use_consolidated=False)
            arrays = {name: each for name in names if isinstance(each := group[name], zarr.Array)}
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as fault:
        raise _broken(path, fault) from fault
    attrs = {name: dict(each.attrs) for name, each in arrays.items()}
    for name, each in arrays.items():
        attrs[name].setdefault("_FillValue", each.fill_value if _is_nodata(each) else ())
    axes = {
        name: Axis(np.asarray(each[:]), attrs[name])
        for name, each in arrays.items()
        if each.ndim == 1 and _dims(each) == (name,) and each.size <= MOST_AXIS
    }
    variables = tuple(
        Variable(name, _dims(each), tuple(each.shape), attrs[name], _reader(each))
        for name, each in arrays.items()
        if name not in axes and each.ndim > 1
    )
    return DataSet(variables, axes, attrs)


def _is_nodata(each: Stored) -> bool:
    """Return whether a fill value means nodata: zero is the default of a chunk, not nodata."""
    return isinstance(each.fill_value, int | float | np.integer | np.floating) and float(each.fill_value) != 0.0


def _reader(each: Stored) -> Callable[[tuple[int | slice, ...]], np.ndarray]:
    def numbers(index: tuple[int | slice, ...]) -> np.ndarray:
        return np.asarray(each[index])

    return numbers


def _dims(each: Stored) -> tuple[str, ...]:
    """Names of an array's dimensions: metadata in version 3, an attribute of xarray's in version 2."""
    names = getattr(each.metadata, "dimension_names", None) or each.attrs.get("_ARRAY_DIMENSIONS")
    dims = tuple(str(name) for name in names if name is not None) if isinstance(names, list | tuple) else ()
    return dims if len(dims) == each.ndim else tuple(f"?{place}" for place in range(each.ndim))


def _refuse_unsafe(folder: Path, path: Path) -> None:
    """Refuse an array of objects, of unknown codecs or of immense chunks."""
    meta = next(folder / each for each in META if (folder / each).is_file())
    try:
        if meta.stat().st_size > MOST_META:
            raise InputError("intake.grid_foreign", name=path.name, piece=folder.name)
        metadata = json.loads(meta.read_text(encoding="utf-8"))
        harmless = _is_group(metadata) or (_codecs(metadata) <= CODECS and _is_plain(metadata))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise _broken(path, fault) from fault
    if not harmless:
        raise InputError("intake.grid_foreign", name=path.name, piece=folder.name)


def _is_group(metadata: Mapping[str, object]) -> bool:
    return metadata.get("node_type") == "group"


def _codecs(metadata: Mapping[str, object]) -> set[str]:
    """Names of all codecs of an array, those inside shards included."""
    names: set[str] = set()
    pending = [metadata.get("compressor"), *_list(metadata.get("filters")), *_list(metadata.get("codecs"))]
    while pending:
        each = pending.pop()
        if not isinstance(each, Mapping):
            continue
        names.add(str(each.get("id", each.get("name"))))
        inner = each.get("configuration")
        if isinstance(inner, Mapping):
            pending += [*_list(inner.get("codecs")), *_list(inner.get("index_codecs"))]
    return names


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _is_plain(metadata: Mapping[str, object]) -> bool:
    """Return whether an array holds numbers in chunks within the size limit."""
    text = metadata.get("dtype", metadata.get("data_type"))
    shape = metadata.get("chunks")
    grid = metadata.get("chunk_grid")
    if isinstance(grid, Mapping) and isinstance(inner := grid.get("configuration"), Mapping):
        shape = inner.get("chunk_shape")
    if not isinstance(text, str) or not isinstance(shape, list):
        return False
    kind = np.dtype(text)
    return (kind.kind in KINDS or kind.kind == "b") and int(
        np.prod([int(size) for size in shape])
    ) * kind.itemsize <= MOST_CHUNK

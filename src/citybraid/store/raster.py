"""Rasters as zarr arrays, without zarr's event loop, which costs several times as much as their compression.

The files are those that zarr writes. zarr itself writes and reads arrays that this module does not
describe: without cells, or of other types.
"""

import json
import math
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 1024
"""Cells along each side of a chunk, at most."""
TYPES = frozenset(
    ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")
)
"""Types whose name is the same in numpy and zarr."""
BLOSC = {"cname": "zstd", "clevel": 1, "shuffle": "shuffle", "blocksize": 0}
DESCRIPTION = "zarr.json"


def write_array(folder: Path, data: NDArray[Any], attributes: Mapping[str, Any]) -> None:
    """Write an array with its attributes; a chunk whose bits are all 0 has no file, as in zarr."""
    chunk = _chunk(data.shape)
    if not _is_plain(data.shape, data.dtype.name):
        _write_by_zarr(folder, data, attributes)
        return
    folder.mkdir()
    compressor = _compressor(data.dtype.itemsize)
    for path, window in _chunks(folder, data.shape):
        part = data[window]
        if _is_blank(part):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compressor.encode(_padded(part, chunk).reshape(-1).view(np.uint8)))
    text = json.dumps(_description(data.shape, data.dtype.name, attributes), indent=2)
    (folder / DESCRIPTION).write_text(text, encoding="utf-8", newline="\n")


def read_array(folder: Path, rows: slice | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
    """Return an array, or some rows along its first side, and its attributes.

    Only the chunks that hold these rows are read. Raises ValueError where a chunk is damaged.
    """
    description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    attributes: dict[str, Any] = description["attributes"]
    shape, name = tuple(description["shape"]), description["data_type"]
    if not _is_plain(shape, name) or description != _description(shape, name, attributes):
        return _read_by_zarr(folder)[rows or ...], attributes
    first, end, _ = (rows or slice(None)).indices(shape[0])
    data = np.zeros((end - first, *shape[1:]), np.dtype(name))
    compressor = _compressor(data.dtype.itemsize)
    for path, window in _chunks(folder, shape):
        start, stop = max(window[0].start, first), min(window[0].stop, end)
        if start >= stop or not path.exists():
            continue
        try:
            whole = np.frombuffer(compressor.decode(path.read_bytes()), data.dtype.newbyteorder("<"))
        except RuntimeError as fault:
            raise ValueError(str(fault)) from fault
        part = data[(slice(start - first, stop - first), *window[1:])]
        inside = (slice(start - window[0].start, stop - window[0].start), *map(slice, part.shape[1:]))
        part[...] = whole.reshape(_chunk(shape))[inside]
    return data, attributes


def _is_plain(shape: tuple[int, ...], data_type: object) -> bool:
    return math.prod(shape) > 0 and len(shape) > 0 and data_type in TYPES


def _chunk(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(min(size, CHUNK) for size in shape)


def _chunks(folder: Path, shape: tuple[int, ...]) -> Iterator[tuple[Path, tuple[slice, ...]]]:
    """Yield the file of each chunk and the part of the array that it holds."""
    chunk = _chunk(shape)
    for index in product(*(range(-(-size // step)) for size, step in zip(shape, chunk, strict=True))):
        window = (slice(number * step, (number + 1) * step) for number, step in zip(index, chunk, strict=True))
        yield folder.joinpath("c", *map(str, index)), tuple(window)


def _padded(part: NDArray[Any], chunk: tuple[int, ...]) -> NDArray[Any]:
    """Return part of an array as a whole chunk: 0 beyond the array's end."""
    dtype = part.dtype.newbyteorder("<")
    if part.shape == chunk:
        return np.ascontiguousarray(part, dtype)
    whole = np.zeros(chunk, dtype)
    whole[tuple(map(slice, part.shape))] = part
    return whole


def _is_blank(part: NDArray[Any]) -> bool:
    """Tell whether all bits are 0: those of a negative zero are not."""
    return not part.any() and not (part.dtype.kind == "f" and bool(np.signbit(part).any()))


def _description(shape: tuple[int, ...], data_type: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return zarr's description of an array (zarr specification, version 3)."""
    dtype = np.dtype(data_type)
    order: dict[str, Any] = {} if dtype.itemsize == 1 else {"configuration": {"endian": "little"}}
    return {
        "shape": list(shape),
        "data_type": data_type,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(_chunk(shape))}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": dtype.type(0).item(),
        "codecs": [
            {"name": "bytes", **order},
            {"name": "blosc", "configuration": {"typesize": dtype.itemsize, **BLOSC}},
        ],
        "attributes": dict(attributes),
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def _compressor(typesize: int) -> Any:
    """Return the compressor of one thread: with more, the bytes of a chunk would depend on their number."""
    from numcodecs import Blosc, blosc

    blosc.set_nthreads(1)
    return Blosc(cname="zstd", clevel=1, shuffle=Blosc.SHUFFLE, blocksize=0, typesize=typesize)


def _write_by_zarr(folder: Path, data: NDArray[Any], attributes: Mapping[str, Any]) -> None:
    import zarr
    from zarr.codecs import BloscCodec

    array = zarr.create_array(
        store=folder, shape=data.shape, dtype=data.dtype, chunks=_chunk(data.shape),
        compressors=BloscCodec(cname="zstd", clevel=1, shuffle="shuffle"), attributes=dict(attributes),
    )  # fmt: skip
    array[...] = data


def _read_by_zarr(folder: Path) -> NDArray[Any]:
    import zarr

    return np.asarray(zarr.open_array(folder, mode="r")[...])

"""Rasters in the store: the files of zarr, byte for byte."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec

from citybraid.core.errors import StoreError
from citybraid.store.raster import CHUNK, read_array, write_array
from citybraid.store.store import Store

ATTRIBUTES: dict[str, Any] = {"units": "m", "long_name": "深度 é", "count": 3, "share": 0.1}
TYPES = ("bool", "int8", "int32", "int64", "uint8", "uint16", "float32", "float64")


def by_zarr(folder: Path, data: NDArray[Any]) -> None:
    """Write an array as zarr does."""
    array = zarr.create_array(
        store=folder, shape=data.shape, dtype=data.dtype, chunks=tuple(min(size, CHUNK) for size in data.shape),
        compressors=BloscCodec(cname="zstd", clevel=1, shuffle="shuffle"), attributes=ATTRIBUTES,
    )  # fmt: skip
    array[...] = data


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check(folder: Path, data: NDArray[Any]) -> None:
    """Check that an array is written as zarr does and read back with the same bits."""
    write_array(folder / "ours", data, ATTRIBUTES)
    by_zarr(folder / "zarr", data)
    assert files(folder / "ours") == files(folder / "zarr")
    values, attributes = read_array(folder / "zarr")
    assert values.dtype == data.dtype
    assert values.tobytes() == np.ascontiguousarray(data).tobytes()
    assert attributes == ATTRIBUTES


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(7,), (40, 30), (3, 20, 10)])
def test_types_and_axes(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    check(tmp_path, (rng.random(shape) * 100 - 20 * (np.dtype(dtype).kind == "f")).astype(dtype))


def test_several_chunks(tmp_path: Path) -> None:
    data = np.random.default_rng(2).integers(0, 9, (CHUNK + 5, 2 * CHUNK + 1)).astype(np.float32)
    data[CHUNK:, :CHUNK] = 0.0
    check(tmp_path, data)


@pytest.mark.parametrize("rows", [slice(0, 3), slice(CHUNK - 2, CHUNK + 2), slice(CHUNK, CHUNK + 5), slice(4, 4)])
def test_some_rows(tmp_path: Path, rows: slice) -> None:
    data = np.random.default_rng(3).random((CHUNK + 5, CHUNK + 3)).astype(np.float32)
    data[:CHUNK, :CHUNK] = 0.0
    write_array(tmp_path / "raster", data, ATTRIBUTES)
    values, attributes = read_array(tmp_path / "raster", rows)
    np.testing.assert_array_equal(values, data[rows], strict=True)
    assert attributes == ATTRIBUTES


def test_rows_read_no_other_chunks(tmp_path: Path) -> None:
    data = np.ones((2 * CHUNK, 5))
    write_array(tmp_path / "raster", data, ATTRIBUTES)
    (tmp_path / "raster" / "c" / "1" / "0").write_bytes(b"damaged")
    assert read_array(tmp_path / "raster", slice(0, CHUNK))[0].all()
    with pytest.raises(ValueError, match=r"\w"):
        read_array(tmp_path / "raster", slice(CHUNK, CHUNK + 1))


def test_rows_of_a_field_keep_their_times(tmp_path: Path) -> None:
    store, axes = Store(tmp_path), {"time": [0.0, 600.0, 1200.0], "y": [1.0], "x": [2.0]}
    field = xr.DataArray(np.arange(3.0).reshape(3, 1, 1), dims=("time", "y", "x"), coords=axes)
    store.put("ab12", field)
    xr.testing.assert_identical(store.get("ab12", slice(1, 3)), field[1:3])


@pytest.mark.parametrize("value", [0.0, -0.0, np.nan])
def test_constant_values(tmp_path: Path, value: float) -> None:
    check(tmp_path, np.full((12, 9), value))


@pytest.mark.parametrize("data", [np.zeros((0, 4)), np.array(3.5), np.ones((3, 3), np.complex128)])
def test_other_arrays(tmp_path: Path, data: NDArray[Any]) -> None:
    write_array(tmp_path / "array", data, ATTRIBUTES)
    values, attributes = read_array(tmp_path / "array")
    assert values.tolist() == data.tolist()
    assert attributes == ATTRIBUTES


def test_other_description(tmp_path: Path) -> None:
    data = np.arange(20.0).reshape(4, 5)
    zarr.create_array(store=tmp_path / "array", data=data, chunks=(2, 2), fill_value=7.0)
    assert read_array(tmp_path / "array")[0].tolist() == data.tolist()


def test_damaged_chunk(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("abc", xr.DataArray(np.random.default_rng(3).random((8, 8)), dims=("y", "x")))
    (chunk,) = tmp_path.rglob("c/0/0")
    chunk.write_bytes(chunk.read_bytes()[:20])
    with pytest.raises(StoreError):
        store.get("abc")
    assert not store.has("abc")


def test_bytes_do_not_depend_on_the_thread_that_writes(tmp_path: Path) -> None:
    data = np.random.default_rng(4).random((CHUNK, CHUNK))
    write_array(tmp_path / "main", data, {})
    with ThreadPoolExecutor(1) as pool:
        pool.submit(write_array, tmp_path / "other", data, {}).result()
    assert (tmp_path / "main" / "c" / "0" / "0").read_bytes() == (tmp_path / "other" / "c" / "0" / "0").read_bytes()

"""Grids as text, NetCDF and Zarr: axes in every order, heads that lie, numbers that lie elsewhere."""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np
import pyproj
import zarr
from scipy.io import netcdf_file

from tests.corpus.case import case
from tests.corpus.content import SIZE, asc_head, asc_rows, cut, heights, written
from tests.corpus.rasters import CELL
from tests.sources.planner_files import CRS, SOUTH, WEST

XS = WEST + CELL * (np.arange(SIZE) + 0.5)
YS = SOUTH + 200 - CELL * (np.arange(SIZE) + 0.5)


def nc3(
    path: Path, values: np.ndarray | None = None, ys: np.ndarray = YS, xs: np.ndarray = XS, **attrs: object
) -> Path:
    """Write a classic NetCDF of heights in metres."""
    data = heights() if values is None else values
    with netcdf_file(str(path), "w") as file:
        for name, places in (("y", ys), ("x", xs)):
            file.createDimension(name, len(places))
            axis: Any = file.createVariable(name, "d", (name,))
            axis[:] = places
            axis.standard_name = f"projection_{name}_coordinate"
        crs: Any = file.createVariable("crs", "i", ())
        crs.crs_wkt = pyproj.CRS(CRS).to_wkt().encode("ascii", "ignore").decode()
        made: Any = file.createVariable("height", data.dtype, ("y", "x"))
        made.grid_mapping = "crs"
        for name, value in attrs.items():
            setattr(made, name, value)
        made[:] = data
    return path


def nc4(path: Path) -> Path:
    """Write a NetCDF 4 of heights in metres."""
    with h5py.File(path, "w") as file:
        for name, places in (("y", YS), ("x", XS)):
            file[name] = places
            file[name].make_scale(name)
            file[name].attrs["standard_name"] = f"projection_{name}_coordinate"
        file["crs"] = 0
        file["crs"].attrs["crs_wkt"] = pyproj.CRS(CRS).to_wkt().encode("ascii", "ignore").decode()
        file["height"] = heights()
        file["height"].attrs["grid_mapping"] = "crs"
        for place, name in enumerate(("y", "x")):
            file["height"].dims[place].attach_scale(file[name])
    return path


def stored(path: Path, version: Literal[2, 3] = 2, **changes: Mapping[str, object]) -> Path:
    """Write a Zarr store of heights."""
    group = zarr.open_group(path, mode="w", zarr_format=version)
    axes: Mapping[str, np.ndarray] = {"y": YS, "x": XS}
    named = {name: {"_ARRAY_DIMENSIONS": [name], "standard_name": f"projection_{name}_coordinate"} for name in axes}
    for name, places in axes.items():
        made = group.create_array(name, shape=places.shape, dtype=places.dtype)
        made[:] = places
        made.attrs.update(named[name])
    heights_ = group.create_array("height", shape=(SIZE, SIZE), dtype="float32", chunks=(40, 40))
    heights_[:] = heights()
    heights_.attrs.update({"_ARRAY_DIMENSIONS": ["y", "x"], "grid_mapping": "crs"})
    crs = group.create_array("crs", shape=(1,), dtype="int32")
    crs.attrs.update(
        {"_ARRAY_DIMENSIONS": ["one"], "crs_wkt": pyproj.CRS(CRS).to_wkt().encode("ascii", "ignore").decode()}
    )
    for name, change in changes.items():
        file = path / "height" / f".{name}"
        file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    (path / ".zmetadata").unlink(missing_ok=True)
    return path


@case("odd", "terrain", refusal="crs_missing")
def asc_without_prj(folder: Path) -> Path:
    """ASCII grid without .prj; the study names no CRS."""
    return written(folder / "地形.asc", asc_head() + asc_rows())


@case("good", "terrain", "raster_read", crs=CRS)
def asc_with_the_crs_named(folder: Path) -> Path:
    """ASCII grid; the study names its CRS."""
    return written(folder / "地形.asc", asc_head() + asc_rows())


@case("odd", "terrain", "asc_comma", crs=CRS)
def asc_with_decimal_commas(folder: Path) -> Path:
    """ASCII grid with decimal commas."""
    return written(folder / "地形.asc", asc_head(cell="2,5") + asc_rows().replace(".", ","))


@case("odd", "terrain", "asc_remarks", crs=CRS)
def asc_with_remarks(folder: Path) -> Path:
    """ASCII grid with remarks in GBK in front."""
    return written(folder / "地形.asc", "# 高程数据\n" + asc_head() + asc_rows(), "gb18030")


@case("broken", "terrain", refusal="asc_count", crs=CRS)
def asc_cut_off(folder: Path) -> Path:
    """ASCII grid that breaks off."""
    return cut(asc_with_the_crs_named.make(folder), 0.7)


@case("broken", "terrain", refusal="asc_number", crs=CRS)
def asc_with_words(folder: Path) -> Path:
    """ASCII grid with a word among the numbers."""
    return written(folder / "地形.asc", asc_head() + asc_rows().replace("5.00", "null", 1))


@case("broken", "terrain", refusal="asc_header", crs=CRS)
def asc_without_a_cell_size(folder: Path) -> Path:
    """ASCII grid without cellsize."""
    return written(folder / "地形.asc", asc_head().replace("cellsize 2.5\n", "") + asc_rows())


@case("hostile", "terrain", refusal="raster_large", beside="units", crs=CRS)
def asc_that_claims_a_million_million_pixels(folder: Path) -> Path:
    """ASCII grid that claims a million by a million pixels."""
    return written(folder / "地形.asc", asc_head(1_000_000, 1_000_000) + "1 2 3\n")


@case("hostile", "terrain", refusal="coordinates", crs=CRS)
def asc_with_infinity_for_a_place(folder: Path) -> Path:
    """ASCII grid whose corner is at 1e308."""
    return written(folder / "地形.asc", asc_head().replace(str(WEST), "1e308") + asc_rows())


@case("good", "terrain", "raster_read")
def netcdf_classic(folder: Path) -> Path:
    """Classic NetCDF."""
    return nc3(folder / "地形.nc")


@case("good", "terrain", "raster_read")
def netcdf_four(folder: Path) -> Path:
    """NetCDF 4."""
    return nc4(folder / "地形.nc")


@case("odd", "terrain", "raster_read")
def netcdf_from_south_to_north(folder: Path) -> Path:
    """NetCDF whose rows go from south to north."""
    return nc3(folder / "地形.nc", heights()[::-1].copy(), ys=YS[::-1].copy())


@case("odd", "terrain", "raster_scaled")
def netcdf_packed_by_scale(folder: Path) -> Path:
    """NetCDF of whole numbers with scale and offset."""
    return nc3(folder / "地形.nc", (heights() * 100).astype(np.int16), scale_factor=0.01, add_offset=0.0)


@case("odd", "terrain", refusal="grid_axes")
def netcdf_with_uneven_axes(folder: Path) -> Path:
    """NetCDF whose columns are not evenly apart."""
    return nc3(folder / "地形.nc", xs=WEST + np.linspace(0, 14, SIZE) ** 2)


@case("broken", "terrain", refusal="raster_broken")
def netcdf_cut_off(folder: Path) -> Path:
    """Classic NetCDF that breaks off."""
    return cut(nc3(folder / "地形.nc"), 0.6)


@case("broken", "terrain", refusal="raster_broken")
def netcdf_four_cut_off(folder: Path) -> Path:
    """NetCDF 4 that breaks off."""
    return cut(nc4(folder / "地形.nc"), 0.6)


@case("hostile", "terrain", refusal="grid_foreign")
def netcdf_with_a_link_out(folder: Path) -> Path:
    """NetCDF 4 with a link to another file."""
    path = nc4(folder / "地形.nc")
    with h5py.File(path, "a") as file:
        del file["height"]
        file["height"] = h5py.ExternalLink("/etc/passwd", "/height")
    return path


@case("hostile", "terrain", refusal="grid_foreign")
def netcdf_with_numbers_from_elsewhere(folder: Path) -> Path:
    """NetCDF 4 whose numbers are the bytes of a file of the system."""
    path = nc4(folder / "地形.nc")
    with h5py.File(path, "a") as file:
        del file["height"]
        file.create_dataset("height", (SIZE, SIZE), "u1", external=[("/etc/passwd", 0, SIZE * SIZE)])
    return path


@case("hostile", "terrain", refusal="grid_axes")
def netcdf_that_claims_a_million_million_pixels(folder: Path) -> Path:
    """NetCDF 4 of a million by a million pixels without data."""
    path = nc4(folder / "地形.nc")
    with h5py.File(path, "a") as file:
        del file["height"]
        file.create_dataset("height", (1_000_000, 1_000_000), "f4", chunks=(100, 100))
        file["height"].attrs["grid_mapping"] = "crs"
    return path


@case("good", "terrain", "raster_read")
def zarr_store(folder: Path) -> Path:
    """Zarr, version 2."""
    return stored(folder / "地形.zarr")


@case("good", "terrain", "raster_read")
def zarr_three_store(folder: Path) -> Path:
    """Zarr, version 3."""
    return stored(folder / "地形.zarr", version=3)


@case("broken", "terrain", refusal="raster_broken")
def zarr_with_a_torn_chunk(folder: Path) -> Path:
    """Zarr with a chunk overwritten."""
    path = stored(folder / "地形.zarr")
    written(path / "height" / "0.0", b"torn")
    return path


@case("broken", "terrain", refusal="grid_variable")
def zarr_without_head(folder: Path) -> Path:
    """Zarr without its metadata."""
    path = stored(folder / "地形.zarr")
    for each in path.rglob(".zarray"):
        each.unlink()
    return path


@case("hostile", "terrain", refusal="grid_foreign")
def zarr_with_pickled_numbers(folder: Path) -> Path:
    """Zarr whose chunks are pickles, which run code when they are read."""
    return stored(folder / "地形.zarr", zarray={"dtype": "|O", "filters": [{"id": "pickle", "protocol": 4}]})


@case("hostile", "terrain", refusal="raster_broken")
def zarr_bomb(folder: Path) -> Path:
    """Zarr whose chunks of 16 KiB unfold to 16 MiB."""
    path = stored(folder / "地形.zarr", zarray={"compressor": {"id": "zlib", "level": 9}})
    for chunk in (path / "height").glob("*.*"):
        if chunk.name[0].isdigit():
            written(chunk, zlib.compress(bytes(16 << 20), 9))
    return path


@case("hostile", "terrain", refusal="grid_foreign")
def zarr_that_claims_immense_chunks(folder: Path) -> Path:
    """Zarr whose chunks claim 1e12 pixels."""
    return stored(folder / "地形.zarr", zarray={"chunks": [1_000_000, 1_000_000], "shape": [1_000_000, 1_000_000]})


@case("hostile", "terrain", refusal="folder_link")
def zarr_with_a_link(folder: Path) -> Path:
    """Zarr with a chunk that is a link to a file of the system."""
    path = stored(folder / "地形.zarr")
    (path / "height" / "0.0").unlink()
    (path / "height" / "0.0").symlink_to("/etc/passwd")
    return path

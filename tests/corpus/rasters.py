"""Rasters: pixels without value in every guise, other units and axes, files that lead elsewhere or unfold."""

import json
import struct
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np
import pyproj
import rasterio
import zarr
from affine import Affine
from rasterio.enums import ColorInterp
from scipy.io import netcdf_file

from tests.corpus.case import case
from tests.corpus.content import SIZE, asc_head, asc_rows, cut, heights, patched, written
from tests.sources.planner_files import CRS, SOUTH, WEST

CELL = 2.5
NORTH_UP = Affine(CELL, 0, WEST, 0, -CELL, SOUTH + 200)
XS = WEST + CELL * (np.arange(SIZE) + 0.5)
YS = SOUTH + 200 - CELL * (np.arange(SIZE) + 0.5)


def tif(path: Path, data: np.ndarray | None = None, **profile: object) -> Path:
    """Write a raster over the town."""
    values = heights() if data is None else data
    bands = values if values.ndim == 3 else values[None]
    made: dict[str, object] = {
        "driver": "GTiff", "crs": CRS, "transform": NORTH_UP, "count": len(bands), "height": bands.shape[1],
        "width": bands.shape[2], "dtype": bands.dtype, **profile,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, "w", **made) as target:
            target.write(bands)
    return path


def holed(mark: float) -> np.ndarray:
    """The terrain with a corner of marks for 'no value'."""
    values = heights()
    values[:20, :20] = mark
    return values


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


@case("good", "terrain", "raster_read")
def geotiff(folder: Path) -> Path:
    """GeoTIFF."""
    return tif(folder / "地形.tif")


@case("good", "terrain", "raster_read")
def geotiff_tiled_and_packed(folder: Path) -> Path:
    """GeoTIFF in tiles, packed, with BigTIFF's head."""
    return tif(folder / "地形.tif", tiled=True, blockxsize=16, blockysize=16, compress="deflate", BIGTIFF="YES")


@case("odd", "terrain", refusal="crs_missing")
def geotiff_without_crs(folder: Path) -> Path:
    """GeoTIFF without CRS; the study names none."""
    return tif(folder / "地形.tif", crs=None)


@case("odd", "terrain", "raster_read", crs=CRS)
def geotiff_with_the_crs_named(folder: Path) -> Path:
    """GeoTIFF without CRS; the study names it."""
    return tif(folder / "地形.tif", crs=None)


@case("odd", "terrain", "sentinels")
def geotiff_with_an_undeclared_mark(folder: Path) -> Path:
    """GeoTIFF with -9999 that nothing declares."""
    return tif(folder / "地形.tif", holed(-9999))


@case("odd", "terrain", "sentinels")
def geotiff_with_the_smallest_float(folder: Path) -> Path:
    """GeoTIFF with -3.4e38 that nothing declares."""
    return tif(folder / "地形.tif", holed(float(np.finfo(np.float32).min)))


@case("odd", "terrain", "nodata_twice")
def geotiff_with_two_marks(folder: Path) -> Path:
    """GeoTIFF that declares -32768 and holds -9999 as well."""
    values = holed(-9999)
    values[-9:, -9:] = -32768
    return tif(folder / "地形.tif", values, nodata=-32768)


@case("odd", "terrain", "raster_read")
def geotiff_with_nan_and_infinity(folder: Path) -> Path:
    """GeoTIFF with NaN and infinity."""
    values = holed(np.nan)
    values[-9:, -9:] = np.inf
    return tif(folder / "地形.tif", values)


@case("broken", "terrain", refusal="raster_void")
def geotiff_without_values(folder: Path) -> Path:
    """GeoTIFF of nothing but 'no value'."""
    return tif(folder / "地形.tif", np.full((SIZE, SIZE), -9999, np.float32), nodata=-9999)


@case("odd", "terrain", "raster_constant")
def geotiff_of_one_value(folder: Path) -> Path:
    """GeoTIFF whose pixels are all the same."""
    return tif(folder / "地形.tif", np.full((SIZE, SIZE), 5, np.float32))


@case("odd", "terrain", refusal="raster_impossible")
def geotiff_in_millimetres(folder: Path) -> Path:
    """GeoTIFF of heights in millimetres, said to be metres."""
    return tif(folder / "地形.tif", heights() * 10_000 + 10_000)


@case("odd", "terrain", "raster_first_band")
def geotiff_of_three_bands(folder: Path) -> Path:
    """GeoTIFF of three bands of numbers."""
    return tif(folder / "地形.tif", np.stack([heights()] * 3), photometric="minisblack")


@case("odd", "terrain", refusal="raster_picture")
def geotiff_that_is_a_picture(folder: Path) -> Path:
    """GeoTIFF in red, green and blue."""
    path = folder / "地形.tif"
    tif(path, np.zeros((3, SIZE, SIZE), np.uint8), photometric="RGB")
    return path


@case("odd", "land_cover", "raster_read")
def geotiff_with_a_palette_of_classes(folder: Path) -> Path:
    """GeoTIFF of land-cover classes with a table of colours."""
    path = tif(folder / "覆盖.tif", np.full((SIZE, SIZE), 10, np.uint8))
    with rasterio.open(path, "r+") as target:
        target.colorinterp = [ColorInterp.palette]
        target.write_colormap(1, {10: (0, 90, 0, 255)})
    return path


@case("odd", "land_cover", "cover_unknown")
def geotiff_of_unknown_classes(folder: Path) -> Path:
    """GeoTIFF of land-cover classes of which some are unknown."""
    values = np.full((SIZE, SIZE), 10, np.uint8)
    values[:9] = 77
    return tif(folder / "覆盖.tif", values)


@case("odd", "terrain", "raster_south_up")
def geotiff_with_the_south_on_top(folder: Path) -> Path:
    """GeoTIFF whose first row lies in the south."""
    return tif(folder / "地形.tif", heights()[::-1].copy(), transform=Affine(CELL, 0, WEST, 0, CELL, SOUTH))


@case("odd", "terrain", "raster_turned")
def geotiff_turned(folder: Path) -> Path:
    """GeoTIFF turned by 20 degrees."""
    turned = Affine.translation(WEST, SOUTH + 150) * Affine.rotation(20) * Affine.scale(CELL, -CELL)
    return tif(folder / "地形.tif", transform=turned)


@case("odd", "terrain", refusal="raster_unplaced")
def geotiff_without_a_place(folder: Path) -> Path:
    """TIFF with a CRS but without a place."""
    return tif(folder / "地形.tif", transform=Affine.identity())


@case("odd", "terrain", "raster_read")
def geotiff_in_degrees(folder: Path) -> Path:
    """GeoTIFF in degrees."""
    return tif(folder / "地形.tif", crs="EPSG:4326", transform=Affine(2e-5, 0, 120.7535, 0, -2e-5, 30.693))


@case("odd", "terrain", "raster_read", crs=CRS)
def geotiff_with_a_world_file(folder: Path) -> Path:
    """TIFF without place beside a world file."""
    path = tif(folder / "地形.tif", transform=None, crs=None)
    lines = (CELL, 0, 0, -CELL, WEST + CELL / 2, SOUTH + 200 - CELL / 2)
    path.with_suffix(".tfw").write_text("\n".join(map(str, lines)), encoding="ascii")
    return path


@case("odd", "terrain", beside="units", refusal="raster_elsewhere")
def geotiff_of_another_place(folder: Path) -> Path:
    """GeoTIFF of another city."""
    return tif(folder / "地形.tif", transform=Affine(CELL, 0, WEST + 90_000, 0, -CELL, SOUTH))


@case("broken", "terrain", refusal="raster_broken")
def geotiff_cut_off(folder: Path) -> Path:
    """GeoTIFF that breaks off after 60 %."""
    return cut(tif(folder / "地形.tif", compress="deflate"), 0.6)


@case("broken", "terrain", "raster_beyond")
def geotiff_with_a_torn_strip(folder: Path) -> Path:
    """Packed GeoTIFF with bytes overwritten."""
    return patched(tif(folder / "地形.tif", compress="deflate"), 2000, bytes(200))


@case("broken", "terrain", refusal="not_this_format")
def geotiff_that_is_a_pdf(folder: Path) -> Path:
    """PDF renamed to .tif."""
    return written(folder / "地形.tif", b"%PDF-1.7\n" + bytes(200))


@case("hostile", "terrain", refusal="not_this_format")
def geotiff_that_is_a_vrt(folder: Path) -> Path:
    """VRT renamed to .tif that would read a file of the system."""
    source = "<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource>"
    band = f'<VRTRasterBand dataType="Byte" band="1">{source}</VRTRasterBand>'
    return written(folder / "地形.tif", f'<VRTDataset rasterXSize="9" rasterYSize="9">{band}</VRTDataset>')


@case("hostile", "terrain", refusal="raster_large", beside="units")
def geotiff_that_claims_ten_thousand_million_pixels(folder: Path) -> Path:
    """GeoTIFF of some KiB that claims 100 000 by 100 000 pixels."""
    path = folder / "地形.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=100_000, height=100_000, count=1, dtype="uint8", crs=CRS, transform=NORTH_UP,
        SPARSE_OK=True, tiled=True, blockxsize=4096, blockysize=4096, compress="deflate", BIGTIFF="YES",
    ):  # fmt: skip
        pass
    return path


@case("hostile", "terrain", refusal="too_big")
def geotiff_with_immense_tiles(folder: Path) -> Path:
    """GeoTIFF of one tile with 29 984 by 29 984 pixels."""
    path = folder / "地形.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=29_984, height=29_984, count=1, dtype="float32", crs=CRS,
        transform=Affine(0.01, 0, WEST, 0, -0.01, SOUTH + 200), SPARSE_OK=True, tiled=True, blockxsize=29_984,
        blockysize=29_984, compress="deflate",
    ):  # fmt: skip
        pass
    return path


@case("hostile", "terrain", refusal="coordinates", beside="units")
def geotiff_at_the_end_of_numbers(folder: Path) -> Path:
    """GeoTIFF whose pixels measure 1e300 m."""
    return tif(folder / "地形.tif", transform=Affine(1e300, 0, 1e300, 0, -1e300, 1e300))


@case("hostile", "terrain", "raster_read")
def geotiff_with_a_sidecar_that_leads_out(folder: Path) -> Path:
    """GeoTIFF beside an .aux.xml and an .ovr that name other files."""
    path = tif(folder / "地形.tif")
    leads = (
        '<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">/etc/passwd</MDI></Metadata></PAMDataset>'
    )
    written(folder / "地形.tif.aux.xml", leads)
    written(folder / "地形.tif.ovr", b"II*\x00" + bytes(99))
    return path


@case("hostile", "terrain", refusal="outside")
def geotiff_with_a_linked_world_file(folder: Path) -> Path:
    """TIFF whose world file is a link to a file of the system."""
    path = tif(folder / "地形.tif")
    path.with_suffix(".tfw").symlink_to("/etc/hostname")
    return path


@case("hostile", "terrain", "raster_read")
def geotiff_with_a_loop_of_directories(folder: Path) -> Path:
    """TIFF whose directory of pages leads back to itself."""
    path = tif(folder / "地形.tif")
    whole = bytearray(path.read_bytes())
    at = struct.unpack_from("<I", whole, 4)[0]
    count = struct.unpack_from("<H", whole, at)[0]
    struct.pack_into("<I", whole, at + 2 + 12 * count, at)
    return written(path, bytes(whole))


@case("good", "terrain", "raster_read")
def imagine(folder: Path) -> Path:
    """ERDAS IMAGINE."""
    return tif(folder / "地形.img", driver="HFA")


@case("broken", "terrain", refusal="raster_broken")
def imagine_cut_off(folder: Path) -> Path:
    """ERDAS IMAGINE that breaks off."""
    return cut(tif(folder / "地形.img", driver="HFA"), 0.4)


@case("hostile", "terrain", refusal="outside")
def imagine_that_leads_out(folder: Path) -> Path:
    """ERDAS IMAGINE that keeps its pixels in another file."""
    path = folder / "地形.img"
    tif(path, driver="HFA", USE_SPILL="YES")
    (folder / "地形.ige").unlink()
    (folder / "地形.ige").symlink_to("/etc/passwd")
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


@case("odd", "parcels", refusal="role_not_raster")
def raster_given_as_a_table(folder: Path) -> Path:
    """GeoTIFF given as parcels."""
    return tif(folder / "地形.tif")

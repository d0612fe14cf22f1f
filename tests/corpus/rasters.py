"""Rasters: pixels without value in every guise, other units and axes, files that lead elsewhere or unfold."""

import struct
import warnings
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp

from tests.corpus.case import case
from tests.corpus.content import SIZE, cut, heights, patched, written
from tests.sources.planner_files import CRS, SOUTH, WEST

CELL = 2.5
NORTH_UP = Affine(CELL, 0, WEST, 0, -CELL, SOUTH + 200)


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


@case("odd", "parcels", refusal="role_not_raster")
def raster_given_as_a_table(folder: Path) -> Path:
    """GeoTIFF given as parcels."""
    return tif(folder / "地形.tif")

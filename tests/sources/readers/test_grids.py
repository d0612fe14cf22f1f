"""ASCII grids, IMAGINE, NetCDF and Zarr; odd GeoTIFFs: every one ends as the same terrain, or says why not."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import h5py
import numpy as np
import pyproj
import pytest
import rasterio
import zarr
from affine import Affine
from rasterio.enums import ColorInterp
from scipy.io import netcdf_file

from citybraid.core.errors import InputError
from citybraid.sources.protocol.filespec import RasterOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import asc, geotiff, img, netcdf, zarr_store
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

SIZE = 80
CELL = 2.5
EDGES = (WEST, SOUTH, WEST + 200, SOUTH + 200)
HEIGHTS = np.add.outer(np.linspace(9, 2, SIZE), np.linspace(0, 3, SIZE)).astype(np.float32)
NORTH_UP = Affine(CELL, 0, WEST, 0, -CELL, SOUTH + 200)
XS = WEST + CELL * (np.arange(SIZE) + 0.5)
YS = SOUTH + 200 - CELL * (np.arange(SIZE) + 0.5)


def read(reader: ModuleType, path: Path, role: str = "terrain", **options: object) -> Reading:
    reading: Reading = reader.read(path, role, reader.Options(**options), TARGET.placed(EDGES), limits=Limits())
    return reading


def values(reading: Reading) -> np.ndarray:
    array: np.ndarray = reading.layers[0].value.to_numpy()
    return array


def told(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


def refused(reader: ModuleType, path: Path, role: str = "terrain", **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read(reader, path, role, **options)
    assert caught.value.say("zh") != caught.value.say("en")
    return caught.value.text


EXPECTED = HEIGHTS.reshape(40, 2, 40, 2).mean(axis=(1, 3))
"""The terrain on the 5 m grid."""


def tif(
    path: Path,
    data: np.ndarray,
    *,
    tags: Mapping[str, str] | None = None,
    mask: np.ndarray | None = None,
    **profile: object,
) -> Path:
    bands = data if data.ndim == 3 else data[None]
    made: dict[str, object] = {
        "driver": "GTiff", "height": bands.shape[1], "width": bands.shape[2], "count": bands.shape[0],
        "dtype": bands.dtype, "crs": CRS, "transform": NORTH_UP, **profile,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", **made) as target:
            target.write(bands)
            if tags:
                target.update_tags(**tags)
            if mask is not None:
                target.write_mask(mask)
    return path


def test_a_cloud_optimised_tiff_is_read_at_full_resolution(tmp_path: Path) -> None:
    rough = 0.4 * np.random.default_rng(2).random((600, 600)).astype(np.float32)  # no channel that a cell would fill
    path = tif(tmp_path / "a.tif", rough, driver="COG", blocksize=128)
    with rasterio.open(path) as source:
        assert source.overviews(1)
    wide = TARGET.placed((WEST, SOUTH + 200 - 1500, WEST + 1500, SOUTH + 200))
    reading = geotiff.read(path, "terrain", geotiff.Options(), wide, limits=Limits())
    np.testing.assert_allclose(values(reading), rough.reshape(300, 2, 300, 2).mean(axis=(1, 3)), rtol=0.0, atol=4e-6)


def test_a_south_up_raster_is_turned_over(tmp_path: Path) -> None:
    reading = read(geotiff, tif(tmp_path / "a.tif", HEIGHTS[::-1], transform=Affine(CELL, 0, WEST, 0, CELL, SOUTH)))
    assert values(reading) == pytest.approx(EXPECTED, abs=1e-4)
    assert "intake.raster_south_up" in told(reading)


def test_a_turned_raster_comes_back_upright(tmp_path: Path) -> None:
    turned = Affine.translation(WEST + 200, SOUTH + 200) * Affine.rotation(-90) * Affine.scale(CELL, -CELL)
    reading = read(geotiff, tif(tmp_path / "a.tif", np.rot90(HEIGHTS), transform=turned))
    assert "intake.raster_turned" in told(reading)
    assert values(reading) == pytest.approx(EXPECTED, abs=1e-3)


def test_a_mask_and_an_alpha_band_take_values_out(tmp_path: Path) -> None:
    mask = np.full(HEIGHTS.shape, 255, dtype=np.uint8)
    mask[:2] = 0
    masked = read(geotiff, tif(tmp_path / "a.tif", HEIGHTS, mask=mask))
    assert np.isnan(values(masked)[0]).all()
    assert np.isfinite(values(masked)[1:]).all()
    assert "intake.raster_masked" in told(masked)
    path = tif(tmp_path / "b.tif", np.stack([HEIGHTS.astype(np.uint8), mask]), alpha="YES", photometric="MINISBLACK")
    assert np.isnan(values(read(geotiff, path))[0]).all()


def test_scale_offset_and_units_are_applied_and_told(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.tif", np.full((SIZE, SIZE), 1000, dtype=np.int16), nodata=-9999)
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets, target.units = (0.1,), (-50.0,), ("ft",)
    reading = read(geotiff, path)
    assert values(reading) == pytest.approx(np.full((40, 40), 50 * 0.3048))
    assert {"intake.raster_scaled", "intake.raster_unit_stated", "intake.raster_constant"} <= set(told(reading))


def test_the_study_names_band_unit_and_marks(tmp_path: Path) -> None:
    bands = np.stack([HEIGHTS, HEIGHTS * 100])
    bands[1, :2] = 0.0
    path = tif(tmp_path / "a.tif", bands)
    assert "intake.raster_first_band" in told(read(geotiff, path))
    reading = read(geotiff, path, variable="band 2", unit="cm", nodata=(0.0,))
    assert values(reading)[1:] == pytest.approx(EXPECTED[1:], rel=1e-5)
    assert np.isnan(values(reading)[0]).all()
    assert refused(geotiff, path, variable="band 7") == "intake.raster_band"
    assert refused(geotiff, path, unit="公顷") == "intake.raster_unit"


def test_hard_to_believe_values_are_told(tmp_path: Path) -> None:
    rough = (np.random.default_rng(1).random((SIZE, SIZE)) * 3000).astype(np.float32)
    assert "intake.terrain_steep" in told(read(geotiff, tif(tmp_path / "mm.tif", rough)))
    sea = HEIGHTS + 100
    sea[:10] = 0
    assert "intake.terrain_zeros" in told(read(geotiff, tif(tmp_path / "sea.tif", sea)))
    assert not {"intake.terrain_steep", "intake.terrain_zeros"} & set(
        told(read(geotiff, tif(tmp_path / "ok.tif", HEIGHTS)))
    )
    for mark in (0, -99, 500):
        lowland = 5 + HEIGHTS / HEIGHTS.max()
        lowland[:10, :10] = mark
        told_of = told(read(geotiff, tif(tmp_path / "lowland.tif", lowland)))
        assert "intake.terrain_apart" in told_of, mark
    assert "intake.terrain_apart" not in told(read(geotiff, tif(tmp_path / "ok.tif", HEIGHTS)))
    quay = np.linspace(1, 60, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE)
    quay[:10] = 0
    assert "intake.terrain_apart" not in told(read(geotiff, tif(tmp_path / "quay.tif", quay)))
    assert refused(geotiff, tif(tmp_path / "b.tif", HEIGHTS + 1e5)) == "intake.raster_impossible"
    assert refused(geotiff, tif(tmp_path / "c.tif", np.full((SIZE, SIZE), -9999, np.float32))) == "intake.raster_void"


@pytest.mark.parametrize("mark", [1e20, 9.96921e36, -3.4028234663852886e38, 65535.0, -32768.0, 2147483647.0])
def test_every_mark_for_no_value_is_found(tmp_path: Path, mark: float) -> None:
    data = HEIGHTS.copy()
    data[:2] = mark
    reading = read(geotiff, tif(tmp_path / "a.tif", data))
    assert told(reading)["intake.sentinels"] == 160
    assert values(reading)[1:] == pytest.approx(EXPECTED[1:], abs=1e-4)


def test_pictures_and_unplaced_rasters_are_refused(tmp_path: Path) -> None:
    grey = np.zeros((SIZE, SIZE), dtype=np.uint8)
    picture = tif(tmp_path / "a.tif", np.stack([grey] * 3), photometric="RGB")
    assert refused(geotiff, picture) == "intake.raster_picture"
    palette = tif(tmp_path / "b.tif", grey + 10)
    with rasterio.open(palette, "r+") as target:
        target.write_colormap(1, {10: (0, 100, 0, 255)})
        target.colorinterp = (ColorInterp.palette,)
    assert refused(geotiff, palette) == "intake.raster_palette"
    assert (values(read(geotiff, palette, "land_cover")) == 10).all()
    assert refused(geotiff, tif(tmp_path / "c.tif", HEIGHTS, transform=Affine.identity())) == "intake.raster_unplaced"


def test_values_at_points_lie_half_a_pixel_off(tmp_path: Path) -> None:
    reading = read(geotiff, tif(tmp_path / "a.tif", HEIGHTS, tags={"AREA_OR_POINT": "Point"}))
    assert "intake.raster_points" in told(reading)
    assert values(reading) == pytest.approx(EXPECTED, abs=1e-4)


def test_a_raster_in_degrees(tmp_path: Path) -> None:
    step = 2e-5
    place = Affine(step, 0, 120.75, 0, -step, 30.70)
    path = tif(tmp_path / "a.tif", HEIGHTS, crs="EPSG:4326", transform=place)
    edges = geotiff.extent(path, geotiff.Options(), TARGET)
    reading = geotiff.read(path, "terrain", geotiff.Options(), TARGET.placed(edges), limits=Limits())
    assert reading.layers[0].native_resolution == pytest.approx(2.06, abs=0.05)
    assert float(np.nanmean(values(reading))) == pytest.approx(HEIGHTS.mean(), abs=0.3)


def grid(path: Path, head: str, *, comma: bool = False, encoding: str = "utf-8") -> Path:
    lines = [" ".join(f"{value:.4f}" for value in row) for row in HEIGHTS]
    text = head + "\n".join(lines) + "\n"
    path.write_bytes((text.replace(".", ",") if comma else text).encode(encoding))
    return path


CORNER = f"ncols {SIZE}\nnrows {SIZE}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize {CELL}\nNODATA_value -9999\n"
CENTRE = (
    f"# 备注：某地高程\nNROWS {SIZE}\nNCOLS {SIZE}\n"
    f"XLLCENTER {WEST + CELL / 2}\nYLLCENTER {SOUTH + CELL / 2}\ndx {CELL}\ndy {CELL}\n"
)


@pytest.mark.parametrize(
    ("head", "comma", "encoding"), [(CORNER, False, "utf-8"), (CENTRE, False, "gb18030"), (CORNER, True, "utf-8")]
)
def test_ascii_grids(tmp_path: Path, head: str, comma: bool, encoding: str) -> None:
    path = grid(tmp_path / "高程.asc", head, comma=comma, encoding=encoding)
    assert refused(asc, path) == "intake.crs_missing"
    reading = read(asc, path, crs=CRS)
    assert values(reading) == pytest.approx(EXPECTED, abs=1e-3)
    assert ("intake.asc_comma" in told(reading)) == comma
    assert ("intake.asc_remarks" in told(reading)) == (head == CENTRE)
    assert asc.extent(path, asc.Options(crs=CRS), TARGET) == pytest.approx(EDGES)
    assert asc.peek(path)[0].high == pytest.approx(12.0)
    assert refused(asc, path, crs=CRS, variable="band 2") == "intake.raster_band"


def test_the_prj_beside_an_ascii_grid(tmp_path: Path) -> None:
    path = grid(tmp_path / "a.asc", CORNER)
    path.with_suffix(".prj").write_text(pyproj.CRS.from_epsg(4549).to_wkt("WKT1_ESRI"), encoding="utf-8")
    assert values(read(asc, path)) == pytest.approx(EXPECTED, abs=1e-3)
    path.with_suffix(".prj").write_text("Projection    UTM\nZone 51\nDatum WGS84\nUnits METERS\n", encoding="utf-8")
    assert asc.peek(path)[0].crs.startswith('PROJCRS["WGS 84 / UTM zone 51N"')
    path.with_suffix(".prj").write_text("who knows", encoding="utf-8")
    assert "intake.prj_lost" in told(read(asc, path, crs=CRS))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("ncols 80", "ncols eighty"), "intake.asc_header"), (("cellsize 2.5\n", ""), "intake.asc_header"),
        (("cellsize 2.5", "cellsize 0"), "intake.asc_header"), (("nrows 80", "nrows 81"), "intake.asc_count"),
        (("nrows 80", "nrows 79"), "intake.asc_count"), (("nrows 80", "nrows 99999999"), "intake.raster_large"),
        (("NODATA_value -9999\n", "NODATA_value -9999\n1.0 x 2.0\n"), "intake.asc_number"),
    ],
)  # fmt: skip
def test_broken_ascii_grids(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    assert refused(asc, grid(tmp_path / "a.asc", CORNER.replace(*change)), crs=CRS) == problem


def test_imagine(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.img", HEIGHTS, driver="HFA", nodata=-1.0)
    assert values(read(img, path)) == pytest.approx(EXPECTED, abs=1e-4)
    assert img.peek(path)[0].kind == "raster"
    (tmp_path / "b.img").write_text("<VRTDataset/>", encoding="utf-8")
    assert refused(img, tmp_path / "b.img") == "intake.not_this_format"


def say(variable: object, **attributes: object) -> None:
    """Give a variable of a classic file its attributes."""
    for name, value in attributes.items():
        setattr(variable, name, value)


def classic(path: Path, *, times: int = 1, second: bool = False) -> Path:
    """A classic NetCDF of heights in decimetres with both kinds of nodata, south first, with its CRS."""
    with netcdf_file(str(path), "w") as target:
        for name, count in (("time", times), ("y", SIZE), ("x", SIZE)):
            target.createDimension(name, count)
        axes = {"time": np.arange(times) * 31.0, "y": YS[::-1], "x": XS}
        for name, places in axes.items():
            target.createVariable(name, "d", (name,))[:] = places
        say(target.variables["time"], units="days since 2020-01-01")
        say(target.createVariable("crs", "i", ()), crs_wkt=pyproj.CRS.from_epsg(4549).to_wkt().encode())
        marks = {"_FillValue": np.int16(-1), "missing_value": np.int16(-2)}
        for name in ("elevation", "other") if second else ("elevation",):
            data = target.createVariable(name, "h", ("time", "y", "x"))
            raw = np.round(HEIGHTS[::-1] * 100).astype(np.int16)
            raw[0], raw[1] = -1, -2
            data[:] = np.stack([raw + 100 * step for step in range(times)])
            say(data, scale_factor=0.1, add_offset=0.0, grid_mapping="crs", units="dm", **marks)
    return path


def test_classic_netcdf(tmp_path: Path) -> None:
    reading = read(netcdf, classic(tmp_path / "a.nc"))
    assert values(reading)[:-1] == pytest.approx(EXPECTED[:-1], abs=0.01)
    assert np.isnan(values(reading)[-1]).all()
    assert {"intake.raster_scaled", "intake.raster_unit_stated", "intake.grid_time_chosen"} <= set(told(reading))


def test_times_and_variables_are_asked_for(tmp_path: Path) -> None:
    path = classic(tmp_path / "a.nc", times=3)
    assert refused(netcdf, path) == "intake.grid_times"
    assert refused(netcdf, path, time="2020") == "intake.grid_time"
    february = read(netcdf, path, time="2020-02")
    assert values(february)[:-1] == pytest.approx(EXPECTED[:-1] + 1.0, abs=0.01)
    two = classic(tmp_path / "b.nc", second=True)
    assert "intake.grid_variable_guessed" in told(read(netcdf, two))
    assert refused(netcdf, two, "canopy_cover") == "intake.grid_variables"
    assert refused(netcdf, two, variable="none") == "intake.grid_variable"
    assert "intake.raster_unit_stated" in told(read(netcdf, two, variable="other"))


def four(path: Path, *, lon: np.ndarray, lat: np.ndarray, data: np.ndarray) -> Path:
    with h5py.File(path, "w") as target:
        for name, places, unit in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
            scale = target.create_dataset(name, data=places)
            scale.make_scale(name)
            scale.attrs["units"] = unit
        whole = target.create_dataset("orog", data=data, compression="gzip")
        for place, name in enumerate(("lat", "lon")):
            whole.dims[place].attach_scale(target[name])
    return path


def test_netcdf_four_with_longitudes_to_360(tmp_path: Path) -> None:
    lon, lat = np.arange(0.5, 360.0), np.arange(-89.5, 90.0)
    data = np.add.outer(lat * 0, lon).astype(np.float32)
    target = Target("EPSG:32718", 100_000.0)
    path = four(tmp_path / "a.nc", lon=lon, lat=lat, data=data)
    placed = target.placed((200_000, 7_000_000, 800_000, 8_000_000))
    reading = netcdf.read(path, "terrain", netcdf.Options(), placed, limits=Limits())
    assert {"intake.grid_wrapped", "intake.grid_degrees"} <= set(told(reading))
    assert 280 < float(np.nanmean(values(reading))) < 290


def test_what_a_netcdf_may_not_be(tmp_path: Path) -> None:
    uneven = four(tmp_path / "a.nc", lon=np.geomspace(100, 120, 20), lat=np.arange(20.0), data=np.zeros((20, 20)))
    assert refused(netcdf, uneven) == "intake.grid_axes"
    with h5py.File(tmp_path / "b.nc", "w") as target:
        target["z"] = h5py.ExternalLink(str(uneven), "/orog")
    assert refused(netcdf, tmp_path / "b.nc") == "intake.grid_foreign"
    with h5py.File(tmp_path / "c.nc", "w") as target:
        target.create_dataset("z", (4, 4), "f4", external=[(str(uneven), 0, 64)])
    assert refused(netcdf, tmp_path / "c.nc") == "intake.grid_foreign"
    (tmp_path / "d.nc").write_bytes(b"CDF\x01" + b"\xff" * 40)
    assert refused(netcdf, tmp_path / "d.nc") in ("intake.raster_broken", "intake.grid_variable")
    (tmp_path / "e.nc").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\x00" * 400)
    assert refused(netcdf, tmp_path / "e.nc") == "intake.raster_broken"


def store(path: Path, version: int) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = zarr.open_group(path, mode="w", zarr_format=2 if version == 2 else 3)
        for name, places in (("y", YS), ("x", XS)):
            axis = group.create_array(
                name, shape=places.shape, dtype="f8", dimension_names=None if version == 2 else (name,)
            )
            axis[:] = places
            axis.attrs["_ARRAY_DIMENSIONS"] = [name]
        data = group.create_array(
            "dem", shape=HEIGHTS.shape, dtype="f4", chunks=(32, 32), fill_value=np.nan,
            dimension_names=None if version == 2 else ("y", "x"),
        )  # fmt: skip
        data[:] = HEIGHTS
        data.attrs.update({"_ARRAY_DIMENSIONS": ["y", "x"], "grid_mapping": "spatial_ref"})
        group.create_array("spatial_ref", shape=(), dtype="i4").attrs["crs_wkt"] = pyproj.CRS.from_epsg(4549).to_wkt()
    return path


@pytest.mark.parametrize("version", [2, 3])
def test_zarr(tmp_path: Path, version: int) -> None:
    path = store(tmp_path / "a.zarr", version)
    assert values(read(zarr_store, path)) == pytest.approx(EXPECTED, abs=1e-4)
    assert zarr_store.extent(path, zarr_store.Options(), TARGET) == pytest.approx(EDGES)
    assert zarr_store.peek(path)[0].layer == "dem"


@pytest.mark.parametrize("codec", [{"id": "pickle"}, {"id": "json2"}, {"id": "vlen-utf8"}])
def test_zarr_runs_no_code(tmp_path: Path, codec: dict[str, str]) -> None:
    path = store(tmp_path / "a.zarr", 2)
    meta = json.loads((path / "dem" / ".zarray").read_text(encoding="utf-8"))
    (path / "dem" / ".zarray").write_text(json.dumps({**meta, "filters": [codec]}), encoding="utf-8")
    assert refused(zarr_store, path) == "intake.grid_foreign"
    (path / "dem" / ".zarray").write_text(json.dumps({**meta, "dtype": "|O"}), encoding="utf-8")
    assert refused(zarr_store, path) == "intake.grid_foreign"
    (path / "dem" / ".zarray").write_text(json.dumps({**meta, "chunks": [1 << 20, 1 << 20]}), encoding="utf-8")
    assert refused(zarr_store, path) == "intake.grid_foreign"


def test_options_are_the_same_for_all() -> None:
    for reader in (asc, geotiff, img, netcdf, zarr_store):
        assert issubclass(reader.Options, RasterOptions)

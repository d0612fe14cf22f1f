"""citybraid model opens every raster format, asks for no more than it needs, and names options as they are typed."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from rasterio.transform import from_origin
from shapely.geometry import Point, box

from tests.cli.test_model_command import citybraid, dem
from tests.corpus.grids import stored

FLOOD = ("model", "resilience.flood", "--manning", "0.03", "--duration", "600", "--rain-intensity", "storm.csv")
ROWS, COLUMNS, SIDE = 12, 16, 5.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One terrain in every raster format that intake opens, ascending axes included."""
    folder = tmp_path_factory.mktemp("门")
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    ground = (10 + 0.05 * x + 0.02 * y).astype("float32")
    dem(folder / "dem.tif", ground)
    head = (
        f"ncols {COLUMNS}\nnrows {ROWS}\nxllcorner 500000\nyllcorner {3_400_000 - ROWS * SIDE:g}\ncellsize {SIDE:g}\n"
    )
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in ground)
    for name in ("dem.asc", "bare.asc"):
        (folder / name).write_text(f"{head}NODATA_value -9999\n{rows}\n", encoding="ascii")
    with rasterio.open(folder / "dem.tif") as source:
        wkt = source.crs.to_wkt()
        (folder / "dem.prj").write_text(wkt, encoding="ascii")
        profile = {"driver": "HFA", "height": ROWS, "width": COLUMNS, "count": 1, "dtype": "float32"}
        with rasterio.open(folder / "dem.img", "w", crs=source.crs,
                           transform=from_origin(500_000, 3_400_000, SIDE, SIDE), **profile) as target:  # fmt: skip
            target.write(ground, 1)
    xs, ys = 500_000 + SIDE * (np.arange(COLUMNS) + 0.5), 3_400_000 - SIDE * (np.arange(ROWS) + 0.5)
    data = xr.Dataset({"terrain": (("y", "x"), ground, {"units": "m", "grid_mapping": "crs"})}, {"y": ys, "x": xs})
    data["crs"] = xr.DataArray(np.int32(0), attrs={"crs_wkt": wkt})
    data.to_netcdf(folder / "dem.nc", engine="scipy")
    data.isel(y=slice(None, None, -1)).to_netcdf(folder / "upward.nc", engine="scipy")
    with zipfile.ZipFile(folder / "dem.zip", "w") as archive:
        archive.write(folder / "dem.tif", "地形/dem.tif")
    (folder / "storm.csv").write_text("time (min),rain (mm/h)\n0,60\n5,60\n", encoding="utf-8")
    (folder / "flow.csv").write_text("minutes,flow (m3/s)\n0,2\n5,2\n", encoding="utf-8")
    (folder / "level.csv").write_text("minutes,level (m)\n0,10.5\n5,10.5\n", encoding="utf-8")
    spot = Point(500_000 + SIDE * 5.5, 3_400_000 - SIDE * 5.5)
    gpd.GeoDataFrame(geometry=[spot], crs="EPSG:4549").to_file(folder / "source.gpkg", engine="pyogrio")
    return folder


@pytest.mark.parametrize(
    ("name", "more"),
    [("dem.asc", ()), ("bare.asc", ("--crs", "EPSG:4549")), ("dem.img", ()), ("dem.nc", ()), ("upward.nc", ()),
     ("dem.zip", ())],
)  # fmt: skip
def test_every_raster_format_tells_the_grid(name: str, more: tuple[str, ...], desk: Path) -> None:
    done = citybraid([*FLOOD, "--terrain", name, *more, "--out", "out"], desk)
    assert done.returncode == 0, done.stderr
    with rasterio.open(desk / "out" / "max_depth.tif") as source:
        assert source.shape == (ROWS, COLUMNS)
        assert source.transform[:6] == pytest.approx((SIDE, 0.0, 500_000.0, 0.0, -SIDE, 3_400_000.0))
        assert np.isfinite(source.read(1)).all()
    rain = pd.read_csv(desk / "out" / "rain_volume.csv")["value"].iloc[0]
    assert rain == pytest.approx(0.01 * ROWS * COLUMNS * SIDE * SIDE)


def test_a_zarr_folder_tells_the_grid(tmp_path: Path) -> None:
    stored(tmp_path / "地形.zarr", version=3)
    (tmp_path / "storm.csv").write_text("time (min),rain (mm/h)\n0,60\n5,60\n", encoding="utf-8")
    done = citybraid([*FLOOD, "--terrain", "地形.zarr", "--out", "out"], tmp_path)
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "out" / "max_depth.tif") as source:
        assert np.isfinite(source.read(1)).any()


def test_a_crs_is_asked_for_only_where_a_file_carries_none(desk: Path) -> None:
    done = citybraid([*FLOOD, "--terrain", "bare.asc", "--out", "never"], desk)
    assert done.returncode == 2
    assert "--crs" in done.stderr
    shapes = [box(120.7, 30.7, 120.7001, 30.7001), box(120.701, 30.7, 120.7012, 30.7002)]
    homes = gpd.GeoDataFrame({"层数": [3, 6]}, geometry=shapes, crs="EPSG:4490")
    for name, frame in {"degrees": homes, "metres": homes.to_crs("EPSG:4549")}.items():
        frame.to_file(desk / f"{name}.gpkg", engine="pyogrio")
        done = citybraid(["model", "integrate.bridges.floor_area", "--buildings", f"{name}.gpkg", "--out", name], desk)
        assert done.returncode == 0, done.stderr
    areas = [gpd.read_file(desk / name / "floor_area.gpkg")["floor_area"].to_numpy() for name in ("degrees", "metres")]
    np.testing.assert_allclose(areas[0], areas[1], rtol=1e-3)


@pytest.mark.parametrize(
    ("words", "volume"),
    [
        (("--inflows", "source.gpkg", "--inflow-discharge", "flow.csv"), 2.0 * 600.0),
        (("--edge-level", "level.csv", "--west", "level"), None),
        (("--initial-depth", "0.2"), 0.0),
    ],
)
def test_no_rain_is_needed_where_other_water_drives(words: tuple[str, ...], volume: float | None, desk: Path) -> None:
    done = citybraid([*FLOOD[:-2], "--terrain", "dem.tif", *words, "--out", "dry"], desk)
    assert done.returncode == 0, done.stderr
    inflow = pd.read_csv(desk / "dry" / "inflow_volume.csv")["value"].iloc[0]
    assert inflow == pytest.approx(volume) if volume is not None else inflow > 0.0
    assert pd.read_csv(desk / "dry" / "rain_volume.csv")["value"].iloc[0] == 0.0
    assert "rain_intensity" not in json.loads((desk / "dry" / "provenance.json").read_text("utf-8"))["inputs"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--longest-step", "99"), ("--longest-step", "≥ 0.001, ≤ 60", "99")),
        (("--alpha", "0.9"), ("--alpha", "> 0, ≤ 0.7")),
        (("--drains", "beside"), ("--drains", "apart, coupled")),
        (("--coupling-interval", "soon"), ("--coupling-interval", "≥ 1, ≤ 60")),
    ],
)
def test_a_refused_option_is_named_as_typed_with_both_ends(
    words: tuple[str, ...], said: tuple[str, ...], desk: Path
) -> None:
    done = citybraid([*FLOOD, "--terrain", "dem.tif", *words, "--out", "never"], desk)
    assert done.returncode == 2
    assert all(each in done.stderr for each in said), done.stderr


def test_what_is_missing_is_asked_for_as_it_is_typed(desk: Path) -> None:
    done = citybraid([*FLOOD[:-2], "--terrain", "dem.tif", "--out", "never"], desk)
    assert done.returncode == 2
    assert "--rain-intensity" in done.stderr


def test_help_shows_ranges_defaults_and_groups(desk: Path) -> None:
    help_ = ("model", "resilience.flood", "--help")
    told = " ".join(citybraid([*help_, "--lang", "en"], desk).stdout.split())
    for part in ("{≥ -500, ≤ 9000}", "[default: 10.0] ", "{≥ 0.001, ≤ 60}", "inputs: defences:", "{apart, coupled}",
                 "--terrain FILE|NUMBER", "none is needed with --areal-rain", "[default: none]"):  # fmt: skip
        assert part in told, part
    drains = told.partition("inputs: drains:")[2].partition("parameters:")[0]
    for option in ("--drainage-model", "--drains VALUE", "--drain-reach", "--outfalls", "--coupling-interval"):
        assert option in drains, option
    chinese = citybraid([*help_, "--lang=zh"], desk).stdout
    assert not [each for each in ("parameters:", "common:", "(optional", "[default") if each in chinese]
    assert all(each in chinese for each in ("通用选项:", "参数:", "地面高程", "默认: "))
    both = citybraid(help_, desk).stdout
    assert all(each in both for each in ("parameters 参数:", "洪水演进"))


def test_an_input_that_nothing_uses_is_told(desk: Path) -> None:
    model = "[TITLE]\nt\n[OPTIONS]\nFLOW_UNITS CMS\n[OUTFALLS]\no 9 FREE\n[COORDINATES]\no 500020 3399980\n"
    (desk / "drains.inp").write_text(model, encoding="utf-8")
    done = citybraid(
        [*FLOOD, "--terrain", "dem.tif", "--drainage-model", "drains.inp", "--crs", "EPSG:4549", "--out", "apart"], desk
    )
    assert "--drains coupled" in done.stderr, done.stderr

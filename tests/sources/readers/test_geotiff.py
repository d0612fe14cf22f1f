"""GeoTIFFs: warped once by area, sentinels found, disguises refused."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import geotiff
from tests.sources.planner_files import CRS, SOUTH, WEST, raster

LIMITS = Limits()
PLACED = Target(CRS, 5.0).placed((WEST, SOUTH, WEST + 200.0, SOUTH + 200.0))


def read(
    path: Path, role: str = "terrain", *, target: Target = PLACED, limits: Limits = LIMITS, **said: str
) -> Reading:
    return geotiff.read(path, role, geotiff.Options.model_validate(said), target, limits=limits)


def texts(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


def test_finer_pixels_become_area_means_on_the_base_grid(tmp_path: Path) -> None:
    values = np.random.default_rng(1).random((80, 80)).astype(np.float32)
    found = read(raster(tmp_path / "a.tif", values)).layers[0]
    expected = values.reshape(40, 2, 40, 2).mean(axis=(1, 3))
    assert found.grid == PLACED.base
    assert found.value.to_numpy() == pytest.approx(expected, abs=1e-5)
    assert found.native_resolution == pytest.approx(2.5)
    assert not found.value.attrs["finer_than_native"]


def test_coarse_pixels_go_to_a_coarser_nested_grid(tmp_path: Path) -> None:
    values = np.arange(64, dtype=np.float32).reshape(8, 8)
    found = read(raster(tmp_path / "a.tif", values, cell=28.0)).layers[0]
    assert found.grid is not None
    assert float(found.grid.resolution.x) == 30.0
    assert found.grid.affine.c == WEST
    assert found.native_resolution == pytest.approx(28.0)


def test_classes_keep_their_areas_and_the_cells_that_hold_several_are_told(tmp_path: Path) -> None:
    """A quarter of each cell of 5 m is water: the largest class would leave none of it."""
    values = np.full((80, 80), 10, dtype=np.uint8)
    values[1::2, 1::2] = 80
    reading = read(raster(tmp_path / "a.tif", values), "land_cover")
    found = reading.layers[0]
    assert {int(code): int((found.value == code).sum()) for code in np.unique(found.value)} == {10: 1200, 80: 400}
    assert found.value.dtype == np.uint8
    (told,) = [each for each in reading.findings if each.text == "intake.classes_shared"]
    assert (told.count, told.values["mixed"], told.values["off"]) == (1600, 100.0, 0.0)
    assert told.values["kept"] == round(100 * (0.75 * 1200 + 0.25 * 400) / 1600)


def test_classes_of_pixels_that_fit_no_cells_keep_their_areas(tmp_path: Path) -> None:
    """Streaks drawn at random in pixels of 1.7 m, cells of 5 m: each class to 1 % of the ground."""
    random = np.random.default_rng(4)
    values = np.repeat(
        random.choice(np.array([10, 30, 50, 51, 80], np.uint8), (118, 59), p=[0.05, 0.3, 0.4, 0.2, 0.05]), 2, 1
    )
    path = raster(tmp_path / "a.tif", values, cell=1.7)
    found = np.asarray(read(path, "land_cover").layers[0].value)
    for code in (10, 30, 50, 51, 80):
        assert (found == code).sum() * 25.0 == pytest.approx((values == code).sum() * 1.7**2, abs=0.01 * 200**2)


def test_fractions_are_no_classes(tmp_path: Path) -> None:
    values = np.full((80, 80), 10.5, dtype=np.float32)
    with pytest.raises(InputError) as caught:
        read(raster(tmp_path / "a.tif", values), "land_cover")
    assert caught.value.text == "intake.class_fraction"


def test_unknown_classes_are_told_and_become_none(tmp_path: Path) -> None:
    values = np.full((80, 80), 80, dtype=np.uint8)
    values[:40] = 7
    reading = read(raster(tmp_path / "a.tif", values), "land_cover")
    assert texts(reading)["intake.cover_unknown"] == 20 * 40
    assert set(np.unique(reading.layers[0].value)) == {0, 80}


@pytest.mark.parametrize("sentinel", [-9999.0, 3.4028235e38, -3.4028235e38, np.nan, np.inf])
def test_sentinels_never_enter_a_mean(tmp_path: Path, sentinel: float) -> None:
    values = np.full((80, 80), 12.0, dtype=np.float32)
    values[0, :] = sentinel
    reading = read(raster(tmp_path / "a.tif", values))
    assert np.nanmax(reading.layers[0].value) == np.nanmin(reading.layers[0].value) == 12.0
    assert np.isnan(sentinel) or texts(reading)["intake.sentinels"] == 80


def test_two_kinds_of_nodata_and_impossible_heights(tmp_path: Path) -> None:
    values = np.full((80, 80), 12.0, dtype=np.float32)
    values[0, :], values[2, :], values[4, :] = -1.0, -9999.0, 20_000.0
    reading = read(raster(tmp_path / "a.tif", values, nodata=-1.0))
    assert texts(reading)["intake.nodata_twice"] == 80
    assert texts(reading)["intake.raster_beyond"] == 80
    assert "intake.raster_constant" in texts(reading)


def test_a_vrt_in_disguise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"><SRS>EPSG:4549</SRS></VRTDataset>', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.not_this_format"


def test_a_cut_off_file_is_told(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", np.random.default_rng(0).random((400, 400)).astype(np.float32), cell=0.5)
    path.write_bytes(path.read_bytes()[:200_000])
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.raster_broken"
    assert str(tmp_path) not in caught.value.say("en")


def test_no_crs_elsewhere_and_too_large(tmp_path: Path) -> None:
    values = np.ones((80, 80), dtype=np.float32)
    with pytest.raises(InputError) as caught:
        read(raster(tmp_path / "a.tif", values, crs=None))
    assert caught.value.text == "intake.crs_missing"
    far = Target(CRS, 5.0).placed((WEST + 9000.0, SOUTH, WEST + 9100.0, SOUTH + 100.0))
    with pytest.raises(InputError) as caught:
        read(raster(tmp_path / "b.tif", values), target=far)
    assert caught.value.text == "intake.raster_elsewhere"
    with pytest.raises(InputError) as caught:
        read(tmp_path / "b.tif", limits=Limits(raster_pixels=100))
    assert caught.value.text == "intake.raster_large"


def test_metres_called_degrees_are_refused(tmp_path: Path) -> None:
    values = np.ones((80, 80), dtype=np.float32)
    with pytest.raises(InputError) as caught:
        read(raster(tmp_path / "a.tif", values, crs="EPSG:4326"))
    assert caught.value.text in ("intake.coordinates", "intake.metres_in_degrees")


def test_small_blocks_give_the_same_grid(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", np.random.default_rng(1).random((80, 80)).astype(np.float32))
    whole, blocks = read(path).layers[0], read(path, limits=Limits(block_pixels=600)).layers[0]
    assert whole.value.to_numpy() == pytest.approx(blocks.value.to_numpy(), abs=1e-6)


def test_a_raster_in_another_crs_lands_in_place(tmp_path: Path) -> None:
    to_degrees = Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
    west, north = to_degrees.transform(WEST - 50, SOUTH + 250)
    values = np.full((400, 400), 5.0, dtype=np.float32)
    values[:, 200:] = 7.0
    step = 1.0 / 111_000
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", height=400, width=400, count=1, dtype="float32", crs="EPSG:4490",
        transform=from_origin(west, north, step, step),
    ) as target:  # fmt: skip
        target.write(values, 1)
    found = read(tmp_path / "a.tif").layers[0]
    assert found.grid is not None
    edge = (-50.0 + 200 * 0.862) / 5.0
    assert (found.value[:, : int(edge) - 1] == 5.0).all()
    assert (found.value[:, int(edge) + 2 : 38] == 7.0).all()

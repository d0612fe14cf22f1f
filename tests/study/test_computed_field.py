"""Fields that one model writes and another reads: the same values back, and every damaged or foreign one refused."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.model import var_of
from citybraid.core.vocabulary.access_course import RESCUE_STATE
from citybraid.core.vocabulary.forcing import RAIN_FIELD
from citybraid.core.vocabulary.heat import HOURLY_UTCI
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.flood.depth_course import on_axes
from citybraid.resilience.heat.local_air import mean_of_blocks
from citybraid.sources.protocol.discovery import kind_of
from citybraid.study.run.computed_field import computed_field
from citybraid.study.run.single import _write_field

GRID = GeoBox.from_bbox((500_000, 3_400_000, 500_080, 3_400_060), crs="EPSG:4549", resolution=10)
COURSE = var_of(DEPTH_COURSE)


@pytest.fixture
def course(tmp_path: Path) -> tuple[xr.DataArray, Path]:
    depth = np.random.default_rng(1).integers(-1, 30_000, (4, *GRID.shape)).astype(np.int16)
    held = on_axes(depth, 0.25 * np.arange(4), GRID)
    return held, _write_field(held, COURSE, GRID, tmp_path / "深度 过程.nc")


def test_what_was_written_comes_back(course: tuple[xr.DataArray, Path]) -> None:
    held, path = course
    found = computed_field(path, COURSE, GRID)
    np.testing.assert_array_equal(found, held)
    np.testing.assert_array_equal(found["time"], held["time"])


def test_another_grid_is_refused(course: tuple[xr.DataArray, Path]) -> None:
    _, path = course
    with pytest.raises(InputError, match="grid"):
        computed_field(path, COURSE, GRID.zoom_out(2))
    with pytest.raises(InputError, match="grid"):
        computed_field(path, COURSE, GeoBox(GRID.shape, GRID.affine * GRID.affine.translation(1, 0), GRID.crs))
    with pytest.raises(InputError, match="raster"):
        computed_field(path, COURSE, None)


def test_another_quantity_is_refused(course: tuple[xr.DataArray, Path]) -> None:
    _, path = course
    with pytest.raises(InputError, match="rescue_state"):
        computed_field(path, var_of(RESCUE_STATE), GRID)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5])
def test_half_a_file_is_refused(course: tuple[xr.DataArray, Path], share: float) -> None:
    _, path = course
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="cut off or damaged"):
        computed_field(path, COURSE, GRID)


def test_only_rain_is_read_as_rain() -> None:
    assert kind_of(var_of(RAIN_FIELD).name) == "field"
    assert kind_of(COURSE.name) != "field"


def test_a_field_of_blocks_comes_back_where_it_covers_the_grid_or_none_is_known(tmp_path: Path) -> None:
    """The case that was wrong: felt temperature by block, written by one model, was refused by the next."""
    felt = var_of(HOURLY_UTCI)
    rows, columns = GRID.shape
    known = np.ones((rows, columns), np.bool_)
    hours = np.tile(np.arange(30, 54, dtype=np.float32), (rows * columns, 1))
    held = mean_of_blocks(hours, known, GRID, side=2.0 * GRID.resolution.x, start=4800.0)
    path = _write_field(held, felt, GRID, tmp_path / "体感 温度.nc")
    assert held.shape == (24, -(-rows // 2), -(-columns // 2))
    for grid in (GRID, None):
        np.testing.assert_allclose(computed_field(path, felt, grid), held)
    beside = GeoBox(GRID.shape, GRID.affine * GRID.affine.translation(columns, 0), GRID.crs)
    with pytest.raises(InputError, match=r"hourly_utci .*体感 温度.nc.* cover the grid") as refused:
        computed_field(path, felt, beside)
    assert "分块须覆盖网格范围" in refused.value.say("zh")

"""Joint corridors: water is kept, levels do not matter, a shifted grid is the same; corners of the ranges."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.biodiversity.movement import CURRENT_FLOW
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.integrate.synergy.joint_corridors import JointCorridors, JointCorridorsParams, joint_corridors
from tests.ranges import ends

Values = NDArray[np.float64]
drawn = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random((2, 9, 11)))


def found(current: Values, ground: Values, *, west: float = 0.0, patch: int = 0, cover: int = 30) -> JointCorridors:
    rows, columns = ground.shape
    box = (west, west, west + 10.0 * columns, west + 10.0 * rows)
    grid = GeoBox.from_bbox(box, crs="EPSG:32651", resolution=10)

    def raster(values: NDArray[np.generic]) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"))

    return joint_corridors(
        raster(current), raster(np.full(ground.shape, patch, np.int32)), raster(ground),
        raster(np.full(ground.shape, cover, np.int32)), grid, JointCorridorsParams(),
    )  # fmt: skip


@given(drawn)
def test_cells_drain_themselves_at_least_and_the_whole_area_at_most(values: Values) -> None:
    drained = found(*values).flow_accumulation
    assert float(drained.min()) == 100.0
    assert float(drained.max()) <= 9900.0


@given(drawn)
def test_a_fifth_of_the_cells_at_most_is_a_corridor_of_each(values: Values) -> None:
    codes = found(*values).joint_corridor.to_numpy()
    for bit in (1, 2):
        assert ((codes & bit) > 0).sum() <= 0.2 * codes.size + 1
    assert not (codes & 4).any()


@given(drawn, st.floats(0.5, 4.0), st.integers(-100000, 100000))
def test_scale_of_current_and_place_of_the_grid_do_not_matter(values: Values, times: float, west: int) -> None:
    current, ground = values
    moved = found(times * current, ground, west=west).joint_corridor
    assert (moved != found(current, ground).joint_corridor).sum() <= 1


def corners() -> list[tuple[float, float, int, int]]:
    return list(product((*ends(CURRENT_FLOW), float("nan")), ends(TERRAIN), (0, 1), (30, 80)))


@pytest.mark.parametrize(("current", "ground", "patch", "cover"), corners())
def test_corners(current: float, ground: float, patch: int, cover: int) -> None:
    level = found(np.full((4, 5), current), np.full((4, 5), ground), patch=patch, cover=cover)
    codes = level.joint_corridor.to_numpy()
    assert ((codes & 1) == patch).all()
    if cover == 80:
        assert ((codes & 2) == 2).all()
    assert level.joint_corridor_area == pytest.approx(float((codes == 3).sum()) * 0.01)

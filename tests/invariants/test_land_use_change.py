"""Changed cover: nothing without change, closes with the difference of stocks, and there and back cancels."""

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import COVER
from citybraid.lowcarbon.land.land_use_change import LandUseChange, LandUseChangeParams, land_use_change

STOCK = resolve("carbon_stock", region="CN-ZJ")
CODES = [0, *(code for code, _ in COVER)]
GRID = GeoBox.from_bbox((0, 0, 20, 15), "EPSG:4549", resolution=5)
cells = st.lists(st.sampled_from(CODES), min_size=12, max_size=12)


def change(before: list[int], after: list[int], years: int = 20) -> LandUseChange:
    former, present = (xr.DataArray(np.array(each).reshape(3, 4), dims=("y", "x")) for each in (before, after))
    return land_use_change(
        land_cover=present, former_land_cover=former, carbon_stock=STOCK, grid=GRID, p=LandUseChangeParams(years=years)
    )


@given(cells)
def test_no_change_is_nothing(cover: list[int]) -> None:
    found = change(cover, cover)
    assert not any(raster.to_numpy().any() for raster in found[:3])
    assert found[3:] == (0.0, 0.0, 0.0)


@given(cells, cells, st.integers(1, 100))
def test_closes_with_the_difference_of_stocks(before: list[int], after: list[int], years: int) -> None:
    found = change(before, after, years)
    net = float((found.land_carbon_gain + found.biomass_growth - found.land_carbon_loss).sum()) * 25.0 * years
    assert net == pytest.approx(found.carbon_stock_change, rel=1e-9, abs=1e-6)
    assert abs(found.land_carbon_error) < 1e-9
    assert all((raster.to_numpy() >= 0).all() for raster in found[:3])


@given(cells, cells)
def test_there_and_back_cancels(before: list[int], after: list[int]) -> None:
    there, back = change(before, after), change(after, before)
    assert there.carbon_stock_change == pytest.approx(-back.carbon_stock_change, rel=1e-9, abs=1e-6)
    np.testing.assert_allclose(there.land_carbon_loss, back.land_carbon_gain + back.biomass_growth, atol=1e-12)


def corners() -> list[tuple[int, int]]:
    return list(itertools.product(CODES, CODES))


@pytest.mark.parametrize(("before", "after"), corners())
def test_corners(before: int, after: int) -> None:
    found = change([before] * 12, [after] * 12)
    assert all(np.isfinite(raster.to_numpy()).all() for raster in found[:3])
    assert abs(found.land_carbon_error) < 1e-9

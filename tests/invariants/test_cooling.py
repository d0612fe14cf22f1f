"""Cooling: within rural and rural + heat island, more canopy never warmer, the same wherever the grid begins."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.heat import HEAT_ISLAND, REFERENCE_EVAPOTRANSPIRATION, RURAL_TEMPERATURE
from citybraid.core.vocabulary.surface import ALBEDO, CANOPY_COVER, COVER
from citybraid.resilience.heat.cooling import Cooling, CoolingParams, cooling
from tests.ranges import ends

SIZE = 14
GRID = GeoBox.from_bbox((0, 0, 20 * SIZE, 20 * SIZE), crs="EPSG:32651", resolution=20)
CODES = np.array([code for code, _ in COVER])
P = CoolingParams(cooling_distance=100.0, mixing_radius=120.0)

grounds = st.integers(0, 2**32 - 1).map(lambda seed: CODES[np.random.default_rng(seed).integers(0, 10, (SIZE, SIZE))])
crowns = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random((SIZE, SIZE)))


def raster(values: Any) -> xr.DataArray:
    return xr.DataArray(values, dims=("y", "x"))


def cooled(cover: Any, canopy: Any, *, grid: GeoBox = GRID, p: CoolingParams = P, **words: Any) -> Cooling:
    values: dict[str, Any] = {
        "reference_evapotranspiration": 4.5,
        "rural_temperature": 27.0,
        "heat_island": 3.0,
        "surface_albedo": resolve("surface_albedo"),
        "crop_coefficient": resolve("crop_coefficient"),
        "dense_quarter": resolve("dense_quarter"),
    }
    return cooling(land_cover=raster(cover), canopy_cover=raster(canopy), grid=grid, p=p, **(values | words))


@given(grounds, crowns)
def test_air_between_rural_and_the_whole_heat_island(cover: np.ndarray, canopy: np.ndarray) -> None:
    found = cooled(cover, canopy)
    assert float(found.air_temperature.min()) >= 27.0 - 1e-9
    assert float(found.air_temperature.max()) <= 30.0 + 1e-9


@given(grounds, crowns, st.floats(0, 1))
def test_more_canopy_is_never_warmer(cover: np.ndarray, canopy: np.ndarray, more: float) -> None:
    # Crowns over water or wet ground evaporate less than these: look at the others
    cover = np.where(np.isin(cover, (40, 80, 90)), 50, cover)
    grown = canopy + more * (1 - canopy)
    plain, cool = cooled(cover, canopy), cooled(cover, grown)
    assert float((cool.air_temperature - plain.air_temperature).max()) <= 1e-9
    assert float((cool.cooling_capacity - plain.cooling_capacity).min()) >= -1e-12


@given(grounds, crowns, st.integers(-9, 9), st.integers(-9, 9))
def test_the_same_wherever_the_grid_begins(cover: np.ndarray, canopy: np.ndarray, right: int, up: int) -> None:
    x, y = 1000.0 * right, 1000.0 * up
    there = GeoBox.from_bbox((x, y, x + 20 * SIZE, y + 20 * SIZE), crs="EPSG:32651", resolution=20)
    np.testing.assert_array_equal(
        cooled(cover, canopy, grid=there).air_temperature, cooled(cover, canopy).air_temperature
    )


@given(grounds, crowns)
def test_turned_with_the_ground(cover: np.ndarray, canopy: np.ndarray) -> None:
    plain, turned = cooled(cover, canopy), cooled(np.rot90(cover), np.rot90(canopy))
    np.testing.assert_allclose(np.rot90(plain.air_temperature), turned.air_temperature, atol=1e-9)


def corners() -> list[tuple[float, ...]]:
    return list(
        product(
            ends(CANOPY_COVER), ends(ALBEDO), ends(RURAL_TEMPERATURE)[:1], ends(HEAT_ISLAND),
            ends(REFERENCE_EVAPOTRANSPIRATION), (0, 10, 52),
        )
    )  # fmt: skip


@pytest.mark.parametrize(("canopy", "albedo", "rural", "island", "evaporation", "code"), corners())
def test_corners(canopy: float, albedo: float, rural: float, island: float, evaporation: float, code: int) -> None:
    found = cooled(
        np.full((SIZE, SIZE), code),
        np.full((SIZE, SIZE), canopy),
        rural_temperature=rural,
        heat_island=island,
        reference_evapotranspiration=evaporation,
        albedo=raster(np.full((SIZE, SIZE), albedo)),
    )
    assert bool(np.isnan(found.air_temperature).all()) == (code == 0)
    assert bool(np.isnan(found.cooling_capacity).all()) == (code == 0)

import itertools

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.lowcarbon.emissions import (
    ELECTRICITY_EMISSIONS,
    GREEN_SINK,
    PV_AVOIDED,
    TRANSPORT_EMISSIONS,
)
from citybraid.lowcarbon.accounts.emission_accounts import EmissionAccounts, EmissionAccountsParams, emission_accounts
from tests.ranges import ends

CRS = "EPSG:32651"
GWP = resolve("gwp")
GRID = GeoBox.from_bbox((0, 0, 120, 120), crs=CRS, resolution=10)
AREA = gpd.GeoSeries([box(2, 2, 118, 118)], index=["all"], crs=CRS)

place, size = st.integers(-20, 120), st.integers(1, 60)
boxes = st.lists(st.tuples(place, place, size, size), min_size=1, max_size=6)
amounts = st.lists(st.floats(0, 1e7), min_size=3, max_size=3)


def squares(corner: list[tuple[int, int, int, int]], *, head: str) -> gpd.GeoSeries:
    shapes = [box(x, y, x + width, y + height) for x, y, width, height in corner]
    return gpd.GeoSeries(shapes, index=[f"{head}{at}" for at in range(len(shapes))], crs=CRS)


def net(
    houses: gpd.GeoSeries,
    parcels: gpd.GeoSeries,
    amount: list[float],
    *,
    sink: float,
    grid: GeoBox = GRID,
    area: gpd.GeoSeries = AREA,
) -> EmissionAccounts:
    columns = dict(zip(("electricity_emissions", "pv_avoided", "transport_emissions"), amount, strict=True))
    table = gpd.GeoDataFrame(columns, geometry=houses, index=houses.index, crs=CRS)
    rate = xr.DataArray(np.full(grid.shape, sink), dims=("y", "x"))
    plots = gpd.GeoDataFrame(geometry=parcels, index=parcels.index, crs=CRS)
    return emission_accounts(
        buildings=table.assign(building_use="office"), parcels=plots, study_area=area, gwp=GWP, green_sink=rate,
        grid=grid, p=EmissionAccountsParams(),
    )  # fmt: skip


@given(boxes, boxes, amounts, st.floats(0, 5))
def test_parcels_and_the_rest_are_the_total(
    houses: list[tuple[int, int, int, int]],
    parcels: list[tuple[int, int, int, int]],
    amount: list[float],
    sink: float,
) -> None:
    """Also where parcels overlap, reach beyond the area, or hold nothing."""
    found = net(squares(houses, head="b"), squares(parcels, head="p"), amount, sink=sink)
    gross = sum(amount) * len(houses) + sink * 14400 + 1
    assert abs(found.parcel_emissions.sum() + found.outside_parcels - found.total_emissions) <= 1e-9 * gross
    assert abs(found.emissions_error) < 1e-9


@given(boxes, amounts, st.integers(-100000, 100000), st.integers(-100000, 100000))
def test_moving_plan_and_grid_together_changes_nothing(
    houses: list[tuple[int, int, int, int]], amount: list[float], east: int, north: int
) -> None:
    first, parcels = squares(houses, head="b"), squares([(10, 10, 50, 50), (60, 20, 40, 70)], head="p")
    moved = [series.translate(east, north) for series in (first, parcels, AREA)]
    grid = GeoBox(GRID.shape, GRID.affine.translation(east, north) * GRID.affine, CRS)
    here = net(first, parcels, amount, sink=0.5)
    there = net(moved[0], moved[1], amount, sink=0.5, grid=grid, area=moved[2])
    assert there.total_emissions == pytest.approx(here.total_emissions, rel=1e-9, abs=1e-6)
    assert there.parcel_emissions.to_numpy() == pytest.approx(here.parcel_emissions.to_numpy(), rel=1e-9, abs=1e-6)


@given(boxes, amounts, st.floats(0, 1), st.floats(0, 1))
def test_more_sink_never_raises_the_total(
    houses: list[tuple[int, int, int, int]], amount: list[float], sink: float, more: float
) -> None:
    parcels = squares([(10, 10, 50, 50)], head="p")
    low, high = (net(squares(houses, head="b"), parcels, amount, sink=value) for value in (sink, sink + more))
    assert high.total_emissions <= low.total_emissions + 1e-6


def corners() -> list[tuple[float, ...]]:
    columns = (ELECTRICITY_EMISSIONS, PV_AVOIDED, TRANSPORT_EMISSIONS, GREEN_SINK)
    return list(itertools.product(*(ends(alias) for alias in columns)))


@pytest.mark.parametrize(("emitted", "avoided", "travel", "sink"), corners())
def test_corners(emitted: float, avoided: float, travel: float, sink: float) -> None:
    houses, parcels = squares([(20, 20, 10, 10)], head="b"), squares([(10, 10, 50, 50)], head="p")
    found = net(houses, parcels, [emitted, avoided, travel], sink=sink)
    assert abs(found.emissions_error) < 1e-9
    assert np.isfinite(found.total_emissions)
    assert found.parcel_emissions["p0"] == pytest.approx(emitted - avoided + travel - sink * 2500, rel=1e-9)

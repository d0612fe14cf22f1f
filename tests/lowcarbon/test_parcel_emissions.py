from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.lowcarbon.parcel_emissions import ParcelEmissions, parcel_emissions

CRS = "EPSG:32651"
GRID = GeoBox.from_bbox((0, 0, 100, 100), crs=CRS, resolution=10)
AREA = gpd.GeoSeries([box(0, 0, 100, 100)], index=["all"], crs=CRS)
PARCELS = gpd.GeoSeries([box(0, 0, 50, 50), box(50, 50, 100, 100)], index=["p1", "p2"], crs=CRS)


def houses() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"building_emissions": [100.0, 200.0, 40.0, 999.0], "pv_avoided": [10.0, 0.0, 0.0, 0.0],
         "transport_emissions": [5.0, 0.0, 0.0, 0.0]},
        geometry=[box(10, 10, 20, 20), box(60, 60, 80, 80), box(60, 10, 70, 20), box(200, 0, 210, 10)],
        index=["in1", "in2", "between", "away"], crs=CRS,
    )  # fmt: skip


def net(
    buildings: gpd.GeoDataFrame, *, sink: float = 0.01, parcels: gpd.GeoSeries = PARCELS, area: gpd.GeoSeries = AREA
) -> ParcelEmissions:
    rate = xr.DataArray(np.full(GRID.shape, sink), dims=("y", "x"))
    return parcel_emissions(buildings=buildings, parcels=parcels, study_area=area, green_sink=rate, grid=GRID)


def test_parcels_outside_and_total() -> None:
    found = net(houses())
    assert found.parcel_emissions.to_dict() == pytest.approx({"p1": 95 - 25.0, "p2": 200 - 25.0})
    assert found.outside_parcels == pytest.approx(40 - 50.0)
    assert found.total_emissions == pytest.approx(335 - 100.0)
    assert abs(found.emissions_error) < 1e-12


def test_what_lies_outside_the_study_area_does_not_count() -> None:
    half = gpd.GeoSeries([box(0, 0, 50, 100)], index=["half"], crs=CRS)
    found = net(houses(), area=half)
    assert found.total_emissions == pytest.approx(95 - 50.0)
    assert found.parcel_emissions["p2"] == 0.0


def test_a_building_on_two_overlapping_parcels_counts_once() -> None:
    twice = gpd.GeoSeries([box(0, 0, 60, 60), box(0, 0, 60, 60)], index=["p1", "p2"], crs=CRS)
    found = net(houses(), parcels=twice, sink=0.0)
    assert found.parcel_emissions.to_dict() == pytest.approx({"p1": 95.0, "p2": 0.0})
    assert found.total_emissions == pytest.approx(335.0)


def test_travel_counts_where_it_is_known() -> None:
    without = net(houses().drop(columns="transport_emissions"))
    assert net(houses()).total_emissions - without.total_emissions == pytest.approx(5.0)


def test_unknown_emissions_are_refused() -> None:
    with pytest.raises(InputError, match="between"):
        net(houses().assign(building_emissions=[1.0, 2.0, float("nan"), 3.0]))


def test_no_parcels_all_is_outside() -> None:
    found = net(houses(), parcels=gpd.GeoSeries([], crs=CRS))
    assert found.outside_parcels == pytest.approx(found.total_emissions)


def test_figure(figure: Callable[[str], Path]) -> None:
    buildings, found = houses(), net(houses())
    fig, axis = plt.subplots(figsize=(5.6, 4.6), layout="constrained")
    gpd.GeoDataFrame({"net": found.parcel_emissions}, geometry=PARCELS).plot(
        "net", ax=axis, cmap="RdYlGn_r", vmin=-200, vmax=200, edgecolor="black", legend=True,
        legend_kwds={"label": "kg CO₂ a year"},
    )  # fmt: skip
    buildings.iloc[:3].plot(ax=axis, color="#606060")
    for name, place in buildings.iloc[:3].geometry.centroid.items():
        told = f"{buildings['building_emissions'][name]:.0f}"
        axis.annotate(told, (place.x, place.y), ha="center", va="center", fontsize=8, color="white")
    AREA.boundary.plot(ax=axis, color="black", linestyle="--", linewidth=1)
    axis.set_title(
        f"Net of two parcels; outside {found.outside_parcels:.0f}, total {found.total_emissions:.0f} kg", fontsize=10
    )
    axis.set_axis_off()
    fig.savefig(figure("lowcarbon.parcel_emissions"), dpi=130)
    plt.close(fig)

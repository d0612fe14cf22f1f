from collections.abc import Callable
from pathlib import Path
from typing import get_args

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.account import BY_USE, Account
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.model import var_of
from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.rows.land import BuildingUse
from citybraid.core.tables import read_table
from citybraid.core.vocabulary.lowcarbon.emissions import accounted
from citybraid.lowcarbon.accounts.emission_accounts import EmissionAccounts, EmissionAccountsParams, emission_accounts
from citybraid.lowcarbon.accounts.entries import Entry, account_of, by_parcel, lines
from citybraid.lowcarbon.potentials import potential

CRS = "EPSG:32651"
GRID = GeoBox.from_bbox((0, 0, 100, 100), crs=CRS, resolution=10)
AREA = gpd.GeoSeries([box(0, 0, 100, 100)], index=["all"], crs=CRS)
GWP = resolve("gwp")
PARCELS = gpd.GeoSeries([box(0, 0, 50, 50), box(50, 50, 100, 100)], index=["p1", "p2"], crs=CRS)


def houses() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"electricity_emissions": [100.0, 200.0, 40.0, 999.0], "pv_avoided": [10.0, 0.0, 0.0, 0.0],
         "transport_emissions": [5.0, 0.0, 0.0, 0.0]},
        geometry=[box(10, 10, 20, 20), box(60, 60, 80, 80), box(60, 10, 70, 20), box(200, 0, 210, 10)],
        index=["in1", "in2", "between", "away"], crs=CRS,
    )  # fmt: skip


def net(
    buildings: gpd.GeoDataFrame,
    *,
    sink: float = 0.01,
    parcels: gpd.GeoSeries = PARCELS,
    area: gpd.GeoSeries = AREA,
    use: list[str] | None = None,
) -> EmissionAccounts:
    rate = xr.DataArray(np.full(GRID.shape, sink), dims=("y", "x"))
    plots = gpd.GeoDataFrame(geometry=parcels, index=parcels.index, crs=CRS)
    return emission_accounts(
        buildings=buildings.assign(building_use=use or "residential"), parcels=plots, study_area=area, gwp=GWP,
        green_sink=rate, grid=GRID, p=EmissionAccountsParams(),
    )  # fmt: skip


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
        net(houses().assign(electricity_emissions=[1.0, 2.0, float("nan"), 3.0]))


def test_no_parcels_all_is_outside() -> None:
    found = net(houses(), parcels=gpd.GeoSeries([], crs=CRS))
    assert found.outside_parcels == pytest.approx(found.total_emissions)


def test_lines_name_sector_scope_gas_and_kind() -> None:
    found = net(houses(), use=["residential", "industrial", "office", "school"])
    assert found.inventory_equivalent.to_dict() == pytest.approx({
        "commercial/2/CO2/avoided": 0.0, "commercial/2/CO2/emission": 40.0, "industry/2/CO2/avoided": 0.0,
        "industry/2/CO2/emission": 200.0, "land/1/CO2/removal": -100.0, "residential/2/CO2/avoided": -10.0,
        "residential/2/CO2/emission": 100.0, "road/1/CO2e/emission": 5.0,
    })  # fmt: skip
    assert found.inventory_mass["land/1/CO2/removal"] == pytest.approx(100.0)
    assert found.inventory_on_parcels["commercial/2/CO2/emission"] == 0.0
    assert (found.direct_emissions, found.energy_indirect_emissions, found.other_indirect_emissions) == pytest.approx(
        (5, 340, 0)
    )
    assert (found.removals, found.avoided_emissions) == pytest.approx((100, 10))
    assert found.parcel_stationary.to_dict() == pytest.approx({"p1": 100.0, "p2": 200.0})
    assert found.parcel_avoided.to_dict() == pytest.approx({"p1": 10.0, "p2": 0.0})
    assert found.parcel_land.to_dict() == pytest.approx({"p1": -25.0, "p2": -25.0})
    assert found.parcel_transport.to_dict() == pytest.approx({"p1": 5.0, "p2": 0.0})


@pytest.mark.parametrize(
    ("report", "methane", "fossil", "nitrous"), [("AR4", 25, 25, 298), ("AR5", 28, 30, 265), ("AR6", 27, 29.8, 273)]
)
def test_gases_weigh_as_the_report_says(report: str, methane: float, fossil: float, nitrous: float) -> None:
    weights = [potential(gas, report, GWP) for gas in ("CO2", "CO2e", "CH4", "CH4_fossil", "N2O")]
    assert weights == [1.0, 1.0, methane, fossil, nitrous]


def test_a_gas_without_a_row_is_refused() -> None:
    with pytest.raises(InputError, match="AR5/SF6"):
        potential("SF6", "AR5", GWP)


def test_mass_of_methane_becomes_co2e_by_parcel_and_line_alike() -> None:
    entry = Entry(Account("solid_waste", 3, "CH4"), np.array([2.0, 3.0, 5.0]), np.array([0, 1, -1]))
    table = lines([entry], report="AR6", gwp=GWP)
    assert table.mass.to_dict() == {"solid_waste/3/CH4/emission": 10.0}
    assert table.co2e.to_dict() == pytest.approx({"solid_waste/3/CH4/emission": 270.0})
    assert table.on_parcels.to_dict() == pytest.approx({"solid_waste/3/CH4/emission": 135.0})
    assert by_parcel([entry], 2, report="AR6", gwp=GWP)["waste"] == pytest.approx([54.0, 81.0, 135.0])


def test_every_account_has_a_known_sector_and_every_use_one() -> None:
    rows = {row.id: row for row in read_table(EmissionSector)}
    accounts = [account_of(var_of(name)) for on in ("buildings", "parcels", "grid") for name in accounted(on)]
    assert len(accounts) >= 5
    assert {account.sector for account in accounts} - {BY_USE} <= set(rows)
    uses = [use for row in rows.values() for use in row.building_uses.split()]
    assert sorted(uses) == sorted(get_args(BuildingUse))


def test_figure(figure: Callable[[str], Path]) -> None:
    buildings, found = houses(), net(houses())
    fig, axis = plt.subplots(figsize=(5.6, 4.6), layout="constrained")
    gpd.GeoDataFrame({"net": found.parcel_emissions}, geometry=PARCELS).plot(
        "net", ax=axis, cmap="RdYlGn_r", vmin=-200, vmax=200, edgecolor="black", legend=True,
        legend_kwds={"label": "kg CO₂ a year"},
    )  # fmt: skip
    buildings.iloc[:3].plot(ax=axis, color="#606060")
    for name, place in buildings.iloc[:3].geometry.centroid.items():
        told = f"{buildings['electricity_emissions'][name]:.0f}"
        axis.annotate(told, (place.x, place.y), ha="center", va="center", fontsize=8, color="white")
    AREA.boundary.plot(ax=axis, color="black", linestyle="--", linewidth=1)
    axis.set_title(
        f"Net of two parcels; outside {found.outside_parcels:.0f}, total {found.total_emissions:.0f} kg", fontsize=10
    )
    axis.set_axis_off()
    fig.savefig(figure("lowcarbon.emission_accounts"), dpi=130)
    plt.close(fig)


def test_an_unknown_amount_names_what_it_is_computed_from() -> None:
    """Travel of a home without residents: residents of the home, and the population of its unit, are named."""
    homes = houses()
    homes.loc["in2", "transport_emissions"] = np.nan
    with pytest.raises(InputError) as told:
        net(homes)
    for language, words in {
        "zh": ("出行碳排放", "in2", "楼内居民、", "规划单元常住人口", "建筑轮廓"),
        "en": ("Travel emissions", "in2", "Residents of the building, ", "Residents of the planning unit", "Buildings"),
    }.items():
        for word in words:
            assert word in told.value.say(language)
        assert "transport_emissions" not in told.value.say(language)

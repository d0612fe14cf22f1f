"""Hosting, weighted energy, heat density, networks, heat pumps and the cascade of a park."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.supply.energy_balance import EnergyBalance, EnergyBalanceParams, energy_balance
from citybraid.lowcarbon.supply.heat_cascade import HeatCascade, HeatCascadeParams, heat_cascade
from citybraid.lowcarbon.supply.heat_density import HeatDensity, HeatDensityParams, heat_density
from citybraid.lowcarbon.supply.heat_network import HeatNetwork, HeatNetworkParams, heat_network
from citybraid.lowcarbon.supply.heat_pumps import HeatPumps, HeatPumpsParams, heat_pumps
from citybraid.lowcarbon.supply.hosting import Hosting, hosting
from tests.energy_year import energy_year, row_of_buildings

CRS = "EPSG:32651"
AREA = gpd.GeoSeries([box(-50, -50, 170, 200)], index=["a"], crs=CRS)
ROW = row_of_buildings(("residential", "office", "retail", "hotel"))
"""Slabs of 40 by 14 m at x = 0, 60, 120 and 180; the last lies outside AREA."""


def parcels(**columns: list[float]) -> gpd.GeoDataFrame:
    shapes = [box(-10, -10, 50, 30), box(50, -10, 110, 30), box(0, 100, 50, 150)]
    return gpd.GeoDataFrame(columns, geometry=shapes, index=["one", "two", "three"], crs=CRS)


def streets(**columns: list[float]) -> gpd.GeoDataFrame:
    lines = [LineString([(-10, -12), (170, -12)]), LineString([(0, 400), (100, 400)])]
    return gpd.GeoDataFrame(columns, geometry=lines, index=["near", "far"], crs=CRS)


def hosted(peaks: list[float], capacity: list[float]) -> Hosting:
    return hosting(parcels(parcel_export_peak=peaks, transformer_capacity=capacity))


def weighted(*, k_exp: float = 1.0, **columns: list[float]) -> EnergyBalance:
    return energy_balance(
        buildings=ROW.assign(**columns), study_area=AREA, p=EnergyBalanceParams(k_exp=k_exp),
        primary_energy_weight=resolve("primary_energy_weight"),
    )  # fmt: skip


def density(demand: list[float], *, reach: float = 60.0) -> HeatDensity:
    return heat_density(
        buildings=ROW.assign(heating_demand=demand), parcels=parcels(), streets=streets(), study_area=AREA,
        p=HeatDensityParams(reach=reach),
    )  # fmt: skip


def network(heat: list[float], **changes: float) -> HeatNetwork:
    given: dict[str, Any] = {"pipe_price": 5000.0, "allowed_cost": 0.2, "lifetime": 30.0, "interest": 0.05} | changes
    return heat_network(streets=streets(street_heat=heat), p=HeatNetworkParams(**given))


def pumped(source: str, *, flow: float = 45.0, at: float | None = None, demand: float = 1000.0) -> HeatPumps:
    p = HeatPumpsParams.model_validate({"source": source, "flow_temperature": flow, "source_temperature": at})
    return heat_pumps(
        buildings=ROW.assign(heating_demand=demand), study_area=AREA, dry_bulb=energy_year()["dry_bulb"],
        carnot_fraction=resolve("carnot_fraction"), p=p,
    )  # fmt: skip


def streams(*rows: tuple[float, float, float]) -> gpd.GeoDataFrame:
    names = ["supply_temperature", "target_temperature", "stream_heat"]
    table = pd.DataFrame(rows, columns=names, dtype=np.float64)
    return gpd.GeoDataFrame(
        table.set_axis([f"s{at}" for at in range(len(rows))]), geometry=[Point(at, 0) for at in range(len(rows))],
        crs=CRS,
    )  # fmt: skip


PARK = ((180.0, 60.0, 1200.0), (90.0, 40.0, 1000.0), (20.0, 150.0, 650.0), (40.0, 60.0, 900.0))
"""Flue gas of a kiln, cooling water of dyeing; hot water of a food plant, heating of offices."""


def cascaded(*rows: tuple[float, float, float], difference: float = 10.0) -> HeatCascade:
    return heat_cascade(heat_streams=streams(*rows), p=HeatCascadeParams(least_difference=difference))


def test_a_transformer_that_is_too_small_is_counted() -> None:
    found = hosted([120.0, 80.0, 500.0], [100.0, 100.0, np.nan])
    assert found.hosting_margin[["one", "two"]].tolist() == [-20.0, 20.0]
    assert np.isnan(found.hosting_margin["three"])
    assert found.overloaded_parcels == 1.0


def test_primary_energy_by_hand() -> None:
    """900 taken at 2.3 and 0.2; 500 made of which 200 given; 100 of heat at 1.3."""
    nothing = [0.0, 0.0, 0.0, 1e6]
    found = weighted(
        grid_import=[900.0, *nothing[1:]], pv_generation=[500.0, *nothing[1:]], grid_export=[200.0, 0, 0, 0],
        district_heat=[100.0, *nothing[1:]],
        gas=nothing,
    )  # fmt: skip
    assert found.primary_energy_used["b0"] == pytest.approx(900 * 2.3 + 130)
    assert found.renewable_energy_used["b0"] == pytest.approx(900 * 0.2 + 300)
    assert found.primary_energy["b0"] == pytest.approx(900 * 2.3 + 130 - 200 * 2.3)
    assert found.primary_renewable_share == pytest.approx(480 / (480 + 2200)), "the building outside does not count"


def test_heat_density_by_hand() -> None:
    found = density([24000.0, 48000.0, 12000.0, 9000.0])
    assert found.heat_density.tolist() == pytest.approx([10.0, 20.0, 0.0])
    assert found.street_heat.tolist() == pytest.approx([93000.0, 0.0])
    assert found.line_heat["near"] == pytest.approx(93000 / 180)
    assert density([1.0] * 4, reach=5.0).street_heat.sum() == 0.0


def test_a_network_pays_where_heat_is_dense() -> None:
    """180 m at 5 000 CNY and 6.505 % a year: 58 546 CNY a year, 0.2 CNY are 292 732 kWh."""
    found = network([292_800.0, 292_000.0])
    assert found.network_cost["near"] == pytest.approx(0.19995, abs=1e-5)
    assert found.network_pays.tolist() == [1.0, 1.0], "the far street is 100 m long"
    assert network([292_600.0, 0.0]).network_pays.tolist() == [0.0, 0.0]


def test_the_warmer_source_performs_better() -> None:
    air, ground, sewage = pumped("air"), pumped("ground"), pumped("sewage", at=15.0)
    assert 1.5 < air.heat_pump_factor < ground.heat_pump_factor
    assert sewage.heat_pump_factor == pytest.approx(0.45 * 318.15 / 30)
    assert sewage.heat_pump_power == pytest.approx(3000 / sewage.heat_pump_factor), "three of four lie in the area"


@pytest.mark.parametrize("source", ["water", "sewage"])
def test_water_needs_its_temperature(source: str) -> None:
    with pytest.raises(InputError, match="source_temperature"):
        pumped(source)


def test_a_park_by_hand() -> None:
    """Two firms: 1 000 kW from 90 to 40 degC (20 kW/K) and 900 kW from 40 to 60 degC at 10 K.

    Shifted 85 to 35 and 45 to 65: above 65 there are 400 kW, to 45 another 400 kW for 900 kW: 100 kW are missing.
    """
    found = cascaded((90.0, 40.0, 1000.0), (40.0, 60.0, 900.0))
    assert found[:3] == pytest.approx((100.0, 200.0, 800.0))


def test_streams_that_lack_a_value_or_a_difference_are_refused() -> None:
    with pytest.raises(InputError, match="s1"):
        cascaded((90.0, 40.0, 1.0), (40.0, 60.0, float("nan")))
    with pytest.raises(InputError, match="1 K apart"):
        cascaded((100.0, 100.0, 1.0))


def test_figure_of_hosting(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.5), layout="constrained")
    peaks = np.linspace(0.0, 300.0, 31)
    for capacity in (100.0, 200.0):
        margin = [hosted([peak, 0, 0], [capacity, 1, 1]).hosting_margin["one"] for peak in peaks]
        axis.plot(peaks, margin, label=f"transformer of {capacity:.0f} kW")
    axis.axhline(0.0, color="0.4", linewidth=0.8)
    axis.set_xlabel("highest export [kW]")
    axis.set_ylabel("margin [kW]")
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.hosting"), dpi=130)
    plt.close(fig)


def test_figure_of_weights(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    exported = np.linspace(0.0, 1000.0, 11)
    for k_exp in (0.0, 0.5, 1.0):
        values = [
            weighted(
                k_exp=k_exp, grid_import=[500.0, 0, 0, 0], pv_generation=[300.0 + each, 0, 0, 0],
                grid_export=[each, 0, 0, 0], district_heat=[0.0] * 4, gas=[0.0] * 4,
            ).primary_energy["b0"]
            for each in exported
        ]  # fmt: skip
        axis.plot(exported, values, label=f"k_exp = {k_exp:g}")
    axis.set_xlabel("export [kWh]")
    axis.set_ylabel("non-renewable primary energy [kWh]")
    axis.set_title("500 kWh from the grid, 300 kWh of own generation used", fontsize=10)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.energy_balance"), dpi=130)
    plt.close(fig)


def test_figure_of_heat_density(figure: Callable[[str], Path]) -> None:
    found = density([24000.0, 48000.0, 12000.0, 9000.0])
    fig, axis = plt.subplots(figsize=(6.5, 4), layout="constrained")
    parcels().plot(ax=axis, column=found.heat_density.to_numpy(), cmap="YlOrRd", edgecolor="0.5", legend=True)
    ROW.plot(ax=axis, color="0.6")
    streets().iloc[[0]].plot(ax=axis, color="k", linewidth=2)
    axis.set_title("Heat demand of parcels [kWh/m²]; along the street 517 kWh/m", fontsize=10)
    axis.set_xlim(-20, 230)
    axis.set_ylim(-30, 160)
    fig.savefig(figure("lowcarbon.heat_density"), dpi=130)
    plt.close(fig)


def test_figure_of_networks(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    line = np.linspace(200.0, 4000.0, 60)
    for price in (2000.0, 5000.0, 10000.0):
        cost = [network([180 * each, 0.0], pipe_price=price).network_cost["near"] for each in line]
        axis.plot(line, cost, label=f"{price:,.0f} CNY/m")
    axis.set_xlabel("linear heat density [kWh per m and year]")
    axis.set_ylabel("distribution [CNY/kWh]")
    axis.set_ylim(0, 1)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.heat_network"), dpi=130)
    plt.close(fig)


def test_figure_of_heat_pumps(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    flows = np.linspace(30.0, 80.0, 26)
    for source, at in (("air", None), ("ground", None), ("water", 8.0), ("sewage", 15.0)):
        axis.plot(flows, [pumped(source, flow=flow, at=at).heat_pump_factor for flow in flows], label=source)
    axis.set_xlabel("flow temperature [°C]")
    axis.set_ylabel("heat over electricity, year")
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.heat_pumps"), dpi=130)
    plt.close(fig)


def test_figure_of_the_cascade(figure: Callable[[str], Path]) -> None:
    found = cascaded(*PARK)
    fig, axis = plt.subplots(figsize=(6.5, 4), layout="constrained")
    axis.plot(found.cascade_flow, found.cascade_level, marker="o")
    axis.set_xlabel("heat that passes [kW]")
    axis.set_ylabel("shifted temperature [°C]")
    axis.set_title(
        f"Made-up park: {found.heat_from_outside:.0f} kW from outside, {found.heat_recovered:.0f} kW exchanged, "
        f"{found.heat_to_outside:.0f} kW left over", fontsize=10,
    )  # fmt: skip
    fig.savefig(figure("lowcarbon.heat_cascade"), dpi=130)
    plt.close(fig)

"""Plants: energy from bills and output, gases, processes, and what is refused; the accounts count them once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import Point, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.accounts.emission_accounts import EmissionAccounts, EmissionAccountsParams, emission_accounts
from citybraid.lowcarbon.industry.industry import Burning, Industry, IndustryParams, industry

CRS = "EPSG:32651"
FACTORS = (
    "fuel_heat_value", "steam_heat", "product_energy", "plant_boiler", "process_emission", "grid_emission_factor",
    "heat_emission_factor",
)  # fmt: skip


def works(**columns: list[Any]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(
        {"plant_sector": ["17"] * count} | columns, geometry=[Point(25 + 100 * at, 25) for at in range(count)],
        index=[f"w{at}" for at in range(count)], crs=CRS,
    )  # fmt: skip


def emitted(plants: gpd.GeoDataFrame, *, factors: str = "provincial", **changed: dict[str, float]) -> Industry:
    rows: dict[str, Any] = {name: resolve(name, region="CN-SH", year=2023) for name in FACTORS} | changed
    burning = Burning(*(resolve(name) for name in Burning._fields))
    return industry(plants=plants, burning=burning, p=IndustryParams.model_validate({"factors": factors}), **rows)


def test_bills_by_hand() -> None:
    """A dye works: 2 GWh, 1 million m3 of gas, 1000 t of steam, in Shanghai."""
    found = emitted(works(plant_electricity=[2e6], plant_gas=[1e6], plant_steam=[1000.0]))
    burnt = 1e6 * 38.931  # MJ
    assert found.plant_carbon["w0"] == pytest.approx(burnt / 1e6 * 55539)
    assert found.plant_methane["w0"] == pytest.approx(burnt / 1e6 * 1.0)
    assert found.plant_nitrous_oxide["w0"] == pytest.approx(burnt / 1e6 * 0.1)
    assert found.plant_power_emissions["w0"] == pytest.approx(2e6 * 0.5737)
    assert found.plant_heat_emissions["w0"] == pytest.approx(1000 * 2.69 * 0.216 / 3.6e-3)
    assert found.plant_energy["w0"] == pytest.approx(2e6 + burnt / 3.6 + 2690 / 3.6e-3)
    assert found.plant_useful_heat["w0"] == pytest.approx(0.9 * burnt / 3.6 + 2690 / 3.6e-3)
    assert (found.process_carbon["w0"], found.billed_plants) == (0.0, 1.0)


def test_coal_and_diesel_by_hand_with_ipcc_factors() -> None:
    found = emitted(works(plant_electricity=[0.0], plant_coal=[100.0], plant_diesel=[10.0]), factors="ipcc")
    assert found.plant_carbon["w0"] == pytest.approx(100 * 20.908e-3 * 94600 + 10 * 42.652e-3 * 74100)
    assert found.plant_methane["w0"] == pytest.approx(100 * 20.908e-3 * 10 + 10 * 42.652e-3 * 3)


def test_output_brings_energy_and_process_where_there_are_no_bills() -> None:
    kiln = works(plant_sector=["非金属矿物制品业"], plant_product=["水泥熟料"], plant_output=[1000.0])
    found = emitted(kiln)
    assert found.process_carbon["w0"] == pytest.approx(520e3)
    assert found.plant_power["w0"] == pytest.approx(61e3)
    assert found.plant_carbon["w0"] == pytest.approx(887e3 * 3.6e-6 * 90888.6, rel=1e-4)
    assert found.billed_plants == 0.0


def test_bills_go_before_output() -> None:
    kiln = works(plant_sector=["30"], plant_product=["clinker"], plant_output=[1000.0], plant_electricity=[5e4])
    found = emitted(kiln)
    assert found.plant_power["w0"] == 5e4
    assert found.plant_carbon["w0"] == 0.0
    assert found.process_carbon["w0"] == pytest.approx(520e3)


@pytest.mark.parametrize("name", ["17", "C17", "17.0", "纺织业", "Manufacture of textiles"])
def test_a_sector_has_several_names(name: str) -> None:
    assert emitted(works(plant_sector=[name], plant_electricity=[1.0])).plant_power["w0"] == 1.0


@pytest.mark.parametrize(
    ("columns", "needs"),
    [
        ({"plant_sector": ["光刻机"], "plant_electricity": [1.0]}, "光刻机"),
        ({"plant_sector": [None], "plant_electricity": [1.0]}, "GB/T 4754"),
        ({"plant_sector": ["44"], "plant_electricity": [1.0]}, "44"),
        ({"plant_electricity": [1.0], "plant_gas": [-5.0]}, "plant_gas"),
        ({"plant_electricity": [1.0], "plant_year": [0]}, "2100"),
        ({"plant_gas": [5.0]}, "w0"),
        ({"plant_output": [5.0]}, "product_energy"),
        ({"plant_sector": ["30"], "plant_electricity": [1.0], "plant_product": ["clinkr"]}, "clinkr"),
        ({"plant_sector": ["30"], "plant_electricity": [1.0], "plant_product": ["石灰"]}, "quicklime"),
        ({"plant_electricity": [1.0, 2.0], "plant_year": [2022, 2023]}, "2022"),
    ],
)
def test_bad_rows_are_refused_in_both_languages(columns: dict[str, Any], needs: str) -> None:
    with pytest.raises(InputError) as told:
        emitted(works(**columns))
    assert needs in told.value.say("en")
    assert needs in told.value.say("zh")


def test_other_says_that_a_product_has_no_process_emissions() -> None:
    for name in ("other", "其他"):
        found = emitted(works(plant_sector=["30"], plant_electricity=[1.0], plant_product=[name]))
        assert found.process_carbon["w0"] == 0.0


def park(plants: gpd.GeoDataFrame | None, uses: tuple[str, str] = ("industrial", "industrial")) -> EmissionAccounts:
    """Accounts of two halls, 100 and 40 kg of grid emissions, each on a parcel; parcels lie 100 m apart."""
    halls = gpd.GeoDataFrame(
        {"electricity_emissions": [100.0, 40.0], "pv_avoided": [7.0, 0.0], "building_use": list(uses)},
        geometry=[box(30, 30, 40, 40), box(130, 30, 140, 40)], index=["h0", "h1"], crs=CRS,
    )  # fmt: skip
    return emission_accounts(
        buildings=halls, plants=plants, study_area=gpd.GeoSeries([box(0, 0, 300, 100)], index=["a"], crs=CRS),
        parcels=gpd.GeoDataFrame(geometry=[box(0, 0, 50, 50), box(100, 0, 150, 50)], index=["p0", "p1"], crs=CRS),
        gwp=resolve("gwp"), grid=GeoBox.from_bbox((0, 0, 300, 100), crs=CRS, resolution=50),
        p=EmissionAccountsParams(),
    )  # fmt: skip


def test_a_plant_stands_for_the_modelled_energy_of_its_parcel_and_counts_once() -> None:
    plants = works(plant_electricity=[1000.0])
    columns = emitted(plants)._asdict()
    accounts = {name: columns[name] for name in ("plant_carbon", "plant_power_emissions", "process_carbon")}
    with_plants, without = park(plants.assign(**accounts)), park(None)
    assert without.inventory_equivalent["industry/2/CO2/emission"] == pytest.approx(140)
    assert with_plants.inventory_equivalent["industry/2/CO2/emission"] == pytest.approx(40 + 573.7)
    assert with_plants.inventory_equivalent["industry/2/CO2/avoided"] == pytest.approx(-7)
    assert with_plants.parcel_stationary.to_dict() == pytest.approx({"p0": 573.7, "p1": 40.0})
    assert abs(with_plants.emissions_error) < 1e-12


def test_a_dormitory_on_the_plants_parcel_still_counts() -> None:
    plants = works(plant_electricity=[0.0])
    accounts = plants.assign(plant_power_emissions=[0.0])
    lines = park(accounts, ("residential", "industrial")).inventory_equivalent
    assert lines["residential/2/CO2/emission"] == pytest.approx(100)


def test_plants_without_accounts_stand_for_nothing() -> None:
    assert park(works(plant_electricity=[1000.0])).total_emissions == park(None).total_emissions


def test_a_plant_off_all_parcels_stands_for_the_hall_it_lies_on() -> None:
    plants = works(plant_electricity=[0.0]).assign(plant_power_emissions=[9.0])
    plants.geometry = [Point(135, 35)]
    assert park(plants).inventory_equivalent["industry/2/CO2/emission"] == pytest.approx(109.0)


def test_a_plant_outside_the_study_area_does_not_count() -> None:
    plants = works(plant_electricity=[0.0]).assign(plant_power_emissions=[9.0])
    plants.geometry = [Point(900, 900)]
    assert park(plants).total_emissions == park(None).total_emissions


def test_figure(figure: Callable[[str], Path]) -> None:
    kinds = {"clinker": ("30", "clinker"), "glass": ("30", "glass"), "lime": ("30", "lime"),
             "electric steel": ("31", "steel_electric"), "oxygen steel": ("31", "steel_oxygen")}  # fmt: skip
    plants = works(
        plant_sector=[sector for sector, _ in kinds.values()], plant_product=[product for _, product in kinds.values()],
        plant_output=[1000.0] * 5, plant_electricity=[6.1e4, 0.0, 0.0, 4.5e5, 0.0],
        plant_coal=[152.7, 0.0, 0.0, 0.0, 0.0],
    )  # fmt: skip
    found = emitted(plants)
    parts = {"fuels (scope 1)": found.plant_carbon, "process (scope 1)": found.process_carbon,
             "electricity (scope 2)": found.plant_power_emissions}  # fmt: skip
    fig, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    left = np.zeros(len(plants))
    for (name, values), colour in zip(parts.items(), ("#8c6d4f", "#b5651d", "#4f7f8c"), strict=True):
        axis.barh(list(kinds), values.to_numpy() / 1e3, left=left, label=name, color=colour)
        left += values.to_numpy() / 1e3
    axis.legend(frameon=False, fontsize=8)
    axis.set_xlabel("t CO₂ per 1000 t of product")
    axis.set_title("A plant's own bills and its process (clinker: with coal)", fontsize=10)
    fig.savefig(figure("lowcarbon.industry"), dpi=130)
    plt.close(fig)

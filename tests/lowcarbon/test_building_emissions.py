from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.account import BY_USE
from citybraid.core.factor import resolve
from citybraid.core.model import var_of
from citybraid.core.vocabulary.lowcarbon.emissions import GAS_EMISSIONS, GAS_METHANE, GAS_NITROUS_OXIDE
from citybraid.lowcarbon.building_emissions import BuildingEmissions, building_emissions
from tests.energy_year import row_of_buildings

BUILDINGS = row_of_buildings(("residential", "office", "retail")).assign(
    electricity=[1000.0, 2000.0, 3000.0], district_heat=[500.0, 0.0, 100.0], gas=[1000.0, 0.0, 0.0]
)


def emitted(buildings: pd.DataFrame = BUILDINGS, *, region: str = "CN-SH", year: int = 2023) -> BuildingEmissions:
    return building_emissions(
        buildings=buildings,
        grid_emission_factor=resolve("grid_emission_factor", region=region, year=year),
        heat_emission_factor=resolve("heat_emission_factor", region=region, year=year),
        gas_emission_factor=resolve("gas_emission_factor", region=region, year=year),
    )


def test_energy_times_factor() -> None:
    found = emitted()
    assert found.building_emissions.to_numpy() == pytest.approx(
        [1000 * 0.5737 + 500 * 0.216 + 199.944, 2000 * 0.5737, 3000 * 0.5737 + 100 * 0.216]
    )
    assert (found.pv_avoided == 0).all()


def test_gas_is_burnt_in_the_building() -> None:
    """1 000 kWh are 3.6 GJ: 55.54 kg of CO2, 5 g of methane and 0.1 g of nitrous oxide a gigajoule."""
    found = emitted()
    assert found.gas_emissions.iloc[0] == pytest.approx(3.6 * 55.54, rel=1e-4)
    assert found.gas_methane.iloc[0] == pytest.approx(3.6 * 0.005)
    assert found.gas_nitrous_oxide.iloc[0] == pytest.approx(3.6 * 0.0001)
    accounts = [var_of(alias).account for alias in (GAS_EMISSIONS, GAS_METHANE, GAS_NITROUS_OXIDE)]
    assert [(each.sector, each.scope, each.gas) for each in accounts if each] == [
        (BY_USE, 1, "CO2"), (BY_USE, 1, "CH4_fossil"), (BY_USE, 1, "N2O"),
    ]  # fmt: skip


def test_photovoltaics_stand_apart() -> None:
    found = emitted(BUILDINGS.assign(pv_generation=[0.0, 100.0, 200.0]))
    assert found.pv_avoided.to_numpy() == pytest.approx([0.0, 57.37, 114.74])
    assert found.building_emissions.equals(emitted().building_emissions)


def test_own_electricity_lowers_scope_two_and_exports_stand_apart() -> None:
    """2 000 kWh used, 700 generated, of which 500 used: 1 500 taken, 200 given, at 0.5737 kg."""
    flows = {"pv_generation": [0.0, 700.0, 0.0], "grid_import": [1000.0, 1500.0, 3000.0]}
    found = emitted(BUILDINGS.assign(**flows, grid_export=[0.0, 200.0, 0.0]))
    assert found.electricity_emissions.to_numpy() == pytest.approx([573.7, 860.55, 1721.1])
    assert found.pv_avoided.to_numpy() == pytest.approx([0.0, 114.74, 0.0])


def test_the_hourly_balance_moves_emissions_and_makes_none() -> None:
    """Net of what is avoided, import less export is electricity less generation where nothing is lost."""
    before = emitted(BUILDINGS.assign(pv_generation=[0.0, 700.0, 0.0]))
    flows = {"pv_generation": [0.0, 700.0, 0.0], "grid_import": [1000.0, 1500.0, 3000.0]}
    after = emitted(BUILDINGS.assign(**flows, grid_export=[0.0, 200.0, 0.0]))
    net = [each.electricity_emissions - each.pv_avoided for each in (before, after)]
    assert net[1].to_numpy() == pytest.approx(net[0].to_numpy())


@pytest.mark.parametrize(
    ("region", "year", "factor"),
    [
        ("CN-SH", 2021, 0.5834),
        ("CN-SH", 2022, 0.5849),
        ("CN-SH", 2030, 0.5737),
        ("CN-ZJ", 2022, 0.5153),
        ("CN", 2023, 0.5306),
    ],
)
def test_factors_by_province_and_year(region: str, year: int, factor: float) -> None:
    assert resolve("grid_emission_factor", region=region, year=year)[""] == factor


def test_what_no_public_source_names_is_unverified() -> None:
    row = resolve("grid_emission_factor", region="CN-XJ", year=2021).rows[""]
    assert row.status == "unverified"
    assert not row.source


def test_figure(figure: Callable[[str], Path]) -> None:
    regions = {
        "Shanghai": "CN-SH",
        "Zhejiang": "CN-ZJ",
        "Shaanxi": "CN-SN",
        "Fujian": "CN-FJ",
        "Hebei": "CN-HE",
        "China": "CN",
    }
    fig, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    for at, year in enumerate((2021, 2022, 2023)):
        totals = [emitted(region=region, year=year).building_emissions.sum() / 6600 for region in regions.values()]
        axis.bar(np.arange(len(regions)) + 0.27 * (at - 1), totals, width=0.25, label=str(year), color=f"C{at}")
    axis.set_xticks(range(len(regions)), list(regions))
    axis.set_ylabel("kg CO₂ per kWh used")
    axis.set_title("Three buildings, 91 % electricity and 9 % heat, by province and year", fontsize=10)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.building_emissions"), dpi=130)
    plt.close(fig)

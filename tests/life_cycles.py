"""Slabs in a made-up year, judged over the life cycle: what the tests of the model, its report and goldens share."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from citybraid.core.factor import resolve
from citybraid.lowcarbon.embodied.life_cycle import LifeCycle, LifeCycleParams, life_cycle
from tests.energy_year import energy, energy_year, factors, row_of_buildings

CARRIERS = {
    "grid_emission_factor": {"": 0.5},
    "heat_emission_factor": {"": 0.396},
    "gas_emission_factor": {"CO2": 0.2, "CH4": 0.0, "N2O": 0.0},
}
USES = ("residential", "office", "hotel", "school")
EMBODIED = {"rebuild_embodied": 300.0, "retrofit_embodied": 25.0, "demolition_carbon": 20.0}
"""Embodied carbon per floor area [kg m-2]."""


def standing(uses: tuple[str, ...] = USES, *, year: float = 1985.0, **changed: Any) -> gpd.GeoDataFrame:
    """Return slabs with their simulated energy, its emissions and what they embody; some columns changed."""
    slabs = row_of_buildings(uses, year=year)
    slabs = slabs.assign(**{name: value for name, value in changed.items() if name in slabs})
    used = energy(slabs)
    power, heat, gas = used.electricity, used.district_heat, used.gas
    area = slabs["floor_area"]
    return slabs.assign(
        electricity=power, district_heat=heat, gas=gas, electricity_emissions=0.5 * power,
        heat_emissions=0.396 * heat, gas_emissions=0.2 * gas,
        **{name: amount * area for name, amount in EMBODIED.items()},
    ).assign(**changed)  # fmt: skip


def given(*, path: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Return the weather and factors of the model, with a grid path of one's own where given."""
    known = {**energy_year(), **factors(), **CARRIERS}
    return {**known, "grid_path": path or resolve("grid_path"), "tick": lambda _: None}


def judged(
    buildings: gpd.GeoDataFrame, *, path: Mapping[str, float] | None = None, start: int = 2025, horizon: int = 2034,
    scenario: str = "present",
) -> LifeCycle:  # fmt: skip
    """Judge buildings by the model, ten years of an unchanged grid where not told otherwise."""
    params = LifeCycleParams(climate_zone="3A", start=start, scenario=scenario, horizon=horizon)
    result: LifeCycle = life_cycle.of(
        {"buildings": buildings, "p": params, **given(path=path or {"present/2020": 1.0})}
    )
    return result

"""Two buildings on Shanghai's grid of 2023, one with photovoltaics, of which it uses two thirds."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.energy_year import row_of_buildings


def golden_case() -> Mapping[str, Any]:
    table = {
        "electricity": [1000.0, 2000.0],
        "district_heat": [500.0, 0.0],
        "gas": [800.0, 50.0],
        "pv_generation": [0.0, 300.0],
        "grid_import": [1000.0, 1800.0],
        "grid_export": [0.0, 100.0],
    }
    return {
        "buildings": row_of_buildings(("residential", "office")).assign(**table),
        "grid_emission_factor": resolve("grid_emission_factor", region="CN-SH", year=2023),
        "heat_emission_factor": resolve("heat_emission_factor", region="CN-SH", year=2023),
        "gas_emission_factor": resolve("gas_emission_factor"),
    }

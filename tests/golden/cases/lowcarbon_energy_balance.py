"""Four buildings, two of them with photovoltaics, one outside the study area."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.supply.energy_balance import EnergyBalanceParams
from tests.lowcarbon.test_supply import AREA, ROW


def golden_case() -> Mapping[str, Any]:
    flows = {"grid_import": [900.0, 50.0, 400.0, 10.0], "grid_export": [0.0, 200.0, 0.0, 80.0]}
    return {
        "buildings": ROW.assign(
            **flows,
            pv_generation=[0.0, 500.0, 0.0, 90.0],
            district_heat=[100.0, 0.0, 0.0, 20.0],
            gas=[0.0, 30.0, 0.0, 0.0],
        ),
        "study_area": AREA,
        "primary_energy_weight": resolve("primary_energy_weight"),
        "p": EnergyBalanceParams(k_exp=0.5),
    }

"""A week of load and sun, repeated over a year, with a shared battery, heat pumps and a plant."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.factor import resolve
from citybraid.lowcarbon.supply.park_balance import ParkBalanceParams
from tests.energy_year import row_of_buildings
from tests.lowcarbon.test_park_balance import works
from tests.lowcarbon.test_supply import AREA


def golden_case() -> Mapping[str, Any]:
    hour = np.arange(8760)
    load = 300.0 + 100.0 * np.cos(2 * np.pi * (hour % 24 - 13) / 24)
    sun = 900.0 * np.clip(np.cos(2 * np.pi * (hour % 24 - 12) / 24), 0.0, None)
    used = np.minimum(load, sun)
    flows = {"load": load, "generation": sun, "self_used": used, "import": load - used, "export": sun - used}
    return {
        "buildings": row_of_buildings(("office",)).assign(heating_electricity=20e3),
        "study_area": AREA,
        **{f"area_{name}": pd.Series(values, index=hour.astype(float)) for name, values in flows.items()},
        "battery": resolve("battery"),
        "grid_emission_factor": resolve("grid_emission_factor", region="CN-SH", year=2023),
        "heat_pump_load": pd.Series(np.where(hour < 2000, 50.0, 0.0), index=hour.astype(float)),
        "plants": works((30.0, 1e6, "one")).assign(plant_self_used=4e5),
        "p": ParkBalanceParams(shared_storage=2000.0),
    }

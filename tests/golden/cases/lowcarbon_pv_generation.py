"""Modules on half a roof and on none, in a made-up clear year."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.factor import resolve
from citybraid.lowcarbon.pv_generation import PvGenerationParams
from tests.energy_year import energy_year, row_of_buildings


def golden_case() -> Mapping[str, Any]:
    year = energy_year()
    year.pop("relative_humidity")
    return {
        "buildings": row_of_buildings(("office", "retail")).assign(pv_roof=[0.5, 0.0]),
        "wind_speed": pd.Series(np.full(8760, 3.0)),
        "power_density": resolve("pv_power_density"),
        "loss": resolve("pv_loss"),
        "physics": resolve("building_physics"),
        "p": PvGenerationParams(),
        **year,
    }

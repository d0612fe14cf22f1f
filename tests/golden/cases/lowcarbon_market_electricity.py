"""Two buildings that buy a tenth of their electricity as green power, in Zhejiang."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.energy_year import row_of_buildings


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": row_of_buildings(("residential", "office")).assign(electricity=[3000.0, 1500.0]),
        "green_power": 450.0,
        "grid_emission_factor": resolve("grid_emission_factor", region="CN-ZJ", year=2023),
        "residual_grid_factor": resolve("residual_grid_factor", region="CN-ZJ", year=2023),
    }

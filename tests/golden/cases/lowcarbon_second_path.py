"""Two buildings beside what was metered, on Shanghai's grid of 2023."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.energy_year import row_of_buildings


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": row_of_buildings(("residential", "office")).assign(electricity=[3000.0, 1500.0]),
        "metered_electricity": 5000.0,
        "grid_emission_factor": resolve("grid_emission_factor", region="CN-SH", year=2023),
    }

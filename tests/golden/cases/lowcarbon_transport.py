"""A home of a hundred residents and an office, with the shipped factors."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.energy_year import row_of_buildings

FACTORS = ("trip_rate", "mode_share", "trip_distance", "travel_emission_factor")


def golden_case() -> Mapping[str, Any]:
    buildings = row_of_buildings(("residential", "office")).assign(residents=[100.0, 0.0])
    return {"buildings": buildings} | {name: resolve(name) for name in FACTORS}

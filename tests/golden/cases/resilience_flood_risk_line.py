"""The line of 20 years on the made-up plain."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.areas.flood_risk_line import FloodRiskLineParams
from tests.resilience.flooded_plain import GRID, PERIODS, plain


def golden_case() -> Mapping[str, Any]:
    place = plain()
    return {
        "depths": place.depths,
        "return_periods": PERIODS,
        "limit": {"depth": 0.15},
        "grid": GRID,
        "p": FloodRiskLineParams(return_period=20.0, least_island=500.0),
        "land_cover": place.land_cover,
        "study_area": place.study_area,
    }

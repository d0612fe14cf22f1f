"""The points of the rarest event on the made-up plain."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.areas.waterlogging import WaterloggingParams
from tests.resilience.flooded_plain import GRID, PERIODS, plain


def golden_case() -> Mapping[str, Any]:
    place = plain()
    return {
        "depths": place.depths,
        "durations": place.durations,
        "return_periods": PERIODS,
        "limit": {"depth": 0.15, "duration": 0.5, "area": 1000.0},
        "grid": GRID,
        "p": WaterloggingParams(),
        "land_cover": place.land_cover,
        "study_area": place.study_area,
    }

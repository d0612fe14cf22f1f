"""The streets of the dry case; a pond rises until it closes one and falls again."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.resilience.street_town import course, small


def golden_case() -> Mapping[str, Any]:
    place = small()
    return {
        "depth_course": course(place.grid, [0.0, 0.4, 1.0, 0.7, 0.3], place.peak, step=0.5),
        "streets": place.streets,
        "street_water_limit": resolve("street_water_limit"),
        "flooded_road_speed": resolve("flooded_road_speed"),
        "street_crossing": resolve("street_crossing"),
        "grid": place.grid,
    }

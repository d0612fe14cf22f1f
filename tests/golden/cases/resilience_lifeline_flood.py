"""Three plants in water that rises and falls."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.lifelines.lifeline_flood import LifelineFloodParams
from tests.resilience.test_lifeline_flood import GRID, PEAK, plants, water


def golden_case() -> Mapping[str, Any]:
    return {
        "depth_course": water(*PEAK),
        "lifelines": plants("power", "water", "telecom", component_height=[0.4, 2.0, 0.9]),
        "lifeline_flood_depth": resolve("lifeline_flood_depth"),
        "lifeline_flood_spread": resolve("lifeline_flood_spread"), "grid": GRID, "p": LifelineFloodParams(),
        "land_cover": None, "building_fraction": None,
    }  # fmt: skip

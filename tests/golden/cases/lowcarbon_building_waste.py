"""Four buildings: one stays, one is built, one is torn down, one is both in the period."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.building_waste import BuildingWasteParams
from tests.lowcarbon.test_building_waste import stock


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": stock([1990, 2025, 1985, 2026], [0, 0, 2035, 2030]),
        "building_waste": resolve("building_waste", region="CN"),
        "p": BuildingWasteParams(start=2025, end=2035, recycled_share=0.5, avoided_per_tonne=10.0),
    }

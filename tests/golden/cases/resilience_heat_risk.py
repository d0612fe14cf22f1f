"""Three homes by trees, street and square on a hot day, with old people and children."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.people.heat_risk import HeatRiskParams
from tests.heat_people import day, felt, homes


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": homes([120.0, 300.0, 80.0], elderly=[20.0, 60.0, 5.0], children=[15.0, 30.0, 12.0]),
        "hourly_utci": felt([day(36.0), day(42.0), day(47.5)]),
        "heat_stress_limit": resolve("heat_stress_limit"),
        "p": HeatRiskParams(),
    }

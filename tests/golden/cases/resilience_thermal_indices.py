"""A humid noon in the sun."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.heat.thermal_indices import ThermalIndicesParams


def golden_case() -> Mapping[str, Any]:
    return {
        "air_at_person": 33.0,
        "humidity_at_person": 0.55,
        "radiant_at_person": 61.0,
        "wind_above": 2.0,
        "wet_bulb_at_person": 27.5,
        "globe_at_person": 45.0,
        "p": ThermalIndicesParams(clothing=0.5, sun=True),
    }

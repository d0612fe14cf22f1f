"""An hour's storm of ten years by Suzhou's formula."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.rain.design_storm import DesignStormParams


def golden_case() -> Mapping[str, Any]:
    return {
        "return_period": 10.0,
        "storm_duration": 60.0,
        "storm_formula": {"A": 17.969, "C": 1.24, "b": 18.415, "n": 0.785, "r": 0.43},
        "p": DesignStormParams(step=10.0, climate_factor=1.1),
    }

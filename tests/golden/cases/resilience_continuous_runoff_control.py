"""Two parcels, one with a tank, gardens on both, ten days of rain."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.sponge.continuous_runoff_control import ContinuousRunoffControlParams
from tests.golden.cases.resilience_annual_runoff_control import golden_case as volume_case
from tests.resilience.sponge_town import layer


def golden_case() -> Mapping[str, Any]:
    case = {word: value for word, value in volume_case().items() if word not in ("threshold", "p")}
    return {
        **case,
        "annual_runoff_control": layer(0.5),
        "green_ampt": {
            f"{group}/conductivity": rate for group, rate in zip("ABCD", (10.0, 6.0, 1.5, 0.5), strict=True)
        },
        "emptying_time": {"": 24.0},
        "rain_duration": {"": 7.0},
        "p": ContinuousRunoffControlParams(soil_group="B"),
    }

"""Two parcels, one with a tank, ten days of rain, 70 % asked for."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.sponge.annual_runoff_control import AnnualRunoffControlParams
from tests.resilience.sponge_town import RAIN, layer, parcels, town


def golden_case() -> Mapping[str, Any]:
    coefficient = {"grass": 0.15, "trees": 0.15, "shrubs": 0.15, "cropland": 0.15, "bare": 0.3, "water": 1.0}
    sealed = {"wetland": 1.0, "paved": 0.85, "road": 0.85, "roof": 0.85}
    facilities = {"permeable_paving": 0.2, "green_roof": 0.35, "rain_garden": 0.15}
    return town(
        permeable_paving=layer(0.1),
        rain_garden=layer(0.02),
        daily_rain=RAIN,
        parcels=parcels(detention_storage=[5.0, 0.0]),
        coefficient={**coefficient, **sealed, **facilities},
        facility_storage={"rain_garden": 250.0},
        threshold={"": 2.0},
        p=AnnualRunoffControlParams(target=0.7),
    )

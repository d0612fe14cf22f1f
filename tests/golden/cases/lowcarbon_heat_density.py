"""Four buildings on two parcels along a street; another street is far."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.supply.heat_density import HeatDensityParams
from tests.lowcarbon.test_supply import AREA, ROW, parcels, streets


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": ROW.assign(heating_demand=[24e3, 48e3, 12e3, 9e3]),
        "parcels": parcels(),
        "streets": streets(),
        "study_area": AREA,
        "p": HeatDensityParams(),
    }

"""Two homes and three made-up heat waves."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.people.heat_wave_mortality import HeatWaveParams
from tests.heat_people import homes
from tests.weather_year import weather_year


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": homes([1e4, 3e4]),
        "dry_bulb": weather_year().dry_bulb,
        "heat_death_risk": resolve("heat_death_risk", region="CN"),
        "death_rate": resolve("death_rate", region="CN"),
        "p": HeatWaveParams(return_periods=(2.0, 10.0, 50.0), days=(4.0, 7.0, 12.0), temperatures=(30.0, 31.5, 33.0)),
    }

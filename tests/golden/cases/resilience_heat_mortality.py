"""Two homes in a made-up year."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.heat_people import homes
from tests.weather_year import weather_year


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": homes([1e4, 3e4]),
        "dry_bulb": weather_year().dry_bulb,
        "heat_death_risk": resolve("heat_death_risk", region="CN"),
        "death_rate": resolve("death_rate", region="CN"),
    }

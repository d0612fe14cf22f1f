"""A made-up year in Jiaxing's latitude."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.heat.heat_island import HeatIslandParams
from tests.weather_year import weather_year


def golden_case() -> Mapping[str, Any]:
    year = weather_year()
    return {
        "dry_bulb": year.dry_bulb,
        "global_horizontal": year.global_horizontal,
        "wind_speed": year.wind_speed,
        "latitude": 30.7,
        "dense_quarter": resolve("dense_quarter", region="CN-ZJ"),
        "p": HeatIslandParams(),
    }

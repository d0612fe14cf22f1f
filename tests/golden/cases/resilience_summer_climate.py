"""A made-up year in Jiaxing's latitude."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.heat.summer_climate import SummerClimateParams
from tests.weather_year import weather_year


def golden_case() -> Mapping[str, Any]:
    return {**weather_year()._asdict(), "latitude": 30.7, "elevation": 5.0, "p": SummerClimateParams()}

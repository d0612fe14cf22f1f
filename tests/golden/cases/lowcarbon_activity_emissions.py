"""A city's year with fuels by mass and volume, electricity with green power, heat, and a plant."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.activity.activity_emissions import ActivityEmissionsParams
from tests.activity_data import amounts, factors


def golden_case() -> Mapping[str, Any]:
    lines = amounts(
        {"2022/road/gasoline/a": 100.0, "2022/energy_industry/raw_coal/b": 500.0, "2021/road/gasoline/a": 90.0},
        {"2022/residential/natural_gas/c": 2e5, "2022/road/diesel/d": 30.0},
        {"2022/commercial/electricity/e": 36.0, "2022/commercial/green_power/e": 3.6, "2022/industry/heat/f": 5.0},
    )
    return {**lines, **factors(), "p": ActivityEmissionsParams()}

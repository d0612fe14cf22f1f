"""Three years of a made-up record on a soil of 120 mm, half full."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.drought.water_balance import WaterBalanceParams
from tests.resilience.months_record import START, months


def golden_case() -> Mapping[str, Any]:
    record = months(years=3)
    return {
        "monthly_rain": record.rain,
        "monthly_evapotranspiration": record.temperature.clip(lower=0.0) * 4.0,
        "record_start": START,
        "capacity": {"": 120.0},
        "p": WaterBalanceParams(first_share=0.5),
    }

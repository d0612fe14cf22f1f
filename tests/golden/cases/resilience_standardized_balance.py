"""Six-month SPEI of a made-up record against its temperature as a stand-in for demand."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.drought.standardized_balance import BalanceParams
from tests.resilience.months_record import START, months


def golden_case() -> Mapping[str, Any]:
    record = months()
    return {
        "monthly_rain": record.rain,
        "monthly_evapotranspiration": record.temperature.clip(lower=0.0) * 4.0,
        "record_start": START,
        "p": BalanceParams(months=6, evapotranspiration_factor=1.1),
    }

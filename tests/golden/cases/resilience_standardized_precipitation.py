"""Six-month SPI of a made-up record, ten per cent less rain."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.drought.months import IndexParams
from tests.resilience.months_record import START, months


def golden_case() -> Mapping[str, Any]:
    p = IndexParams(months=6, calibration_last=2015, rain_factor=0.9)
    return {"monthly_rain": months().rain, "record_start": START, "p": p}

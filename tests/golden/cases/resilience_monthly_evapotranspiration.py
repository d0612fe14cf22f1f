"""Three years of a made-up record at 30° N."""

from collections.abc import Mapping
from typing import Any

from tests.resilience.months_record import LATITUDE, START, months


def golden_case() -> Mapping[str, Any]:
    return {"monthly_temperature": months(years=3).temperature, "record_start": START, "latitude": LATITUDE}

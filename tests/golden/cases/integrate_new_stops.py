"""One stop more for homes that are far from the station."""

from collections.abc import Mapping
from typing import Any

from tests.integrate.test_cycling_and_stops import given_stops


def golden_case() -> Mapping[str, Any]:
    return given_stops()

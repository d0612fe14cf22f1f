"""Homes that leave soon, late and not at all, with a warning of the study."""

from collections.abc import Mapping
from typing import Any

from tests.resilience.test_warning_reach import FACTS, houses


def golden_case() -> Mapping[str, Any]:
    return FACTS | {
        "buildings": houses([120.0, 80.0, 45.0, 10.0], [0.1, 0.9, 1.4, float("nan")]),
        "warning_time": 2.5,
    }

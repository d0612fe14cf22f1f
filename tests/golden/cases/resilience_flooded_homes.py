"""Homes of three storeys below, in and above water."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.people.flooded_homes import FloodedHomesParams
from tests.resilience.test_flooded_homes import FACTORS, homes


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": homes([0.1, 0.6, 1.9, 4.0, float("nan")]), **{name: resolve(name) for name in FACTORS},
        "p": FloodedHomesParams(),
    }  # fmt: skip

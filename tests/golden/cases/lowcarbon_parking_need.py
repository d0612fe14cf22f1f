"""Homes, an office, a shop and a hotel of 1000 m2 each."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from tests.lowcarbon.test_parking_need import stock


def golden_case() -> Mapping[str, Any]:
    return {"buildings": stock([1000.0] * 4), "norm": resolve("parking_norm", region="CN")}

"""The made-up town of six components, three of them at risk."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.lifelines.lifelines import LifelinesParams
from tests.resilience.lifeline_town import components, homes


def golden_case() -> Mapping[str, Any]:
    return {
        "lifelines": components({"E0": 0.3, "E1": 0.8, "W1": 0.5}), "buildings": homes(elderly=[30.0, 20.0]),
        "bed_occupancy": resolve("bed_occupancy"), "p": LifelinesParams(runs=50), "lifeline_links": None,
    }  # fmt: skip

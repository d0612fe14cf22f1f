"""The made-up town of six components, three of them at risk, with crews."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.lifelines.recovery import RecoveryParams
from tests.resilience.lifeline_town import components, homes, shipped_factors


def golden_case() -> Mapping[str, Any]:
    return {
        "lifelines": components({"E0": 0.3, "E1": 0.8, "W1": 0.5}), "buildings": homes(elderly=[30.0, 20.0]),
        **shipped_factors(), "p": RecoveryParams(runs=50, horizon=480.0), "lifeline_links": None,
    }  # fmt: skip

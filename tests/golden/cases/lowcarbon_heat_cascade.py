"""The four streams of Linnhoff et al. (1982)."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.supply.heat_cascade import HeatCascadeParams
from tests.lowcarbon.test_supply import streams


def golden_case() -> Mapping[str, Any]:
    rows = ((20.0, 135.0, 230.0), (170.0, 60.0, 330.0), (80.0, 140.0, 240.0), (150.0, 30.0, 180.0))
    return {"heat_streams": streams(*rows), "p": HeatCascadeParams()}

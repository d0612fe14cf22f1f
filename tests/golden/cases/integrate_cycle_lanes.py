"""Lanes along half of the busy street of a made-up town."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.integrate.measures.travel.cycle_lanes import CycleLanesParams
from tests.integrate.test_cycling_and_stops import TOWN_UNITS, busy


def golden_case() -> Mapping[str, Any]:
    return {
        "streets": busy(2)[["geometry", "road_class", "cycle_lane"]],
        "units": TOWN_UNITS[["geometry", "cycle_lane_length"]],
        "roads": resolve("cycle_lane_road"), "p": CycleLanesParams(share=0.5),
    }  # fmt: skip

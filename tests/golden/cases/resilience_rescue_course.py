"""The streets of the dry case; a pond rises until it closes one and falls again."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.streets.street_network import NetworkParams
from tests.resilience.street_town import FACTS, course, small


def golden_case() -> Mapping[str, Any]:
    place = small()
    return {
        "depth_course": course(place.grid, [0.0, 0.4, 1.0, 0.7, 0.3], place.peak, step=0.5),
        "streets": place.streets,
        "facilities": place.facilities,
        "grid": place.grid,
        "p": NetworkParams(),
        **FACTS,
    }

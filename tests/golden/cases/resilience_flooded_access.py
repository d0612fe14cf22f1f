"""The streets of the dry case with a pond that closes one and slows others, and less water at the end."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.streets.street_network import NetworkParams
from tests.resilience.street_town import FACTS, small


def golden_case() -> Mapping[str, Any]:
    place = small()
    return {
        "max_depth": place.peak,
        "final_depth": place.final,
        "streets": place.streets,
        "facilities": place.facilities,
        "grid": place.grid,
        "p": NetworkParams(),
        **FACTS,
    }

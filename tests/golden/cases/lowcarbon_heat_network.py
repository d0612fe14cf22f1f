"""A street with much heat along it, and one with none."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.supply.heat_network import HeatNetworkParams
from tests.lowcarbon.test_supply import streets


def golden_case() -> Mapping[str, Any]:
    return {"streets": streets(street_heat=[4e5, 0.0]), "p": HeatNetworkParams(pipe_price=5000.0, allowed_cost=0.2)}

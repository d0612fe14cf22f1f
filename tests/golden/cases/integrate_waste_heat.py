from collections.abc import Mapping
from typing import Any

from citybraid.integrate.bridges.waste_heat import waste_heat
from tests.integrate.plan import BUILDINGS, arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(
        waste_heat, buildings=BUILDINGS[["geometry"]].assign(heat_rejected=[9000.0, 100.0, 0.0, 5e5, 40.0])
    )

from collections.abc import Mapping
from typing import Any

from citybraid.integrate.bridges.green_roof_cover import green_roof_cover
from tests.integrate.plan import BUILDINGS, arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(green_roof_cover, buildings=BUILDINGS[["geometry"]].assign(green_roof=[0.5, 0.0, 1.0, 0.25, 0.0]))

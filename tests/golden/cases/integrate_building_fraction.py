from collections.abc import Mapping
from typing import Any

from citybraid.integrate.bridges.building_fraction import building_fraction
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(building_fraction)

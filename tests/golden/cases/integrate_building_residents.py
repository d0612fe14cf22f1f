from collections.abc import Mapping
from typing import Any

from citybraid.integrate.bridges.building_residents import building_residents
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(building_residents)

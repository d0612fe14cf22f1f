from collections.abc import Mapping
from typing import Any

from citybraid.integrate.bridges.floor_area import floor_area
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(floor_area)

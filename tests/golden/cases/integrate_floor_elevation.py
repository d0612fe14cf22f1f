from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.floor_elevation import floor_elevation
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(floor_elevation)

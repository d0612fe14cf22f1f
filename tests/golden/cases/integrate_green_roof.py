from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.green_roof import green_roof
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(green_roof)

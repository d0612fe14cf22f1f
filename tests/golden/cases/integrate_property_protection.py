from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.property_protection import property_protection
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(property_protection)

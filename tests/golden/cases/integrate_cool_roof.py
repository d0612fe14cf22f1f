from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.cool_roof import cool_roof
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(cool_roof)

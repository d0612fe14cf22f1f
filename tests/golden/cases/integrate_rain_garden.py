from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.rain_garden import rain_garden
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(rain_garden)

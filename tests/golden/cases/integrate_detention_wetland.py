from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.detention_wetland import detention_wetland
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(detention_wetland)

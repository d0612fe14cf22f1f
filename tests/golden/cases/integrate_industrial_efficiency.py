from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.industrial_efficiency import industrial_efficiency
from tests.integrate.plan import arguments
from tests.integrate.test_equipment import view


def golden_case() -> Mapping[str, Any]:
    return arguments(industrial_efficiency, buildings=view(industrial_efficiency))

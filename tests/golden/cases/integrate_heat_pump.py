from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.heat_pump import heat_pump
from tests.integrate.plan import arguments
from tests.integrate.test_equipment import view


def golden_case() -> Mapping[str, Any]:
    return arguments(heat_pump, buildings=view(heat_pump))

from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.district_heat import district_heat
from tests.integrate.plan import arguments
from tests.integrate.test_equipment import view


def golden_case() -> Mapping[str, Any]:
    return arguments(district_heat, buildings=view(district_heat))

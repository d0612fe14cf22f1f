from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.efficient_appliances import efficient_appliances
from tests.integrate.plan import arguments
from tests.integrate.test_equipment import view


def golden_case() -> Mapping[str, Any]:
    return arguments(efficient_appliances, buildings=view(efficient_appliances))

from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.car_charging import car_charging
from tests.integrate.plan import arguments
from tests.integrate.test_equipment import view


def golden_case() -> Mapping[str, Any]:
    return arguments(car_charging, buildings=view(car_charging))

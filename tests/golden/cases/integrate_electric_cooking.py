from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.electric_cooking import electric_cooking
from tests.integrate.plan import arguments
from tests.integrate.test_equipment import view


def golden_case() -> Mapping[str, Any]:
    return arguments(electric_cooking, buildings=view(electric_cooking))

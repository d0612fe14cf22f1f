from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.equipment.battery_storage import battery_storage
from tests.integrate.plan import arguments
from tests.integrate.test_network_and_storage import ROOFS, view


def golden_case() -> Mapping[str, Any]:
    return arguments(battery_storage, buildings=view(battery_storage, ROOFS))

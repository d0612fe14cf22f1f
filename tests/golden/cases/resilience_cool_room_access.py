"""Four homes on a lattice and two cool rooms."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.rescue.cool_room_access import CoolRoomParams
from tests.resilience.test_cool_room_access import homes, lattice, rooms


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": homes((120.0, 12.0), (450.0, 333.0), (960.0, 970.0), (510.0, 40.0), elderly=[2.0, 3.0, 1.0, 4.0]),
        "streets": lattice(),
        "cool_rooms": rooms((0.0, 0.0), (600.0, 510.0)),
        "travel_speed": resolve("travel_speed"),
        "p": CoolRoomParams(),
    }

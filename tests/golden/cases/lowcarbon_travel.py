"""A made-up town of sixteen blocks with a metro station, with the shipped factors."""

from collections.abc import Mapping
from typing import Any

from tests.travel_town import buildings, station, streets, town


def golden_case() -> Mapping[str, Any]:
    given = town(buildings=buildings(blocks=4), streets=streets(blocks=4), stops=station(400.0, 400.0))
    groups = {
        name: value for group in ("roads", "demand", "fleet") for name, value in given.pop(group)._asdict().items()
    }
    return given | groups

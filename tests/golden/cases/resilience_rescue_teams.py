"""People cut off in two units, two stations with teams."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.rescue.rescue_teams import RescueTeamsParams
from tests.resilience.test_rescue_teams import stations, town


def golden_case() -> Mapping[str, Any]:
    return {
        **town((300.0, 200.0, 40.0), (700.0, 800.0, 25.0), (1700.0, 500.0, 130.0)),
        "facilities": stations((0.0, 500.0), (1900.0, 100.0)),
        "team_number": resolve("team_number"), "team_boat": resolve("team_boat"), "p": RescueTeamsParams(),
    }  # fmt: skip

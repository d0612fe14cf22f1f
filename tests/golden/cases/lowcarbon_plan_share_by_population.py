"""Fifty people of five thousand."""

from collections.abc import Mapping
from typing import Any

from tests.downscaling_town import AREA, houses


def golden_case() -> Mapping[str, Any]:
    return {"buildings": houses(), "study_area": AREA, "city_population": 5000.0}

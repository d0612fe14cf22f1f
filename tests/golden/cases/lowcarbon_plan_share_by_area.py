"""A hectare of a city of a square kilometre."""

from collections.abc import Mapping
from typing import Any

from tests.downscaling_town import AREA


def golden_case() -> Mapping[str, Any]:
    return {"study_area": AREA, "city_built_area": 1e6}

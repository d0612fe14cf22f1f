"""Four buildings by shipped materials."""

from collections.abc import Mapping
from typing import Any

from tests.blocks import blocks, materials


def golden_case() -> Mapping[str, Any]:
    columns = ["building_use", "floors", "height", "year_built", "floor_area", "geometry"]
    return {"buildings": blocks()[columns], **materials()._asdict()}

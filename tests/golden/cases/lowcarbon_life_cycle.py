"""Four buildings, one protected and one of the plan, from 2025 to 2060."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.embodied.life_cycle import LifeCycleParams
from tests.blocks import blocks


def golden_case() -> Mapping[str, Any]:
    factors = {name: resolve(name) for name in ("grid_path", "retrofit_saving", "new_building_saving")}
    settings = LifeCycleParams(start=2025, scenario="iea_announced")
    return {"buildings": blocks(heritage=[0.0, 1.0, 0.0, 0.0]), **factors, "p": settings}

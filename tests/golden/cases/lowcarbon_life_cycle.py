"""Three slabs of 1985, one protected, and one of the plan, from 2025 to 2060."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.embodied.life_cycle import LifeCycleParams
from tests.life_cycles import given, standing


def golden_case() -> Mapping[str, Any]:
    slabs = standing(heritage=[0.0, 1.0, 0.0, 0.0], year_built=[1985.0, 1985.0, 1985.0, 2030.0])
    settings = LifeCycleParams(climate_zone="3A", start=2025, scenario="iea_announced")
    return {"buildings": slabs, "p": settings, **given()}

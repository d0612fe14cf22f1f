"""Three buildings in the study area and one outside it, in Shenzhen."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.reclaimed_water import ReclaimedWaterParams
from tests.lowcarbon.test_supply import AREA, ROW


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": ROW.assign(wastewater_flow=[900.0, 300.0, 0.0, 1200.0]),
        "study_area": AREA,
        "water_energy": resolve("water_energy", region="CN-GD-SZ"),
        "grid_emission_factor": {"": 0.5},
        "p": ReclaimedWaterParams(reclaimed_share=0.4),
    }

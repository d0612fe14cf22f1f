"""Four buildings, one of the plan, with every lever, in Zhejiang from 2025 to 2060."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.pathway.settings import PathwayParams
from tests.blocks import AREA, blocks, inventory, pathway_factors


def golden_case() -> Mapping[str, Any]:
    buildings = blocks()
    return {
        "buildings": buildings,
        "inventory_equivalent": inventory(buildings, land_in_1_in_CO2_in_removal=-2e4),
        "operated": buildings,
        "renewed": buildings,
        "study_area": AREA,
        **pathway_factors()._asdict(),
        "p": PathwayParams(
            start=2025, scenario="iea_announced", retrofit_rate=0.02, heat_pump_share=0.8, heat_pump_cop=3.0,
            electric_vehicle_share=0.9, pv_roof_share=0.4, pv_yield=180.0,
        ),
    }  # fmt: skip

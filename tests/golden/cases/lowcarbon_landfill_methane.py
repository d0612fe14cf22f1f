"""A hundred tonnes of waste, three months of delay, the shipped factors."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.landfill_methane import LandfillMethaneParams


def golden_case() -> Mapping[str, Any]:
    return {
        "landfilled_waste": 1e5,
        "landfill": resolve("landfill"),
        "landfill_waste": resolve("landfill_waste"),
        "p": LandfillMethaneParams(climate="tropical_dry", years=12, delay=3.0),
    }

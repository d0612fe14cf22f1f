"""A home of a hundred residents and an office, with the shipped factors of Zhejiang."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.waste.wastewater import WastewaterParams
from tests.energy_year import row_of_buildings

FACTORS = ("wastewater_load", "wastewater_treatment", "wastewater_process")


def golden_case() -> Mapping[str, Any]:
    buildings = row_of_buildings(("residential", "office")).assign(residents=[100.0, 0.0])
    return {"buildings": buildings, "p": WastewaterParams()} | {name: resolve(name, region="CN-ZJ") for name in FACTORS}

"""A dye works by its bills and a kiln by its output, with the shipped factors of Shanghai."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.industry.industry import Burning, IndustryParams
from tests.lowcarbon.test_industry import FACTORS, works


def golden_case() -> Mapping[str, Any]:
    plants = works(
        plant_sector=["17", "30"], plant_product=["", "clinker"], plant_output=[float("nan"), 1000.0],
        plant_electricity=[2e6, float("nan")], plant_gas=[1e6, float("nan")], plant_steam=[1e3, float("nan")],
    )  # fmt: skip
    rows = {name: resolve(name, region="CN-SH", year=2023) for name in FACTORS}
    burning = {name: resolve(name) for name in Burning._fields}
    return {"plants": plants, "p": IndustryParams()} | burning | rows

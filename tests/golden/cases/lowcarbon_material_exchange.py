"""Ash of one site for two others, gypsum with its sourced factor, and a material with the study's."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.industry.material_exchange import MaterialExchangeParams
from tests.lowcarbon.test_material_exchange import NONE, sites


def golden_case() -> Mapping[str, Any]:
    rows = (
        (0, "粉煤灰", 9000, NONE), (2600, "粉煤灰", NONE, 5000), (6000, "粉煤灰", NONE, 6000),
        (1200, "脱硫石膏", 3000, NONE), (4500, "石膏", NONE, 2500), (100, "豆渣", 10, NONE), (900, "豆渣", NONE, 8),
    )  # fmt: skip
    return {
        "byproducts": sites(*rows, factor=[NONE, 20.0, 20.0, NONE, NONE, NONE, 300.0]),
        "byproduct_saving": resolve("byproduct_saving"),
        "p": MaterialExchangeParams(),
    }

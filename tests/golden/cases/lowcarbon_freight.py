"""Two sites, one with heavy trucks, one with rail."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.freight.freight import FreightParams
from tests.lowcarbon.test_freight import sites


def golden_case() -> Mapping[str, Any]:
    return {
        "freight": sites([20000.0, 1000.0], [150e3, 800e3], ["heavy_truck", "rail"]),
        "freight_emission": resolve("freight_emission", region="CN-SH"), "p": FreightParams(inside=0.25),
    }  # fmt: skip

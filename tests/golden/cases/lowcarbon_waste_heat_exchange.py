"""Five plants in a line, three of which give heat."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.industry.waste_heat_exchange import WasteHeatExchangeParams
from tests.lowcarbon.test_waste_heat_exchange import NONE, plants


def golden_case() -> Mapping[str, Any]:
    rows = ((0, 0, NONE, 40, 320), (400, 4000, 80, 0, NONE), (900, 6000, 160, 8, 70), (1500, 2500, 55, 0, NONE),
            (2100, 0, NONE, 10, 95))  # fmt: skip
    return {"plants": plants(*rows), "p": WasteHeatExchangeParams()}

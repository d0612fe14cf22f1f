from collections.abc import Mapping
from typing import Any

from tests.lowcarbon.test_energy_cost import PRICES, taken


def golden_case() -> Mapping[str, Any]:
    return {"buildings": taken(), "energy_price": PRICES}

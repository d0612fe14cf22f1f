from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import shipped
from citybraid.integrate.measures.pump import pump
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    formula = shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025)
    return arguments(pump, storm_formula=formula, pumps=None)

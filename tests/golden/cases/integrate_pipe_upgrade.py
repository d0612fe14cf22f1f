from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import shipped
from citybraid.integrate.measures.pipe_upgrade import pipe_upgrade
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(pipe_upgrade, storm_formula=shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025))

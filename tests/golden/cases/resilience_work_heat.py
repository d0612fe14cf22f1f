"""A made-up year under half a sky of cloud."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.resilience.heat.work_heat import WorkHeatParams
from tests.outdoor_case import hot_year


def golden_case() -> Mapping[str, Any]:
    return {
        **hot_year(cloud=0.5),
        "wbgt_limit": resolve("wbgt_limit"),
        "work_capacity": resolve("work_capacity"),
        "p": WorkHeatParams(),
    }

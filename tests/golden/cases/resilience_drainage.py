"""Four manholes under 90 mm/h for twenty minutes, with one rain garden and pipes that run full."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.drains.drainage import DrainageParams
from tests.resilience.drained_street import links, nodes, rain, street


def golden_case() -> Mapping[str, Any]:
    return {
        "drainage_model": street(diameter=0.25),
        "drain_nodes": nodes(),
        "drain_links": links(),
        "p": DrainageParams(hours_after=1.0),
        "rain_intensity": rain(90.0, 20.0),
    }

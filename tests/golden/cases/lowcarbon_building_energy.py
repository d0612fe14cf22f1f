"""Four buildings in a made-up year of the hot summer cold winter zone."""

from collections.abc import Mapping
from typing import Any

from tests.energy_year import THREE_A, energy_year, factors, row_of_buildings


def golden_case() -> Mapping[str, Any]:
    buildings = row_of_buildings(("residential", "office", "hotel", "industrial"), year=1995.0)
    buildings["envelope_standard"] = ["gb55015", "as_built", "as_built", "as_built"]
    return {"buildings": buildings, "p": THREE_A, "tick": lambda _: None, **energy_year(), **factors()}

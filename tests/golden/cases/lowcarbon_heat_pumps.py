"""Heat of three buildings from the air of a made-up year."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.supply.heat_pumps import HeatPumpsParams
from tests.energy_year import energy_year
from tests.lowcarbon.test_supply import AREA, ROW


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": ROW.assign(heating_demand=[24e3, 48e3, 12e3, 9e3]),
        "study_area": AREA,
        "dry_bulb": energy_year()["dry_bulb"],
        "carnot_fraction": resolve("carnot_fraction"),
        "p": HeatPumpsParams(source="air", flow_temperature=45.0),
    }

"""Heat of three buildings from a warm and a cold source of waste heat, by one and by two shifts."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.supply.waste_heat_network import WasteHeatNetworkParams
from tests.energy_year import energy_year
from tests.lowcarbon.test_supply import AREA, ROW
from tests.lowcarbon.test_waste_heat_network import sources


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": ROW.assign(heating_demand=[24e3, 48e3, 12e3, 9e3]),
        "plants": sources((0, 40, 95.0), (10, 60, 30.0)).assign(plant_shift=["单班", "两班"], heat_given=[1e3, 0.0]),
        "study_area": AREA,
        "dry_bulb": energy_year()["dry_bulb"],
        "carnot_fraction": resolve("carnot_fraction"),
        "working_calendar": resolve("working_calendar", region="CN"),
        "plant_shift": resolve("plant_shift"),
        "p": WasteHeatNetworkParams(flow_temperature=60.0, network_loss=0.1),
    }

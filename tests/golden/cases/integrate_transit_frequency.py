"""A bus stop and a station, half of the way to a bus every five minutes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from citybraid.core.factor import resolve
from citybraid.integrate.measures.travel.transit_frequency import TransitFrequencyParams
from tests.integrate.growing_town import UNITS
from tests.travel_town import station


def golden_case() -> Mapping[str, Any]:
    bus = station(100.0, 100.0, kind="bus", headway=10.0).rename(index={"m1": "b1"})
    return {
        "stops": pd.concat([bus, station(1500.0, 100.0)]), "units": UNITS[["geometry", "added_departures"]],
        "transit_service": resolve("transit_service"), "p": TransitFrequencyParams(share=0.5),
    }  # fmt: skip

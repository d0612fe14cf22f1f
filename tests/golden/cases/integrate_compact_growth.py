"""A town of planned blocks, half of the floor area moved to its station."""

from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.travel.compact_growth import CompactGrowthParams
from tests.integrate.growing_town import STOP, UNITS, fact, parcels


def golden_case() -> Mapping[str, Any]:
    return {
        "parcels": parcels(), "stops": STOP[["geometry", "stop_kind"]],
        "units": UNITS[["geometry", "moved_floor_area"]],
        "use_share": fact("parcel_use"), "storey_height": fact("storey_height"), "p": CompactGrowthParams(share=0.5),
    }  # fmt: skip

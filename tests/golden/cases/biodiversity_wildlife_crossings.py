"""Two woods on either side of a road without a bridge."""

from collections.abc import Mapping
from typing import Any

from citybraid.biodiversity.wildlife_crossings import CrossingParams
from tests.movement_case import box, connected, covers, patches, raster, resistances


def golden_case() -> Mapping[str, Any]:
    cover = covers(bridge=False)
    resistance = resistances(cover)
    return {
        "movement_resistance": raster(resistance),
        "habitat_patch": raster(patches()),
        "current_flow": connected(resistance, patches()).current_flow,
        "land_cover": raster(cover),
        "costs": {"overpass": 20e6, "culvert": 3e6},
        "widths": {"overpass": 50.0, "culvert": 3.0, "canopy_bridge": 1.0},
        "grid": box(),
        "tick": lambda _: None,
        "p": CrossingParams(count=2, candidates=3, spacing=60.0),
    }

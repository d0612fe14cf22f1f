"""Two woods, a road with a bridge of trees, a house; ground near the road resists more."""

from collections.abc import Mapping
from typing import Any

from citybraid.biodiversity.resistance_surface import ResistanceParams
from citybraid.core.factor import resolve
from tests.movement_case import box, covers, raster


def golden_case() -> Mapping[str, Any]:
    cover = covers()
    cover[0, 0] = 0
    return {
        "land_cover": raster(cover),
        "resistances": resolve("movement_resistance", region="CN-ZJ"),
        "road_distances": resolve("road_distance_resistance"),
        "grid": box(),
        "p": ResistanceParams(near_roads=True, road_factor=2.0),
    }

"""Two woods on either side of a road with a bridge of trees, and a hole."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.biodiversity.habitat_corridors import CorridorParams
from tests.movement_case import box, covers, patches, raster, resistances


def golden_case() -> Mapping[str, Any]:
    resistance = resistances(covers())
    resistance[8, 5] = np.nan
    return {
        "movement_resistance": raster(resistance),
        "habitat_patch": raster(patches()),
        "grid": box(),
        "p": CorridorParams(slack=0.3),
    }

"""Two woods on either side of a road with a bridge of trees, a third in the north, and a hole."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.biodiversity.directed_current import DirectedCurrentParams
from tests.movement_case import covers, patches, raster, resistances


def golden_case() -> Mapping[str, Any]:
    resistance, patch = resistances(covers()), patches()
    resistance[8, 5], patch[0, 9:11] = np.nan, 3
    return {
        "movement_resistance": raster(resistance),
        "habitat_patch": raster(patch),
        "p": DirectedCurrentParams(mode="all_to_one"),
    }

"""Two woods on either side of a road with a bridge of trees, and a hole; blocks of three cells."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.biodiversity.omnidirectional_current import OmnidirectionalParams
from tests.movement_case import box, covers, raster, resistances


def golden_case() -> Mapping[str, Any]:
    resistance = resistances(covers())
    resistance[8, 5] = np.nan
    return {
        "movement_resistance": raster(resistance),
        "habitat_suitability": raster(np.where(covers() == 10, 1.0, 0.3)),
        "grid": box(),
        "threads": 1,
        "tick": lambda _: None,
        "p": OmnidirectionalParams(radius=100.0, block=3),
    }

"""Two woods on either side of a road, a third in the north, a hole, and a stream without resistance."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.biodiversity.effective_resistance import EffectiveResistanceParams
from tests.movement_case import covers, patches, raster, resistances


def golden_case() -> Mapping[str, Any]:
    resistance, patch = resistances(covers()), patches()
    resistance[8, 5], patch[0, 9:11] = np.nan, 3
    stream = np.zeros(patch.shape, np.int32)
    stream[1, 4:8] = 1
    return {
        "movement_resistance": raster(resistance),
        "habitat_patch": raster(patch),
        "short_circuit": raster(stream),
        "p": EffectiveResistanceParams(),
    }

"""Five homes on a lattice, of which water closes a corner for a quarter of an hour."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.resilience.relief.evacuation import EvacuationParams
from tests.resilience.street_town import course, raster
from tests.resilience.test_cool_room_access import lattice
from tests.resilience.test_evacuation import FACTS, INNER, TOWN, area, town


def golden_case() -> Mapping[str, Any]:
    corner = np.where(np.add.outer(np.arange(25)[::-1], np.arange(25)) < 20, 0.5, 0.0)
    return FACTS | {
        "buildings": town(4, 5),
        "streets": lattice(),
        "study_area": area(INNER),
        "depth_course": course(TOWN, [0.0, 1.0, 0.4], raster(corner), step=0.25),
        "grid": TOWN,
        "p": EvacuationParams(step=2.0, longest=2.0),
    }

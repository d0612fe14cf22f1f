from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from citybraid.integrate.measures.levee import levee
from tests.integrate.plan import arguments, table

LEVEES = {
    "river": (shapely.LineString([(0, -3), (90, -3)]), 12.0, np.nan),
    "wall": (shapely.LineString([(60, 20), (60, 40)]), np.nan, 1.0),
}


def golden_case() -> Mapping[str, Any]:
    return arguments(levee, levees=table(LEVEES, ("crest_level", "crest_height")))

"""A canal under a street, water and wetland of the land cover, a street said not to be a bridge."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely.geometry import LineString

from tests.resilience.canal_street import ACROSS, HERE, X, canal
from tests.resilience.street_town import FACTS, raster, streets


def golden_case() -> Mapping[str, Any]:
    cover = np.where(X > 380, 80, np.where(X > 360, 90, 50))
    return {
        "terrain": canal() + raster(0.002 * X),
        "street_crossing": FACTS["street_crossing"],
        "grid": HERE,
        "land_cover": raster(cover),
        "streets": streets(ACROSS, LineString([(0, 40), (300, 60)]), bridge=["", "no"]),
    }

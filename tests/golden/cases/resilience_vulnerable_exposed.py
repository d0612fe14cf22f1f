"""Homes below, at and above the threshold; one whose old people nobody counted."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import box

from citybraid.resilience.people.people_exposed import PeopleExposedParams


def golden_case() -> Mapping[str, Any]:
    buildings = gpd.GeoDataFrame(
        {
            "building_depth": [0.1, 0.15, 3.2, 0.4],
            "floors": [1.0, 2.0, 6.0, 1.0],
            "children": [2.0, 3.0, 12.0, 1.0],
            "elderly": [1.0, 5.0, 18.0, np.nan],
            "limited_mobility": [0.0, 1.0, 4.0, 0.0],
        },
        geometry=[box(20 * i, 0, 20 * i + 10, 10) for i in range(4)],
        index=["a", "b", "c", "d"],
        crs="EPSG:32651",
    )
    return {"buildings": buildings, "p": PeopleExposedParams(vertical_evacuation=True)}

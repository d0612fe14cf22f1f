"""Homes on a lattice and at a dead end, two fire stations and a hospital."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import LineString

from citybraid.resilience.relief.redundancy import RedundancyParams
from tests.resilience.street_town import CRS, facilities, streets
from tests.resilience.test_cool_room_access import homes, lattice
from tests.resilience.test_redundancy import FACTS, HERE, INNER


def golden_case() -> Mapping[str, Any]:
    roads = streets(*lattice().geometry, LineString([(500, 500), (560, 560)]))
    return FACTS | {
        "buildings": homes((502.0, 490.0), (558.0, 562.0), (120.0, 101.0), residents=[10.0, 25.0, 40.0]),
        "streets": roads.assign(road_class=["primary" if k % 5 == 0 else "residential" for k in range(len(roads))]),
        "study_area": gpd.GeoSeries([INNER], index=["a"], crs=CRS),
        "facilities": facilities(fire_station=[(100, 110), (900, 910)], hospital=[(510, 490)]),
        "grid": HERE,
        "p": RedundancyParams(),
    }

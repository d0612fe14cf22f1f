"""A town of one street with homes along it and a park at its end, for tests and figures of greenery."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.access_to_green import AccessToGreen, AccessToGreenParams, access_to_green
from citybraid.core.factor import resolve

CRS = "EPSG:4549"
GRID = GeoBox.from_bbox((0.0, 0.0, 100.0, 100.0), crs=CRS, resolution=5.0)


def frame(shapes: dict[str, Any], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        pd.DataFrame(columns, index=[*shapes]), geometry=[*shapes.values()], index=[*shapes], crs=CRS
    )


PARK = shapely.box(0, 0, 100, 100)
"""1 ha."""
STREET = shapely.LineString([(100, 50), (1500, 50)])
HOMES = {f"h{way}": shapely.box(90 + way, 65, 110 + way, 75) for way in (100, 250, 270, 400, 800, 1200)}
"""Homes 20 m north of the street, by the way along it to the park; their middles stand 20 m from it."""


def town(
    p: AccessToGreenParams | None = None, *, park: Any = PARK, street: Any = STREET, residents: Any = 100.0,
    use: str = "1401", road_class: str = "residential",
) -> AccessToGreen:  # fmt: skip
    """Return access in the town."""
    return access_to_green(
        buildings=frame(HOMES, residents=np.broadcast_to(np.asarray(residents, float), len(HOMES))),
        parcels=frame({"park": park}, land_use=[use]),
        streets=frame({"street": street}, road_class=[road_class]),
        green_access=resolve("green_access"), p=p or AccessToGreenParams(),
    )  # fmt: skip

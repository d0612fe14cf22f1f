"""A small town of parcels for sponge models: roofs, paving, grass, a pond, a street outside every parcel."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from shapely.geometry import box

CELL = 10.0
GRID = GeoBox((4, 6), Affine(CELL, 0.0, 0.0, 0.0, -CELL, 4 * CELL), "EPSG:4549")
COVER = np.array(
    [
        [52, 52, 30, 30, 30, 51],
        [50, 50, 30, 30, 30, 51],
        [52, 50, 30, 30, 80, 51],
        [30, 30, 30, 30, 80, 80],
    ]
)
RAIN = pd.Series([0.0, 1.5, 3.0, 8.0, 0.0, 20.0, 45.0, 12.0, 2.0, 30.0], index=np.arange(10) * 24.0)


def layer(values: object) -> xr.DataArray:
    """Return values on the town's grid."""
    return xr.DataArray(np.broadcast_to(np.asarray(values), GRID.shape).copy(), dims=("y", "x"))


def parcels(**columns: list[float]) -> gpd.GeoDataFrame:
    """Return two parcels of eight cells: 'built' with six of them sealed, 'park' all grass."""
    shapes = [box(0, 0, 20, 40), box(20, 0, 40, 40)]
    return gpd.GeoDataFrame(columns, geometry=shapes, index=["built", "park"], crs=GRID.crs)


def town(**words: Any) -> dict[str, Any]:
    """Return the layers of the town, with others put in their place."""
    return {
        "land_cover": layer(COVER),
        "permeable_paving": layer(0.0),
        "rain_garden": layer(0.0),
        "grid": GRID,
        **words,
    }

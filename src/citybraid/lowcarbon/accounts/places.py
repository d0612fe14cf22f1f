"""Parcels of buildings and cells: where each emission is counted."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.burning import geometry_mask, rasterize
from citybraid.core.remembered import remembered
from citybraid.lowcarbon.accounts.entries import OUTSIDE_AREA

OUTSIDE_PARCELS = -1
"""Place of what lies in the study area on no parcel."""


def place_of_buildings(buildings: gpd.GeoSeries, parcels: gpd.GeoSeries, area: shapely.Geometry) -> NDArray[np.int64]:
    """Return the parcel that holds each building's representative point, the first where several do."""
    points = shapely.point_on_surface(buildings.to_numpy())
    tree = shapely.STRtree(parcels.to_numpy())
    point, parcel = tree.query(points, predicate="intersects")
    order = np.lexsort((parcel, point))
    number, first = np.unique(point[order], return_index=True)
    at = np.full(len(points), OUTSIDE_PARCELS, dtype=np.int64)
    at[number] = parcel[order][first]
    return np.where(shapely.covers(area, points), at, OUTSIDE_AREA)


def inside(buildings: gpd.GeoDataFrame, area: gpd.GeoSeries | None) -> gpd.GeoDataFrame:
    """Return the buildings whose representative points lie in the study area; all where there is none."""
    if area is None:
        return buildings
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    return buildings[shapely.covers(shapely.union_all(area.to_numpy()), points)]


def plants_stand_for(
    buildings: gpd.GeoSeries, holder: NDArray[np.int64], plants: gpd.GeoSeries, works: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell for each building whether a plant stands for its industrial energy: on its parcel, or upon it.

    `holder` and `works` are the parcels of buildings and plants, as of `place_of_buildings`.
    """
    on_parcel = np.isin(holder, np.unique(works[works >= 0]))
    tree = shapely.STRtree(buildings.to_numpy())
    _, upon = tree.query(shapely.point_on_surface(plants.to_numpy()), predicate="intersects")
    on_parcel[upon] = True
    return np.asarray(on_parcel, dtype=np.bool_)


@remembered(8)
def place_of_cells(parcels: NDArray[np.object_], area: shapely.Geometry, grid: GeoBox) -> NDArray[np.int64]:
    """Return the parcel that holds each cell's middle, the last where several do."""
    number: NDArray[np.int32] = rasterize(
        ((shape, number) for number, shape in enumerate(parcels, 1)),
        out_shape=grid.shape, transform=grid.affine, fill=0, dtype="int32",
    )  # fmt: skip
    outside = geometry_mask([area], out_shape=grid.shape, transform=grid.affine)
    return np.where(outside, OUTSIDE_AREA, number.astype(np.int64) - 1)

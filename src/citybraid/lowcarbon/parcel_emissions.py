"""Net emissions of parcels, of the area outside parcels, and of the study area."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.remembered import remembered
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.carbon import (
    BUILDING_EMISSIONS,
    EMISSIONS_ERROR,
    GREEN_SINK,
    OUTSIDE_PARCELS,
    PARCEL_EMISSIONS,
    PV_AVOIDED,
    TOTAL_EMISSIONS,
    TRANSPORT_EMISSIONS,
)
from citybraid.core.vocabulary.place import PARCELS, STUDY_AREA


class ParcelEmissions(NamedTuple):
    parcel_emissions: PARCEL_EMISSIONS
    outside_parcels: OUTSIDE_PARCELS
    total_emissions: TOTAL_EMISSIONS
    emissions_error: EMISSIONS_ERROR


@model(
    version=1,
    cite="IPCC (2006), Guidelines, vol. 1, ch. 1 (sources less sinks within a boundary)",
    validity=(
        "A building counts where its representative point lies, a cell of the sink where its middle lies; only what "
        "lies in the study area counts. Emissions outside parcels stand apart."
    ),
)
def parcel_emissions(
    buildings: Annotated[View, Table("buildings", (BUILDING_EMISSIONS, PV_AVOIDED), optional=(TRANSPORT_EMISSIONS,))],
    parcels: PARCELS,
    study_area: STUDY_AREA,
    green_sink: GREEN_SINK,
    grid: GeoBox,
) -> ParcelEmissions:
    """Emissions of buildings and travel less photovoltaics and sinks [kg CO2 a year].

    The total is summed over the study area independently of parcels; the closure error between it and
    the sum of parcels and the rest is an output. Raises InputError where
    a building's emissions are unknown.
    """
    net = buildings["building_emissions"] - buildings["pv_avoided"]
    if "transport_emissions" in buildings:
        net = net + buildings["transport_emissions"]
    if unknown := int(net.isna().sum()):
        raise InputError("carbon.unknown", count=unknown, first=str(net.index[net.isna()][0]))
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    area = shapely.union_all(study_area.to_numpy())
    inside = shapely.covers(area, points)
    parcel_index = _holder(points, parcels)
    sources = np.where(inside, net.to_numpy(dtype=np.float64), 0.0)
    sink = _sink(green_sink.to_numpy(), area, grid)
    label = _parcel_of_cells(parcels.to_numpy(), grid)
    count = len(parcels) + 1
    by_parcel = np.bincount(parcel_index + 1, weights=sources, minlength=count) - np.bincount(
        label.ravel(), weights=sink.ravel(), minlength=count
    )
    total = float(sources.sum() - sink.sum())
    gross = float(np.abs(sources).sum() + sink.sum())
    return ParcelEmissions(
        parcel_emissions=pd.Series(by_parcel[1:], index=parcels.index),
        outside_parcels=float(by_parcel[0]),
        total_emissions=total,
        emissions_error=float(by_parcel.sum() - total) / gross if gross > 0 else 0.0,
    )


def _holder(points: NDArray[np.object_], parcels: gpd.GeoSeries) -> NDArray[np.int64]:
    """Return the parcel that contains each point, the first where several do, -1 where none does."""
    tree = shapely.STRtree(parcels.to_numpy())
    point, parcel = tree.query(points, predicate="intersects")
    order = np.lexsort((parcel, point))
    point_index, first = np.unique(point[order], return_index=True)
    at = np.full(len(points), -1, dtype=np.int64)
    at[point_index] = parcel[order][first]
    return at


@remembered(8)
def _parcel_of_cells(parcels: NDArray[np.object_], grid: GeoBox) -> NDArray[np.int32]:
    """Return the number of the parcel that holds each cell's middle, from 1; 0 outside parcels."""
    label: NDArray[np.int32] = rasterio.features.rasterize(
        ((shape, number) for number, shape in enumerate(parcels, 1)),
        out_shape=grid.shape, transform=grid.affine, fill=0, dtype="int32",
    )  # fmt: skip
    return label


def _sink(rate: NDArray[np.float64], area: shapely.Geometry, grid: GeoBox) -> NDArray[np.float64]:
    """Return the sink of each cell of the study area [kg a year], 0 elsewhere."""
    outside = rasterio.features.geometry_mask([area], out_shape=grid.shape, transform=grid.affine)
    cell = abs(grid.resolution.x * grid.resolution.y)
    return np.where(outside, 0.0, np.nan_to_num(rate) * cell)

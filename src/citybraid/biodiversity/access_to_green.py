"""Access to nature: people with a green area within walking distance, and the green area that each one shares."""

from typing import Annotated, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import Field
from scipy.sparse import csr_array

from citybraid.biodiversity.walking import ways_from_areas
from citybraid.core.model import model
from citybraid.core.streets.street_network import NetworkParams
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import BRIDGE, ROAD_STRUCTURE, STREET_LAYER, TUNNEL
from citybraid.core.vocabulary.biodiversity.ecology import (
    ALLOTTED_GREEN,
    GREEN_ACCESS,
    GREEN_DISTANCE,
    PEOPLE_NEAR_GREEN,
)
from citybraid.core.vocabulary.place import LAND_USE, RESIDENTS, ROAD_CLASS
from citybraid.kernels.transport.catchment import gaussian_weight, step_weight, two_step

PARKS = ("1401",)
"""Land-use codes of green areas that are open to everybody: parks."""


class AccessToGreenParams(NetworkParams):
    """What counts as green, and how access falls with the way."""

    uses: tuple[str, ...] = Field(PARKS, min_length=1)
    """Land-use codes, or their beginnings, of parcels that are open green areas."""
    decay: Literal["gaussian", "step"] = "gaussian"
    """How the worth of an area falls with the way: by Gauss' curve (Dai 2011), or not at all within the catchment."""


class AccessToGreen(NamedTuple):
    green_distance: GREEN_DISTANCE
    people_near_green: PEOPLE_NEAR_GREEN
    green_access: GREEN_ACCESS
    allotted_green: ALLOTTED_GREEN


@model(
    version=1,
    cite="WHO Regional Office for Europe (2016), Urban green spaces and health, sect. 5 (300 m, 0.5 to 1 ha); "
    "Konijnendijk (2023), J. For. Res. 34: 821-830 (3-30-300 rule); Luo and Wang (2003), Environ. Plan. B 30: 865-884, "
    "eq. 1 and 2; Dai (2011), Landsc. Urban Plan. 102: 234-244, eq. 2 (Gaussian weight)",
    validity="Parks by land use, entered from any street beside them: walls and gates are not seen, nor parks and "
    "people beyond the study. Every street but motorways can be walked along. Residents walk from their building's "
    "middle.",
)
def access_to_green(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    streets: Annotated[View, Table("streets", (), optional=(ROAD_CLASS, BRIDGE, TUNNEL, ROAD_STRUCTURE, STREET_LAYER))],
    green_access: Annotated[Factors, Fact("green_access")],
    p: AccessToGreenParams,
) -> AccessToGreen:
    """Return the way to the nearest green area [m], residents within 300 m of one, and green area per person [m2].

    Parcels of the uses that touch form one area; those of less than the least size do not count. Area per person is by
    two-step floating catchment: each area is shared among all whose way to it is within the catchment, weighted by
    the way. A building without a street in reach, or without an area within the catchment, has no way and no area,
    and so has every building where no parcel is a green area of the least size. Raises InputError where no street
    for people on foot has a line.
    """
    areas = green_areas(parcels, p.uses, least=green_access["least_area"])
    catchment = green_access["catchment"]
    limit = max(catchment, green_access["distance"])
    ways = ways_from_areas(areas, buildings.geometry, streets, limit=limit, p=p)
    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))
    nearest = _nearest(ways, len(buildings))
    weigh = gaussian_weight if p.decay == "gaussian" else step_weight
    weight = csr_array((weigh(ways.data, reach=catchment), ways.indices, ways.indptr), shape=ways.shape)
    shared = two_step(weight, supply=areas.area.to_numpy(np.float64), demand=residents).place
    index = buildings.index
    return AccessToGreen(
        pd.Series(nearest, index=index),
        pd.Series(np.where(nearest <= green_access["distance"], residents, 0.0), index=index),
        pd.Series(shared, index=index),
        pd.Series(shared * residents, index=index),
    )


def green_areas(parcels: gpd.GeoDataFrame, uses: tuple[str, ...], *, least: float) -> gpd.GeoSeries:
    """Return the green areas of at least a size [m2]: parcels of the uses, those that touch joined."""
    chosen = [isinstance(code, str) and code.startswith(uses) for code in parcels["land_use"]]
    shapes = np.asarray(parcels.geometry.array)[np.asarray(chosen, dtype=np.bool_)]
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    parts = shapely.get_parts(shapely.union_all(shapely.make_valid(shapes)))
    parts = parts[shapely.area(parts) >= max(least, 1e-9)]
    return gpd.GeoSeries(list(parts), crs=parcels.crs)


def _nearest(ways: csr_array, buildings: int) -> np.ndarray:
    """Return the shortest way of each building [m]; none where there is no way within the limit."""
    nearest = np.full(buildings, np.inf)
    np.minimum.at(nearest, ways.indices, ways.data)
    return np.where(np.isfinite(nearest), nearest, np.nan)

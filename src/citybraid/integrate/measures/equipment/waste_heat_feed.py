"""Pipes that take waste heat of plants to the heat network that buildings are connected to."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.equipment import HEATING_SYSTEM
from citybraid.core.vocabulary.lowcarbon.industry import PLANT_WASTE_HEAT
from citybraid.core.vocabulary.lowcarbon.park import NETWORK_SHARE
from citybraid.core.vocabulary.measures import FEED_PIPE_LENGTH
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units

Array = NDArray[np.float64]
NETWORK, AS_BUILT = "district_heat", "as_built"
"""Words of `heating_system` for buildings on the network, and for those heated as their climate zone is."""


class WasteHeatFeedParams(MeasureParams):
    reach: float = Field(3000.0, gt=0.0, le=50000.0)
    """Greatest straight distance from a plant to a building on the network [m]."""
    as_built: bool = False
    """Whether buildings heated as built are on the network, as in climate zones 1 and 2."""


class WasteHeatFeed(NamedTuple):
    network_share: NETWORK_SHARE
    feed_pipe_length: FEED_PIPE_LENGTH


@measure(
    version=1,
    cite="Frederiksen and Werner (2013), District Heating and Cooling, ch. 6 (excess heat)",
    validity="One pipe from each plant to the nearest building on the network, straight; capacity, hydraulics, the way "
    "along streets and backup boilers are not checked.",
    stage="equipment",
    quantity=FEED_PIPE_LENGTH,
    responsible="heat supply company; plants",
    build_years=2.0,
)
def waste_heat_feed(
    plants: Annotated[View, Table("plants", (PLANT_WASTE_HEAT, NETWORK_SHARE))],
    buildings: Annotated[View, Table("buildings", (HEATING_SYSTEM,))],
    units: Annotated[View, Table("units", (FEED_PIPE_LENGTH,))],
    p: WasteHeatFeedParams,
) -> WasteHeatFeed:
    """Connect a share of the waste heat of plants in chosen units to the heat network, where one is within reach.

    The network is where buildings are stated, or made by the measure of district heat, to be heated by it. What of the
    heat is used in which hour, and what it saves, is computed by `lowcarbon.network_heat`. Pipes are counted at the
    plant's unit, their length by the share newly connected [m].
    """
    points = shapely.point_on_surface(plants.geometry.to_numpy())
    unit = area_of_points(plants.geometry.representative_point(), units.geometry)
    distance = _to_network(points, buildings, as_built=p.as_built)
    heat = np.nan_to_num(plants["plant_waste_heat"].to_numpy(dtype=np.float64))
    may = selected_units(units, p.where)[unit] & (heat > 0.0) & (distance <= p.reach)
    before = np.nan_to_num(plants["network_share"].to_numpy(dtype=np.float64))
    more = np.where(may, (1.0 - before) * p.share, 0.0)
    length = np.where(may, more * np.where(np.isfinite(distance), distance, 0.0), 0.0)
    return WasteHeatFeed(
        pd.Series(before + more, index=plants.index), units["feed_pipe_length"] + per_unit(units, unit, length)
    )


def _to_network(points: NDArray[np.object_], buildings: View, *, as_built: bool) -> Array:
    """Return each plant's distance to the nearest building on the network [m], infinite without any."""
    from scipy.spatial import cKDTree

    on = buildings["heating_system"].astype(str).isin([NETWORK, *([AS_BUILT] if as_built else [])]).to_numpy()
    if not on.any() or not len(points):
        return np.full(len(points), np.inf)
    places = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()[on]))
    return np.asarray(cKDTree(places).query(shapely.get_coordinates(points))[0], dtype=np.float64)

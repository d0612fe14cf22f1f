"""Hospitals, fire stations, shelters and other facilities that an event floods."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.access import FACILITY_KIND
from citybraid.core.vocabulary.risk import FACILITY_DEPTH, FACILITY_FLOODED
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, LAND_COVER
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.damage.flood_depth import FloodDepthParams, depth_around


class FacilitiesFloodedParams(FloodDepthParams):
    """How depth around a facility is sampled, and from which depth it is flooded."""

    threshold: float = Field(0.15, ge=0.0, le=3.0)
    """Depth at the facility from which on it counts as flooded [m]."""


class FacilitiesFlooded(NamedTuple):
    """Flood depth at facilities."""

    facility_depth: FACILITY_DEPTH
    facility_flooded: FACILITY_FLOODED


@model(
    version=1,
    cite="Bermúdez and Zischg (2018), Natural Hazards 92: 1633-1648 (depth read from cells around a footprint)",
    validity="Depth of the ground outside; whether a facility goes on working at that depth is not told.",
)
def facilities_flooded(
    *,
    max_depth: MAX_DEPTH,
    facilities: Annotated[View, Table("facilities", (FACILITY_KIND,))],
    grid: GeoBox,
    p: FacilitiesFloodedParams,
    land_cover: LAND_COVER | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
) -> FacilitiesFlooded:
    """Return the flood depth at each facility, a footprint or a point, and whether it counts as flooded.

    Depth is sampled as at buildings: from the open cells that touch it, else from the next ring
    of cells. A facility with no open cell in reach, or off the grid, has no value.
    """
    mean, deepest = depth_around(max_depth, facilities, grid, p, (land_cover, building_fraction))
    depth = mean if p.statistic == "mean" else deepest
    flooded = np.where((depth >= p.threshold) & (depth > 0.0), 1.0, 0.0)
    return FacilitiesFlooded(
        pd.Series(depth, index=facilities.index, dtype=np.float64),
        pd.Series(np.where(np.isfinite(depth), flooded, np.nan), index=facilities.index),
    )

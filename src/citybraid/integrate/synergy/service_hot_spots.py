"""Hot and cold spots of ecosystem services: where much or little lies together, beyond chance."""

from typing import NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.integrate.synergy import (
    COLD,
    COLD_SPOT_AREA,
    HOT,
    HOT_SPOT_AREA,
    HOT_SPOT_REACH,
    NEITHER,
    SERVICE_CLUSTERING,
    SERVICE_HOT_SPOT,
    SERVICE_INDEX,
)
from citybraid.kernels.numerics.hot_spots import discoveries, gi_star_on_grid, two_sided

HECTARE = 1e4
CELLS = 2.0
"""Reach where none is given [cell]: 13 cells with the cell itself."""


class ServiceHotSpotsParams(Params):
    """Neighbourhood and significance."""

    reach: float | None = Field(None, gt=0.0, le=10000.0)
    """Distance between centres up to which cells are neighbours [m]; two cells where not given."""
    false_discoveries: float = Field(0.05, gt=0.0, lt=1.0)
    """Expected share of false ones among the spots [-]."""


class ServiceHotSpots(NamedTuple):
    """Scores, classes and areas."""

    service_clustering: SERVICE_CLUSTERING
    service_hot_spot: SERVICE_HOT_SPOT
    hot_spot_area: HOT_SPOT_AREA
    cold_spot_area: COLD_SPOT_AREA
    hot_spot_reach: HOT_SPOT_REACH


@model(
    version=1,
    cite="Ord and Getis (1995), Geogr. Anal. 27: 286-306, eq. 14; Benjamini and Hochberg (1995), J. R. Stat. Soc. B "
    "57: 289-300, eq. 1; Caldas de Castro and Singer (2006), Geogr. Anal. 38: 180-208",
    validity="Against values scattered at random over the cells, which hardly any map is: spots are where to look, not "
    "proof of a cause. They depend on the size of cells, on the reach and on the extent.",
)
def service_hot_spots(service_index: SERVICE_INDEX, grid: GeoBox, p: ServiceHotSpotsParams) -> ServiceHotSpots:
    """Return Gi* of the mean of services, and where it differs from chance at the rate of false discoveries.

    Gi* compares the sum over a cell and its neighbours with what values scattered at random would give. Where the
    index is the same everywhere nothing is significant.
    Raises InputError where the reach is less than a cell, or no cell has a value.
    """
    size = max(abs(float(grid.resolution.x)), abs(float(grid.resolution.y)))
    reach = CELLS * size if p.reach is None else p.reach
    if reach < size:
        raise InputError("synergy.reach", reach=reach, cell=size)
    values = service_index.to_numpy().astype(np.float64)
    if not np.isfinite(values).any():
        raise InputError("synergy.no_cells", model="integrate.synergy.service_hot_spots")
    score = gi_star_on_grid(values, reach=reach / size)
    spot = discoveries(two_sided(score), p.false_discoveries)
    classes = np.where(spot, np.where(score > 0.0, HOT, COLD), NEITHER)
    classes = np.where(np.isfinite(score), classes, 0).astype(np.int32)
    area = abs(float(grid.resolution.x * grid.resolution.y)) / HECTARE
    hot, cold = (float((classes == code).sum()) * area for code in (HOT, COLD))
    return ServiceHotSpots(
        service_index.copy(data=score), service_index.copy(data=classes), hot, cold, reach
    )  # fmt: skip

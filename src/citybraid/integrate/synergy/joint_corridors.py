"""Joint corridors: cells along which wildlife, water and wind move together."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.movement import CURRENT_FLOW
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.core.vocabulary.synergy import (
    CORRIDORS_COMPUTED,
    FLOW_ACCUMULATION,
    JOINT_CORRIDOR,
    JOINT_CORRIDOR_AREA,
    WATER,
    WILDLIFE,
)
from citybraid.kernels.terrain.flow import flow_accumulation, route

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
HECTARE = 1e4


class JointCorridorsParams(Params):
    """What counts as a corridor."""

    strongest: float = Field(0.2, gt=0.0, lt=1.0)
    """Share of the cells with the strongest flow of each kind that count as its corridor [-]."""


class JointCorridors(NamedTuple):
    """Flows of each cell."""

    flow_accumulation: FLOW_ACCUMULATION
    joint_corridor: JOINT_CORRIDOR
    joint_corridor_area: JOINT_CORRIDOR_AREA
    corridors_computed: CORRIDORS_COMPUTED


@model(
    version=1,
    cite="McRae et al. (2008), Ecology 89: 2712-2724 (current); Barnes et al. (2014), Comput. Geosci. 62: 117-127, and "
    "O'Callaghan and Mark (1984), Comput. Vis. Graph. Image Process. 28: 323-344 (flow of water)",
    validity="Overlay of the strongest cells of each flow, of equal weight: where to look for measures, whose effect "
    "is computed by running every strand again. Water flows over the ground as it lies, without pipes. Wind is not "
    "part of it.",
)
def joint_corridors(
    current_flow: CURRENT_FLOW, terrain: TERRAIN, grid: GeoBox, p: JointCorridorsParams
) -> JointCorridors:
    """Return along which cells wildlife and water move most, and the area of those along which both do [ha].

    Wildlife: current between patches of habitat; water: ground that drains through the cell over the filled terrain
    (D8). Of each the strongest share of the cells counts; cells with the same value as the last one are left out, so
    that a flow that is the same everywhere has no corridor.
    Raises InputError where the terrain has no value.
    """
    ground = terrain.to_numpy().astype(np.float64)
    inside = np.isfinite(ground)
    if not inside.any():
        raise InputError("synergy.no_cells", model="integrate.synergy.joint_corridors")
    height, width = abs(float(grid.resolution.y)), abs(float(grid.resolution.x))
    drained = _drained(ground, inside, width, height)
    current = current_flow.to_numpy().astype(np.float64)
    codes = WILDLIFE * strongest(current, p.strongest) + WATER * strongest(drained, p.strongest)
    area = float((codes == WILDLIFE + WATER).sum()) * width * height / HECTARE
    joint = xr.DataArray(codes.astype(np.int32), dims=terrain.dims, coords=terrain.coords)
    return JointCorridors(terrain.copy(data=drained), joint, area, 2)


def strongest(values: Floats, share: float) -> NDArray[np.int64]:
    """Return 1 for the share of the cells with the largest values, 0 elsewhere; cells at the limit are left out."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(values.shape, np.int64)
    limit = float(np.quantile(values[known], 1.0 - share))
    return (np.where(known, values, -np.inf) > limit).astype(np.int64)


def _drained(ground: Floats, inside: Mask, width: float, height: float) -> Floats:
    """Return the ground that drains through each cell [m2], NaN where there is no terrain."""
    routes = route(
        np.where(inside, ground, 0.0), inside.astype(np.uint8), np.zeros(ground.shape, np.uint8),
        np.array([width, height]),
    )  # fmt: skip
    amount = np.where(inside, width * height, 0.0).ravel()
    total = flow_accumulation(routes.receiver, routes.order, amount).reshape(ground.shape)
    return np.where(inside, total, np.nan)

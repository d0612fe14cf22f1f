"""Joint corridors: cells along which wildlife, water and wind move together."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.land_cover import open_water
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.movement import CURRENT_FLOW
from citybraid.core.vocabulary.heat import FRONTAL_AREA_INDEX
from citybraid.core.vocabulary.integrate.synergy import (
    CORRIDORS_COMPUTED,
    FLOW_ACCUMULATION,
    JOINT_CORRIDOR,
    JOINT_CORRIDOR_AREA,
    WATER,
    WILDLIFE,
    WIND,
)
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.kernels.terrain.flow import flow_accumulation, route

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
HECTARE = 1e4


class JointCorridorsParams(Params):
    """What counts as a corridor."""

    strongest: float = Field(0.2, gt=0.0, lt=1.0)
    """Share of the cells between habitat, on land, or of all for wind, that flow strongest and count [-]."""


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
    validity="An overlay of the strongest cells of each flow: where to look for measures, whose effect "
    "is computed by running every strand again. Water flows over the ground as it lies, without pipes; wind is "
    "seen by walls alone, without direction or speed.",
)
def joint_corridors(
    current_flow: CURRENT_FLOW,
    habitat_patch: HABITAT_PATCH,
    terrain: TERRAIN,
    land_cover: LAND_COVER,
    grid: GeoBox,
    p: JointCorridorsParams,
    frontal_area_index: FRONTAL_AREA_INDEX | None = None,
) -> JointCorridors:
    """Return along which cells wildlife, water and wind move most, and the area of those along which all do [ha].

    Wildlife: patches of habitat, and between them the cells with the strongest current. Water: open water, and on
    land the cells through which most ground drains over the filled terrain (D8). Of each flow the strongest share of
    those cells counts; cells with the same value as the limit are left out, so that a flow that is the same
    everywhere has no corridor. Wind, where the frontal area index is given: the same share of the cells with the
    fewest walls in its way, cells equal to the limit included, as open land lies open to it everywhere.
    Raises InputError where the terrain has no value.
    """
    ground = terrain.to_numpy().astype(np.float64)
    inside = np.isfinite(ground)
    if not inside.any():
        raise InputError("synergy.no_cells", model="integrate.synergy.joint_corridors")
    height, width = abs(float(grid.resolution.y)), abs(float(grid.resolution.x))
    drained = _drained(ground, inside, width, height)
    current = current_flow.to_numpy().astype(np.float64)
    patch, water = habitat_patch.to_numpy() > 0, np.isin(land_cover.to_numpy(), open_water())
    wildlife = patch | strongest(np.where(patch, np.nan, current), p.strongest)
    wet = water | strongest(np.where(water, np.nan, drained), p.strongest)
    codes, every = WILDLIFE * wildlife.astype(np.int64) + WATER * wet.astype(np.int64), WILDLIFE + WATER
    if frontal_area_index is not None:
        open_to_wind = least(frontal_area_index.to_numpy().astype(np.float64), p.strongest)
        codes, every = codes + WIND * open_to_wind.astype(np.int64), every + WIND
    area = float((codes == every).sum()) * width * height / HECTARE
    joint = xr.DataArray(codes.astype(np.int32), dims=terrain.dims, coords=terrain.coords)
    return JointCorridors(terrain.copy(data=drained), joint, area, every.bit_count())


def strongest(values: Floats, share: float) -> Mask:
    """Return the share of the known cells with the largest values; cells at the limit are left out."""
    known = np.isfinite(values)
    if not known.any():
        return known
    limit = float(np.quantile(values[known], 1.0 - share))
    return np.asarray(np.where(known, values, -np.inf) > limit)


def least(values: Floats, share: float) -> Mask:
    """Return the share of the known cells with the smallest values; cells at the limit are included."""
    known = np.isfinite(values)
    if not known.any():
        return known
    return np.asarray(np.where(known, values, np.inf) <= float(np.quantile(values[known], share)))


def _drained(ground: Floats, inside: Mask, width: float, height: float) -> Floats:
    """Return the ground that drains through each cell [m2], NaN where there is no terrain."""
    routes = route(
        np.where(inside, ground, 0.0), inside.astype(np.uint8), np.zeros(ground.shape, np.uint8),
        np.array([width, height]),
    )  # fmt: skip
    amount = np.where(inside, width * height, 0.0).ravel()
    total = flow_accumulation(routes.receiver, routes.order, amount).reshape(ground.shape)
    return np.where(inside, total, np.nan)

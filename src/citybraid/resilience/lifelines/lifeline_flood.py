"""Components of lifelines that a flood damages: how likely, when, and when crews can reach them."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.special import ndtr

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.resilience.lifelines import (
    COMPONENT_HEIGHT,
    LIFELINE_DEPTH,
    LIFELINE_FREE_TIME,
    LIFELINE_HIT_CHANCE,
    LIFELINE_HIT_TIME,
    LIFELINE_SYSTEM,
)
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, LAND_COVER
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.damage.flood_depth import FloodDepthParams, depth_around
from citybraid.resilience.flood.depth_course import depths_of, hours_of

Floats = NDArray[np.float64]
LEAST_HEIGHT = 0.02
"""Height above ground of parts on or below it [m]: water must stand to reach them."""


class LifelineFloodParams(FloodDepthParams):
    """How depth at components is sampled, and up to which depth crews work."""

    workable: float = Field(0.3, gt=0.0, le=2.0)
    """Depth at the component up to which crews can begin to repair it [m]."""


class LifelineFlood(NamedTuple):
    """Depth at components, and what it does to them."""

    lifeline_depth: LIFELINE_DEPTH
    lifeline_hit_chance: LIFELINE_HIT_CHANCE
    lifeline_hit_time: LIFELINE_HIT_TIME
    lifeline_free_time: LIFELINE_FREE_TIME


@model(
    version=1,
    cite="Pitilakis, Crowley and Kaynia, eds. (2014), SYNER-G: Typology Definition and Fragility Functions, eq. 1.1 "
    "(lognormal fragility), with depth as the measure of intensity",
    validity="Water that stands at the component; cables in wet ground, scour and debris are not seen.",
)
def lifeline_flood(
    *,
    depth_course: DEPTH_COURSE,
    lifelines: Annotated[View, Table("lifelines", (LIFELINE_SYSTEM,), (COMPONENT_HEIGHT,))],
    lifeline_flood_depth: Annotated[Factors, Fact("lifeline_flood_depth")],
    lifeline_flood_spread: Annotated[Factors, Fact("lifeline_flood_spread")],
    grid: GeoBox,
    p: LifelineFloodParams,
    land_cover: LAND_COVER | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
) -> LifelineFlood:
    """Return the chance that a flood damages each component, when, and when crews can begin to repair it.

    The chance is Φ(ln(d / θ) / β) of the greatest depth d: θ the height of the parts that water destroys above the
    ground, `component_height` or the factor's row of the system, β the factor `lifeline_flood_spread`. A component is
    hit when the water first reaches θ, where it never does at its greatest depth; crews begin after the last time at
    which the water stands above `workable`, at the end of the course where it still does. A component off the grid, or
    with no open cell in reach, is not hit. Raises InputError for a system without a factor row and uneven time steps.
    """
    hours = hours_of(depth_course, grid)
    depth = _depths(depth_course, lifelines, grid, p, (land_cover, building_fraction))
    height = heights(lifelines, lifeline_flood_depth)
    deepest = depth.max(axis=0)
    with np.errstate(divide="ignore"):
        chance = ndtr(np.log(np.maximum(deepest, 0.0) / height) / lifeline_flood_spread[""])
    reached = depth >= height
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), depth.argmax(axis=0))
    wet = depth > p.workable
    last = np.where(wet.any(axis=0), len(hours) - 1 - wet[::-1].argmax(axis=0), first)
    hit = chance > 0.0

    def column(values: Floats) -> pd.Series:
        return pd.Series(values, index=lifelines.index, dtype=np.float64)

    free = hours[np.minimum(np.where(wet.any(axis=0), last + 1, first), len(hours) - 1)]
    return LifelineFlood(
        column(deepest), column(chance), column(np.where(hit, hours[first], np.nan)),
        column(np.where(hit, np.maximum(free, hours[first]), np.nan)),
    )  # fmt: skip


def heights(lifelines: View, by_system: Factors) -> Floats:
    """Return the height of the parts that water destroys [m]: the component's own, else that of its system."""
    usual = np.array([by_system[name] for name in lifelines["lifeline_system"].astype(str)], np.float64)
    own = lifelines["component_height"].to_numpy(np.float64) if "component_height" in lifelines else usual
    return np.maximum(np.where(np.isfinite(own), own, usual), LEAST_HEIGHT)


def _depths(
    course: xr.DataArray, lifelines: View, grid: GeoBox, p: FloodDepthParams,
    ground: tuple[xr.DataArray | None, xr.DataArray | None],
) -> Floats:  # fmt: skip
    """Return the depth at each time and component [m]: of the open cells around it, 0 where there are none."""
    depths = []
    for depth in depths_of(course):
        mean, deepest = depth_around(xr.DataArray(depth, dims=("y", "x")), lifelines, grid, p, ground)
        depths.append(mean if p.statistic == "mean" else deepest)
    return np.nan_to_num(np.stack(depths))

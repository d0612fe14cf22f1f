"""Landslide susceptibility: shallow translational slides on wet slopes, a screening map."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.ground_hazard import LANDSLIDE_AREA, LANDSLIDE_CLASS, SLOPE_STABILITY
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.kernels.terrain.flow import contributing_area_dinf, route
from citybraid.kernels.terrain.slope_stability import Soil, stability_index
from citybraid.resilience.areas.polygons import Floats, cell_area, cell_sides, water_mask

BOUNDS = (1.5, 1.25, 1.0, 0.5, 0.0)
"""Stability index from which on classes 1 to 4 hold; class 5 above 0, class 6 at 0."""
SQUARE = 1e-6


class LandslideParams(Params):
    """A wetter climate."""

    recharge_factor: float = Field(1.0, ge=0.1, le=10.0)
    """Factor on the recharge of the wettest time, for a changed climate [-]."""


class Landslide(NamedTuple):
    """Stability and its class."""

    slope_stability: SLOPE_STABILITY
    landslide_class: LANDSLIDE_CLASS
    landslide_area: LANDSLIDE_AREA


@model(
    version=1,
    cite="Pack, Tarboton and Goodwin (1998), The SINMAP Approach to Terrain Stability Mapping, 8th IAEG Congress; "
    "Montgomery and Dietrich (1994), Water Resour. Res. 30: 1153-1171; Tarboton (1997), Water Resour. Res. 33: 309-319",
    validity="Shallow slides of thin soil on natural slopes, terrain of 2 to 30 m; not rock falls, deep slides, debris "
    "flows, cuts and fills, or where they run out.",
)
def landslide(
    *,
    terrain: TERRAIN,
    soil: Annotated[Factors, Fact("landslide_soil")],
    grid: GeoBox,
    p: LandslideParams,
    land_cover: LAND_COVER | None = None,
) -> Landslide:
    """Return the slope stability index and class of each cell under the wettest conditions (SINMAP).

    An infinite slope: FS = (C + cos t (1 - w r) tan f) / sin t, with wetness w = min(R a / (T sin t), 1) from the
    specific catchment area a (D-infinity on the filled terrain). Cohesion C, friction angle f and
    R / T are uniformly distributed between the rows of the factor `landslide_soil`: where the worst case is stable,
    the index is its FS, else the probability that FS is above 1. Classes are SINMAP's. Water has no value.
    Raises InputError where cells are not square or the grid is not in metres.
    """
    width, height = cell_sides(grid)
    if abs(width - height) > SQUARE * width:
        raise InputError("landslide.cells", width=float(width), height=float(height))
    ground = terrain.to_numpy().astype(np.float64)
    valid = np.isfinite(ground)
    inside = valid.astype(np.uint8)
    routes = route(np.where(valid, ground, 0.0), inside, np.zeros_like(inside), np.array([width, height]))
    area, slope = contributing_area_dinf(routes, inside, float(width))
    index = stability_index(area / width, slope, _soil(soil, p.recharge_factor))
    index = np.where(valid & ~water_mask(land_cover, grid), index, np.nan)
    classes = _classes(index)
    return Landslide(
        xr.DataArray(index, dims=("y", "x")),
        xr.DataArray(classes, dims=("y", "x")),
        float((index < 1.0).sum()) * cell_area(grid),
    )


def _soil(rows: Factors, recharge_factor: float) -> Soil:
    """Return the soil parameters of the factor's rows; raises InputError where a range has low above high."""
    ranges = {name: (rows[f"{name}_low"], rows[f"{name}_high"]) for name in ("cohesion", "friction", "recharge")}
    for name, (low, high) in ranges.items():
        if low > high:
            raise InputError("landslide.range", name=name, low=low, high=high)
    low, high = (float(np.tan(np.deg2rad(each))) for each in ranges["friction"])
    recharge = tuple(each * recharge_factor for each in ranges["recharge"])
    return Soil(ranges["cohesion"], (low, high), (recharge[0], recharge[1]), rows["density_ratio"])


def _classes(index: Floats) -> np.ndarray:
    classes = np.select([index >= bound for bound in BOUNDS[:-1]], list(range(1, len(BOUNDS))), default=len(BOUNDS))
    classes = np.where(index <= 0.0, len(BOUNDS) + 1, classes)
    return np.where(np.isfinite(index), classes, 0).astype(np.int32)

"""Coastal inundation at the peak sea level by the connected bathtub method, a screening map."""

from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.cyclone import COASTAL_AREA, COASTAL_DEPTH, SEA_LEVEL_PEAK
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.resilience.areas.polygons import Flags, cell_area, label_components, water_mask

Side = Literal["north", "south", "west", "east"]


class CoastalInundationParams(Params):
    """Where the sea is; it has no default."""

    sides: tuple[Side, ...] = Field(min_length=1)
    """Sides of the grid that lie in the sea: its water enters there."""


class CoastalInundation(NamedTuple):
    """Depth on land, and how much land."""

    coastal_depth: COASTAL_DEPTH
    coastal_area: COASTAL_AREA


@model(
    version=1,
    cite="Poulter and Halpin (2008), Int. J. Geogr. Inf. Sci. 22: 167-182 (connected bathtub, eight neighbours)",
    validity="Screening: an upper bound where the sea stands high for long, too much where a surge lasts hours or a "
    "dike is missing from the terrain, too little where waves or rivers add water.",
)
def coastal_inundation(
    *,
    terrain: TERRAIN,
    sea_level_peak: SEA_LEVEL_PEAK,
    grid: GeoBox,
    p: CoastalInundationParams,
    land_cover: LAND_COVER | None = None,
) -> CoastalInundation:
    """Return the depth of the peak sea level on land that is hydraulically connected to the sea.

    Cells below the level flood where a path of such cells (8-connectivity) leads to a cell on one of the
    `sides` of the grid; a depression behind higher ground stays dry. Water bodies connect cells but do not count
    as land: they have no depth and no area. Cells without terrain have no value and block paths.
    Raises InputError where no cell on the sides lies below the level.
    """
    ground = terrain.to_numpy().astype(np.float64)
    low = np.isfinite(ground) & (ground < sea_level_peak)
    connected = _connected(low, p.sides)
    if not connected.any():
        raise InputError("coast.no_sea", sides=list(p.sides), level=sea_level_peak)
    wet = water_mask(land_cover, grid)
    depth = np.where(connected & ~wet, sea_level_peak - np.where(low, ground, sea_level_peak), 0.0)
    depth = np.where(np.isfinite(ground), depth, np.nan)
    return CoastalInundation(xr.DataArray(depth, dims=("y", "x")), float((connected & ~wet).sum()) * cell_area(grid))


def _connected(low: Flags, sides: tuple[Side, ...]) -> NDArray[np.bool_]:
    """Return the low cells in a connected component that touches one of the sides."""
    labels = label_components(low)
    rims = {"north": labels[0], "south": labels[-1], "west": labels[:, 0], "east": labels[:, -1]}
    sea_labels = np.unique(np.concatenate([rims[side] for side in sides]))
    return np.isin(labels, sea_labels[sea_labels > 0])

"""Climate refuges: habitat whose air stays cool on the hottest day, in the climate of the study."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.core.vocabulary.biodiversity.refuges import CLIMATE_REFUGE, REFUGE_AREA, REFUGE_LIMIT, REFUGE_SHARE
from citybraid.core.vocabulary.heat import HOURLY_AIR

Floats = NDArray[np.float64]

DAY = slice(10, 16)
"""Hours of the day over which the air counts: 10:00 to 16:00."""
HECTARE = 1e4
NONE, WARM, REFUGE = 0, 1, 2


class RefugeParams(Params):
    """What is habitat, and up to which air it is a refuge."""

    suitable: float = Field(0.8, gt=0.0, le=1.0)
    """Suitability from which on a cell is habitat [-]; 0.8 takes trees, shrubs, water and wetland."""
    limit: float | None = Field(None, ge=-20.0, le=60.0)
    """Air of the hottest day, 10:00 to 16:00, up to which habitat is a refuge [degC]; the area's mean where not given.
    Give the same limit in studies of several climates to read refuges along them."""


class ClimateRefuges(NamedTuple):
    """Refuges among the habitat."""

    climate_refuge: CLIMATE_REFUGE
    refuge_area: REFUGE_AREA
    refuge_share: REFUGE_SHARE
    refuge_limit: REFUGE_LIMIT


@model(
    version=1,
    cite="Keppel et al. (2012), Glob. Ecol. Biogeogr. 21: 393-404 (refugia); Suggitt et al. (2018), Nat. Clim. Change "
    "8: 713-717 (microclimates that buffer species against warming)",
    validity="A screening by the air of one day: no soil water, no physiology, no time to move. The air of blocks of "
    "100 m differs little by day, so that a warmer climate takes refuges nearly all at once; no species' limit is "
    "shipped. Without a limit it tells where habitat is cooler than the area, in that climate alone.",
)
def climate_refuges(
    habitat_suitability: HABITAT_SUITABILITY, hourly_air: HOURLY_AIR, grid: GeoBox, p: RefugeParams
) -> ClimateRefuges:
    """Return habitat that is a refuge (2) or too warm (1), the refuges' area [ha] and share [-], and the limit [degC].

    The air of a cell is that of its block, the mean of 10:00 to 16:00 of the first day of `hourly_air`. Cells of
    habitat with air up to the limit are refuges. Habitat without air counts as too warm. Without habitat the share is
    0. Raises InputError where the field has fewer than 16 hours, or no cell has air.
    """
    if hourly_air.sizes["time"] < DAY.stop:
        raise InputError("refuges.hours", got=int(hourly_air.sizes["time"]), needs=DAY.stop)
    air = day_air(hourly_air, grid)
    if not np.isfinite(air).any():
        raise InputError("refuges.no_air")
    limit = float(np.nanmean(air)) if p.limit is None else p.limit
    habitat = np.nan_to_num(habitat_suitability.to_numpy().astype(np.float64)) >= p.suitable
    cool = habitat & (np.nan_to_num(air, nan=np.inf) <= limit)
    codes = np.where(cool, REFUGE, np.where(habitat, WARM, NONE)).astype(np.int32)
    area = abs(float(grid.resolution.x * grid.resolution.y)) / HECTARE
    share = float(cool.sum() / habitat.sum()) if habitat.any() else 0.0
    refuge = xr.DataArray(codes, dims=habitat_suitability.dims, coords=habitat_suitability.coords)
    return ClimateRefuges(refuge, float(cool.sum()) * area, share, limit)


def day_air(field: xr.DataArray, grid: GeoBox) -> Floats:
    """Return the air of each cell's block by day [degC]; beyond the last middle of a block that of the nearest."""
    rows, columns = grid.shape
    x, _ = grid.affine * (np.arange(columns) + 0.5, np.zeros(columns))
    _, y = grid.affine * (np.zeros(rows), np.arange(rows) + 0.5)
    mean = field.to_numpy().astype(np.float64)[DAY].mean(axis=0)
    down, across = (
        np.abs(field[name].to_numpy()[None, :] - at[:, None]).argmin(axis=1) for name, at in (("y", y), ("x", x))
    )
    return np.asarray(mean[np.ix_(down, across)], np.float64)

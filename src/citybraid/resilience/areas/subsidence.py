"""Land subsidence: settlement by the target year, and the relative rise of sea or flood levels."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.vocabulary.cyclone import SEA_LEVEL_RISE
from citybraid.core.vocabulary.ground_hazard import (
    MEAN_SUBSIDENCE,
    RELATIVE_RISE,
    SUBSIDENCE,
    SUBSIDENCE_RATE,
    SUBSIDENCE_YEARS,
    SUNKEN_TERRAIN,
)
from citybraid.core.vocabulary.surface import TERRAIN

M_PER_MM = 1e-3


class Subsidence(NamedTuple):
    """Ground in the target year."""

    subsidence: SUBSIDENCE
    sunken_terrain: SUNKEN_TERRAIN
    relative_rise: RELATIVE_RISE
    mean_subsidence: MEAN_SUBSIDENCE


@model(
    version=1,
    cite="Dixon et al. (2006), Nature 441: 587-588, and Nicholls et al. (2021), Nat. Clim. Change 11: 338-342 "
    "(relative rise is the sea's plus the ground's)",
    validity="Screening over one or two decades: a rate of today held on. Pumping that stops, or starts, changes it "
    "within years.",
)
def subsidence(
    *,
    terrain: TERRAIN,
    subsidence_rate: SUBSIDENCE_RATE,
    subsidence_years: SUBSIDENCE_YEARS,
    sea_level_rise: SEA_LEVEL_RISE | None = None,
) -> Subsidence:
    """Return the subsidence by the target year at a constant rate, and the resulting terrain and relative rise.

    Subsidence is rate times years; the new terrain is the terrain less it. The relative rise of sea or flood level
    is the subsidence plus the sea-level rise over the same years (none where not given). Cells
    without a rate have no value: nothing is interpolated between measurements.
    Raises InputError where no cell has a rate.
    """
    rate = subsidence_rate.to_numpy().astype(np.float64)
    settlement = rate * M_PER_MM * subsidence_years
    known = np.isfinite(settlement) & np.isfinite(terrain.to_numpy())
    if not known.any():
        raise InputError("subsidence.no_rate")
    settlement = np.where(known, settlement, np.nan)
    ground = terrain.to_numpy().astype(np.float64) - settlement
    rise = settlement + (0.0 if sea_level_rise is None else sea_level_rise)
    sinking, lowered_terrain, relative_rise = (
        xr.DataArray(values, dims=("y", "x")) for values in (settlement, ground, rise)
    )
    return Subsidence(sinking, lowered_terrain, relative_rise, float(np.nanmean(settlement)))

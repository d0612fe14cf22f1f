"""Subsidence by groundwater drawdown: one-dimensional consolidation."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.ground_hazard import HEAD_DECLINE, SUBSIDENCE_RATE, SUBSIDENCE_YEARS
from citybraid.kernels.terrain.consolidation import consolidation_degree

WATER_WEIGHT = 9.81
"""Weight of water as soil mechanics takes it [kN m-3]."""
MM_PER_M = 1000.0


class ConsolidationParams(Params):
    """The compacting layer, from borings; it has no default."""

    thickness: float = Field(ge=0.001, le=500.0)
    """Thickness of the compressible layer [m]."""
    compressibility: float = Field(gt=0.0, le=0.1)
    """Coefficient of volume compressibility m_v [kPa-1]."""
    consolidation: float = Field(gt=0.0, le=10000.0)
    """Coefficient of consolidation c_v [m2 year-1]."""
    drained_sides: int = Field(2, ge=1, le=2)
    """Sides of the layer that water leaves by: 2 above and below, 1 where one is tight."""


class Consolidation(NamedTuple):
    """Mean rate."""

    subsidence_rate: SUBSIDENCE_RATE


@model(
    version=1,
    cite="Terzaghi (1943), Theoretical Soil Mechanics, ch. 13 (one-dimensional consolidation)",
    validity="One clay layer of even properties, a fall of head at once and lasting, small strains; no creep, no "
    "rebound by other stiffness, no ground that buildings load.",
    reach=0.0,
)
def consolidation(
    *, head_decline: HEAD_DECLINE, subsidence_years: SUBSIDENCE_YEARS, p: ConsolidationParams
) -> Consolidation:
    """Return the mean subsidence rate over the years after a decline of groundwater head.

    A head decline removes buoyancy from the soil: effective stress increases by gamma_w dh, the final settlement
    is m_v gamma_w dh H, and the share U(T) of it is reached by then, T = c_v t / d^2 with d the longest drainage
    path out of the layer. A rise of head causes heave alike. Measured rates, given as `subsidence_rate`,
    replace this model. Raises InputError where there are no years.
    """
    if subsidence_years <= 0.0:
        raise InputError("subsidence.years", got=subsidence_years)
    path = p.thickness / p.drained_sides
    share = float(consolidation_degree(np.array([p.consolidation * subsidence_years / path**2]))[0])
    fall = head_decline.to_numpy().astype(np.float64)
    settled = p.compressibility * WATER_WEIGHT * fall * p.thickness * share
    return Consolidation(xr.DataArray(settled * MM_PER_M / subsidence_years, dims=("y", "x")))

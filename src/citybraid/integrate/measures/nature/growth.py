"""Growth and survival of planted trees and hedges: what stands of a planting some years later."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import MeasureParams

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class PlantingParams(MeasureParams):
    """Parameters of every measure that plants."""

    age: float | None = Field(None, ge=0.0, le=200.0)
    """Years after planting at which plants are read: as large as they are by then, and without those that died;
    fully grown and all alive where not given [year]."""


class Standing(NamedTuple):
    """What stands of a planting: crown width and height of a plant [m], and the share of plants alive [-]."""

    crown: float
    height: float
    alive: float
    grown: float
    """Crown width of a plant that is fully grown [m]."""

    @property
    def cover(self) -> float:
        """Expected crown area of a planted plant over that of one fully grown [-]."""
        return self.alive * (self.crown / self.grown) ** 2


def standing(
    kind: str, age: float | None, *, crown: float, height: float,
    growth: Mapping[str, float], survival: Mapping[str, float],
) -> Standing:  # fmt: skip
    """Return the size and survival of a kind of plant at an age; `crown` and `height` are those fully grown [m].

    Size grows by a steady rate from that at planting until it is full; of the plants alive a constant share
    survives each year (Roman and Scatena 2011). Dead plants are not replaced.
    """
    if age is None:
        return Standing(crown, height, 1.0, crown)
    return Standing(
        min(growth[f"{kind}/crown_planted"] + growth[f"{kind}/crown_rate"] * age, crown),
        min(growth[f"{kind}/height_planted"] + growth[f"{kind}/height_rate"] * age, height),
        math.pow(survival[kind], age),
        crown,
    )


def taller(canopy_height: xr.DataArray | None, planted: Mask, *, height: float, like: xr.DataArray) -> xr.DataArray:
    """Return tops of trees [m] with plants of a height where planted; taller trees stay.

    Where no height is known nothing is filled in: models read the usual height of trees there.
    """
    unknown = np.full(planted.shape, np.nan)
    old = unknown if canopy_height is None else np.asarray(canopy_height.values, dtype=np.float64)
    return like.copy(data=np.where(planted, np.fmax(old, height), old))

"""A storm that moves over the area and weakens away from its centre."""

import math
from typing import Literal, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.vocabulary.forcing import RAIN_FIELD
from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.rain.forcing import HOUR, steps
from citybraid.resilience.rain.rain_blocks import blocks

BLOCKS = 10.0
"""Blocks per reach of the storm where no block size is given."""


class MovingStormParams(Params):
    """Motion and decay of the storm; required, without defaults."""

    direction: float = Field(ge=0.0, lt=360.0)
    """Where the storm moves to, clockwise from north: 90 is eastward [degree]."""
    speed: float = Field(ge=0.0, le=50.0)
    """Speed of its centre [m/s]."""
    reach: float = Field(gt=0.0, le=200_000.0)
    """Distance from its centre at which its rain is 1/e of that at the centre [m]."""
    peak_at: Literal["middle"] | tuple[float, float] = Field()
    """Where its centre is at the peak of its rain: the middle of the grid, or [x, y] in the study's CRS [m]."""
    block: float | None = Field(None, ge=1.0, le=20_000.0)
    """Side of the blocks of the rain field, whole cells; a tenth of the reach where not given [m]."""


class MovingStorm(NamedTuple):
    """Rain by time and place."""

    rain_field: RAIN_FIELD


@model(
    version=1,
    cite="Rodriguez-Iturbe, Cox and Eagleson (1986), Proc. R. Soc. Lond. A 403: 27-50 (rain that falls off from a "
    "storm's centre as a quadratic exponential)",
    validity="One convective cell with a straight path; the hyetograph is that at its centre, not at a fixed gauge.",
)
def moving_storm(*, rain_intensity: RAIN_INTENSITY, grid: GeoBox, p: MovingStormParams) -> MovingStorm:
    """Return the rain field of a moving storm that decays with the distance from its centre.

    rain(x, t) = i(t) exp(-(|x - c(t)| / reach)²) with the hyetograph i at the centre c, which
    moves at constant velocity and passes `peak_at` at the middle of the hyetograph's peak step. Steps are subdivided
    so that the centre moves at most one block in each; each has the rain at its middle. Rain in mm h⁻¹, on blocks of
    whole cells in the grid's CRS.
    """
    hyetograph = steps(rain_intensity, "rain_intensity", until=None)
    size = max(p.block or p.reach / BLOCKS, abs(grid.resolution.x))
    length = float(hyetograph.edges[1] - hyetograph.edges[0])
    parts = max(1, math.ceil(p.speed * length / size))
    field_blocks = blocks(grid, size, steps=parts * len(hyetograph.rates), model="resilience.moving_storm")
    times = hyetograph.edges[0] + (np.arange(parts * len(hyetograph.rates)) + 0.5) * (length / parts)
    peak = hyetograph.edges[int(hyetograph.rates.argmax())] + 0.5 * length
    x, y = _middle(grid) if p.peak_at == "middle" else p.peak_at
    heading = math.radians(p.direction)
    rain = np.empty((len(times), len(field_blocks.y), len(field_blocks.x)), np.float32)
    for step, (time, rate) in enumerate(zip(times, np.repeat(hyetograph.rates, parts), strict=True)):
        travelled = p.speed * (time - peak)
        across = np.exp(-(((field_blocks.x - x - travelled * math.sin(heading)) / p.reach) ** 2))
        along = np.exp(-(((field_blocks.y - y - travelled * math.cos(heading)) / p.reach) ** 2))
        rain[step] = rate * along[:, None] * across[None, :]
    return MovingStorm(field_blocks.field((times - 0.5 * length / parts) / HOUR, rain))


def _middle(grid: GeoBox) -> tuple[float, float]:
    x, y = grid.affine * (0.5 * grid.shape[1], 0.5 * grid.shape[0])
    return float(x), float(y)

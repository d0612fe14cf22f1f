"""Horizon of terrain before buildings, and of the crowns of trees before facades and roofs."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_inputs import SECTORS
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
F32 = NDArray[np.float32]
STRICT = frozenset({"contract"})

TURN = 2 * math.pi
WIDTH = TURN / SECTORS
GROWTH = 0.02
"""Least step along a ray over the distance already passed [-]: an eighth of a sector's width there."""
STEPS = 18
"""Steps of height in which the crowns of a sector are told apart, 5 degrees each."""
STEP = 0.5 * math.pi / STEPS


@compiled(fast=STRICT)
def terrain_horizons(
    points: Array, owner: Ints, facing: Ints, bands: Array, ground: F32, size: tuple[float, float], result: F32
) -> None:
    """Raise the horizon of facades [rad], `result` (buildings, facades, SECTORS, bands), to that of the terrain.

    `points` (facades, 2) are columns and rows of `ground` [m above datum], `owner` and `facing` a facade's place in
    `result`, `bands` (buildings, bands) the levels from which is looked [m above datum], `size` the steps of a column
    to the east and of a row to the north [m], with sign. A ray is cast through the middle of each sector in front
    from one cell away to the edge of the raster; cells without a value (NaN) hide nothing.
    """
    rows, columns = ground.shape
    highest, cell = -math.inf, min(abs(size[0]), abs(size[1]))
    for row in range(rows):
        for column in range(columns):
            highest = max(highest, ground[row, column])
    steep = np.empty(bands.shape[1])
    for facade in range(points.shape[0]):
        building, face = owner[facade], facing[facade]
        normal = face * TURN / result.shape[1]
        for sector in range(SECTORS):
            azimuth = (sector + 0.5) * WIDTH
            if math.cos(azimuth - normal) <= 0.0:
                continue
            east, north = math.sin(azimuth) / size[0], math.cos(azimuth) / size[1]
            for band in range(steep.size):
                steep[band] = math.tan(result[building, face, sector, band])
            away = cell
            while _may_rise(highest, away, bands[building], steep):
                column = math.floor(points[facade, 0] + away * east)
                row = math.floor(points[facade, 1] + away * north)
                if column < 0 or row < 0 or column >= columns or row >= rows:
                    break
                for band in range(steep.size):
                    rise = (ground[row, column] - bands[building, band]) / away
                    if rise > steep[band]:
                        steep[band] = rise
                        result[building, face, sector, band] = math.atan(rise)
                away += max(cell, GROWTH * away)


@compiled(fast=STRICT)
def _may_rise(highest: float, away: float, bands: Array, steep: Array) -> bool:
    """Tell whether ground as high as the highest, this far away, would stand above the horizon of a band."""
    may = False
    for band in range(bands.size):
        may |= highest - bands[band] > steep[band] * away
    return may


@compiled(fast=STRICT)
def crown_horizons(
    points: Array, owner: Ints, facing: Ints, bands: Array, tops: F32, cover: F32, size: tuple[float, float],
    reach: float, crown: F32, hidden: F32,
) -> None:  # fmt: skip
    """Write the height of trees before facades [rad] into `crown`, and their share of what is below into `hidden`.

    Both are (buildings, facades, SECTORS, bands). `points` (facades, 2) are columns and rows of the rasters `tops`, of
    the crowns [m above datum], and `cover`, their share of a cell; `owner` and `facing` give a facade's place in the
    results, `bands` levels [m above datum]. At each height the ray through a sector's middle is hidden by the greatest
    cover among crowns within `reach` [m] that rise above it; `hidden` is the mean over the heights from 0 to that of
    the highest crown. Crowns reach to the ground.
    """
    rows, columns = cover.shape
    count, cell = bands.shape[1], min(abs(size[0]), abs(size[1]))
    covered, top = np.empty((count, STEPS)), np.empty(count)
    for facade in range(points.shape[0]):
        building, face = owner[facade], facing[facade]
        normal = face * TURN / crown.shape[1]
        for sector in range(SECTORS):
            azimuth = (sector + 0.5) * WIDTH
            if math.cos(azimuth - normal) <= 0.0:
                continue
            east, north = math.sin(azimuth) / size[0], math.cos(azimuth) / size[1]
            covered[:], top[:] = 0.0, 0.0
            away = 0.5 * cell
            while away <= reach:
                column = math.floor(points[facade, 0] + away * east)
                row = math.floor(points[facade, 1] + away * north)
                if column < 0 or row < 0 or column >= columns or row >= rows:
                    break
                if cover[row, column] > 0.0:
                    _cover(tops[row, column], cover[row, column], away, bands[building], covered, top)
                away += cell
            for band in range(count):
                if top[band] > 0.0:
                    crown[building, face, sector, band] = top[band]
                    hidden[building, face, sector, band] = _mean_cover(covered[band], top[band])


@compiled(fast=STRICT)
def _cover(crown: float, cover: float, away: float, bands: Array, covered: Array, top: Array) -> None:
    """Add a cell's crowns to the greatest cover by height at which crowns end."""
    for band in range(bands.size):
        if crown > bands[band]:
            height = math.atan((crown - bands[band]) / away)
            step = min(int(height / STEP), STEPS - 1)
            covered[band, step] = max(covered[band, step], cover)
            top[band] = max(top[band], height)


@compiled(fast=STRICT)
def _mean_cover(covered: Array, top: float) -> float:
    """Return the mean over heights up to the top of the greatest cover of crowns that end above."""
    last = min(int(top / STEP), STEPS - 1)
    greatest = covered[last]
    total = greatest * (top - last * STEP)
    for step in range(last - 1, -1, -1):
        greatest = max(greatest, covered[step])
        total += greatest * STEP
    return float(total / top)

"""Walls that the wind meets, from heights of buildings: a raster swept along the wind."""

import math

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def windward_walls(height: F64, wind_from: float, cell_y: float, cell_x: float) -> F64:
    """Return the area of walls that the wind meets in each cell, projected on a plane across the wind [m2].

    `height` of buildings [m], 0 elsewhere; `wind_from` [rad], clockwise from north. Lines of cells run along the wind,
    one cell a step on the axis nearest to it; where a line rises by h, a wall of h times the lines' spacing stands
    across the wind. A block of plan w × w and height h that faces the wind so has h w, turned by 45° h (w - c / 2) √2:
    its corners are the centres of their cells, c wide. Beyond the raster's edge nothing stands.
    """
    across, ahead = math.sin(wind_from) * -1.0, math.cos(wind_from)
    east, south = across / cell_x, ahead / cell_y
    by_column = abs(east) >= abs(south)
    heights, rate, lean = (height.T, east, south) if by_column else (height, south, east)
    if rate < 0.0:
        heights = heights[::-1]
    width = np.zeros_like(heights)
    drift, minor = lean / abs(rate), heights.shape[1]
    before = np.zeros(minor)
    last = 0
    for k in range(heights.shape[0]):
        shift = math.floor(drift * k + 0.5)
        upwind = shifted(before, shift - last)
        width[k] = np.maximum(heights[k] - upwind, 0.0)
        before, last = heights[k], shift
    if rate < 0.0:
        width = width[::-1]
    side = cell_y if by_column else cell_x
    step = math.hypot(cell_x if by_column else cell_y, drift * side)
    spacing = (cell_x if by_column else cell_y) * side / step
    return np.ascontiguousarray((width.T if by_column else width) * spacing)


def shifted(values: F64, by: int) -> F64:
    """Return values moved along the axis, 0 where none come from."""
    result = np.zeros_like(values)
    if by == 0:
        result[:] = values
    elif by > 0:
        result[by:] = values[:-by]
    else:
        result[:by] = values[-by:]
    return result

"""Irradiance of the ground and of an upright person in every cell, hour by hour, from what each direction shows."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]


@compiled()
def irradiance(
    slope: F32, hidden: U8, through: float, weights: F32, sky: F32, sky_longwave: F32, wall: F32, wall_longwave: F32,
    crown_longwave: F32, diffuse: F32, longwave: F32,
) -> None:  # fmt: skip
    """Write diffuse and long-wave irradiance into `diffuse` and `longwave` (2, rows, columns, hours) [W m-2].

    The first of each is that of level ground, the second an upright person's from above the horizon, by `weights`
    (2, bands) [sr]. `slope` (sectors, rows, columns) is the horizon's tangent, above which a band is sky to its share;
    below stand walls of radiance `wall` and `wall_longwave` (sectors, hours). `hidden` (sectors, rows, columns, bands)
    is the share of crowns before sky and walls, 255ths, which let `through` of sunlight pass and radiate
    `crown_longwave` (hours). `sky` (sectors, bands, hours) is diffuse sunlight, `sky_longwave` (bands, hours) the
    sky's own radiation [W m-2 sr-1].
    """
    sectors, rows, columns = slope.shape
    bands, hours = sky_longwave.shape
    high = 0.5 * math.pi / bands
    seen, behind, crowns = np.empty((2, bands), np.float32), np.empty(2, np.float32), np.empty(2, np.float32)
    lit = np.empty(2, np.float32)
    any_crown = hidden.size > 0
    for j in range(rows):
        for i in range(columns):
            for t in range(hours):
                diffuse[0, j, i, t] = diffuse[1, j, i, t] = np.float32(0.0)
                longwave[0, j, i, t] = longwave[1, j, i, t] = np.float32(0.0)
            seen[:] = 0.0
            crowns[:] = 0.0
            for s in range(sectors):
                horizon = math.atan(slope[s, j, i]) / high
                behind[:] = 0.0
                lit[:] = 0.0
                for b in range(bands):
                    open_share = np.float32(min(max(b + 1.0 - horizon, 0.0), 1.0))
                    crown = np.float32(hidden[s, j, i, b] / 255.0) if any_crown else np.float32(0.0)
                    passing = np.float32(1.0 - crown * (1.0 - through))
                    for k in range(2):
                        w = weights[k, b]
                        sky_weight = w * open_share
                        seen[k, b] += sky_weight * (np.float32(1.0) - crown)
                        crowns[k] += w * crown
                        behind[k] += (w - sky_weight) * (np.float32(1.0) - crown)
                        lit[k] += (w - sky_weight) * passing
                    one, two = weights[0, b] * open_share * passing, weights[1, b] * open_share * passing
                    if one > 0.0:
                        for t in range(hours):
                            diffuse[0, j, i, t] += one * sky[s, b, t]
                            diffuse[1, j, i, t] += two * sky[s, b, t]
                if lit[0] > 0.0 or behind[0] > 0.0:
                    for k in range(2):
                        for t in range(hours):
                            diffuse[k, j, i, t] += lit[k] * wall[s, t]
                            longwave[k, j, i, t] += behind[k] * wall_longwave[s, t]
            for k in range(2):
                for t in range(hours):
                    longwave[k, j, i, t] += crowns[k] * crown_longwave[t]
                for b in range(bands):
                    for t in range(hours):
                        longwave[k, j, i, t] += seen[k, b] * sky_longwave[b, t]

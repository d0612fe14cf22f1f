"""Indices of heat and humidity alone: humidex and Thom's discomfort index."""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def humidex(air: F64, humidity: F64) -> F64:
    """Return the humidex [-] of air temperature [degC] and relative humidity [-], any shape.

    T + 5/9 (e - 10), e the vapour pressure [hPa] (Masterton and Richardson 1979).
    """
    vapour = 6.112 * 10.0 ** (7.5 * air / (237.7 + air)) * humidity
    return np.asarray(air + (vapour - 10.0) * 5.0 / 9.0)


def discomfort_index(air: F64, humidity: F64) -> F64:
    """Return the discomfort index [degC] of air temperature [degC] and relative humidity [-], any shape.

    T - 0.55 (1 - RH) (T - 14.5) (Thom 1959, in degC by Giles, Balafoutis and Maheras 1990).
    """
    return np.asarray(air - 0.55 * (1.0 - humidity) * (air - 14.5))

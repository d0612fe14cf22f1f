"""Temperature of sunlit surfaces over a day that repeats: heat conducted into a deep solid, by harmonics.

At the surface absorbed radiation is balanced by exchange with the air and by conduction,
h (T - Ta) + G = Q, and a deep uniform solid takes G = b sqrt(i w) T at each harmonic w of the day, b being its thermal
effusivity (Carslaw and Jaeger 1959, Conduction of Heat in Solids, sec. 2.6). The mean of G over the day is 0.
"""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

DAY = 86_400.0


def daily_response(effusivity: float, exchange: float, hours: int) -> F64:
    """Return the matrix (hours, hours) from Q + h Ta [W m-2] to the surface's temperature [same scale as Ta].

    `effusivity` [J m-2 K-1 s-1/2], `exchange` h with the air and by radiation [W m-2 K-1]. The rows sum to 1 / h.
    """
    turn = 2.0 * np.pi * np.arange(hours // 2 + 1) / DAY
    transfer = 1.0 / (exchange + effusivity * np.sqrt(1j * turn))
    pulse = np.fft.irfft(transfer, n=hours)
    return np.stack([np.roll(pulse, k) for k in range(hours)], axis=1)

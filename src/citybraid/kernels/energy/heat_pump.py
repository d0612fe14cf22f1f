"""Coefficient of performance of heat pumps by temperature."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ICE = 273.15
"""0 degC [K]."""
LEAST_LIFT = 5.0
"""Lift below which the quotient is not extrapolated [K]."""


def coefficient_of_performance(source: Array, supply: Array, *, fraction: float) -> Array:
    """Return heat delivered per electricity [-]: a fraction of Carnot's between source and supply [degC].

    Lifts of less than 5 K count as 5 K.
    """
    return np.asarray(fraction * (supply + ICE) / np.maximum(supply - source, LEAST_LIFT), dtype=np.float64)

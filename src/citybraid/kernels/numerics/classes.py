"""Values by class code, mapped on a raster of codes."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

CODES = 256


def values_by_class(codes: NDArray[np.integer], values: Mapping[int, float]) -> NDArray[np.float64]:
    """Return each cell's value by its code (0 to 255); NaN for a code without a value."""
    table = np.full(CODES, np.nan)
    for code, value in values.items():
        table[code] = value
    return table[np.asarray(codes, dtype=np.int64)]

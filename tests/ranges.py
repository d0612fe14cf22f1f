"""The ends of quantities' ranges, for examples at the corners that random values miss."""

import math
from typing import Any

from citybraid.core.model import var_of


def ends(alias: Any) -> tuple[float, float]:
    """Return the lowest and highest value of a quantity; a million stands for an open end."""
    var = var_of(alias)
    low = var.ge if math.isfinite(var.ge) else -1e6
    high = var.le if math.isfinite(var.le) else 1e6
    return low, high

"""The ends of quantities' ranges, for examples at the corners that random values miss."""

import math
from typing import Any

from citybraid.core.model import var_of
from citybraid.core.rows.quantities import ceiling


def ends(alias: Any) -> tuple[float, float]:
    """Return the lowest and highest value of a quantity; a million stands for an open or higher end."""
    var = var_of(alias)
    low = var.ge if math.isfinite(var.ge) else -1e6
    has_own_end = math.isfinite(var.le) and var.le != ceiling(var.name, var.unit, var.on)
    high = var.le if has_own_end else min(var.le, 1e6)
    return low, high

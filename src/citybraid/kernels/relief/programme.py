"""Linear and mixed-integer programmes solved by HiGHS through scipy."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Solved(NamedTuple):
    """The least solution found, and the bound that no solution undercuts."""

    x: Floats
    cost: float
    bound: float


class Row(NamedTuple):
    """Constraints: low <= matrix @ x <= high."""

    matrix: Any
    low: Floats | float
    high: Floats | float


def least(
    cost: Floats, rows: Sequence[Row], *, lower: Floats | float = 0.0, upper: Floats | float = np.inf,
    whole: Floats | None = None, nodes: int | None = None,
) -> Solved:  # fmt: skip
    """Return the x within its bounds that costs least; entries of `whole` that are 1 are whole numbers.

    `nodes` limits the search. Raises ValueError where there is no solution or none was found.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    limits: Any = {"mip_rel_gap": 0.0}
    result: Any = milp(
        cost,
        constraints=[LinearConstraint(row.matrix, row.low, row.high) for row in rows],
        bounds=Bounds(lower, upper),
        integrality=None if whole is None else whole.astype(np.int64),
        options=limits if nodes is None else limits | {"node_limit": nodes},
    )
    if result.x is None:
        raise ValueError(f"no solution: {result.message}")
    least_value = float(result.fun)
    bound = least_value if result.mip_dual_bound is None else float(result.mip_dual_bound)
    return Solved(np.asarray(result.x, np.float64), least_value, bound)

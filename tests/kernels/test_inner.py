"""Kernels that only kernels call are refused from Python, compiled or not: there is no way in that could be entered."""

import numpy as np
import pytest

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import most_of
from tests.resilience.basin import plane, rain, run


def test_an_inner_kernel_is_refused_before_and_after_it_is_compiled() -> None:
    values = np.ones(3, np.float64)
    with pytest.raises(TypeError, match="most_of is called by kernels only"):
        most_of(values)
    run(plane((3, 4), 0.0), falling=rain(50.0, 60.0), duration=60.0)
    with pytest.raises(TypeError, match="most_of is called by kernels only"):
        most_of(values)


def test_an_inner_kernel_is_refused_once_another_kernel_has_compiled_it() -> None:
    @compiled()
    def outer(values: np.ndarray) -> float:
        return most_of(values)

    values = np.array([1.0, 3.0, 2.0])
    assert outer(values) == 3.0
    with pytest.raises(TypeError, match="most_of is called by kernels only"):
        most_of(values)

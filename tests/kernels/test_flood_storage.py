"""A row of cells is left out of the filling of surface storage once all of it is full, and not before."""

import numpy as np

from citybraid.kernels.flood.state import Soil
from citybraid.kernels.flood.sweep import apply_sinks_row

COLUMNS = 5


def soil(storage: float) -> Soil:
    none, rate = np.zeros((0, COLUMNS)), np.zeros((0, COLUMNS), np.float32)
    free, storing = np.full((2, COLUMNS), storage), np.ones(2, np.int32)
    return Soil(free, storing, none, rate, rate, rate, none, rate, rate, rate, rate, none)


def test_a_row_is_left_out_only_once_every_cell_of_it_is_full() -> None:
    made = soil(0.004)
    part = np.full(2, 0.010)
    apply_sinks_row(made, part, 0, 0, 2, 5.0)
    np.testing.assert_array_equal(part, 0.010 - 0.004)
    assert made.storing.tolist() == [1, 1], "the cells beyond a narrow span are still free"

    thin = np.full(COLUMNS, 0.001)
    apply_sinks_row(made, thin, 0, 0, COLUMNS, 5.0)
    np.testing.assert_array_equal(thin, [0.001, 0.001, 0.0, 0.0, 0.0])
    assert made.storing.tolist() == [1, 1]

    deep = np.full(COLUMNS, 0.010)
    apply_sinks_row(made, deep, 0, 0, COLUMNS, 5.0)
    np.testing.assert_allclose(deep, [0.010, 0.010, 0.007, 0.007, 0.007], rtol=0, atol=1e-17)
    assert made.storing.tolist() == [0, 1], "the other row is not touched"
    np.testing.assert_array_equal(made.storage_left, [[0.0] * COLUMNS, [0.004] * COLUMNS])

"""Kernels that only kernels call give the same as plain Python, compiled or not; numba is one that we have tested."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import max_of

ROOT = Path(__file__).parents[2]


def test_an_inner_kernel_gives_the_same_from_python_and_from_a_kernel() -> None:
    @compiled()
    def outer(values: NDArray[np.float64]) -> float:
        return max_of(values)

    values = np.array([1.0, 3.0, 2.0])
    assert outer(values) == max_of(values) == 3.0


def test_numba_lies_within_the_bounds_that_we_declare() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    (numba,) = (line for line in declared if line.startswith("numba"))
    found = re.fullmatch(r"numba>=(\d+)\.(\d+),<(\d+)\.(\d+)", numba)
    assert found is not None
    low, high = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    installed = tuple(int(part) for part in version("numba").split(".")[:2])
    assert low <= installed < high

"""Fields of rain and soils for tests."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from tests.resilience.basin import plane


def field(values: NDArray[np.float64], *, step: float = 600.0, cell: float = 5.0, south: float = 0.0) -> xr.DataArray:
    """Return rain [mm h⁻¹] by time, row and column, on cells of `cell` m whose last row ends at `south`."""
    times, rows, columns = values.shape
    coords = {
        "time": np.arange(times) * step / 3600.0,
        "y": south + (rows - np.arange(rows) - 0.5) * cell,
        "x": (np.arange(columns) + 0.5) * cell,
    }
    return xr.DataArray(values, dims=("time", "y", "x"), coords=coords)


def horton(shape: tuple[int, int], first: float, last: float, decay: float) -> dict[str, Any]:
    return {
        "horton_first_rate": plane(shape, first),
        "horton_last_rate": plane(shape, last),
        "horton_decay": plane(shape, decay),
    }


def curve(shape: tuple[int, int], number: float, share: float = 0.2) -> dict[str, Any]:
    retention = 25400.0 / number - 254.0
    return {"potential_retention": plane(shape, retention), "initial_abstraction": plane(shape, share * retention)}

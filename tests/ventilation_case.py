"""Blocks of houses with an avenue, and a summer whose wind comes from one side, for tests and figures."""

from typing import Any

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.resilience.heat.ventilation import Ventilation, VentilationParams, ventilation
from tests.outdoor_case import raster


def quarter(rows: int = 120, columns: int = 120, *, height: float = 18.0) -> np.ndarray:
    """Return heights [m] of houses of 20 × 20 m, one every 40 m, with an avenue of 100 m from west to east."""
    side = np.arange(rows) % 8 < 4, np.arange(columns) % 8 < 4
    heights = np.where(side[0][:, None] & side[1][None, :], height, 0.0)
    heights[40:60] = 0.0
    return heights


def wind(speed: float = 3.0, comes_from: float = 270.0) -> dict[str, Any]:
    hours = np.arange(8760)
    return {
        "dry_bulb": pd.Series(25.0 - 5.0 * np.cos(hours * 2.0 * np.pi / hours.size), name="dry_bulb"),
        "wind_speed": pd.Series(np.full(hours.size, speed), name="wind_speed"),
        "wind_direction": pd.Series(np.full(hours.size, comes_from), name="wind_direction"),
        "latitude": 30.7,
    }


def ventilated(
    built: np.ndarray, *, cell: float = 5.0, p: VentilationParams | None = None, **words: Any
) -> Ventilation:
    """Return the ventilation of level ground with houses of these heights [m]."""
    rows, columns = built.shape
    given: dict[str, Any] = {
        "terrain": raster(np.zeros(built.shape)), "building_height": raster(built),
        "building_fraction": raster((built > 0.0).astype(float)), **wind(),
    }  # fmt: skip
    grid = GeoBox.from_bbox((0, 0, cell * columns, cell * rows), crs="EPSG:32651", resolution=cell)
    return ventilation(grid=grid, p=p or VentilationParams(), **(given | words))

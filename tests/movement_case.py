"""A small plan with two woods, a road between and a green bridge over it, for tests of movement."""

from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.circuit_connectivity import CircuitConnectivity, CircuitParams, circuit_connectivity
from citybraid.biodiversity.resistance_surface import ResistanceParams, resistance_surface
from citybraid.core.factor import resolve

CELL = 20.0
ROWS, COLUMNS = 9, 14
ROAD = 7
SIZE = 10


def box(rows: int = ROWS, columns: int = COLUMNS, *, x: float = 0.0) -> GeoBox:
    return GeoBox.from_bbox((x, 0, x + CELL * columns, CELL * rows), crs="EPSG:32651", resolution=CELL)


def covers(*, bridge: bool = True) -> np.ndarray:
    """Return woods (10) at both ends, grass between, a road (51) with or without a bridge of trees, a house (52)."""
    cover = np.full((ROWS, COLUMNS), 30)
    cover[2:7, :2] = cover[2:7, -2:] = 10
    cover[:, ROAD] = 51
    cover[6:8, 3:5] = 52
    if bridge:
        cover[3, ROAD] = 10
    return cover


def patches() -> np.ndarray:
    patch = np.zeros((ROWS, COLUMNS), np.int32)
    patch[2:7, :2], patch[2:7, -2:] = 1, 2
    return patch


def raster(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values), dims=("y", "x"))


def resistances(cover: np.ndarray, **words: Any) -> np.ndarray:
    found = resistance_surface(
        land_cover=raster(cover),
        resistances=resolve("movement_resistance", region="CN-ZJ"),
        road_distances=resolve("road_distance_resistance"),
        grid=box(*cover.shape),
        p=ResistanceParams.model_validate(words),
    )
    return found.movement_resistance.to_numpy()


def connected(resistance: Any, patch: Any, **words: Any) -> CircuitConnectivity:
    values = np.asarray(resistance, np.float64)
    return circuit_connectivity(
        movement_resistance=raster(values),
        habitat_patch=raster(patch),
        grid=box(*values.shape),
        p=CircuitParams.model_validate(words),
    )


def drawn(seed: int, holes: float) -> tuple[np.ndarray, np.ndarray]:
    """Return resistances from 1 to 1000 with holes, and two to four patches of a cell or two."""
    draw = np.random.default_rng(seed)
    resistance = np.where(draw.random((SIZE, SIZE)) < holes, np.nan, 10 ** (3 * draw.random((SIZE, SIZE))))
    patch = np.zeros((SIZE, SIZE), np.int32)
    for number, (row, column) in enumerate([(0, 0), (8, 8), (0, 8), (7, 1)][: draw.integers(2, 5)], start=1):
        patch[row, column : column + draw.integers(1, 3)] = number
        resistance[row, column] = 1.0
    return resistance, patch

"""What a circuit on a grid is given by: resistances or conductances, a mask, focal points of a list."""

from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.listing.table import identity, number_of, table_of
from citybraid.core.var import Raster
from citybraid.kernels.ecology.circuit_modes import flat_cells

CellValues = Literal["resistance", "conductance"]
POINTS = "focal_points"
COLUMNS = 3
MOST = 2_000_000_000
"""Highest number of a focal node."""


def resistances_of(values: Raster, *, stated: CellValues, mask: Raster | None = None) -> xr.DataArray:
    """Return resistances from a raster of either; cells that are masked or have no conductance have none."""
    cells = values.to_numpy().astype(np.float64)
    if stated == "conductance":
        if (cells < 0.0).any():
            raise InputError("movement.negative_conductance", count=int((cells < 0.0).sum()))
        cells = np.divide(1.0, cells, out=np.full_like(cells, np.nan), where=cells > 0.0)
    if mask is not None:
        cells = np.where(mask.to_numpy() > 0, cells, np.nan)
    return values.copy(data=cells)


def short_circuits(short_circuit: Raster) -> list[NDArray[np.int64]]:
    """Return the cells of each short-circuit region, impassable ones too: the region leads across them."""
    region = short_circuit.to_numpy().astype(np.int64)
    return [flat_cells(region == number) for number in np.unique(region[region > 0])]


def focal_cells(
    patch: Raster | None, points: str | None, grid: GeoBox | None, shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return the number of the focal node of each cell, 0 for none: of patches, or of a list `number x y`.

    Raises InputError where neither or both are given, or a point lies beside the grid or where another does.
    """
    if (patch is None) == (points is None):
        raise InputError("movement.focal_either")
    if patch is not None:
        return patch.to_numpy().astype(np.int64)
    if grid is None:
        raise InputError("movement.focal_grid")
    cells = np.zeros(shape, np.int64)
    inverse = ~grid.affine
    for row in table_of(points or "", name=POINTS).rows:
        if len(row.cells) != COLUMNS:
            what = "number, x, y"
            raise InputError(
                "listing.columns", name=POINTS, line=row.line, got=len(row.cells), needs=COLUMNS, what=what
            )
        name = identity(row.cells[0])
        if not name.isdigit() or not 0 < int(name) <= MOST:
            raise InputError("listing.number", name=POINTS, line=row.line, got=row.cells[0], column="1")
        x, y = (number_of(row.cells[at], row=row, name=POINTS, column=str(at + 1)) for at in (1, 2))
        across, down = inverse * (x, y)
        at = int(np.floor(down)), int(np.floor(across))
        if not (0 <= at[0] < shape[0] and 0 <= at[1] < shape[1]):
            raise InputError("movement.point_outside", line=row.line, x=x, y=y)
        if cells[at] not in (0, int(name)):
            raise InputError("movement.point_twice", line=row.line, got=name, before=int(cells[at]))
        cells[at] = int(name)
    return cells

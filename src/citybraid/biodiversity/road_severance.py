"""Current between habitat patches that meets streets."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.biodiversity.crossings import SEVERED_CURRENT, STREETS_CURRENT
from citybraid.core.vocabulary.biodiversity.movement import CURRENT_FLOW

Ints = NDArray[np.int64]

STEPS = 4
"""Points along a line for each cell's side."""


class RoadSeverance(NamedTuple):
    """Current by street, and in all."""

    severed_current: SEVERED_CURRENT
    streets_current: STREETS_CURRENT


@model(
    version=1,
    cite="McRae et al. (2008), Ecology 89: 2712-2724 (current through cells); Forman and Alexander (1998), Annu. Rev. "
    "Ecol. Syst. 29: 207-231 (roads as barriers)",
    validity="Where roads and the ways between patches meet: current along a road counts too, and roads that nothing "
    "passes have none. Streets of the study's layer alone: railways count where it holds their lines.",
)
def road_severance(
    current_flow: CURRENT_FLOW, streets: Annotated[View, Table("streets")], grid: GeoBox
) -> RoadSeverance:
    """Return the current through the cells on the centre line of each street, and through those of all streets once.

    A high value tells where a road cuts what would move between patches. Streets outside the grid have 0.
    """
    current = np.nan_to_num(current_flow.to_numpy().astype(np.float64)).ravel()
    cells = [_cells(line, grid) for line in streets.geometry]
    met = np.unique(np.concatenate([np.zeros(0, np.int64), *cells]))
    return RoadSeverance(
        pd.Series([float(current[each].sum()) for each in cells], index=streets.index, dtype=np.float64),
        float(current[met].sum()),
    )


def _cells(line: shapely.Geometry | None, grid: GeoBox) -> Ints:
    """Return the cells that a line passes, as flat indices."""
    if line is None or shapely.is_empty(line):
        return np.zeros(0, np.int64)
    step = min(abs(float(grid.resolution.x)), abs(float(grid.resolution.y))) / STEPS
    x, y = shapely.get_coordinates(shapely.segmentize(line, step) if shapely.length(line) > 0.0 else line).T
    column, row = (np.floor(each).astype(np.int64) for each in ~grid.affine * (x, y))
    inside = (row >= 0) & (column >= 0) & (row < grid.shape[0]) & (column < grid.shape[1])
    return np.unique(row[inside] * grid.shape[1] + column[inside])

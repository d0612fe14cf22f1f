"""The surface of a flood: its ground with buildings on it, and the water that stands there at first."""

from typing import NamedTuple

import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.surface import BUILDING_FRACTION, MANNING, TERRAIN
from citybraid.core.vocabulary.water import INITIAL_DEPTH
from citybraid.kernels.flood.state import Bed, Water
from citybraid.resilience.flood.event import outside, still
from citybraid.resilience.flood.grid import (
    Cells,
    Inflows,
    Roofs,
    cell_size,
    edge_faces,
    filled,
    ground,
    inflow_cells,
    levels,
    roofs,
)
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.start import filled_in
from citybraid.resilience.rain.forcing import Forcing


class Surface(NamedTuple):
    """Levels and roughness of the ground, buildings on it, and water that stands there at first."""

    terrain: TERRAIN
    manning: MANNING
    building_fraction: BUILDING_FRACTION | None = None
    initial_depth: INITIAL_DEPTH | None = None


def bed_of(
    surface: Surface, found: Cells, storage: xr.DataArray | None, inflows: Inflows | None, *, grid: GeoBox,
    p: FloodParams,
) -> tuple[Bed, Roofs]:  # fmt: skip
    """Return the ground as the solver wants it, and the roofs on it; `storage` is what surfaces hold back [mm]."""
    manning = filled(surface.manning, "manning", found.open)
    size = cell_size(grid)
    sides = (p.north, p.south, p.west, p.east)
    faces = edge_faces(found, sides, p.outside)
    above = roofs(found, size, storage)
    return ground(found, manning, above, faces, inflow_cells(inflows, found, grid), size), above


def water_at_rest(surface: Surface, bed: Bed, found: Cells, forcing: Forcing) -> Water:
    """Return the water as an event begins: what stands on the surface, and the sea as far as it reaches in."""
    given = surface.initial_depth
    depth = None if given is None else filled(given, "initial_depth", found.open)
    depth = filled_in(bed, levels(found), forcing, depth)
    return still(bed, depth, outside=outside(bed, forcing.stretches[0]))

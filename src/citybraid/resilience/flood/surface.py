"""The surface of a flood: terrain with buildings, and initial water."""

from typing import NamedTuple

import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.surface import BUILDING_FRACTION, MANNING, TERRAIN
from citybraid.core.vocabulary.water import INITIAL_DEPTH
from citybraid.kernels.flood.state import Bed, Water
from citybraid.resilience.flood.event import initial_state, max_edge_depth
from citybraid.resilience.flood.grid import (
    Domain,
    Inflows,
    Roofs,
    bed_levels,
    cell_size,
    edge_faces,
    filled,
    inflow_cells,
    roofs,
    solver_bed,
)
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.start import fill_from_sea
from citybraid.resilience.rain.forcing import Forcing


class Surface(NamedTuple):
    """Terrain level, roughness, buildings and initial depth."""

    terrain: TERRAIN
    manning: MANNING
    building_fraction: BUILDING_FRACTION | None = None
    initial_depth: INITIAL_DEPTH | None = None


def bed_of(
    surface: Surface, domain: Domain, storage: xr.DataArray | None, inflows: Inflows | None, *, grid: GeoBox,
    p: FloodParams,
) -> tuple[Bed, Roofs]:  # fmt: skip
    """Return the solver's bed, and the roofs on it; `storage` is surface storage [mm]."""
    manning = filled(surface.manning, "manning", domain.open)
    size = cell_size(grid)
    sides = (p.north, p.south, p.west, p.east)
    faces = edge_faces(domain, sides, p.outside)
    roof_drainage = roofs(domain, size, storage)
    return solver_bed(domain, manning, roof_drainage, faces, inflow_cells(inflows, domain, grid), size), roof_drainage


def water_at_rest(surface: Surface, bed: Bed, domain: Domain, forcing: Forcing) -> Water:
    """Return the initial water of an event: the depth layer, and the sea as far as it reaches in."""
    initial_depth = surface.initial_depth
    depth = None if initial_depth is None else filled(initial_depth, "initial_depth", domain.open)
    depth = fill_from_sea(bed, bed_levels(domain), forcing, depth)
    return initial_state(bed, depth, edge_depth=max_edge_depth(bed, forcing.stretches[0]))

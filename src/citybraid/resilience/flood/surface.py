"""The surface of a flood: terrain with buildings, and initial water."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, MANNING, TERRAIN
from citybraid.core.vocabulary.water import INITIAL_DEPTH, INITIAL_VELOCITY_EAST, INITIAL_VELOCITY_NORTH
from citybraid.kernels.flood.state import F32, F64, FASTEST, Bed, Water
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.resilience.flood.event import initial_state, max_edge_depth
from citybraid.resilience.flood.grid import (
    Domain,
    Flags,
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

FILM, MOST_FROUDE = 1e-3, 3.0
"""Depth up to which water is a film, whose velocity is not told [m]; greatest Froude number of velocities told [-]."""


class Surface(NamedTuple):
    """Terrain level, roughness, buildings, and the water before the event: its depth and velocity."""

    terrain: TERRAIN
    manning: MANNING
    building_fraction: BUILDING_FRACTION | None = None
    initial_depth: INITIAL_DEPTH | None = None
    initial_velocity_east: INITIAL_VELOCITY_EAST | None = None
    initial_velocity_north: INITIAL_VELOCITY_NORTH | None = None

    @property
    def moves(self) -> bool:
        """Whether the initial water has a velocity."""
        return self.initial_velocity_east is not None or self.initial_velocity_north is not None


def bed_of(
    surface: Surface, domain: Domain, storage: xr.DataArray | None, inflows: Inflows | None, *, grid: GeoBox,
    p: FloodParams,
) -> tuple[Bed, Roofs]:  # fmt: skip
    """Return the solver's bed, and the roofs on it; `storage` is surface storage [mm].

    Raises InputError where initial water is to move on coarser cells than the ground's.
    """
    if surface.moves and p.subgrid > 1:
        raise InputError("flood.subgrid_velocity", step=p.subgrid)
    manning = filled(surface.manning, "manning", domain.open)
    size = cell_size(grid)
    sides = (p.north, p.south, p.west, p.east)
    faces = edge_faces(domain, sides, p.outside)
    roof_drainage = roofs(domain, size, storage)
    return solver_bed(domain, manning, roof_drainage, faces, inflow_cells(inflows, domain, grid), size), roof_drainage


def water_at_rest(surface: Surface, bed: Bed, domain: Domain, forcing: Forcing) -> tuple[Water, Flags]:
    """Return the initial water of an event: the depth layer, and the sea where it reaches in; and its cells."""
    initial_depth = surface.initial_depth
    depth = None if initial_depth is None else filled(initial_depth, "initial_depth", domain.open)
    depth, sea = fill_from_sea(bed, bed_levels(domain), forcing, depth)
    water = initial_state(bed, depth, edge_depth=max_edge_depth(bed, forcing.stretches[0]))
    if surface.moves:
        _set_in_motion(water, surface, bed, domain)
    return water, sea


def _set_in_motion(water: Water, surface: Surface, bed: Bed, domain: Domain) -> None:
    """Set the unit discharges over faces: mean velocity of the two cells times the depth over the higher bed."""
    east, north = velocities(surface, domain, water.h.shape)
    ground = np.where(domain.open, bed_levels(domain), np.inf)
    water.qx[:, 1:-1] = _between(ground[:, :-1], ground[:, 1:], water.h[:, :-1], water.h[:, 1:]) * _mean(
        east[:, :-1], east[:, 1:], bed.fall_x[:, :-1]
    )
    water.qy[1:-1] = _between(ground[:-1], ground[1:], water.h[:-1], water.h[1:]) * _mean(
        -north[:-1], -north[1:], bed.fall_y[:-1]
    )
    water.clock[FASTEST] = float(np.hypot(east, north)[water.h > 0.0].max(initial=0.0))


def velocities(surface: Surface, domain: Domain, shape: tuple[int, ...]) -> tuple[F64, F64]:
    """Return the velocity of the initial water to the east and to the north on each cell [m s⁻¹]."""

    def velocity(raster: xr.DataArray | None, name: str) -> F64:
        return np.zeros(shape) if raster is None else filled(raster, name, domain.open)

    return (
        velocity(surface.initial_velocity_east, "initial_velocity_east"),
        velocity(surface.initial_velocity_north, "initial_velocity_north"),
    )


def face_velocities(water: Water, bed: Bed, domain: Domain) -> tuple[F64, F64]:
    """Return the velocity to the east and north on each cell [m s⁻¹]: means of opposite faces, flow over its depth.

    Faces with less water than a millimetre have none; those at the rim have that of faces inside where water passes.
    """
    ground = np.where(domain.open, bed_levels(domain), np.inf)
    depth_x = _between(ground[:, :-1], ground[:, 1:], water.h[:, :-1], water.h[:, 1:])
    depth_y = _between(ground[:-1], ground[1:], water.h[:-1], water.h[1:])
    east = np.zeros(water.qx.shape)
    east[:, 1:-1] = _over_depth(np.where(np.isnan(bed.fall_x[:, :-1]), 0.0, water.qx[:, 1:-1]), depth_x)
    east[:, 0], east[:, -1] = np.where(water.qx[:, [0, -1]] != 0.0, east[:, [1, -2]], 0.0).T
    south = np.zeros(water.qy.shape)
    south[1:-1] = _over_depth(np.where(np.isnan(bed.fall_y[:-1]), 0.0, water.qy[1:-1]), depth_y)
    south[[0, -1]] = np.where(water.qy[[0, -1]] != 0.0, south[[1, -2]], 0.0)
    return 0.5 * (east[:, :-1] + east[:, 1:]), -0.5 * (south[:-1] + south[1:])


def cell_velocities(water: Water, qx: F64, qy: F64) -> tuple[F64, F64]:
    """Return the velocity to the east and north [m s⁻¹] of cells with unit discharges to the east and south."""
    deep = np.maximum(water.h, FILM)
    return np.where(water.h > FILM, qx / deep, 0.0), np.where(water.h > FILM, -qy / deep, 0.0)


def _over_depth(flow: NDArray[np.floating], depth: F64) -> F64:
    """Return velocities [m s⁻¹], 0 in films; up to a Froude number of 3, as peaks of speed."""
    deep = np.maximum(depth, FILM)
    most = MOST_FROUDE * np.sqrt(GRAVITY * deep)
    return np.where(depth > FILM, np.clip(flow / deep, -most, most), 0.0)


def _between(ground: F64, other_ground: F64, depth: F64, other_depth: F64) -> F64:
    """Return the depth over faces: the higher level of two cells above the higher bed; 0 beside a closed cell [m]."""
    higher = np.maximum(ground, other_ground)
    is_open = np.isfinite(higher)
    level = np.maximum(np.where(is_open, ground, 0.0) + depth, np.where(is_open, other_ground, 0.0) + other_depth)
    return np.where(is_open, np.maximum(level - np.where(is_open, higher, 0.0), 0.0), 0.0)


def _mean(speed: F64, other_speed: F64, fall: F32) -> F64:
    """Return the mean velocity over faces, 0 under walls, whose fall is NaN [m s⁻¹]."""
    return np.where(np.isnan(fall), 0.0, 0.5 * (speed + other_speed))

"""Two-dimensional flood of an event."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Tick
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, MANNING, TERRAIN
from citybraid.core.vocabulary.water import (
    ARRIVAL_TIME,
    DRAIN_CAPACITY,
    DRAINED_VOLUME,
    EDGE_LEVEL,
    FINAL_DEPTH,
    FLOOD_DURATION,
    HAZARD_RATING,
    HYDRAULIC_CONDUCTIVITY,
    INFILTRATION_VOLUME,
    INFLOW_DISCHARGE,
    INFLOW_VOLUME,
    INITIAL_DEPTH,
    MASS_ERROR,
    MAX_DEPTH,
    MAX_SPEED,
    MOISTURE_DEFICIT,
    OUTFLOW_VOLUME,
    RAIN_INTENSITY,
    RAIN_VOLUME,
    STORED_VOLUME,
    SUCTION_HEAD,
    SURFACE_STORAGE,
)
from citybraid.kernels.flood_state import Scheme
from citybraid.kernels.flood_track import NEVER
from citybraid.resilience.flood_event import Event, Volumes, sinks, still, untouched
from citybraid.resilience.flood_forcing import HOUR, Forcing, steps, stretches
from citybraid.resilience.flood_grid import (
    Edge,
    Inflows,
    cell_size,
    cells,
    edge_faces,
    filled,
    ground,
    inflow_cells,
    roofs,
)

TRACKED, LATEST = 4, 20.0
"""Steps [-] and time [s] after which peaks, arrival and duration are brought up to date."""


class FloodParams(Params):
    """Length of the event, edges, and numerical choices."""

    duration: float | None = Field(None, gt=0.0)
    """Time computed [s]; as long as the longest series where not given. Water still moves after the rain."""
    north: Edge | float = "free"
    """Northern edge: 'free', 'closed', 'level' (the series edge_level), or a fixed water level [m]."""
    south: Edge | float = "free"
    """Southern edge, as the northern one."""
    east: Edge | float = "free"
    """Eastern edge, as the northern one."""
    west: Edge | float = "free"
    """Western edge, as the northern one."""
    outside: Literal["free", "closed"] = "free"
    """Rim of the cells without terrain: water leaves freely, or not at all."""
    blocked_from: float = Field(0.5, gt=0.0, le=1.0)
    """Building share of a cell from which on water cannot enter it; its rain goes to the nearest open cell [-]."""
    threshold: float = Field(0.05, gt=0.0, le=1.0)
    """Depth from which a cell counts as flooded: for speed, hazard, arrival and duration [m]."""
    alpha: float = Field(0.7, gt=0.0, le=0.7)
    """Courant number of the adaptive time step [-]."""
    theta: float = Field(0.9, ge=0.5, le=1.0)
    """Weight of a face's own discharge against its neighbours' in the q-centred scheme [-]."""
    longest_step: float = Field(10.0, gt=0.0, le=60.0)
    """Longest time step [s]."""


class Flood(NamedTuple):
    """What an event leaves, and its water balance."""

    max_depth: MAX_DEPTH
    final_depth: FINAL_DEPTH
    max_speed: MAX_SPEED
    hazard_rating: HAZARD_RATING
    arrival_time: ARRIVAL_TIME
    flood_duration: FLOOD_DURATION
    rain_volume: RAIN_VOLUME
    inflow_volume: INFLOW_VOLUME
    outflow_volume: OUTFLOW_VOLUME
    infiltration_volume: INFILTRATION_VOLUME
    drained_volume: DRAINED_VOLUME
    stored_volume: STORED_VOLUME
    mass_error: MASS_ERROR


@model(
    version=2,
    cite="Bates, Horritt and Fewtrell (2010), J. Hydrol. 387: 33-45, eq. 11 and 14; de Almeida et al. (2012), "
    "Water Resour. Res. 48: W05528, eq. 7 (q-centred)",
    validity="Gradually varied, mostly subcritical flow over ground finer than what is asked of it: no advection, so "
    "bores, dam breaks and jets are only approximate; no sewers but a rate that drains take.",
    role="fine",
)
def flood(
    *,
    terrain: TERRAIN,
    manning: MANNING,
    rain_intensity: RAIN_INTENSITY,
    flood_debris: Annotated[Factors, Fact("flood_debris")],
    grid: GeoBox,
    p: FloodParams,
    initial_depth: INITIAL_DEPTH | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
    hydraulic_conductivity: HYDRAULIC_CONDUCTIVITY | None = None,
    suction_head: SUCTION_HEAD | None = None,
    moisture_deficit: MOISTURE_DEFICIT | None = None,
    surface_storage: SURFACE_STORAGE | None = None,
    drain_capacity: DRAIN_CAPACITY | None = None,
    inflows: Inflows | None = None,
    inflow_discharge: INFLOW_DISCHARGE | None = None,
    edge_level: EDGE_LEVEL | None = None,
    tick: Tick | None = None,
) -> Flood:
    """Route rain, inflows and levels over the ground by the local inertial equations.

    Each cell gains rain and the water of blocked roofs, less what their surface storage
    holds; loses to storage, Green-Ampt infiltration and drains; and exchanges water with
    its four neighbours.
    A layer that is not given does nothing: without conductivity, suction and deficit
    nothing infiltrates; without drains nothing drains; without initial depth the ground
    is dry. Cells without terrain are outside. Outputs have no value outside and on
    blocked cells. Volumes: rain and inflow are what the forcing prescribes (level edges add what came
    in over them); the balance's residual is an output and an error above 1e-6.
    """
    size = cell_size(grid)
    found = cells(terrain, building_fraction, blocked_from=p.blocked_from)
    sides = (p.north, p.south, p.west, p.east)
    faces = edge_faces(found, tuple("level" if isinstance(side, float) else side for side in sides), p.outside)
    n = filled(manning, "manning", found.open)
    above = roofs(found, size, surface_storage)
    bed = ground(found, n, above, faces, inflow_cells(inflows, found, grid), size)
    soil = sinks(found, hydraulic_conductivity, suction_head, moisture_deficit, surface_storage, drain_capacity)
    depth = None if initial_depth is None else filled(initial_depth, "initial_depth", found.open)
    forcing = _forcing(p, rain_intensity, inflows, inflow_discharge, edge_level)
    event = Event(
        found, above, bed, soil, still(bed, depth), untouched(found, flood_debris, forcing.stretches[-1].until)
    )
    before = event.volumes()
    scheme = Scheme(p.alpha, p.theta, p.longest_step, TRACKED, LATEST, p.threshold)
    event.run(scheme, forcing, tick)
    return _results(event, before, forcing)


def _forcing(
    p: FloodParams,
    rain: pd.Series,
    inflows: Inflows | None,
    discharge: pd.Series | None,
    edge_level: pd.Series | None,
) -> Forcing:
    if (inflows is None) != (discharge is None):
        raise InputError("flood.inflow_half", given="inflows" if discharge is None else "inflow_discharge")
    sides = (p.north, p.south, p.west, p.east)
    if "level" in sides and edge_level is None:
        raise InputError("flood.level_missing")
    given = {"rain_intensity": rain, "inflow_discharge": discharge, "edge_level": edge_level}
    until = p.duration
    found = {name: steps(series, name, until=until) for name, series in given.items() if series is not None}
    end = until if until is not None else max(float(one.edges[-1]) for one in found.values())
    fixed = tuple(side if isinstance(side, float) else None for side in sides)
    return stretches(found["rain_intensity"], found.get("inflow_discharge"), found.get("edge_level"), fixed, until=end)


def _results(event: Event, before: Volumes, forcing: Forcing) -> Flood:
    after, peaks, found = event.volumes(), event.peaks, event.found
    rain = forcing.rain * float(found.inside.sum()) * event.area
    inflow = forcing.inflow + after.entered
    on_roofs = float(np.minimum(event.roofs.storage, forcing.rain).sum()) * event.area
    held = after.held - before.held + on_roofs
    supplied = before.stored + rain + inflow
    residual = after.stored - (supplied - held - after.drained - after.left)

    def raster(values: NDArray[np.floating]) -> xr.DataArray:
        return xr.DataArray(np.where(found.open, values, np.nan), dims=("y", "x"))

    return Flood(
        max_depth=raster(np.maximum(peaks.depth, event.water.h)),
        final_depth=raster(event.water.h),
        max_speed=raster(peaks.speed / 1000.0),
        hazard_rating=raster(peaks.hazard / 1000.0),
        arrival_time=raster(np.where(peaks.arrival == NEVER, np.nan, peaks.arrival * (peaks.unit[0] / HOUR))),
        flood_duration=raster(peaks.duration * (peaks.unit[0] / HOUR)),
        rain_volume=rain,
        inflow_volume=inflow,
        outflow_volume=after.left,
        infiltration_volume=held,
        drained_volume=after.drained,
        stored_volume=after.stored,
        mass_error=residual / supplied if supplied > 0.0 else residual,
    )

"""Two-dimensional flood of an event."""

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Over, Tick
from citybraid.core.vocabulary.defences import (
    CULVERT_PEAK,
    CULVERT_VOLUME,
    GATE_PEAK,
    GATE_VOLUME,
    LEVEE_PEAK,
    LEVEE_VOLUME,
    PUMP_PEAK,
    PUMP_VOLUME,
)
from citybraid.core.vocabulary.drains import (
    DRAINAGE_MODEL,
    DRAINS_CONTINUITY,
    DRAINS_DISCHARGED,
    DRAINS_LOST,
    DRAINS_RELEASED,
    DRAINS_RETURNED,
    DRAINS_RUNOFF,
    DRAINS_TAKEN,
    EXCHANGE_ERROR,
    NODE_COUPLING,
    NODE_RETURNED,
    NODE_RIM_GAP,
    NODE_SHIFT,
    NODE_TAKEN,
)
from citybraid.core.vocabulary.forcing import (
    HORTON_DECAY,
    HORTON_FIRST_RATE,
    HORTON_LAST_RATE,
    INITIAL_ABSTRACTION,
    POTENTIAL_RETENTION,
    RAIN_FIELD,
    SIDE_LEVEL,
)
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, MANNING, TERRAIN
from citybraid.core.vocabulary.water import (
    ARRIVAL_TIME,
    DEPTH_COURSE,
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
from citybraid.kernels.flood.state import Bed, Scheme, Water
from citybraid.kernels.flood.track import NEVER
from citybraid.resilience.flood.coupled_drains import (
    Coupling,
    DrainCatchments,
    DrainNodes,
    Exchanged,
    Pipes,
    coupled,
    none_exchanged,
)
from citybraid.resilience.flood.course import Course, course_times
from citybraid.resilience.flood.depth_course import MM
from citybraid.resilience.flood.event import Event, Volumes, outside, sinks, still, untouched
from citybraid.resilience.flood.grid import (
    HELD,
    SIDES,
    Cells,
    Edge,
    Inflows,
    Roofs,
    cell_size,
    cells,
    edge_faces,
    filled,
    ground,
    inflow_cells,
    levels,
    roofs,
)
from citybraid.resilience.flood.infiltration import Layers, Method, chosen
from citybraid.resilience.flood.links import CulvertTable, PumpTable
from citybraid.resilience.flood.rain import Fallen, Falling, longest, rainfall
from citybraid.resilience.flood.start import filled_in
from citybraid.resilience.flood.structures import Built, PassedBy, acting, passed, raised
from citybraid.resilience.flood.subgrid import Subgrid, on_cells
from citybraid.resilience.flood.walls import GateTable, Levees
from citybraid.resilience.rain.forcing import HOUR, Forcing, Steps, steps, stretches

F64 = NDArray[np.float64]
TRACKED, LATEST = 4, 20.0
"""Steps [-] and time [s] after which peaks, arrival and duration are brought up to date."""


class FloodParams(Params):
    """Length of the event, edges, and numerical choices."""

    duration: float | None = Field(None, gt=0.0)
    """Time computed [s]; as long as the longest series where not given. Water still moves after the rain."""
    north: Edge | float = "free"
    """Northern edge: 'free', 'closed', 'level' or 'sea' (its series side_level, else edge_level), or a level [m].

    A sea is still: it enters at critical flow at most, stands inside at first as far as it reaches, and goes on beyond
    free edges that it reaches.
    """
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
    infiltration: Method | None = None
    """Which infiltration counts where layers of several are there: green_ampt, horton or curve_number."""
    drains: Literal["apart", "coupled"] = "apart"
    """'coupled' runs the drainage model beside the flood and exchanges water at its nodes; 'apart' leaves it out."""
    outfalls: Literal["ground", "away"] = "ground"
    """Where coupled drains discharge: 'ground' onto the terrain their outfalls stand on; 'away' out of the area."""
    coupling_interval: float = Field(5.0, ge=1.0, le=60.0)
    """Time between two exchanges of water with coupled drains [s]."""
    catchments_beyond: bool = False
    """Whether the drainage model's catchments that lie wholly beyond the ground are rained on, into its pipes."""
    drain_reach: float = Field(15.0, ge=0.0, le=500.0)
    """How far a node on a building, or an outfall, may lie from the cell that it exchanges water with [m]."""
    subgrid: int = Field(1, ge=1, le=4)
    """Cells computed are this many times as wide as the ground's and know the fine ground within; 1 computes all."""
    threshold: float = Field(0.05, gt=0.0, le=1.0)
    """Depth from which a cell counts as flooded: for speed, hazard, arrival and duration [m]."""
    alpha: float = Field(0.7, gt=0.0, le=0.7)
    """Courant number of the adaptive time step [-]."""
    theta: float = Field(0.9, ge=0.5, le=1.0)
    """Weight of a face's own discharge against its neighbours' in the q-centred scheme [-]."""
    longest_step: float = Field(10.0, gt=0.0, le=60.0)
    """Longest time step [s]."""
    course_interval: float | None = Field(None, ge=60.0, le=86400.0)
    """Longest time between two depths kept for what changes over an event [s]; 600, or a 24th of longer events."""


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
    depth_course: DEPTH_COURSE
    levee_peak: LEVEE_PEAK
    levee_volume: LEVEE_VOLUME
    gate_peak: GATE_PEAK
    gate_volume: GATE_VOLUME
    culvert_peak: CULVERT_PEAK
    culvert_volume: CULVERT_VOLUME
    pump_peak: PUMP_PEAK
    pump_volume: PUMP_VOLUME
    node_coupling: NODE_COUPLING
    node_shift: NODE_SHIFT
    node_rim_gap: NODE_RIM_GAP
    node_taken: NODE_TAKEN
    node_returned: NODE_RETURNED
    drains_taken: DRAINS_TAKEN
    drains_returned: DRAINS_RETURNED
    drains_released: DRAINS_RELEASED
    drains_discharged: DRAINS_DISCHARGED
    drains_runoff: DRAINS_RUNOFF
    drains_lost: DRAINS_LOST
    drains_continuity: DRAINS_CONTINUITY
    exchange_error: EXCHANGE_ERROR


@model(
    version=22,
    cite="Bates, Horritt and Fewtrell (2010), J. Hydrol. 387: 33-45, eq. 11 and 14; de Almeida et al. (2012), "
    "Water Resour. Res. 48: W05528, eq. 7 (q-centred); Villemonte (1947), Engineering News-Record 139: 54-57 (levees); "
    "FHWA (2012), HDS-5, 3rd ed., app. A (culverts); Rubinato et al. (2017), J. Hydrol. 552: 421-432, eq. 2 and 3 "
    "(exchange with drains); Casulli (2009), Int. J. Numer. Meth. Fluids 60: 391-408, and van Ormondt et al. (2025), "
    "Geosci. Model Dev. 18: 843-861 (subgrid)",
    validity="Gradually varied, mostly subcritical flow over ground finer than what is asked of it: no advection, so "
    "bores, dam breaks and jets are only approximate; sewers as a rate that drains take, or as a coupled SWMM model; "
    "with subgrid > 1 water stands level within a coarse cell and ridges in one stand on its rim.",
    role="fine",
)
def flood(
    *,
    terrain: TERRAIN,
    manning: MANNING,
    rain_intensity: RAIN_INTENSITY,
    flood_debris: Annotated[Factors, Fact("flood_debris")],
    flood_structures: Annotated[Factors, Fact("flood_structures")],
    drain_inlet: Annotated[Factors, Fact("drain_inlet")],
    grid: GeoBox,
    p: FloodParams,
    initial_depth: INITIAL_DEPTH | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
    hydraulic_conductivity: HYDRAULIC_CONDUCTIVITY | None = None,
    suction_head: SUCTION_HEAD | None = None,
    moisture_deficit: MOISTURE_DEFICIT | None = None,
    horton_first_rate: HORTON_FIRST_RATE | None = None,
    horton_last_rate: HORTON_LAST_RATE | None = None,
    horton_decay: HORTON_DECAY | None = None,
    potential_retention: POTENTIAL_RETENTION | None = None,
    initial_abstraction: INITIAL_ABSTRACTION | None = None,
    surface_storage: SURFACE_STORAGE | None = None,
    drain_capacity: DRAIN_CAPACITY | None = None,
    inflows: Inflows | None = None,
    inflow_discharge: INFLOW_DISCHARGE | None = None,
    edge_level: EDGE_LEVEL | None = None,
    side_levels: Annotated[Mapping[str, pd.Series], Over(SIDE_LEVEL, "side")] | None = None,
    areal_rain: RAIN_FIELD | None = None,
    levees: Levees | None = None,
    gates: GateTable | None = None,
    culverts: CulvertTable | None = None,
    pumps: PumpTable | None = None,
    drainage_model: DRAINAGE_MODEL | None = None,
    drain_nodes: DrainNodes | None = None,
    drain_catchments: DrainCatchments | None = None,
    tick: Tick | None = None,
) -> Flood:
    """Route rain, inflows and levels over the ground by the local inertial equations.

    Each cell gains rain and the water of blocked roofs, less what their surface storage
    holds; loses to storage, infiltration and drains; and exchanges water with its four neighbours.
    Under a levee no water passes but over the crest and through gates; culverts and pumps join cells far apart.
    A rain field takes the place of the rain that is the same everywhere. Infiltration is Green and Ampt's, Horton's
    or the curve number's, whichever layers are there. Coupled drains take water at their nodes and give it back.
    A layer that is not given does nothing: nothing infiltrates, nothing drains, the ground is dry at first but
    where the sea outside reaches. Cells without terrain are outside; there, and on blocked
    cells, outputs have no value. Rain and inflow are what the forcing prescribes (level edges add what came in over
    them); the balance's residual is an error above 1e-6. With `subgrid` above 1 the water moves on coarser cells,
    without levees, gates, culverts, pumps and coupled drains.
    """
    found = cells(terrain, building_fraction, blocked_from=p.blocked_from)
    bed, above = _bed(found, filled(manning, "manning", found.open), surface_storage, inflows, grid=grid, p=p)
    given: Layers = {
        "hydraulic_conductivity": hydraulic_conductivity, "suction_head": suction_head,
        "moisture_deficit": moisture_deficit, "horton_first_rate": horton_first_rate,
        "horton_last_rate": horton_last_rate, "horton_decay": horton_decay,
        "potential_retention": potential_retention, "initial_abstraction": initial_abstraction,
    }  # fmt: skip
    soils = chosen(given, p.infiltration)
    soil = sinks(found, {**soils, "surface_storage": surface_storage, "drain_capacity": drain_capacity})
    rain, falling = rainfall(rain_intensity, areal_rain, soils, found, grid=grid, until=p.duration)
    inflow = _inflow(p, inflows, inflow_discharge)
    most = min(longest(soils), p.coupling_interval if p.drains == "coupled" else math.inf)
    forcing = _forcing(p, rain, inflow, _levels(p, edge_level, side_levels or {}), most=most)
    until = forcing.stretches[-1].until
    built = Built(levees, gates, culverts, pumps)
    stands = raised(built, bed, found, grid, law=flood_structures)
    water = _still(bed, initial_depth, found, forcing=forcing)
    event = Event(found, above, bed, soil, water, untouched(found, flood_debris, until), acting(stands))
    running = on_cells(event, p.subgrid, coupled=p.drains == "coupled")
    pipes = Pipes(drainage_model, drain_nodes, drain_catchments, rain_intensity)
    drains = _drains(event, pipes, drain_inlet, grid=grid, p=p, until=until)
    before, fallen, exchange, course = _routed(running, p, forcing, tick, falling=falling, drains=drains, grid=grid)
    return _results(running, before, forcing.inflow, fallen, by=passed(stands, built), exchange=exchange, course=course)


def _routed(
    event: Event | Subgrid, p: FloodParams, forcing: Forcing, tick: Tick | None, *, falling: Falling | None,
    drains: AbstractContextManager[Coupling] | None, grid: GeoBox,
) -> tuple[Volumes, Fallen, Exchanged, xr.DataArray]:  # fmt: skip
    """Run a flood, with coupled drains beside it if any; returns what was there before and its depths over time too."""
    before = event.volumes()
    course = Course(course_times(forcing.stretches[-1].until, p.course_interval), event.found.open)
    scheme = Scheme(p.alpha, p.theta, p.longest_step, TRACKED, LATEST, p.threshold)
    if drains is None:
        course.keep(event.depth(), 0.0)
        fallen = event.run(scheme, forcing, tick, falling=falling, meet=course.meet(event.depth))
        return before, fallen, none_exchanged(), course.field(grid)
    with drains as coupling:
        coupling.meet(event.water, 0.0)
        course.keep(event.depth(), 0.0)
        fallen = event.run(scheme, forcing, tick, falling=falling, meet=course.meet(event.depth, coupling.meet))
        return before, fallen, coupling.exchanged(), course.field(grid)


def _drains(
    event: Event, pipes: Pipes, law: Factors, *, grid: GeoBox, p: FloodParams, until: float
) -> AbstractContextManager[Coupling] | None:
    if p.drains == "apart":
        return None
    pipes = pipes if p.catchments_beyond else pipes._replace(catchments=None)
    interval, reach, ground = p.coupling_interval, p.drain_reach, p.outfalls == "ground"
    return coupled(pipes, event, law, grid=grid, until=until, interval=interval, reach=reach, onto_ground=ground)


def _bed(
    found: Cells, manning: F64, storage: xr.DataArray | None, inflows: Inflows | None, *, grid: GeoBox, p: FloodParams
) -> tuple[Bed, Roofs]:
    size = cell_size(grid)
    sides = (p.north, p.south, p.west, p.east)
    faces = edge_faces(found, sides, p.outside)
    above = roofs(found, size, storage)
    return ground(found, manning, above, faces, inflow_cells(inflows, found, grid), size), above


def _still(bed: Bed, initial_depth: xr.DataArray | None, found: Cells, *, forcing: Forcing) -> Water:
    depth = None if initial_depth is None else filled(initial_depth, "initial_depth", found.open)
    depth = filled_in(bed, levels(found), forcing, depth)
    return still(bed, depth, outside=outside(bed, forcing.stretches[0]))


def _inflow(p: FloodParams, inflows: Inflows | None, discharge: pd.Series | None) -> Steps | None:
    if (inflows is None) != (discharge is None):
        raise InputError("flood.inflow_half", given="inflows" if discharge is None else "inflow_discharge")
    return None if discharge is None else steps(discharge, "inflow_discharge", until=p.duration)


def _levels(
    p: FloodParams, edge_level: pd.Series | None, by_side: Mapping[str, pd.Series]
) -> tuple[Steps | float | None, ...]:
    """Return each side's level: fixed, its own series, or the one for all; raises InputError where it has none."""
    if unknown := sorted(set(by_side) - set(SIDES)):
        raise InputError("flood.side_unknown", got=unknown, needs=list(SIDES))
    if idle := [name for name in by_side if getattr(p, name) not in HELD]:
        raise InputError("flood.side_idle", sides=sorted(idle))

    def level(name: str) -> Steps | float | None:
        said = getattr(p, name)
        if said not in HELD:
            return said if isinstance(said, float) else None
        series, called = (by_side[name], f"side_level {name}") if name in by_side else (edge_level, "edge_level")
        if series is None:
            raise InputError("flood.level_missing", side=name)
        return steps(series, called, until=p.duration)

    return tuple(level(name) for name in SIDES)


def _forcing(
    p: FloodParams, rain: Steps, inflow: Steps | None, levels: tuple[Steps | float | None, ...], *, most: float
) -> Forcing:
    given = [each for each in (rain, inflow, *levels) if isinstance(each, Steps)]
    end = p.duration if p.duration is not None else max(float(each.edges[-1]) for each in given)
    return stretches(rain, inflow, levels, until=end, most=most, stops=course_times(end, p.course_interval))


def _results(
    event: Event | Subgrid, before: Volumes, poured: float, fallen: Fallen, *, by: PassedBy, exchange: Exchanged,
    course: xr.DataArray,
) -> Flood:  # fmt: skip
    after, peaks, found, depth = event.volumes(), event.peaks, event.found, event.depth()
    inflow = poured + after.entered
    held = after.held - before.held + fallen.on_roofs + fallen.taken
    supplied = before.stored + fallen.rain + inflow
    residual = after.stored - (supplied - held - after.drained - after.left - exchange.out + exchange.back)

    def raster(values: NDArray[np.floating]) -> xr.DataArray:
        return xr.DataArray(np.where(found.open, values, np.nan), dims=("y", "x"))

    return Flood(
        max_depth=raster(np.maximum(np.maximum(peaks.depth, depth), course.to_numpy().max(axis=0) / MM)),
        final_depth=raster(depth),
        max_speed=raster(peaks.speed / 1000.0),
        hazard_rating=raster(peaks.hazard / 1000.0),
        arrival_time=raster(np.where(peaks.arrival == NEVER, np.nan, peaks.arrival * (peaks.unit[0] / HOUR))),
        flood_duration=raster(peaks.duration * (peaks.unit[0] / HOUR)),
        rain_volume=fallen.rain,
        inflow_volume=inflow,
        outflow_volume=after.left,
        infiltration_volume=held,
        drained_volume=after.drained,
        stored_volume=after.stored,
        mass_error=residual / supplied if supplied > 0.0 else residual,
        depth_course=course,
        levee_peak=by.levees.peak,
        levee_volume=by.levees.volume,
        gate_peak=by.gates.peak,
        gate_volume=by.gates.volume,
        culvert_peak=by.culverts.peak,
        culvert_volume=by.culverts.volume,
        pump_peak=by.pumps.peak,
        pump_volume=by.pumps.volume,
        node_coupling=exchange.coupling,
        node_shift=exchange.shift,
        node_rim_gap=exchange.gap,
        node_taken=exchange.taken,
        node_returned=exchange.returned,
        drains_taken=exchange.out,
        drains_returned=exchange.back,
        drains_released=exchange.released,
        drains_discharged=exchange.discharged,
        drains_runoff=exchange.runoff,
        drains_lost=exchange.lost,
        drains_continuity=exchange.continuity,
        exchange_error=exchange.told_otherwise / supplied if supplied > 0.0 else exchange.told_otherwise,
    )

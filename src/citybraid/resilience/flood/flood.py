"""Two-dimensional flood of an event."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated, Any, NamedTuple

import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.group import When
from citybraid.core.model import model
from citybraid.core.var import RunFacts, Threads, Tick
from citybraid.core.vocabulary.water import DEPTH_COURSE, VELOCITY_EAST, VELOCITY_NORTH
from citybraid.kernels.flood.state import F64, STEPS, SWEPT, Scheme
from citybraid.resilience.flood.balance import BalanceTerms, WaterBalance, balance_of
from citybraid.resilience.flood.coefficients import Coefficients
from citybraid.resilience.flood.coupled_drains import Coupling, coupled
from citybraid.resilience.flood.course import Course, Recession, VelocityCourse, course_times
from citybraid.resilience.flood.defences import CulvertFlows, Defences, GateFlows, LeveeFlows, PumpFlows
from citybraid.resilience.flood.drain_exchange import Drainage, DrainExchange, exchange_of
from citybraid.resilience.flood.event import Event, IntervalEnd, initial_peaks, sinks
from citybraid.resilience.flood.event_forcing import EventForcing, build_forcing
from citybraid.resilience.flood.full_momentum import FullMomentum, with_full_momentum
from citybraid.resilience.flood.grid import Inflows, model_domain
from citybraid.resilience.flood.infiltration import Losses, infiltration_layers
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.peaks import FloodPeaks, peaks_of
from citybraid.resilience.flood.rain import RainSource, longest_interval, rainfall
from citybraid.resilience.flood.start import drained_ground
from citybraid.resilience.flood.structures import build_structures, structure_flows, structures_or_none
from citybraid.resilience.flood.subgrid import Subgrid, with_subgrid
from citybraid.resilience.flood.surface import Surface, bed_of, face_velocities, water_at_rest
from citybraid.resilience.rain.forcing import Forcing

TRACKED, LATEST = 8, 20.0
"""Steps [-] and time [s] after which peaks, arrival and duration are updated."""

RUNS: dict[str, Callable[[Event, Surface, FloodParams, Inflows | None, GeoBox], Event | Subgrid | FullMomentum]] = {
    "inertial": lambda event, _, p, *__: with_subgrid(event, p.subgrid, coupled=p.drains == "coupled"),
    "full": with_full_momentum,
}
"""How an event is run, by the equations of momentum."""
VELOCITIES: dict[str, Callable[[Any], tuple[F64, F64]]] = {
    "inertial": lambda event: face_velocities(event.water, event.bed, event.domain),
    "full": FullMomentum.velocity,
}
"""The velocities of a run to the east and north, by the equations of momentum."""


class Velocities(NamedTuple):
    """Velocities at the times of the depths."""

    velocity_east: VELOCITY_EAST
    velocity_north: VELOCITY_NORTH


class Flood(NamedTuple):
    """Peaks of an event, its water balance, depths over time, flows of structures and exchange with drains."""

    peaks: FloodPeaks
    balance: WaterBalance
    depth_course: DEPTH_COURSE
    velocity: Annotated[Velocities | None, When("terrain", "velocities", value=True)]
    levees: Annotated[LeveeFlows | None, When("levees")]
    gates: Annotated[GateFlows | None, When("gates")]
    culverts: Annotated[CulvertFlows | None, When("culverts")]
    pumps: Annotated[PumpFlows | None, When("pumps")]
    drains: Annotated[DrainExchange | None, When("drainage_model", "drains", "coupled")]


@model(
    version=27,
    cite="Bates, Horritt and Fewtrell (2010), J. Hydrol. 387: 33-45, eq. 11 and 14; de Almeida et al. (2012), "
    "Water Resour. Res. 48: W05528, eq. 7 (q-centred); Villemonte (1947), Engineering News-Record 139: 54-57 (levees); "
    "FHWA (2012), HDS-5, 3rd ed., app. A (culverts); Rubinato et al. (2017), J. Hydrol. 552: 421-432, eq. 2 and 3 "
    "(exchange with drains); Casulli (2009), Int. J. Numer. Meth. Fluids 60: 391-408, and van Ormondt et al. (2025), "
    "Geosci. Model Dev. 18: 843-861 (subgrid); Audusse et al. (2004), SIAM J. Sci. Comput. 25: 2050-2065, and "
    "Toro (2001), Shock-Capturing Methods for Free-Surface Shallow Flows, ch. 10 (full equations)",
    validity="Gradually varied, mostly subcritical flow over ground finer than what is asked of it: no advection, so "
    "bores, dam breaks and jets are only approximate, with velocities bounded by head, unless momentum = full; sewers "
    "as a rate that drains take, or as a coupled SWMM model; with subgrid > 1 water stands level within a coarse cell, "
    "ridges in one stand on its rim, and a gap in one is as wide as its rim.",
    role="fine",
)
def flood(
    *,
    surface: Surface,
    forcing: EventForcing,
    coefficients: Coefficients,
    grid: GeoBox,
    p: FloodParams,
    losses: Losses | None = None,
    defences: Defences | None = None,
    drains: Drainage | None = None,
    tick: Tick | None = None,
    threads: Threads | None = None,
    facts: RunFacts | None = None,
) -> Flood:
    """Route rain, inflows and levels over the ground by the local inertial equations, or by the full ones.

    Each cell gains rain and the water of blocked roofs, less what their surface storage
    holds; loses to storage, infiltration and drains; and exchanges water with its four neighbours.
    Under a levee no water passes but over the crest and through gates; culverts and pumps join cells far apart.
    A rain field takes the place of the rain that is the same everywhere. Infiltration is Green and Ampt's, Horton's
    or the curve number's, whichever layers are there. Coupled drains take water at their nodes and give it back.
    Cells that a sea covers at the start have no drains; those with flap gates wait for the water outside to fall.
    A layer that is not given does nothing: nothing infiltrates, nothing drains, the ground is dry at first but
    where the sea outside reaches. Cells without terrain are outside; there, and on blocked
    cells, outputs have no value. Rain and inflow are what the forcing prescribes (level edges add what came in over
    them); the balance's residual is an error above 1e-6. The event goes on after its rain and inflow for at most
    `recession`, and ends before once no more than standing water is left: the flooded area is gone or changes by less
    than 1 % between two depths of the course (not with coupled drains). With `subgrid` above 1 the water moves on
    coarser cells, without levees, gates, culverts, pumps and coupled drains. With `momentum` = full the flow
    carries its momentum along, as dam breaks, jets and hydraulic jumps do.
    """
    if p.velocities and p.subgrid > 1:
        raise InputError("flood.subgrid_velocities", step=p.subgrid)
    losses, defences = losses or Losses(), defences or Defences()
    domain = model_domain(surface.terrain, surface.building_fraction, blocked_from=p.blocked_from)
    bed, roof_drainage = bed_of(surface, domain, losses.surface_storage, forcing.inflows, grid=grid, p=p)
    soils = infiltration_layers(losses, p.infiltration)
    soil = sinks(domain, {**soils, "surface_storage": losses.surface_storage, "drain_capacity": losses.drain_capacity})
    rain, rain_source = rainfall(forcing.rain_intensity, forcing.areal_rain, soils, domain, grid=grid, until=p.duration)
    most = min(longest_interval(soils), p.coupling_interval if p.drains == "coupled" else math.inf)
    intervals, series_end = build_forcing(forcing, rain, p, most=most)
    structures = build_structures(defences, bed, domain, grid, law=coefficients.flood_structures)
    water, sea = water_at_rest(surface, bed, domain, intervals)
    peaks = initial_peaks(domain, coefficients.flood_debris, intervals.stretches[-1].until)
    event = Event(domain, roof_drainage, bed, soil, water, peaks, structures_or_none(structures))
    event = drained_ground(event, sea, flap_gates=p.drain_outlet == "flap")
    run = RUNS[p.momentum](event, surface, p, forcing.inflows, grid)
    coupling = _coupling(event, drains or Drainage(), forcing, coefficients, intervals, grid=grid, p=p)
    terms, course, velocity = _simulate(
        run,
        p,
        intervals,
        tick,
        series_end=series_end,
        rain_source=rain_source,
        drains=coupling,
        grid=grid,
        threads=threads or 1,
    )
    if facts is not None:
        facts |= {"steps": int(run.water.tally[STEPS]), "cell_updates": int(run.water.tally[SWEPT])}
    exchange = terms.exchange
    return Flood(
        peaks_of(run, course),
        balance_of(terms),
        course,
        velocity,
        *structure_flows(structures, defences),
        drains=None if exchange is None else exchange_of(exchange, error=terms.relative(exchange.disagreement)),
    )


def _simulate(
    event: Event | Subgrid | FullMomentum, p: FloodParams, forcing: Forcing, tick: Tick | None, *, series_end: float,
    rain_source: RainSource | None, drains: AbstractContextManager[Coupling] | None, grid: GeoBox, threads: int,
) -> tuple[BalanceTerms, xr.DataArray, Velocities | None]:  # fmt: skip
    """Run a flood, with coupled drains if any; return the terms of its balance, depths and velocities over time."""
    before = event.volumes()
    times = course_times(forcing.stretches[-1].until, p.course_interval)
    course = Course(times, event.domain.open)
    is_over = Recession(event.depth, times, series_end=series_end, threshold=p.threshold)
    scheme = Scheme(p.alpha, p.theta, p.longest_step, TRACKED, LATEST, p.threshold)
    run = partial(event.run, scheme, forcing, tick, rain_source=rain_source, threads=threads)
    exchange, moving = None, VelocityCourse(times, event.domain.open, partial(VELOCITIES[p.momentum], event))

    def kept(recorder: IntervalEnd) -> IntervalEnd:
        if not p.velocities:
            return recorder
        moving.record(0.0)
        return moving.recorder(recorder)

    if drains is None:
        course.record(event.depth(), 0.0)
        rain_totals = run(at_interval_end=kept(course.recorder(event.depth)), is_over=is_over)
    else:
        with drains as coupling:
            coupling.couple(event.water, 0.0)
            course.record(event.depth(), 0.0)
            rain_totals = run(at_interval_end=kept(course.recorder(event.depth, coupling.couple)))
            exchange = coupling.exchanged()
    return BalanceTerms(before, event.volumes(), forcing.inflow, rain_totals, exchange), course.field(grid), (
        Velocities(*moving.fields(grid)) if p.velocities else None
    )  # fmt: skip


def _coupling(
    event: Event, drains: Drainage, inputs: EventForcing, coefficients: Coefficients, forcing: Forcing, *, grid: GeoBox,
    p: FloodParams,
) -> AbstractContextManager[Coupling] | None:  # fmt: skip
    """Return the drains coupled to a flood, None where they are left out."""
    if p.drains == "apart":
        return None
    return coupled(
        drains if p.catchments_beyond else drains._replace(drain_catchments=None), event, coefficients.drain_inlet,
        rain=inputs.rain_intensity, grid=grid, until=forcing.stretches[-1].until, interval=p.coupling_interval,
        reach=p.drain_reach, onto_ground=p.outfalls == "ground",
    )  # fmt: skip

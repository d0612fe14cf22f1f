"""Flow in storm drains by the SWMM engine."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.group import When
from citybraid.core.model import Params, model
from citybraid.core.var import Table, Tick, View
from citybraid.core.vocabulary.drains import (
    CATCHMENT_EVAPORATION,
    CATCHMENT_INFILTRATION,
    CATCHMENT_MAX_RUNOFF,
    CATCHMENT_RAIN_DEPTH,
    CATCHMENT_RUNOFF,
    CATCHMENT_RUNON,
    DRAIN_EXTERNAL_VOLUME,
    DRAIN_FLOOD_VOLUME,
    DRAIN_INFLOW_VOLUME,
    DRAIN_INITIAL_VOLUME,
    DRAIN_LOST_VOLUME,
    DRAIN_RUNOFF_VOLUME,
    DRAIN_STORED_VOLUME,
    DRAINAGE_MODEL,
    FACILITY_AREA,
    FACILITY_EVAPORATION,
    FACILITY_INFILTRATION,
    FACILITY_INFLOW,
    FACILITY_KEPT,
    FACILITY_OVERFLOW,
    LINK_MAX_DEPTH,
    LINK_MAX_FLOW,
    LINK_MAX_SPEED,
    LINK_SURCHARGE_TIME,
    NODE_FLOOD_TIME,
    NODE_FLOOD_VOLUME,
    NODE_LATERAL_VOLUME,
    NODE_MAX_DEPTH,
    NODE_MAX_FLOODING,
    NODE_MAX_INFLOW,
    NODE_MEAN_DEPTH,
    NODE_OUTFALL_VOLUME,
    NODE_SURCHARGE_TIME,
    OUTFALL_DISCHARGE,
    OUTFALL_VOLUME,
    QUALITY_CONTINUITY,
    ROUTING_CONTINUITY,
    RUNOFF_CONTINUITY,
)
from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.rain.forcing import HOUR
from citybraid.resilience.swmm.engine import Engine, Network, Results
from citybraid.resilience.swmm.model_text import ModelText, parse, without_files
from citybraid.resilience.swmm.model_times import raining, report_step

F64 = NDArray[np.float64]
DrainNodes = Annotated[View, Table("drain_nodes", ())]
DrainLinks = Annotated[View, Table("drain_links", ())]
DrainCatchments = Annotated[View, Table("drain_catchments", ())]
M_PER_MM = 1e-3
MAX_LISTED = 8
"""Unknown names that an error lists."""


class DrainageParams(Params):
    """Rain, simulated time, and limits on computing time and continuity error."""

    rain: Literal["event", "own"] = "event"
    """The event's rain on every gauge of the model, from the model's own start, and the model's own where no rain is
    given; or the model as it is, with its own."""
    hours_after: float = Field(2.0, ge=0.0, le=720.0)
    """Simulated time after the event's last rain [h]."""
    time_limit: float = Field(600.0, gt=0.0, le=86400.0)
    """Limit on the engine's computing time [s]."""
    largest_error: float = Field(0.1, gt=0.0, le=1.0)
    """Continuity error above which the run is rejected; SWMM's manual questions a run from 10 % on [-]."""


class NodeResults(NamedTuple):
    """Response of nodes; none where the model routes nothing."""

    node_max_depth: NODE_MAX_DEPTH
    node_max_inflow: NODE_MAX_INFLOW
    node_flood_volume: NODE_FLOOD_VOLUME
    node_flood_time: NODE_FLOOD_TIME
    node_surcharge_time: NODE_SURCHARGE_TIME
    node_mean_depth: NODE_MEAN_DEPTH
    node_max_flooding: NODE_MAX_FLOODING
    node_lateral_volume: NODE_LATERAL_VOLUME
    node_outfall_volume: NODE_OUTFALL_VOLUME


class LinkResults(NamedTuple):
    """Response of links; none where the model routes nothing."""

    link_max_flow: LINK_MAX_FLOW
    link_max_speed: LINK_MAX_SPEED
    link_max_depth: LINK_MAX_DEPTH
    link_surcharge_time: LINK_SURCHARGE_TIME


class CatchmentResults(NamedTuple):
    """Water balance of the areas that drain to nodes."""

    catchment_rain_depth: CATCHMENT_RAIN_DEPTH
    catchment_runon: CATCHMENT_RUNON
    catchment_evaporation: CATCHMENT_EVAPORATION
    catchment_infiltration: CATCHMENT_INFILTRATION
    catchment_runoff: CATCHMENT_RUNOFF
    catchment_max_runoff: CATCHMENT_MAX_RUNOFF


class Drainage(NamedTuple):
    """Response of nodes, links and catchments to an event, and the water balance."""

    nodes: Annotated[NodeResults | None, When("drain_nodes")]
    links: Annotated[LinkResults | None, When("drain_links")]
    catchments: Annotated[CatchmentResults | None, When("drain_catchments")]
    outfall_discharge: OUTFALL_DISCHARGE
    drain_inflow_volume: DRAIN_INFLOW_VOLUME
    outfall_volume: OUTFALL_VOLUME
    drain_flood_volume: DRAIN_FLOOD_VOLUME
    drain_stored_volume: DRAIN_STORED_VOLUME
    drain_runoff_volume: DRAIN_RUNOFF_VOLUME
    drain_external_volume: DRAIN_EXTERNAL_VOLUME
    drain_lost_volume: DRAIN_LOST_VOLUME
    drain_initial_volume: DRAIN_INITIAL_VOLUME
    facility_area: FACILITY_AREA
    facility_inflow: FACILITY_INFLOW
    facility_kept: FACILITY_KEPT
    facility_infiltration: FACILITY_INFILTRATION
    facility_evaporation: FACILITY_EVAPORATION
    facility_overflow: FACILITY_OVERFLOW
    runoff_continuity: RUNOFF_CONTINUITY
    routing_continuity: ROUTING_CONTINUITY
    quality_continuity: QUALITY_CONTINUITY


@model(
    version=2,
    cite="Rossman and Simon (2022), Storm Water Management Model user's manual version 5.2, EPA/600/R-22/030; Rossman "
    "(2017), SWMM reference manual vol. II Hydraulics, EPA/600/R-17/111",
    validity="What the model's author put into it: its routing, steps and low-impact facilities are taken as they are; "
    "no surface flow but what the model itself has.",
)
def drainage(
    *,
    drainage_model: DRAINAGE_MODEL,
    p: DrainageParams,
    drain_nodes: DrainNodes | None = None,
    drain_links: DrainLinks | None = None,
    drain_catchments: DrainCatchments | None = None,
    rain_intensity: RAIN_INTENSITY | None = None,
    tick: Tick | None = None,
) -> Drainage:
    """Run a SWMM model under an event's rain, or with its own, in the EPA engine.

    The engine runs in a separate process with a time limit; it reads only the model and leaves no
    files. LID units are kept as modelled, and their water balance is reported. Volumes are totals of the
    whole run; continuity errors are the engine's own. Where the model has no links, or leaves out routing, nodes and
    links have no values, and the catchments' runoff is the result.
    Raises InputError where the model references files, has no gauge for the event's rain, is rejected by the engine
    (with the line), or has a continuity error above `largest_error`.
    """
    text = without_files(_with_event_rain(parse(drainage_model), rain_intensity, p), {})
    with Engine(text, seconds=p.time_limit, tick=tick) as engine:
        network, outcome = engine.network, engine.finish()
    check_continuity(outcome, p.largest_error)
    totals, lids = outcome.totals, _lid_totals(outcome.lids)
    return Drainage(
        nodes=None if drain_nodes is None else _node_results(drain_nodes, network, outcome),
        links=None if drain_links is None else _link_results(drain_links, network, outcome),
        catchments=None if drain_catchments is None else _catchment_results(drain_catchments, network, outcome),
        outfall_discharge=discharge(*outcome.left, step=report_step(text)),
        drain_inflow_volume=totals.runoff + totals.external,
        outfall_volume=totals.outfalls,
        drain_flood_volume=totals.flooded,
        drain_stored_volume=totals.final,
        drain_runoff_volume=totals.runoff,
        drain_external_volume=totals.external,
        drain_lost_volume=totals.lost,
        drain_initial_volume=totals.initial,
        facility_area=lids["area"],
        facility_inflow=lids["inflow"],
        facility_kept=lids["inflow"] - lids["overflow"],
        facility_infiltration=lids["infiltration"],
        facility_evaporation=lids["evaporation"],
        facility_overflow=lids["overflow"],
        runoff_continuity=outcome.runoff_error,
        routing_continuity=outcome.flow_error,
        quality_continuity=outcome.quality_error,
    )


def _with_event_rain(text: ModelText, rain_intensity: pd.Series | None, p: DrainageParams) -> ModelText:
    if p.rain == "own" or rain_intensity is None:
        return text
    return raining(text, rain_intensity, hours_after=p.hours_after)


def check_continuity(outcome: Results, largest: float) -> None:
    """Raise InputError where a continuity error of the engine exceeds the largest accepted."""
    errors = {"runoff": outcome.runoff_error, "routing": outcome.flow_error, "quality": outcome.quality_error}
    worst = max(abs(error) for error in errors.values())
    if not worst <= largest:
        raise InputError("drains.continuity", got=worst, needs=largest, **errors)


def _lid_totals(lids: Mapping[str, F64]) -> Mapping[str, float]:
    """Return the totals of all LID units [m2, m3]; 0 where there are none."""
    names = ("area", "inflow", "infiltration", "evaporation", "surface_flow", "drain_flow")
    totals = {name: float(lids[name].sum()) if name in lids else 0.0 for name in names}
    return {**totals, "overflow": totals["surface_flow"] + totals["drain_flow"]}


def _node_results(nodes: gpd.GeoDataFrame, network: Network, outcome: Results) -> NodeResults:
    places, volumes = outcome.over
    over = np.full(len(network.nodes), np.nan)
    over[places] = volumes
    at_nodes = columns(nodes, "drain_nodes", network.nodes, {**outcome.nodes, "over": over})
    return NodeResults(
        node_max_depth=at_nodes["max_depth"],
        node_max_inflow=at_nodes["max_inflow"].clip(lower=0.0),
        node_flood_volume=at_nodes["flood_volume"],
        node_flood_time=at_nodes["flood_time"],
        node_surcharge_time=at_nodes["surcharge_time"],
        node_mean_depth=at_nodes["mean_depth"],
        node_max_flooding=at_nodes["max_flood"],
        node_lateral_volume=at_nodes["lateral_volume"],
        node_outfall_volume=at_nodes["over"],
    )


def _link_results(links: gpd.GeoDataFrame, network: Network, outcome: Results) -> LinkResults:
    at_links = columns(links, "drain_links", network.links, outcome.links)
    return LinkResults(
        link_max_flow=at_links["max_flow"].abs(),
        link_max_speed=at_links["max_speed"].abs(),
        link_max_depth=at_links["max_depth"],
        link_surcharge_time=at_links["surcharge_time"],
    )


def _catchment_results(catchments: gpd.GeoDataFrame, network: Network, outcome: Results) -> CatchmentResults:
    on_areas = columns(catchments, "drain_catchments", network.areas, outcome.areas)
    return CatchmentResults(
        catchment_rain_depth=on_areas["rain"] / M_PER_MM,
        catchment_runon=on_areas["runon"],
        catchment_evaporation=on_areas["evaporation"],
        catchment_infiltration=on_areas["infiltration"],
        catchment_runoff=on_areas["runoff"],
        catchment_max_runoff=on_areas["max_runoff"],
    )


def columns(
    table: pd.DataFrame, name: str, model_ids: Sequence[str], results: Mapping[str, F64]
) -> Mapping[str, pd.Series]:
    """Return results as columns of a table, without values where the engine has none.

    Raises InputError where the table has ids that the model lacks.
    """
    if unknown := table.index.difference(list(model_ids)).tolist():
        raise InputError("drains.names_differ", table=name, names=unknown[:MAX_LISTED])
    values = {key: each if len(each) else np.full(len(model_ids), np.nan) for key, each in results.items()}
    frame = pd.DataFrame(values, index=pd.Index(list(model_ids))).loc[table.index]
    frame.index.name = table.index.name
    return {str(column): frame[column] for column in frame.columns}


def discharge(times: F64, outflow: F64, *, step: float) -> pd.Series:
    """Return the mean discharge [m3/s] of each time step from cumulative volumes [m3] at times [s].

    The last step may extend beyond the last time; the cumulative volume is constant from there on.
    """
    if len(times) == 1:  # nothing is routed
        return pd.Series([0.0], index=[0.0])
    edges = np.arange(0.0, times[-1] + step * (1.0 - 1e-9), step)
    volume = np.interp(edges, times, outflow)
    return pd.Series(np.diff(volume) / step, index=edges[:-1] / HOUR)

"""Assignment of a table of trips to a road network, both given as files."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Tick
from citybraid.core.vocabulary.lowcarbon.assignment import (
    ASSIGNED_COST,
    ASSIGNED_FLOW,
    ASSIGNED_GAP,
    ASSIGNED_OBJECTIVE,
    ASSIGNED_PAIR_COST,
    ASSIGNED_TOTAL,
    ASSIGNED_TRIPS,
    ROAD_NETWORK,
    TRIP_TABLE,
)
from citybraid.kernels.transport.equilibrium import Equilibrium, user_equilibrium
from citybraid.kernels.transport.links import Links, Volume, link_time
from citybraid.kernels.transport.paths import path_costs
from citybraid.lowcarbon.travel.network_file import RoadNetwork, network_of, trips_of

Floats = NDArray[np.float64]
SHOWN = 6


class TrafficAssignmentParams(Params):
    """What the assignment looks for, and how near it comes."""

    target: Literal["user", "system"] = "user"
    """User equilibrium, where no driver gains by another path, or system optimum, where all trips cost least."""
    gap: float = Field(1e-6, ge=1e-12, le=0.1)
    """Relative gap at which the search ends: cost of all trips above that on cheapest paths, as a share of it [-]."""
    most: int = Field(10_000, ge=1, le=1_000_000)
    """Most steps of the search; where the gap is wider then, nothing is written."""
    toll_factor: float | None = Field(None, ge=0.0, le=1e9)
    """Time that a unit of toll is worth; where not given what the net file states, else 0."""
    length_factor: float | None = Field(None, ge=0.0, le=1e9)
    """Time that a unit of length is worth; where not given the distance factor that the net file states, else 0."""
    first_through: int | None = Field(None, ge=1, le=100_000_000)
    """First node that paths may lead through: those before it are only ends of trips. Where not given what the net
    file states, else 1."""


class TrafficAssignment(NamedTuple):
    """Flows and costs of links, costs between zones, and how near to the target they are."""

    assigned_flow: ASSIGNED_FLOW
    assigned_cost: ASSIGNED_COST
    assigned_pair_cost: ASSIGNED_PAIR_COST
    assigned_total: ASSIGNED_TOTAL
    assigned_objective: ASSIGNED_OBJECTIVE
    assigned_trips: ASSIGNED_TRIPS
    assigned_gap: ASSIGNED_GAP


@model(
    version=1,
    cite="Beckmann et al. (1956), Studies in the Economics of Transportation, ch. 3; Mitradjieva and Lindberg (2013), "
    "Transp. Sci. 47: 280-293, eq. 13 to 20",
    validity="Static flows of one period and one class of users; the cost of a link grows with its own flow alone.",
    alone=True,
)
def traffic_assignment(
    *, road_network: ROAD_NETWORK, trip_table: TRIP_TABLE, p: TrafficAssignmentParams, tick: Tick
) -> TrafficAssignment:
    """Return the flows of a table of trips on a road network in user equilibrium or system optimum.

    A link of flow v costs free (1 + b (v / capacity)^power) + toll × `toll_factor` + length × `length_factor`. Links
    are named by their nodes (`1-2`, a second one between them `1-2.2`), in the order of the file. Trips within a zone
    use no link.
    Raises InputError for lines that cannot be read, zones without a node, pairs with trips but no path, and a search
    that does not reach the gap.
    """
    network = network_of(road_network)
    demand = trips_of(trip_table, network.zones)
    if len(demand) > network.nodes:
        raise InputError("assignment.zones", got=len(demand), most=network.nodes)
    np.fill_diagonal(demand, 0.0)
    constant = _constant(network, p)
    through = network.passable if p.first_through is None else p.first_through - 1
    links = Links(network.tail, network.head, network.nodes, through)
    law = volume(network, constant)
    ends = np.arange(len(demand), dtype=np.int64)
    _require_paths(links, law, ends, demand)
    sought = law if p.target == "user" else marginal(law)
    found = user_equilibrium(links, sought, ends=ends, demand=demand, gap=p.gap, most=p.most, tick=tick)
    if found.gap > p.gap:
        raise InputError("assignment.gap", got=found.gap, needs=p.gap, most=p.most)
    return _outputs(network, links, law, demand, found, ends)


def volume(network: RoadNetwork, constant: Floats) -> Volume:
    """Return the volume-delay function of links with a constant cost beside their time."""
    free = network.free + constant
    b = np.divide(network.free * network.b, free, out=np.zeros_like(free), where=free > 0.0)
    return Volume(free=free, capacity=network.capacity, b=b, power=network.power)


def marginal(law: Volume) -> Volume:
    """Return the cost that a driver causes to all: t + v dt/dv, whose equilibrium is the system optimum."""
    return law._replace(b=law.b * (1.0 + law.power))


def _constant(network: RoadNetwork, p: TrafficAssignmentParams) -> Floats:
    toll = network.factors.get("toll", 0.0) if p.toll_factor is None else p.toll_factor
    length = network.factors.get("length", 0.0) if p.length_factor is None else p.length_factor
    return toll * network.toll + length * network.length


def _require_paths(links: Links, law: Volume, ends: NDArray[np.int64], demand: Floats) -> None:
    """Raise InputError for pairs of zones that have trips but no path."""
    free = path_costs(links, link_time(law, np.zeros(links.tail.size)), origins=ends, ends=ends)
    origin, end = np.nonzero(np.isinf(free) & (demand > 0.0))
    if origin.size:
        pairs = [f"{one + 1}-{other + 1}" for one, other in zip(origin[:SHOWN], end[:SHOWN], strict=True)]
        raise InputError("assignment.no_path", count=origin.size, pairs=pairs)


def _outputs(
    network: RoadNetwork, links: Links, law: Volume, demand: Floats, found: Equilibrium, ends: NDArray[np.int64]
) -> TrafficAssignment:
    cost = link_time(law, found.flow)
    origin, end = np.nonzero(demand > 0.0)
    between = path_costs(links, cost, origins=ends, ends=ends)[origin, end]
    return TrafficAssignment(
        assigned_flow=pd.Series(found.flow, network.labels),
        assigned_cost=pd.Series(cost, network.labels),
        assigned_pair_cost=pd.Series(
            between, [f"{one + 1}-{other + 1}" for one, other in zip(origin, end, strict=True)]
        ),
        assigned_total=float(cost @ found.flow),
        assigned_objective=found.objective,
        assigned_trips=float(demand.sum()),
        assigned_gap=found.gap,
    )

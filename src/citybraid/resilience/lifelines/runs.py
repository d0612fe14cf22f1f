"""Random runs of an event's damage, and services and customers that the runs are counted by."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtri

from citybraid.kernels.lifelines.cascade import Needs
from citybraid.resilience.lifelines.network import Lifelines, NetworkParams, served_by

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1e-12
LOW, HIGH = 5.0, 95.0
"""Percentiles of the runs that bands show."""
LEVELS = np.array([0.5, 0.8, 0.95])
"""Shares of all services whose recovery is timed."""


class RunParams(NetworkParams):
    """How many runs are drawn, and how."""

    runs: int = Field(500, ge=10, le=100000)
    """Runs in which the damage of the event is drawn."""
    seed: int = Field(1, ge=0)
    """Seed of the draws: the same seed gives the same runs."""
    correlation: float = Field(0.0, ge=0.0, lt=1.0)
    """Correlation between the damage of any two components, beyond that of the depths at them [-]."""


class Services(NamedTuple):
    """The network with its customers, and what each node adds to the services.

    Customers are buildings with the same components, as further nodes that need each of theirs. Classes of `weight` are
    the systems that serve people, in order, then all of them together (residents times services), then people with all
    services, who are the customers. `customer` is that of each building, -1 without residents.
    """

    net: Needs
    weight: Floats
    systems: tuple[str, ...]
    customer: Ints
    components: int


def services(network: Lifelines, lifelines: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> Services:
    """Return the customers of a network and the weights of its services: residents of the buildings served."""
    nearest: Mapping[str, Ints] = served_by(network, lifelines, buildings)
    systems = tuple(nearest)
    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))
    count = len(network.ids)
    served = np.stack([nearest[name] for name in systems], axis=1) if systems else np.zeros((len(buildings), 0), int)
    home = np.flatnonzero(residents > 0.0)
    kinds, which = np.unique(served[home], axis=0, return_inverse=True)
    which = which.reshape(-1)
    weight = np.zeros((count + len(kinds), len(systems) + 2))
    for at, name in enumerate(systems):
        weight[:count, at] = np.bincount(nearest[name], residents, count)
    weight[:count, -2] = weight[:count, :-2].sum(axis=1)
    weight[count:, -1] = np.bincount(which, residents[home], len(kinds))
    customer = np.full(len(buildings), -1, np.int64)
    customer[home] = which
    net = network.graph([tuple(map(int, kind)) for kind in kinds])
    return Services(net, weight, systems, customer, count)


def drawn_hits(lifelines: gpd.GeoDataFrame, served: Services, p: RunParams) -> Floats:
    """Return when each node is damaged in each run [h], infinite where it is not; customers never are.

    Components in order of id. A run damages a component whose standard normal draw is below that of its chance; draws
    of two components correlate by `correlation` (one-factor Gaussian copula).
    """
    table = lifelines.sort_index()
    chance = np.nan_to_num(table["lifeline_hit_chance"].to_numpy(np.float64))
    time = table["lifeline_hit_time"].to_numpy(np.float64)
    random = np.random.default_rng(p.seed)
    own, shared = random.standard_normal((p.runs, len(table))), random.standard_normal((p.runs, 1))
    score = np.sqrt(p.correlation) * shared + np.sqrt(1.0 - p.correlation) * own
    struck = (score < ndtri(chance)) & np.isfinite(time) & (chance > LEAST)
    hit = np.full((p.runs, len(served.weight)), np.inf)
    hit[:, : len(table)] = np.where(struck, np.nan_to_num(time), np.inf)
    return hit


def share_of_services(service: Floats, weight: Floats) -> Floats:
    """Return the share of all services that people have, by run and time; 1 where there are none."""
    full = float(weight[:, -2].sum())
    return np.asarray(np.clip(service[:, :, -2] / full, 0.0, 1.0) if full > 0.0 else np.ones(service.shape[:2]))

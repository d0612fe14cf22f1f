"""Circuits on a network of nodes and links that are given as lists."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.biodiversity.circuit_lists import Network, amounts_in, network_of, nodes_in, pairs_in
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.graphs import (
    CIRCUIT_NETWORK,
    FOCAL_NODES,
    INCLUDED_PAIRS,
    NETWORK_ISOLATED,
    NETWORK_LARGEST_CURRENT,
    NETWORK_LINK_CURRENT,
    NETWORK_NODE_CURRENT,
    NETWORK_POWER,
    NETWORK_RESIDUAL,
    NETWORK_RESISTANCE,
    NETWORK_VOLTAGE,
    NODE_GROUNDS,
    NODE_SOURCES,
    SOURCE_STRENGTHS,
)
from citybraid.kernels.ecology.circuit_modes import Conflict
from citybraid.kernels.ecology.network_modes import NetworkRun, against_all, network_run, pair_runs

Floats = NDArray[np.float64]
NETWORK, FOCAL, STRENGTHS, SOURCES, GROUNDS = (
    "circuit_network", "focal_nodes", "source_strengths", "node_sources", "node_grounds",
)  # fmt: skip


class NetworkCurrentParams(Params):
    """What the lists state, and from where to where current flows."""

    link_values: Literal["resistance", "conductance"]
    """Whether links state resistances or conductances."""
    mode: Literal["pairwise", "one_to_all", "all_to_one", "given"] = "pairwise"
    """Between each two focal nodes, from each to all others, from all others to each, or between given sources and
    grounds."""
    ground_values: Literal["resistance", "conductance"] = "resistance"
    """Whether given grounds state resistances or conductances; a resistance of 0 or a conductance of inf is a direct
    ground."""
    conflict: Conflict = "keep_all"
    """What becomes of a given source that is a given ground too."""


class NetworkCurrent(NamedTuple):
    """Effective resistances, currents by node and link, and what was lost."""

    network_resistance: NETWORK_RESISTANCE
    network_node_current: NETWORK_NODE_CURRENT
    network_largest_current: NETWORK_LARGEST_CURRENT
    network_voltage: NETWORK_VOLTAGE
    network_link_current: NETWORK_LINK_CURRENT
    network_power: NETWORK_POWER
    network_isolated: NETWORK_ISOLATED
    network_residual: NETWORK_RESIDUAL


class _Run(NamedTuple):
    """A run, its name, and the effective resistance where it has one source."""

    name: str
    run: NetworkRun
    resistance: float


@model(
    version=1,
    cite="McRae et al. (2008), Ecology 89: 2712-2724; Shah and McRae (2008), Proc. 7th Python in Science Conf.: 62-66 "
    "(modes and rules of conflict)",
    validity="An undirected network of resistors; what nodes, links and amperes mean is up to who made the lists.",
    alone=True,
)
def network_current(
    *,
    circuit_network: CIRCUIT_NETWORK,
    p: NetworkCurrentParams,
    focal_nodes: FOCAL_NODES | None = None,
    included_pairs: INCLUDED_PAIRS | None = None,
    source_strengths: SOURCE_STRENGTHS | None = None,
    node_sources: NODE_SOURCES | None = None,
    node_grounds: NODE_GROUNDS | None = None,
) -> NetworkCurrent:
    """Return effective resistances and currents on a network of resistors.

    Pairwise: 1 A between each two focal nodes, or those of `included_pairs`. One to all: each focal node in turn sends
    1 A, or its strength, to all others, which are grounded; all to one: the other way round. Given: `node_sources` send
    their amperes, which leave over `node_grounds`. Several links between two nodes are parallel. Currents are summed
    over runs; a node's is the larger of what flows in and out.
    Raises InputError for lists that cannot be read, unknown nodes, and modes without the lists that they need.
    """
    network = network_of(circuit_network, name=NETWORK)
    if p.link_values == "resistance" and (network.value == 0.0).any():
        raise InputError("network.zero", got=network.labels[int(np.flatnonzero(network.value == 0.0)[0])])
    used = network.value > 0.0
    conductance = network.value[used] if p.link_values == "conductance" else 1.0 / network.value[used]
    place = {name: at for at, name in enumerate(network.names)}
    if p.mode == "given":
        runs = _given(network.links[used], conductance, place, node_sources, node_grounds, p)
    else:
        if focal_nodes is None:
            raise InputError("network.no_focal", mode=p.mode)
        focal = nodes_in(focal_nodes, place, name=FOCAL)
        if len(focal) <= 1:
            raise InputError("network.few_focal", got=len(focal))
        if p.mode == "pairwise":
            chosen = None if included_pairs is None else pairs_in(included_pairs, focal)
            runs = _pairwise(network.links[used], conductance, place, focal, chosen)
        else:
            strength = {} if source_strengths is None else amounts_in(source_strengths, place, name=STRENGTHS)
            runs = _against(network.links[used], conductance, place, focal, strength, p)
    return _outputs(network, used, list(runs))


def _pairwise(
    links: NDArray[np.int64], conductance: Floats, place: Mapping[str, int], focal: list[str],
    chosen: set[tuple[str, str]] | None,
) -> Iterator[_Run]:  # fmt: skip
    pairs = [
        (first, second) for at, first in enumerate(focal) for second in focal[at + 1 :]
        if chosen is None or (first, second) in chosen
    ]  # fmt: skip
    ends = np.array([[place[first], place[second]] for first, second in pairs], np.int64).reshape(-1, 2)
    runs = pair_runs(links, conductance, ends, count=len(place))
    for (first, second), run in zip(pairs, runs, strict=True):
        resistance = run.power if run.isolated == 0.0 else np.nan
        yield _Run(f"{first}-{second}", run._replace(isolated=0.0), resistance)


def _against(
    links: NDArray[np.int64], conductance: Floats, place: Mapping[str, int], focal: list[str],
    strength: Mapping[str, float], p: NetworkCurrentParams,
) -> Iterator[_Run]:  # fmt: skip
    at = np.array([place[name] for name in focal], np.int64)
    amperes = np.array([strength.get(name, 1.0) for name in focal])
    one_source = p.mode == "one_to_all"
    runs = against_all(links, conductance, at, amperes, count=len(place), one_source=one_source)
    for name, node, sent, run in zip(focal, at, amperes, runs, strict=True):
        known = one_source and run.isolated == 0.0 and sent != 0.0
        yield _Run(name, run, run.voltage[node] / sent if known else np.nan)


def _given(
    links: NDArray[np.int64], conductance: Floats, place: Mapping[str, int], sources: str | None, grounds: str | None,
    p: NetworkCurrentParams,
) -> Iterator[_Run]:  # fmt: skip
    if sources is None or grounds is None:
        raise InputError("network.no_source_or_ground")
    source, leak, direct = np.zeros(len(place)), np.zeros(len(place)), np.zeros(len(place), bool)
    for name, amount in amounts_in(sources, place, name=SOURCES).items():
        source[place[name]] = amount
    for name, amount in amounts_in(grounds, place, name=GROUNDS, infinite=True).items():
        if amount < 0.0:
            raise InputError("network.ground", got=amount, node=name)
        through = amount if p.ground_values == "conductance" else np.inf if amount == 0.0 else 1.0 / amount
        direct[place[name]], leak[place[name]] = np.isinf(through), 0.0 if np.isinf(through) else through
    both = (source != 0.0) & (direct | (leak > 0.0))
    if p.conflict in ("remove_source", "remove_both"):
        source[both] = 0.0
    if p.conflict in ("remove_ground", "remove_both"):
        leak[both], direct[both] = 0.0, False
    if not source.any() or not (direct.any() or leak.any()):
        raise InputError("network.no_source_or_ground")
    yield _Run("given", network_run(links, conductance, source, direct, leak), np.nan)


def _outputs(network: Network, used: NDArray[np.bool_], runs: list[_Run]) -> NetworkCurrent:
    nodes = np.zeros((max(len(runs), 1), len(network.names)))
    links = np.zeros((max(len(runs), 1), len(network.value)))
    for at, (_, run, _) in enumerate(runs):
        nodes[at], links[at, used] = run.by_node, run.by_link
    alone = runs[0].run.voltage if len(runs) == 1 else np.full(len(network.names), np.nan)
    return NetworkCurrent(
        network_resistance=pd.Series({each.name: each.resistance for each in runs}, dtype=np.float64),
        network_node_current=pd.Series(nodes.sum(axis=0), network.names),
        network_largest_current=pd.Series(nodes.max(axis=0), network.names),
        network_voltage=pd.Series(alone, network.names),
        network_link_current=pd.Series(links.sum(axis=0), network.labels),
        network_power=float(sum(each.run.power for each in runs)),
        network_isolated=float(sum(each.run.isolated for each in runs)),
        network_residual=max((each.run.residual for each in runs), default=0.0),
    )

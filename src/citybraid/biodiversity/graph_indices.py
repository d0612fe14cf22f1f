"""Indices of a graph of habitat that is given as nodes with areas and links with distances or probabilities."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.biodiversity.graph_lists import LINKS, GraphLinks, links_in, nodes_of
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.graphs import (
    GRAPH_ALPHA,
    GRAPH_BETA,
    GRAPH_COMPONENTS,
    GRAPH_ECA_IIC,
    GRAPH_ECA_PC,
    GRAPH_GAMMA,
    GRAPH_IIC,
    GRAPH_IIC_NUMERATOR,
    GRAPH_LARGEST_COMPONENT,
    GRAPH_LINK_COUNT,
    GRAPH_LINKS,
    GRAPH_NODES,
    GRAPH_PC,
    GRAPH_PC_NUMERATOR,
    LINK_IMPORTANCE,
    NODE_COMPONENT,
    NODE_CONNECTOR,
    NODE_FLUX,
    NODE_IMPORTANCE,
    NODE_INTEGRAL_IMPORTANCE,
    NODE_INTRA,
)
from citybraid.kernels.ecology.connectivity import NetworkIndices, network_indices
from citybraid.kernels.ecology.links import (
    Links,
    components_of,
    integral_of,
    link_importance,
    linked_connectivity,
    links_of,
)

Floats = NDArray[np.float64]
FEWEST = 3
"""Nodes from which on alpha and gamma are defined."""
MOST_NODES = 3000
"""Nodes up to which the loss of IIC without each of them is computed."""


class GraphIndicesParams(Params):
    """What the values of links are, and the area that the indices are related to."""

    link_values: Literal["distance", "probability", "none"] = Field()
    """What links state: a distance or cost, a probability of crossing, or nothing, where each link is crossed for
    certain."""
    distance: float | None = Field(None, gt=0.0, le=1e12)
    """Distance or cost that is crossed with the chance `probability`; needed where links state distances."""
    probability: float = Field(0.5, gt=0.0, lt=1.0)
    """Chance of crossing that distance [-]: 0.5 for a median, 0.05 for a maximum dispersal distance."""
    threshold: float | None = Field(None, ge=0.0, le=1e12)
    """For IIC, components, alpha, beta and gamma, links up to this distance, or from this probability on; all that are
    listed where not given. PC takes all links."""
    landscape: float | None = Field(None, gt=0.0, le=1e15)
    """Area of the landscape, in the unit of the nodes; without it PC and IIC have no value, their numerators have."""
    node_count: int | None = Field(None, ge=1, le=1_000_000_000)
    """Nodes of a graph of which counts alone are known, in place of the lists, for alpha, beta and gamma."""
    link_count: int | None = Field(None, ge=0, le=1_000_000_000)
    """Links of that graph."""
    area_column: str = Field("", max_length=200)
    """Column of areas in a list of nodes with a header; where not given a known name such as area."""


class GraphIndices(NamedTuple):
    """Indices of the graph, and what each node and link adds."""

    graph_pc: GRAPH_PC
    graph_iic: GRAPH_IIC
    graph_eca_pc: GRAPH_ECA_PC
    graph_eca_iic: GRAPH_ECA_IIC
    graph_pc_numerator: GRAPH_PC_NUMERATOR
    graph_iic_numerator: GRAPH_IIC_NUMERATOR
    node_importance: NODE_IMPORTANCE
    node_intra: NODE_INTRA
    node_flux: NODE_FLUX
    node_connector: NODE_CONNECTOR
    node_integral_importance: NODE_INTEGRAL_IMPORTANCE
    link_importance: LINK_IMPORTANCE
    node_component: NODE_COMPONENT
    graph_components: GRAPH_COMPONENTS
    graph_largest_component: GRAPH_LARGEST_COMPONENT
    graph_link_count: GRAPH_LINK_COUNT
    graph_alpha: GRAPH_ALPHA
    graph_beta: GRAPH_BETA
    graph_gamma: GRAPH_GAMMA


@model(
    version=1,
    cite="Saura and Pascual-Hortal (2007), Landsc. Urban Plan. 83: 91-103 (PC); Pascual-Hortal and Saura (2006), "
    "Landsc. Ecol. 21: 959-967 (IIC); Saura and Rubio (2010), Ecography 33: 523-537 (parts of dPC); Saura et al. "
    "(2011), Ecol. Indic. 11: 407-415 (ECA); Kansky (1963), Structure of Transportation Networks (alpha, beta, gamma)",
    validity="An undirected graph; what its links and areas mean is up to who made them.",
    alone=True,
)
def graph_indices(
    *, p: GraphIndicesParams, graph_nodes: GRAPH_NODES | None = None, graph_links: GRAPH_LINKS | None = None
) -> GraphIndices:
    """Return PC, IIC, ECA, what each node and link adds to them, components, alpha, beta and gamma of a graph.

    Links that state distances are crossed with the chance probability^(value / distance); pairs that are not listed
    are not linked. PC's numerator is Σ a_i a_j p*_ij with the best product of chances over any path, IIC's
    Σ a_i a_j / (1 + links on the shortest path); ECA is the root of either. dPC = intra + flux + connector.
    Of counts alone, alpha = (L - V + 1) / (2 V - 5), beta = L / V and gamma = L / (3 (V - 2)); the rest has no value.
    Raises InputError for lists that cannot be read, links that differ by direction, values out of range, neither
    lists nor counts, and both.
    """
    if graph_nodes is None or graph_links is None:
        return _of_counts(p, any_list=graph_nodes is not None or graph_links is not None)
    if p.node_count is not None or p.link_count is not None:
        raise InputError("graph.counts_beside")
    nodes = nodes_of(graph_nodes, column=p.area_column)
    listed = links_in(graph_links, nodes.names, valued=p.link_values != "none")
    chance = _chances(listed, p)
    count, area = len(nodes.names), nodes.area
    crossed = chance > 0.0
    lengths = links_of(listed.first[crossed], listed.second[crossed], -np.log(chance[crossed]), count=count)
    pc = linked_connectivity(area, lengths, decay=1.0)
    linked = crossed & _near(listed, p)
    graph = links_of(listed.first[linked], listed.second[linked], np.zeros(int(linked.sum())), count=count)
    integral, component = integral_of(area, graph), components_of(graph)
    joined = np.bincount(component, weights=area)
    indices = _indices(count, int(linked.sum()))
    square = np.nan if p.landscape is None else _square(p.landscape, float(area.sum()))

    def by_node(values: Floats) -> pd.Series:
        return pd.Series(np.clip(values, 0.0, 1.0), nodes.names)

    return GraphIndices(
        graph_pc=pc.numerator / square, graph_iic=integral / square,
        graph_eca_pc=float(np.sqrt(pc.numerator)), graph_eca_iic=float(np.sqrt(integral)),
        graph_pc_numerator=pc.numerator, graph_iic_numerator=integral,
        node_importance=by_node(pc.importance), node_intra=by_node(pc.intra), node_flux=by_node(pc.flux),
        node_connector=by_node(pc.connector), node_integral_importance=by_node(_integral_losses(area, graph, integral)),
        link_importance=_by_link(nodes.names, area, lengths),
        node_component=pd.Series(component + 1.0, nodes.names), graph_components=int(joined.size),
        graph_largest_component=float(joined.max()), graph_link_count=int(linked.sum()),
        graph_alpha=indices.alpha, graph_beta=indices.beta, graph_gamma=indices.gamma,
    )  # fmt: skip


def _indices(nodes: int, links: int) -> NetworkIndices:
    """Return alpha, beta and gamma; alpha and gamma have no value below three nodes."""
    return network_indices(nodes, links) if nodes >= FEWEST else NetworkIndices(np.nan, links / nodes, np.nan)


def _of_counts(p: GraphIndicesParams, *, any_list: bool) -> GraphIndices:
    """Return what follows from counts of nodes and links; raises InputError where a count or a list is missing."""
    if any_list or p.node_count is None or p.link_count is None:
        raise InputError("graph.counts_or_lists")
    if (most := p.node_count * (p.node_count - 1) // 2) < p.link_count:
        raise InputError("graph.too_many_links", nodes=p.node_count, links=p.link_count, most=most)
    unknown, none = np.nan, pd.Series(dtype=np.float64)
    indices = _indices(p.node_count, p.link_count)
    return GraphIndices(
        *(unknown,) * 6, *(none,) * 7, graph_components=unknown, graph_largest_component=unknown,
        graph_link_count=p.link_count, graph_alpha=indices.alpha, graph_beta=indices.beta, graph_gamma=indices.gamma,
    )  # fmt: skip


def _chances(links: GraphLinks, p: GraphIndicesParams) -> Floats:
    """Return the chance that each link is crossed; raises InputError for values out of range."""
    if p.link_values == "none":
        return np.ones(links.value.size)
    low, high = (0.0, 1.0) if p.link_values == "probability" else (0.0, np.inf)
    wrong = links.value[(links.value < low) | (links.value > high)]
    if wrong.size:
        raise InputError("graph.value", got=float(wrong[0]), low=low, high=high, values=p.link_values)
    if p.link_values == "probability":
        return links.value
    if p.distance is None:
        raise InputError("graph.distance", name=LINKS)
    chance: Floats = np.exp(np.log(p.probability) * links.value / p.distance)
    return chance


def _near(links: GraphLinks, p: GraphIndicesParams) -> NDArray[np.bool_]:
    if p.threshold is None or p.link_values == "none":
        return np.ones(links.value.size, bool)
    return links.value >= p.threshold if p.link_values == "probability" else links.value <= p.threshold


def _square(landscape: float, habitat: float) -> float:
    if landscape < habitat * (1.0 - 1e-12):
        raise InputError("graph.landscape", got=landscape, needs=habitat)
    return landscape**2


def _integral_losses(area: Floats, graph: Links, integral: float) -> Floats:
    """Return the share of IIC that is lost without each node."""
    if area.size > MOST_NODES:
        return np.full(area.size, np.nan)
    if integral == 0.0:
        return np.zeros(area.size)
    losses = np.empty(area.size)
    for node in range(area.size):
        keep = (graph.source != node) & (graph.target != node) & (graph.source < graph.target)
        rest = links_of(graph.source[keep], graph.target[keep], np.zeros(int(keep.sum())), count=area.size)
        others = area.copy()
        others[node] = 0.0
        losses[node] = 1.0 - integral_of(others, rest) / integral
    return losses


def _by_link(names: tuple[str, ...], area: Floats, links: Links) -> pd.Series:
    """Return the share of PC lost without each link, once for both directions."""
    once = links.source < links.target
    values = np.clip(link_importance(area, links, decay=1.0), 0.0, 1.0)[once]
    ends = zip(links.source[once], links.target[once], strict=True)
    return pd.Series(values, [f"{names[one]}-{names[other]}" for one, other in ends], dtype=np.float64)

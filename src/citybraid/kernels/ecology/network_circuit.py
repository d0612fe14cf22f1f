"""Circuits on a network of nodes and links: effective resistances and currents, by factorisation."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class NetworkCurrents(NamedTuple):
    """Effective resistances between focal nodes (infinite without a path), and currents summed over their pairs."""

    resistance: Floats
    by_node: Floats
    by_link: Floats


def network_currents(links: Ints, conductance: Floats, focal: Ints) -> NetworkCurrents:
    """Return the currents between all pairs of focal nodes of a network.

    `links` has the numbers of each link's two nodes. 1 A flows between two focal nodes; a node's current is the larger
    of what flows in and what flows out, as on a grid.
    """
    count = int(links.max()) + 1
    a, b = links.T
    own = np.bincount(a, conductance, count) + np.bincount(b, conductance, count)
    each = np.arange(count)
    values, ends = np.concatenate([-conductance, -conductance, own]), np.concatenate([a, b, each])
    laplacian = sparse.csc_array((values, (ends, np.concatenate([b, a, each]))), shape=(count, count))
    _, piece = connected_components(laplacian, directed=False)
    _, held = np.unique(piece, return_index=True)
    free = np.setdiff1d(each, held)
    factors = splu(sparse.csc_matrix(laplacian[free][:, free])) if free.size else None
    resistance = np.full((focal.size, focal.size), np.inf)
    np.fill_diagonal(resistance, 0.0)
    by_node, by_link = np.zeros(count), np.zeros(conductance.size)
    for first in range(focal.size):
        for second in range(first + 1, focal.size):
            source, sink = focal[first], focal[second]
            if piece[source] != piece[sink]:
                continue
            current, voltage = np.zeros(count), np.zeros(count)
            current[source], current[sink] = 1.0, -1.0
            if factors is not None:
                voltage[free] = factors.solve(current[free])
            flow = conductance * (voltage[a] - voltage[b])
            into, out = np.maximum(-flow, 0.0), np.maximum(flow, 0.0)
            by_link += np.abs(flow)
            by_node += np.maximum(
                np.bincount(a, into, count) + np.bincount(b, out, count),
                np.bincount(a, out, count) + np.bincount(b, into, count),
            )
            resistance[first, second] = resistance[second, first] = voltage[source] - voltage[sink]
    return NetworkCurrents(resistance, by_node, by_link)

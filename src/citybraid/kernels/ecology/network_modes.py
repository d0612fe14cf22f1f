"""Given sources and grounds on a network of nodes and links, and runs of each focal node against all others."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class NetworkRun(NamedTuple):
    """Voltages, currents by node and link, power, current of sources without a path to a ground, and what was lost."""

    voltage: Floats
    by_node: Floats
    by_link: Floats
    power: float
    isolated: float
    residual: float


def pair_runs(links: Ints, conductance: Floats, pairs: Ints, *, count: int) -> Iterator[NetworkRun]:
    """Yield a run for each pair of nodes, with 1 A from the first to the second, which is at voltage 0.

    The network is factorised once. A pair without a path has no current, and 1 A without a path.
    """
    matrix, piece = _laplacian(links, conductance, np.zeros(count)), _pieces(links, count)
    _, held = np.unique(piece, return_index=True)
    free = np.setdiff1d(np.arange(count), held)
    inner = sparse.csc_matrix(matrix[free][:, free]) if free.size else None
    factors = None if inner is None else splu(inner)
    for first, second in pairs:
        current, voltage = np.zeros(count), np.zeros(count)
        current[first], current[second] = 1.0, -1.0
        joined, residual = piece[first] == piece[second], 0.0
        if joined and factors is not None and inner is not None:
            voltage[free] = factors.solve(current[free])
            residual = float(np.abs(inner @ voltage[free] - current[free]).max())
            voltage = np.where(piece == piece[first], voltage - voltage[second], 0.0)
        by_node, by_link = _currents(links, conductance, voltage, np.zeros(count))
        yield NetworkRun(voltage, by_node, by_link, float(voltage[first]), 0.0 if joined else 1.0, residual)


def network_run(links: Ints, conductance: Floats, source: Floats, direct: Flags, leak: Floats) -> NetworkRun:
    """Return voltages and currents of given sources [A], direct grounds and conductances to the ground.

    Nodes of `direct` are at voltage 0. A node's current is the larger of what flows in and what flows out, as on a
    grid; a source that is a direct ground too has its current at once. Sources without a path to any ground have none.
    """
    count = source.size
    piece = _pieces(links, count)
    grounded = np.zeros(int(piece.max()) + 1, bool)
    grounded[piece[direct | (leak > 0.0)]] = True
    reached = grounded[piece]
    flowing = np.where(reached & ~direct, source, 0.0)
    free = np.flatnonzero(reached & ~direct)
    voltage = np.zeros(count)
    residual = 0.0
    if free.size and flowing.any():
        inner = sparse.csc_matrix(_laplacian(links, conductance, leak)[free][:, free])
        voltage[free] = splu(inner).solve(flowing[free])
        off = np.abs(inner @ voltage[free] - flowing[free]).max()
        residual = float(off / np.abs(flowing).max())
    by_node, by_link = _currents(links, conductance, voltage, leak)
    by_node = np.maximum(by_node, np.where(direct, source, 0.0))
    isolated = float(np.abs(source[~reached]).sum())
    return NetworkRun(voltage, by_node, by_link, float((flowing * voltage).sum()), isolated, residual)


def against_all(
    links: Ints, conductance: Floats, focal: Ints, strength: Floats, *, count: int, one_source: bool
) -> Iterator[NetworkRun]:
    """Yield a run for each focal node: it sends its strength to all others, which are grounded, or the other way."""
    for node in range(focal.size):
        source, direct = np.zeros(count), np.zeros(count, bool)
        sends = np.arange(focal.size) == node
        sends = sends if one_source else ~sends
        source[focal[sends]] = strength[sends]
        direct[focal[~sends]] = True
        yield network_run(links, conductance, source, direct, np.zeros(count))


def _laplacian(links: Ints, conductance: Floats, leak: Floats) -> sparse.csr_array:
    count = leak.size
    a, b = links.T
    own = np.bincount(a, conductance, count) + np.bincount(b, conductance, count) + leak
    each = np.arange(count)
    values, ends = np.concatenate([-conductance, -conductance, own]), np.concatenate([a, b, each])
    return sparse.csr_array((values, (ends, np.concatenate([b, a, each]))), shape=(count, count))


def _pieces(links: Ints, count: int) -> Ints:
    """Return the number of the connected piece of each node."""
    graph = sparse.csr_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(count, count))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def _currents(links: Ints, conductance: Floats, voltage: Floats, leak: Floats) -> tuple[Floats, Floats]:
    """Return currents by node, the larger of what flows in and out, and by link."""
    count = voltage.size
    a, b = links.T
    flow, drained = conductance * (voltage[a] - voltage[b]), leak * voltage
    ahead, back = np.maximum(flow, 0.0), np.maximum(-flow, 0.0)
    out = np.bincount(a, ahead, count) + np.bincount(b, back, count) + np.maximum(drained, 0.0)
    into = np.bincount(b, ahead, count) + np.bincount(a, back, count) + np.maximum(-drained, 0.0)
    return np.maximum(out, into), np.abs(flow)

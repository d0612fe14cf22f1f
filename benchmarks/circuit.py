"""Effective resistance and current on grids of several kinds, on one thread: prints one JSON line each.

`first` is links, set-up, solution and current map of the first pair; `other_source` the solution of one more source;
`further_pair` the mean of links, set-up, solutions and maps of all pairs between `--nodes` focal nodes, the first left
out. The first run of each kernel, which compiles it, is not counted. With pyamg installed its solver is timed too,
else scipy's factorisation on a grid a quarter as wide, as it takes gigabytes on the whole.

    python benchmarks/circuit.py [--cells 1000] [--nodes 12]
"""

import argparse
import importlib
import importlib.util
import json
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.ecology.circuit import Circuit, Voltages
from citybraid.kernels.ecology.circuit_modes import flat_cells, pair_currents
from citybraid.kernels.ecology.conductance import conductances

Ground = tuple[NDArray[np.float64], NDArray[np.bool_]]


def even(count: int) -> Ground:
    """Return ground of one resistance."""
    return np.ones((count, count)), np.ones((count, count), bool)


def noise(count: int) -> Ground:
    """Return resistances of 1 to 1000 cell by cell."""
    return 10 ** (3 * np.random.default_rng(1).random((count, count))), np.ones((count, count), bool)


def houses(count: int) -> Ground:
    """Return even ground with houses left out."""
    draw, passable = np.random.default_rng(2), np.ones((count, count), bool)
    for _ in range(count * count // 400):
        row, column = draw.integers(1, count - 1, 2)
        passable[row : row + draw.integers(2, 12), column : column + draw.integers(2, 12)] = False
    passable[:, [0, -1]] = passable[[0, -1]] = True
    return np.ones((count, count)), passable


def city(count: int) -> Ground:
    """Return blocks of 1 to 1000, roads of 1000 one cell wide every 17 and 23 cells, and houses left out."""
    draw, (resistance, passable) = np.random.default_rng(3), houses(count)
    size = count // 10 + 1
    resistance = 10 ** (3 * draw.random((size, size))).repeat(10, 0).repeat(10, 1)[:count, :count]
    resistance[::17], resistance[:, 5::23] = 1000.0, 1000.0
    return resistance, passable


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of a function."""
    began = time.process_time()
    work()
    return round(time.process_time() - began, 3)


def measured(name: str, ground: Ground, *, neighbours: int, nodes: int) -> dict[str, object]:
    """Time the first pair, another source and all pairs of one kind of ground."""
    resistance, passable = ground
    count = resistance.shape[0]
    places = [(0, 0), (count - 1, count - 1), *((0, k * count // nodes) for k in range(1, nodes - 1))]
    focal = [flat_cells(np.eye(1, count**2, row * count + column).reshape(count, count) > 0) for row, column in places]

    def pairs(of: int) -> list[float]:
        links = conductances(resistance, passable, neighbours=neighbours)  # type: ignore[arg-type]  # 4 or 8
        return [each.residual for each in pair_currents(links, focal[:of])]

    def source(circuit: Circuit, node: int) -> Voltages:
        current = np.zeros(circuit.total.shape)
        current.ravel()[focal[node]], current.ravel()[focal[0]] = 1.0, -1.0
        return circuit.solve(current)

    circuit = Circuit(conductances(resistance, passable, neighbours=neighbours))  # type: ignore[arg-type]  # 4 or 8
    found = source(circuit, 1)
    first, every = seconds(lambda: pairs(2)), seconds(lambda: pairs(nodes))
    return {
        "what": name, "neighbours": neighbours, "cells": count**2, "first_cpu_s": first,
        "other_source_cpu_s": seconds(lambda: source(circuit, 2)),
        "further_pair_cpu_s": round((every - first) / (nodes * (nodes - 1) / 2 - 1), 4), "nodes": nodes,
        "rounds": found.rounds, "residual": found.residual,
    } | _peer(ground, neighbours)  # fmt: skip


def _peer(ground: Ground, neighbours: int) -> dict[str, object]:
    """Time pyamg where it is installed, else a factorisation of a smaller grid and ours on the same."""
    resistance, passable = ground
    whole = importlib.util.find_spec("pyamg") is not None
    part = slice(None) if whole else slice(0, resistance.shape[0] // 4)
    links = conductances(resistance[part, part], passable[part, part], neighbours=neighbours)  # type: ignore[arg-type]
    current = np.zeros(links.east.shape)
    inner = np.argwhere(Circuit(links).piece == np.bincount(Circuit(links).piece[Circuit(links).piece > 0]).argmax())
    current[tuple(inner[0])], current[tuple(inner[-1])] = 1.0, -1.0
    ours = seconds(lambda: Circuit(links).solve(current))
    if not whole:
        peer = seconds(lambda: Circuit(links, rounds=1).solve(current))
        return {"peer": "scipy splu, a sixteenth of the cells", "ratio": round(peer / ours, 1)}
    smoothed_aggregation_solver = importlib.import_module("pyamg").smoothed_aggregation_solver

    circuit = Circuit(links)
    held = np.flatnonzero((circuit.total.ravel() > 0.0) & (circuit.piece.ravel() == circuit.piece[tuple(inner[0])]))[1:]
    matrix, right = circuit.laplacian[held][:, held].tocsr(), current.ravel()[held]
    peer = seconds(lambda: smoothed_aggregation_solver(matrix).solve(right, tol=1e-6, accel="cg"))
    return {"peer": "pyamg", "ratio": round(peer / ours, 1)}


def main() -> None:
    """Time all kinds of ground and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=12)
    asked = parser.parse_args()
    measured("warm", houses(200), neighbours=4, nodes=3)
    measured("warm", houses(200), neighbours=8, nodes=3)
    for kind in (even, noise, houses, city):
        for neighbours in (4, 8):
            result = measured(kind.__name__, kind(asked.cells), neighbours=neighbours, nodes=asked.nodes)
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()

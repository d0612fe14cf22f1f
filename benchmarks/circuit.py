"""Effective resistance and current on grids of several kinds, on one thread: prints one JSON line each.

`first` is links, set-up, solution and current map of the first pair; `other_source` the solution of one more source;
`further_pair` the mean of links, set-up, solutions and maps of all pairs between `--nodes` focal nodes, the first left
out. The first run of each kernel, which compiles it, is not counted. Beside them stand scipy's factorisation on a grid
a quarter as wide, as it takes gigabytes on the whole, and where they are installed pyamg on the whole and CHOLMOD
(scikit-sparse or cvxopt) on one half as wide: seconds of set-up with a first source, of another source, and both over
ours for the same.

    python benchmarks/circuit.py [--cells 1000] [--nodes 12] [--kinds city] [--out results/circuit.json]
"""

import argparse
import importlib
import importlib.util
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, tril
from scipy.sparse.linalg import splu

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
        "rounds": found.rounds, "residual": found.residual, "peers": list(beside(ground, neighbours)),
    }  # fmt: skip


class Peer(NamedTuple):
    """Another solver: how it sets up a matrix, returning what solves for a right side, and its part of the grid."""

    name: str
    part: int
    """Rows and columns of the grid over those that it is tried on."""
    set_up: Callable[[csr_array], Callable[[NDArray[np.float64]], object]]


def peers() -> list[Peer]:
    """Return the other solvers that are installed; scipy's always is."""
    found = [Peer("scipy splu", 4, lambda matrix: splu(matrix.tocsc()).solve)]
    if importlib.util.find_spec("pyamg") is not None:
        found.insert(0, Peer("pyamg smoothed aggregation, conjugate gradients to 1e-6", 1, _pyamg))
    if importlib.util.find_spec("sksparse") is not None:
        found.insert(0, Peer("CHOLMOD (scikit-sparse)", 2, _sksparse))
    elif importlib.util.find_spec("cvxopt") is not None:
        found.insert(0, Peer("CHOLMOD (cvxopt)", 2, _cvxopt))
    return found


def _pyamg(matrix: csr_array) -> Callable[[NDArray[np.float64]], object]:
    levels = importlib.import_module("pyamg").smoothed_aggregation_solver(matrix)
    return lambda right: levels.solve(right, tol=1e-6, accel="cg")


def _sksparse(matrix: csr_array) -> Callable[[NDArray[np.float64]], object]:
    factor: Callable[[NDArray[np.float64]], object] = importlib.import_module("sksparse.cholmod").cholesky(
        matrix.tocsc()
    )
    return factor


def _cvxopt(matrix: csr_array) -> Callable[[NDArray[np.float64]], object]:
    cvxopt, cholmod = importlib.import_module("cvxopt"), importlib.import_module("cvxopt.cholmod")
    lower = tril(matrix).tocoo()
    values = cvxopt.spmatrix(lower.data.tolist(), lower.row.tolist(), lower.col.tolist(), matrix.shape)
    factor = cholmod.symbolic(values)
    cholmod.numeric(values, factor)

    def solve(right: NDArray[np.float64]) -> object:
        held = cvxopt.matrix(right)
        cholmod.solve(factor, held)
        return held

    return solve


def beside(ground: Ground, neighbours: int) -> Iterator[dict[str, object]]:
    """Yield, for each other solver, CPU seconds of set-up and first source and of one more, and over ours of the same.

    Links are made before; each solves for one ampere between two corners of the largest piece, then two others.
    """
    for peer in peers():
        resistance, passable = (each[: each.shape[0] // peer.part, : each.shape[1] // peer.part] for each in ground)
        links = conductances(resistance, passable, neighbours=neighbours)  # type: ignore[arg-type]  # 4 or 8
        circuit = Circuit(links)
        inner = np.flatnonzero(circuit.piece.ravel() == np.bincount(circuit.piece[circuit.piece > 0]).argmax())
        currents = [np.zeros(circuit.total.shape) for _ in range(2)]
        for current, (start, end) in zip(currents, ((1, -1), (inner.size // 3, inner.size // 2)), strict=True):
            current.ravel()[inner[start]], current.ravel()[inner[end]] = 1.0, -1.0
        held = inner[1:]
        matrix = csr_array(circuit.laplacian)[held][:, held]
        own = [seconds(lambda: Circuit(links).solve(currents[0])), seconds(lambda: circuit.solve(currents[1]))]  # noqa: B023  (called at once)
        solvers: list[Callable[[NDArray[np.float64]], object]] = []
        first = seconds(lambda: solvers.append(peer.set_up(matrix)))  # noqa: B023
        first += seconds(lambda: solvers[0](currents[0].ravel()[held]))  # noqa: B023
        further = seconds(lambda: solvers[0](currents[1].ravel()[held]))  # noqa: B023
        yield {
            "peer": peer.name, "cells": int(resistance.size), "first_cpu_s": round(first, 3),
            "other_source_cpu_s": further, "first_ratio": round(first / own[0], 1),
            "other_source_ratio": round(further / own[1], 1),
        }  # fmt: skip


def machine() -> str:
    """Return the processor that measured, its cores and load; no accelerator is used."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{name or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}; no accelerator"


def main() -> None:
    """Time all kinds of ground and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=12)
    parser.add_argument("--kinds", nargs="*", default=["even", "noise", "houses", "city"])
    parser.add_argument("--out", type=Path, help="write what is measured, with the machine, as JSON")
    asked = parser.parse_args()
    lines: list[dict[str, object]] = []
    measured("warm", houses(200), neighbours=4, nodes=3)
    measured("warm", houses(200), neighbours=8, nodes=3)
    for kind in (each for each in (even, noise, houses, city) if each.__name__ in asked.kinds):
        for neighbours in (4, 8):
            result = measured(kind.__name__, kind(asked.cells), neighbours=neighbours, nodes=asked.nodes)
            lines.append(result)
            print(json.dumps(result), flush=True)
    if asked.out is not None:
        what = f"benchmarks/circuit.py --cells {asked.cells} --nodes {asked.nodes}: CPU seconds on one thread"
        told = {"what": what, "machine": machine(), "date": time.strftime("%Y-%m-%d")}
        rows = ",\n  ".join(json.dumps(each) for each in lines)
        head = json.dumps(told, indent=1).removesuffix("\n}")
        asked.out.write_text(f'{head},\n "lines": [\n  {rows}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()

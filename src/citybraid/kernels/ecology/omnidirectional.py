"""Omnidirectional current: circuits in a window that moves over all targets (Omniscape).

After McRae et al. (2016), Conserving Nature's Stage: mapping omnidirectional connectivity, and Landau et al. (2021),
J. Open Source Softw. 6: 2829.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.ecology.circuit_modes import grounded_currents
from citybraid.kernels.ecology.conductance import Averaging, conductances

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BATCH = 64
"""Targets whose currents are held at a time."""


class Window(NamedTuple):
    """The moving window: radius, side of a block of cells that share a target, and margin without sources [cells]."""

    radius: int
    block: int = 1
    buffer: int = 0
    as_published: bool = False
    """Whether to reproduce three habits of the published program (Omniscape 0.4), which show at edges and holes:
    a window cut at the top or left leaves out the sources of the block that would be its middle if it were whole, so
    that sources of the target's own block stay; strength counts on cells that cannot be passed too, whose share of
    the current is lost; and uniform ground fills the corners of the window and holes."""

    @property
    def reach(self) -> int:
        """Cells from the target to the edge of its circuit."""
        return self.radius + self.buffer


class Omnidirectional(NamedTuple):
    """Current summed over all targets; the same where all ground resists alike; their ratio (NaN without potential)."""

    cumulative: Floats
    potential: Floats
    normalised: Floats
    targets: int
    residual: float


class _Target(NamedTuple):
    row: int
    column: int
    strength: float


def omnidirectional(
    resistance: Floats, passable: Flags, source: Floats, *, window: Window, neighbours: Literal[4, 8] = 8,
    average: Averaging = "conductance", corrected: bool = True, threads: int = 1,
    tick: Callable[[float], None] | None = None,
) -> Omnidirectional:  # fmt: skip
    """Return the current between all sources that lie within a radius of each other.

    The middle of each block is a target: 1 A for each unit of its block's strength flows to it from the sources in
    the circle around it, outside its block, in proportion to their strength. Targets without other sources in reach
    have no current. With `corrected`, blocks do not show: each current is multiplied by the ratio, on uniform
    ground, between targets in all cells of the block and the one target. Sums go over targets in their order, so
    that any number of threads gives the same bits.
    """
    strength = source if window.as_published else np.where(passable, source, 0.0)
    targets = list(_targets(strength, passable, window.block))
    correction = _correction(window, neighbours, average) if corrected and window.block > 1 else None
    even = np.ones(resistance.shape)
    cumulative, potential, residual = np.zeros(resistance.shape), np.zeros(resistance.shape), 0.0

    def currents(target: _Target) -> tuple[tuple[slice, slice], Floats, Floats, float]:
        place, cut = _clip(target, window, resistance.shape)
        inside = _circle(window.reach, window.reach)[cut] & passable[place]
        injected = np.where(_circle(window.radius, window.reach)[cut], strength[place], 0.0)
        row, column = window.reach - cut[0].start, window.reach - cut[1].start
        half = window.block // 2
        # The middle of the block left out
        down, right = (window.reach, window.reach) if window.as_published else (row, column)
        injected[max(down - half, 0) : down + half + 1, max(right - half, 0) : right + half + 1] = 0.0
        factor = 1.0 if correction is None else correction[cut]
        alike = np.ones_like(inside) if window.as_published else inside
        sums = [
            _to_target(ground[place], where, injected, (row, column), target.strength, neighbours, average)
            for ground, where in ((resistance, inside), (even, alike))
        ]
        return place, sums[0][0] * factor, sums[1][0] * factor, max(sums[0][1], sums[1][1])

    waiting, done = iter(targets), 0
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        while batch := list(islice(waiting, BATCH)):
            for place, current, level, lost in pool.map(currents, batch):
                cumulative[place] += current
                potential[place] += level
                residual = max(residual, lost)
            done += len(batch)
            if tick is not None:
                tick(done / len(targets))
    normalised = np.full(resistance.shape, np.nan)
    np.divide(cumulative, potential, out=normalised, where=potential > 0.0)
    return Omnidirectional(cumulative, potential, normalised, len(targets), residual)


def _targets(strength: Floats, passable: Flags, block: int) -> Iterator[_Target]:
    """Yield the middle cell of each block that holds sources, with their strength; blocks at the far edges are cut."""
    rows, columns = strength.shape
    half = block // 2
    for top in range(0, rows, block):
        for left in range(0, columns, block):
            row, column = min(top + half, rows - 1), min(left + half, columns - 1)
            held = strength[top : top + block, left : left + block].sum()
            if held > 0.0 and passable[row, column]:
                yield _Target(row, column, float(held))


def _circle(radius: int, reach: int) -> Flags:
    """Return which cells of a square that reaches so far from its middle lie within the radius."""
    along = np.arange(-reach, reach + 1)
    return np.asarray(np.hypot(along[:, None], along[None]) <= radius)


def _clip(target: _Target, window: Window, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the place of a target's window on the grid, and the part of the window that lies on it."""
    place, cut = [], []
    for at, size in ((target.row, shape[0]), (target.column, shape[1])):
        first, last = max(at - window.reach, 0), min(at + window.reach + 1, size)
        place.append(slice(first, last))
        cut.append(slice(first - at + window.reach, last - at + window.reach))
    return (place[0], place[1]), (cut[0], cut[1])


def _to_target(
    resistance: Floats, inside: Flags, injected: Floats, target: tuple[int, int], strength: float,
    neighbours: Literal[4, 8], average: Averaging,
) -> tuple[Floats, float]:  # fmt: skip
    """Return the currents to a target that takes `strength` amperes from all sources, and the residual."""
    total = float(injected.sum())
    injected = np.where(inside, injected, 0.0)
    if not injected.any():
        return np.zeros(resistance.shape), 0.0
    source = np.zeros((resistance.shape[0] + 2, resistance.shape[1] + 2))
    source[1:-1, 1:-1] = injected * (strength / total)
    direct = np.zeros(source.shape, bool)
    direct[target[0] + 1, target[1] + 1] = True
    links = conductances(resistance, inside, neighbours=neighbours, average=average)
    currents = grounded_currents(links, source, direct=direct)
    return currents.current[1:-1, 1:-1], currents.residual


def _correction(window: Window, neighbours: Literal[4, 8], average: Averaging) -> Floats:
    """Return, on uniform ground, the current to all cells of a block over that to its middle, as means of 1 A each."""
    reach, half = window.reach, window.block // 2
    inside, even = _circle(reach, reach), np.ones((2 * reach + 1, 2 * reach + 1))
    around = _circle(window.radius, reach).astype(np.float64)
    single, blocked = around.copy(), around
    single[reach, reach] = 0.0
    blocked[reach - half : reach + half + 1, reach - half : reach + half + 1] = 0.0
    to_one, _ = _to_target(even, inside, single, (reach, reach), 1.0, neighbours, average)
    to_block, _ = _to_target(even, inside, blocked, (reach, reach), 1.0, neighbours, average)
    spread = np.zeros((even.shape[0] + 2 * half, even.shape[1] + 2 * half))
    for down in range(window.block):
        for right in range(window.block):
            spread[down : down + even.shape[0], right : right + even.shape[1]] += to_one / window.block**2
    mean = spread[half : half + even.shape[0], half : half + even.shape[1]]
    ratio = np.ones(even.shape)
    np.divide(mean, to_block, out=ratio, where=(to_block > 0.0) & (mean > 0.0))
    return ratio

"""Least-cost corridors between patches: cost allocation, its neighbours, paths and normalised corridors.

After McRae and Kavanagh (2011), Linkage Mapper connectivity analysis software (The Nature Conservancy), user guide.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.ecology.cost_distance import cost_distance

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.int32]
Places = NDArray[np.int64]

ROUND = 1.0 + 1e-9
"""Allowance for sums of the same steps in another order."""


class Corridor(NamedTuple):
    """A corridor between two patches: its least cost, its path, and what other ways cost more, in a window."""

    first: int
    second: int
    cost: float
    """Cost-weighted distance of the least-cost path [m]."""
    path: Places
    """Rows and columns of the path's cells, from the second patch to the first."""
    window: tuple[slice, slice]
    excess: Floats
    """Cost of the best way through each cell of the window less the least cost [m]; infinite where not reached."""


@compiled(fast=frozenset())
def allocated(
    resistance: Floats, passable: Flags, source: Labels, high: float, wide: float, limit: float
) -> tuple[Floats, Labels]:
    """Return the least cost-weighted distance from the numbered cells up to a limit, and the number it starts from.

    Over 8 neighbours; a step costs its length [m] times the mean resistance of its two cells. Cells farther than the
    limit, and those not reached, are infinitely far and have the number 0.
    """
    rows, columns = resistance.shape
    distance, owner = np.full((rows, columns), np.inf), np.zeros((rows, columns), np.int32)
    waiting = [(0.0, 0)]
    waiting.pop()
    for i in range(rows):
        for j in range(columns):
            if source[i, j] > 0 and passable[i, j]:
                distance[i, j], owner[i, j] = 0.0, source[i, j]
                waiting.append((0.0, i * columns + j))
    while len(waiting) > 0:
        near, cell = heappop(waiting)
        i, j = cell // columns, cell % columns
        if near > distance[i, j]:
            continue
        for di in range(-1, 2):
            for dj in range(-1, 2):
                k, m = i + di, j + dj
                if (di == 0 and dj == 0) or k < 0 or m < 0 or k >= rows or m >= columns or not passable[k, m]:
                    continue
                length = np.sqrt((di * high) ** 2 + (dj * wide) ** 2)
                there = near + 0.5 * (resistance[i, j] + resistance[k, m]) * length
                if there < distance[k, m] and there <= limit:
                    distance[k, m], owner[k, m] = there, owner[i, j]
                    heappush(waiting, (there, k * columns + m))
    return distance, owner


@compiled(fast=frozenset())
def bordering(distance: Floats, owner: Labels, resistance: Floats, high: float, wide: float, count: int) -> Floats:
    """Return the least cost at which the allocations of two patches meet, infinite where they do not touch.

    It is an upper bound of the least cost between them; entry (a, b) is for patches a + 1 and b + 1.
    """
    bound = np.full((count, count), np.inf)
    rows, columns = owner.shape
    for i in range(rows):
        for j in range(columns):
            for di, dj in ((0, 1), (1, 0), (1, 1), (1, -1)):
                k, m = i + di, j + dj
                if k >= rows or m < 0 or m >= columns:
                    continue
                a, b = owner[i, j], owner[k, m]
                if a > 0 and b > 0 and a != b:
                    length = np.sqrt((di * high) ** 2 + (dj * wide) ** 2)
                    cost = distance[i, j] + distance[k, m] + 0.5 * (resistance[i, j] + resistance[k, m]) * length
                    if cost < bound[a - 1, b - 1]:
                        bound[a - 1, b - 1] = bound[b - 1, a - 1] = cost
    return bound


@compiled(fast=frozenset())
def least_cost_path(distance: Floats, resistance: Floats, row: int, column: int, high: float, wide: float) -> Places:
    """Return rows and columns of the least-cost path from a cell back to where the distance is 0."""
    rows, columns = distance.shape
    cells = [(row, column)]
    i, j = row, column
    while distance[i, j] > 0.0:
        least, next_i, next_j = np.inf, i, j
        for di in range(-1, 2):
            for dj in range(-1, 2):
                k, m = i + di, j + dj
                if (di == 0 and dj == 0) or k < 0 or m < 0 or k >= rows or m >= columns or distance[k, m] == np.inf:
                    continue
                length = np.sqrt((di * high) ** 2 + (dj * wide) ** 2)
                there = distance[k, m] + 0.5 * (resistance[i, j] + resistance[k, m]) * length
                if there < least and distance[k, m] < distance[i, j]:
                    least, next_i, next_j = there, k, m
        i, j = next_i, next_j
        cells.append((i, j))
    return np.array(cells)


def corridors(
    resistance: Floats, passable: Flags, label: Labels, *, cell: tuple[float, float], slack: float
) -> Iterator[Corridor]:
    """Yield the corridor between each pair of patches whose cost allocations touch, by their numbers.

    A corridor's excess is d_a + d_b - least cost, d the cost-weighted distance from each patch; it is known where it
    is at most `slack` times the least cost. Distances are found up to (1 + slack) times the upper bound of the least
    cost only. Pairs whose least-cost path leads through a third patch are left out: the parts of the way are links of
    their own.
    """
    count = int(label.max(initial=0))
    distance, owner = allocated(resistance, passable, label, *cell, np.inf)
    bound = bordering(distance, owner, resistance, *cell, count)
    reach = np.where(np.isfinite(bound), bound, 0.0).max(axis=1, initial=0.0) * (1.0 + slack)
    paths: dict[int, tuple[tuple[slice, slice], Floats]] = {}
    for second in range(1, count + 1):
        partners = [int(each) + 1 for each in np.flatnonzero(np.isfinite(bound[second - 1, : second - 1]))]
        for first in partners:
            for number in (first, second):
                if number not in paths:
                    paths[number] = _around(resistance, passable, label, number, cell, reach[number - 1])
            corridor = _between(resistance, label, first, second, paths, cell, slack)
            if corridor is not None:
                yield corridor
        done = [number for number in paths if not np.isfinite(bound[number - 1, second:]).any()]
        for number in done:
            del paths[number]


def _around(
    resistance: Floats, passable: Flags, label: Labels, number: int, cell: tuple[float, float], limit: float
) -> tuple[tuple[slice, slice], Floats]:
    """Return the distances from a patch up to a limit, in the window that they fill."""
    distance = cost_distance(resistance, passable, label == number, *cell, limit * ROUND)
    near = np.isfinite(distance)
    rows, columns = (np.flatnonzero(near.any(axis=axis)) for axis in (1, 0))
    window = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
    return window, distance[window].copy()


def _between(
    resistance: Floats, label: Labels, first: int, second: int, paths: dict[int, tuple[tuple[slice, slice], Floats]],
    cell: tuple[float, float], slack: float,
) -> Corridor | None:  # fmt: skip
    (one, near), (other, far) = paths[first], paths[second]
    window = tuple(slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(one, other, strict=True))
    rows, columns = window
    here = near[_shifted(rows, one[0]), _shifted(columns, one[1])]
    there = far[_shifted(rows, other[0]), _shifted(columns, other[1])]
    at_end = np.where(label[rows, columns] == second, here, np.inf)
    end = int(np.argmin(at_end))
    cost = float(at_end.ravel()[end])
    row, column = divmod(end, at_end.shape[1])
    path = least_cost_path(
        near, resistance[one[0], one[1]], row + rows.start - one[0].start, column + columns.start - one[1].start, *cell
    ) + np.array([one[0].start, one[1].start])
    if not np.isin(label[path[:, 0], path[:, 1]], (0, first, second)).all():
        return None
    excess = np.maximum(here + there - cost, 0.0)
    excess[excess > slack * cost * ROUND] = np.inf
    return Corridor(first, second, cost, path, (rows, columns), excess)


def _shifted(part: slice, whole: slice) -> slice:
    """Return a part of the grid's rows or columns as part of a window's."""
    return slice(part.start - whole.start, part.stop - whole.start)


def path_length(path: Places, *, cell: tuple[float, float]) -> float:
    """Return the length of a path of cells [m], from centre to centre."""
    step = np.diff(path, axis=0) * np.array(cell)
    return float(np.hypot(step[:, 0], step[:, 1]).sum())

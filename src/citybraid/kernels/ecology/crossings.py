"""Crossings of wildlife over roads: ground carried across, and what each adds to the conductance between patches."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST = 1e-5
"""Share of the conductance below which a gain is not told from the error of the solution."""


class Site(NamedTuple):
    """A place where a crossing may be built: its cell, and the cells of the road from one side to the other."""

    row: int
    column: int
    cells: tuple[tuple[int, int], ...]
    """Rows and columns straight across the road, from one side to the other."""
    down: bool
    """Whether the crossing runs down the columns; else along the rows."""


class Built(NamedTuple):
    """A crossing chosen by the greedy search."""

    site: int
    kind: str
    gain: float
    """Conductance that it adds after those built before."""


def carried(resistance: Floats, road: Flags, share: Floats) -> Floats:
    """Return the resistance with crossings that carry the ground beside the road over a share of a cell's width.

    The crossing and the road beside it are resistors side by side: 1 / r = s / r_beside + (1 - s) / r_road, r_beside
    of the nearest cell that is no road. Where the ground beside resists more, a crossing changes nothing.
    """
    crossed = road & (share > 0.0) & np.isfinite(resistance)
    beside = ~road & np.isfinite(resistance)
    if not crossed.any() or not beside.any():
        return resistance.copy()
    near = ndimage.distance_transform_edt(~beside, return_distances=False, return_indices=True)
    ground = resistance[near[0], near[1]]
    eased = resistance.copy()
    part = np.clip(share[crossed], 0.0, 1.0)
    mixed = 1.0 / (part / ground[crossed] + (1.0 - part) / resistance[crossed])
    eased[crossed] = np.minimum(resistance[crossed], mixed)
    return eased


def sites(
    current: Floats, road: Flags, passable: Flags, *, cell: tuple[float, float], longest: float, spacing: float,
    most: int,
) -> list[Site]:  # fmt: skip
    """Return the road cells with the strongest current that have passable ground straight across on both sides.

    They lie at least `spacing` [m] apart, and the way across is at most `longest` [m]. It runs down or along,
    whichever is shorter.
    """
    sites_found: list[Site] = []
    strength = np.where(road & passable & (current > 0.0), current, 0.0)
    for flat in np.argsort(-strength, axis=None, kind="stable"):
        row, column = (int(each) for each in divmod(int(flat), road.shape[1]))
        if strength[row, column] == 0.0 or len(sites_found) >= most:
            break
        near = (
            np.hypot((row - each.row) * cell[0], (column - each.column) * cell[1]) < spacing for each in sites_found
        )
        if any(near):
            continue
        tried = [
            _across(road, passable, row, column, down=down, size=cell[0] if down else cell[1]) for down in (True, False)
        ]
        ways = [way for way in tried if way is not None and way[0] <= longest]
        if ways:
            _, site = min(ways, key=lambda way: way[0])
            sites_found.append(site)
    return sites_found


def _across(
    road: Flags, passable: Flags, row: int, column: int, *, down: bool, size: float
) -> tuple[float, Site] | None:
    """Return the width of the road [m] and the site, None where the other side is not passable ground."""
    line, open_, at = (road[:, column], passable[:, column], row) if down else (road[row], passable[row], column)
    first = last = at
    while first >= 0 and line[first]:
        first -= 1
    while last < line.size and line[last]:
        last += 1
    if first < 0 or last == line.size or not open_[first : last + 1].all():
        return None
    along = range(first + 1, last)
    cells = tuple((each, column) if down else (row, each) for each in along)
    return len(cells) * size, Site(row, column, cells, down)


def share_carried(site: Site, road: Flags, *, cell: tuple[float, float], width: float) -> Floats:
    """Return the share of each cell's width that a crossing of a width [m] carries at a site.

    Crossings wider than a cell take the road cells beside, as many as come nearest to the width; where one side
    is no road, they are narrower.
    """
    size = cell[1] if site.down else cell[0]
    count = max(round(width / size), 1)
    share = np.zeros(road.shape)
    part = min(width / (count * size), 1.0)
    for step in range(-(count // 2), count - count // 2):
        for row, column in site.cells:
            there = (row, column + step) if site.down else (row + step, column)
            if 0 <= there[0] < road.shape[0] and 0 <= there[1] < road.shape[1] and road[there]:
                share[there] = part
    return share


def greedy(
    conductance: Callable[[Floats], float], shares: Mapping[tuple[int, str], Floats], cost: Mapping[str, float], *,
    before: float, count: int,
) -> Iterator[tuple[Built, Mapping[tuple[int, str], float]]]:  # fmt: skip
    """Yield crossings one after the other, each with the largest gain for its cost, and the gains of all that vied.

    `conductance` computes the conductance between patches with given shares carried; it is run anew for every site
    and kind in each round. A site takes one crossing. Ends where nothing gains. The greedy choice is not the best of
    all sets: two crossings in a row may gain only together.
    """
    placed = np.zeros(next(iter(shares.values())).shape) if shares else np.zeros((0, 0))
    left, total = dict(shares), before
    for _ in range(count):
        gains = {key: conductance(np.maximum(placed, share)) - total for key, share in left.items()}
        if not gains:
            return
        best = max(gains, key=lambda key: gains[key] / cost[key[1]])
        if not gains[best] > LEAST * total:
            return
        yield Built(*best, gains[best]), gains
        placed = np.maximum(placed, left[best])
        total += gains[best]
        left = {key: share for key, share in left.items() if key[0] != best[0]}

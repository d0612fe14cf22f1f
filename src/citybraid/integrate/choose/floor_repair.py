"""Equity floors in whole buildings and cells: a portfolio that misses one as placed, changed until it holds."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from citybraid.integrate.choose.portfolio import SHARE_STEP, target_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, search

Floats = NDArray[np.float64]
Cell = tuple[str, str]
"""A measure and a unit."""
Place = Callable[[Mapping[Cell, float]], pd.DataFrame]
"""Return what shares of measures install when they are placed: a row per unit, a column per measure."""
KEPT = 0.001
"""Share by which a floor may be missed: shares of measures have three digits [-]."""
TRIED = 12
"""Shares of a measure that are placed at most to learn what they install."""
ROUNDS = 3
GAP, NODES = 1e-4, 2000
"""Part of the gain within which the best placement is proved, and the nodes that its search may take."""


@dataclass(frozen=True)
class Repaired:
    """Shares by measure and unit of which what is placed keeps the floors as far as it can, and what they install."""

    shares: Mapping[Cell, float]
    installed: pd.DataFrame


def placed_shares(programme: Programme, installed: pd.DataFrame) -> Floats:
    """Return the variables of what is placed: each quantity over that of full adoption, products as they are."""
    amounts = [float(installed[name].get(unit, 0.0)) if name in installed else 0.0 for name, unit in programme.cells]
    lone = np.array(amounts) / np.maximum(programme.installed, 1e-300)
    return programme.products(np.append(lone, np.zeros(len(programme.couples))))


def lacking(programme: Programme, installed: pd.DataFrame) -> Floats:
    """Return by how many shares what is placed misses each floor [-]; 0 where it keeps it, or shares nothing out."""
    x = placed_shares(programme, installed)
    reached = [programme.share_served(floor, x) for floor in programme.floors]
    return np.array([
        0.0 if np.isnan(share) else max(0.0, floor.share - share)
        for floor, share in zip(programme.floors, reached, strict=True)
    ])  # fmt: skip


def repaired(
    programme: Programme, goal: Goal, shares: Mapping[Cell, float], place: Place, *, budget: float,
    targets: Sequence[Target] = (),
) -> Repaired | None:  # fmt: skip
    """Return the placement that serves a goal best and keeps every floor within a budget; None where shares keep them.

    Measures are made of whole buildings and cells, so that a share on the floor may fall below it as placed. Shares of
    each measure are tried by placing them; of the quantities found one is chosen for each measure and unit, by the
    constraints of the programme, with targets as far as they were met. What a measure installs beside others may
    differ from that, so the choice is placed and, where it still misses, made again with a floor that much higher.
    """
    installed = place(shares)
    lack = lacking(programme, installed)
    if not (lack > KEPT).any():
        return None
    tried = [(float(lack.max()), Repaired(shares, installed))]
    asked = np.array([floor.share for floor in programme.floors])
    for _ in range(ROUNDS):
        steps = ladders(programme, tried[-1][1].shares, place)
        floors = tuple(replace(each, share=float(s)) for each, s in zip(programme.floors, asked, strict=True))
        picked = _best(
            replace(programme, floors=floors), goal, steps, placed_shares(programme, installed), budget=budget,
            targets=targets,
        )  # fmt: skip
        if picked is None:
            break
        found = place(picked)
        lack = lacking(programme, found)
        dear = float(programme.cost @ placed_shares(programme, found)) > budget * (1.0 + 1e-6)
        tried.append((np.inf if dear else float(lack.max()), Repaired(picked, found)))
        if not dear and not (lack > KEPT).any():
            break
        asked = np.minimum(asked + lack, 1.0)
    return min(tried, key=lambda each: each[0])[1]


def ladders(programme: Programme, shares: Mapping[Cell, float], place: Place) -> tuple[Mapping[float, float], ...]:
    """Return what each cell of the programme installs at shares of it, 0 for none; others stay as they are.

    Units are placed together, and measures that take no room from each other. Each time the step that is widest by
    share and quantity is split, down to the digits of a share.
    """
    known: list[dict[float, float]] = [{0.0: 0.0} for _ in programme.cells]
    present = place(shares)
    for at, (name, unit) in enumerate(programme.cells):
        if shares.get((name, unit), 0.0) > 0.0:
            known[at][shares[name, unit]] = float(present[name][unit])
    for group in _apart(programme):
        members = [at for at, (name, _) in enumerate(programme.cells) if name in group]
        for _ in range(TRIED):
            asked = {at: share for at in members if (share := _split(known[at])) is not None}
            if not asked:
                break
            found = place({**shares, **{programme.cells[at]: share for at, share in asked.items()}})
            for at, share in asked.items():
                name, unit = programme.cells[at]
                known[at][share] = float(found[name][unit])
    return tuple(known)


def _split(known: Mapping[float, float]) -> float | None:
    """Return the share to try next: all of it, then the middle of the step that is widest both ways; None for none."""
    if 1.0 not in known:
        return 1.0
    at = sorted(known)
    steps = [
        (abs(known[high] - known[low]) * (high - low), low, high)
        for low, high in pairwise(at)
        if high - low > 1.5 * SHARE_STEP and known[high] != known[low]
    ]
    if not steps:
        return None
    _, low, high = max(steps)
    return round(0.5 * (low + high), 3)


def _apart(programme: Programme) -> Iterator[Collection[str]]:
    """Yield groups of measures that take no room from each other."""
    crowded = programme.crowded
    groups: list[list[str]] = []
    for name in programme.used:
        fits = (each for each in groups if not any(frozenset((name, other)) in crowded for other in each))
        group = next(fits, None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    yield from groups


def _best(
    programme: Programme, goal: Goal, steps: Sequence[Mapping[float, float]], now: Floats, *, budget: float,
    targets: Sequence[Target],
) -> Mapping[Cell, float] | None:  # fmt: skip
    """Return the shares of the best placement among the quantities found; None where the search finds none.

    Targets hold as far as they do `now`; where floors do not allow that, they are let go.
    """
    choices = [
        (at, share, amount / programme.installed[at])
        for at, known in enumerate(steps)
        for share, amount in _distinct(known)
        if amount > 0.0
    ]
    if not choices:
        return {}
    count = len(choices)
    of_cell, value = np.array([at for at, _, _ in choices]), np.array([adoption for _, _, adoption in choices])
    # x of a cell is what the one step taken of it installs; products of pairs stay variables of their own.
    picks = np.arange(count)
    lift = sparse.csr_array((value, (of_cell, picks)), shape=(programme.size, count))
    pairs = np.arange(len(programme.couples))
    beside = sparse.csr_array(
        (np.ones(pairs.size), (len(programme.cells) + pairs, pairs)), shape=(programme.size, pairs.size)
    )
    whole = sparse.csr_array(sparse.hstack([lift, beside]))
    once = sparse.csr_array((np.ones(count), (of_cell, picks)), shape=(len(programme.cells), count + pairs.size))
    rows = programme.rows().with_row(programme.cost, high=budget)
    reached = tuple(
        replace(each, value=each.value - each.direction * max(0.0, low - float(row @ now)))
        for each in targets
        for row, low in (programme.need(each),)
    )
    gain = (goal.direction * programme.coefficients(goal.indicator)) @ whole
    for kept in (reached, ()) if reached else ((),):
        limits = target_rows(programme, rows, kept)
        found = search(
            gain,
            Rows(
                sparse.csr_array(sparse.vstack([limits.matrix @ whole, once])),
                np.append(limits.low, np.full(once.shape[0], -np.inf)),
                np.append(limits.high, np.ones(once.shape[0])),
            ),
            upper=np.ones(count + pairs.size), whole=np.arange(count + pairs.size) < count,
            gap=GAP * float(np.abs(gain[:count]).max(initial=0.0)), nodes=NODES,
        )  # fmt: skip
        if found is not None and found.x is not None:
            return {
                programme.cells[at]: share
                for (at, share, _), taken in zip(choices, found.x[:count], strict=True)
                if taken > 0.5  # noqa: PLR2004  (whole numbers)
            }
    return None


def _distinct(known: Mapping[float, float]) -> Iterator[tuple[float, float]]:
    """Yield the first share of each quantity: the others install no more."""
    seen: set[float] = set()
    for share in sorted(known):
        if known[share] not in seen:
            seen.add(known[share])
            yield share, known[share]

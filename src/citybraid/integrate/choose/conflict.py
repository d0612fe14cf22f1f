"""Limits that cannot all be kept: the smallest set in conflict, and how much each of them must give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.programme import Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
SMALLEST_SIZE = 1e-12
"""Least size of a limit that its give is told relative to."""
ROUNDS = 50
LEAST, SMALL = 1e-6, 1e-9
"""Part of all that could be spent or gained that must be; change of a share that is rounding [-]."""


@dataclass(frozen=True)
class Give:
    """What one limit of a conflict must give: a target, an equity floor, or the budget where both are None.

    `alone` is what it must give where all other limits stay, in the limit's unit: more money, a target that
    much nearer to the present value, a floor that many shares lower; None where other limits are in conflict without
    it as well. `together` is its part where all limits of the conflict give by the least sum of relative amounts, the
    others kept where they can be. `size` is what both are relative to: the budget, the change that the target
    requires, or the floor's share.
    """

    target: Target | None
    alone: float | None
    together: float
    size: float
    floor: EquityFloor | None = None


@dataclass(frozen=True)
class Conflict:
    """The smallest set of limits that cannot be kept together: without any one of them the others can.

    `kept` tells that all other limits can be kept while these give; else they conflict as well, and are let go.
    """

    gives: tuple[Give, ...]
    kept: bool = True


@dataclass(frozen=True)
class Limits:
    """Constraints that always hold, and those that may give: rows of `row @ x >= low`, with their sizes."""

    fixed: Rows
    row: Floats
    low: Floats
    size: Floats
    upper: Floats
    whole: Mask

    def kept(self, members: Sequence[int]) -> bool:
        """Tell whether these limits can be kept together."""
        rows = self.fixed
        for member in members:
            rows = rows.with_row(self.row[member], low=float(self.low[member]))
        return maximise(np.zeros(self.upper.size), rows, upper=self.upper, whole=self.whole) is not None

    def given(self, giving: Sequence[int], keeping: Sequence[int]) -> Floats | None:
        """Return the x, and the gives by limit after it, of the least sum of relative gives while others are kept.

        None where there is none.
        """
        count = len(giving)
        rows = Rows(
            sparse.csr_array(sparse.hstack([self.fixed.matrix, sparse.csr_array((self.fixed.low.size, count))])),
            self.fixed.low, self.fixed.high,
        )  # fmt: skip
        for member in keeping:
            rows = rows.with_row(np.append(self.row[member], np.zeros(count)), low=float(self.low[member]))
        for place, member in enumerate(giving):
            slack = np.zeros(count)
            slack[place] = self.size[member]
            rows = rows.with_row(np.append(self.row[member], slack), low=float(self.low[member]))
        return maximise(
            np.append(np.zeros(self.upper.size), -np.ones(count)), rows,
            upper=np.append(self.upper, np.full(count, np.inf)), whole=np.append(self.whole, np.zeros(count, np.bool_)),
        )  # fmt: skip


def conflict(programme: Programme, *, budget: float, targets: Sequence[Target], whole: bool = False) -> Conflict | None:
    """Return the smallest set of budget, targets and equity floors that cannot be kept together; None where all can.

    It is the smallest irreducible infeasible subset (Ignatiev et al. 2015): sets that meet every known correction are
    tried from the smallest on; one that can be kept is grown until no limit can join it, which gives a new correction.
    """
    floors = tuple(each for each in programme.floors if each.share > 0.0)
    limits = _limits(programme, budget, targets, floors, whole=whole)
    members = smallest_conflict(limits)
    if members is None:
        return None
    every = range(limits.low.size)
    found = limits.given(members, [other for other in every if other not in members])
    kept = found is not None
    if found is None:
        found = limits.given(members, ())
    if found is None:
        raise StudyError("choose.solver", status="infeasible")
    x, together = found[: programme.size], found[programme.size :]
    first = 1 + len(targets)
    gives = []
    for place, member in enumerate(members):
        size, others = float(limits.size[member]), [other for other in every if other != member]
        if member >= first:
            gives.append(_floor_gives(programme, limits, floors[member - first], others, x))
            continue
        alone = limits.given((member,), others)
        target = targets[member - 1] if member else None
        needed = None if alone is None else float(alone[-1]) * size
        gives.append(Give(target, needed, float(together[place]) * size, size))
    return Conflict(tuple(gives), kept)


def _limits(
    programme: Programme, budget: float, targets: Sequence[Target], floors: Sequence[EquityFloor], *, whole: bool
) -> Limits:
    """Return the budget, the targets and the floors as limits that may give; a floor's size is what it asks at most."""
    needs = [programme.need(target) for target in targets]
    served = [programme.served(floor) for floor in floors]
    asked = [
        floor.share * (float(each.clip(min=0.0).sum()) if floor.indicator else min(budget, float(each.sum())))
        for floor, (_, each) in zip(floors, served, strict=True)
    ]
    return Limits(
        fixed=programme.rows(floored=False),
        row=np.array([
            -programme.cost, *(row for row, _ in needs),
            *(part - floor.share * each for floor, (part, each) in zip(floors, served, strict=True)),
        ]),
        low=np.array([-budget, *(low for _, low in needs), *(0.0 for _ in floors)]),
        size=np.array(
            [budget or float(programme.cost.sum()), *(abs(low) for _, low in needs), *asked]
        ).clip(SMALLEST_SIZE),
        upper=np.ones(programme.size),
        whole=np.arange(programme.size) < (len(programme.cells) if whole else 0),
    )  # fmt: skip


def _floor_gives(programme: Programme, limits: Limits, floor: EquityFloor, others: Sequence[int], x: Floats) -> Give:
    """Return by how many shares a floor must be lower: alone, and at the x where all of the conflict give."""
    rows = limits.fixed
    for other in others:
        rows = rows.with_row(limits.row[other], low=float(limits.low[other]))
    most = served_most(programme, floor, rows, upper=limits.upper, whole=limits.whole)
    part, every = (float(amount @ x) for amount in programme.served(floor))
    reached = part / every if every > 0.0 else floor.share
    return Give(
        None,
        None if most is None else max(0.0, floor.share - most),
        max(0.0, floor.share - reached),
        floor.share,
        floor,
    )


def served_most(programme: Programme, floor: EquityFloor, rows: Rows, *, upper: Floats, whole: Mask) -> float | None:
    """Return the largest share that can be served, 0 to 1; None where nothing can be spent or gained under the limits.

    A ratio of two linear amounts, made large by solving for the part above the best ratio so far until none is left
    (Dinkelbach 1967, Management Science 13, 492-498). `rows` are constraints without the floor itself.
    """
    part, every = programme.served(floor)
    rows = rows.with_row(every, low=LEAST * float(np.abs(every).sum()))
    share = 0.0
    for _ in range(ROUNDS):
        x = maximise(part - share * every, rows, upper=upper, whole=whole)
        if x is None:
            return None
        found = float(part @ x) / float(every @ x)
        if found <= share + SMALL:
            break
        share = found
    return min(share, 1.0)


def smallest_conflict(limits: Limits) -> tuple[int, ...] | None:
    """Return the smallest set of limits that cannot be kept together, None where all can."""
    count = limits.low.size
    corrections: list[set[int]] = []
    while True:
        tried = _least_meeting(corrections, count)
        if not limits.kept(tried):
            return tried
        grown = list(tried)
        for member in range(count):
            if member not in grown and limits.kept([*grown, member]):
                grown.append(member)
        left = set(range(count)) - set(grown)
        if not left:
            return None
        corrections.append(left)


def _least_meeting(corrections: Sequence[set[int]], count: int) -> tuple[int, ...]:
    """Return the fewest limits of which every correction has one."""
    rows = Rows.none(count)
    for correction in corrections:
        rows = rows.with_row(np.isin(np.arange(count), list(correction)).astype(float), low=1.0)
    # A slight preference of first limits makes the answer one of equals.
    gain = -1.0 - np.arange(count) / (10.0 * count**2)
    least_excess = maximise(gain, rows, upper=np.ones(count), whole=np.ones(count, dtype=np.bool_))
    if least_excess is None:
        raise StudyError("choose.solver", status="infeasible")
    return tuple(int(member) for member in np.flatnonzero(least_excess > 0.5))  # noqa: PLR2004  (whole numbers)

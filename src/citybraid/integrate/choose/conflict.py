"""Limits that cannot all be kept: the smallest set in conflict, and how much each of them must give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.programme import Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
SMALLEST_SIZE = 1e-12
"""Least size of a limit that its give is told relative to."""


@dataclass(frozen=True)
class Give:
    """What one limit of a conflict must give: the budget where `target` is None, else a target.

    `alone` is what it must give where all other limits stay, in the limit's unit: more money, or a target that
    much nearer to the present value; None where other limits are in conflict without it as well. `together` is its
    part where all limits of the conflict give by the least sum of relative amounts, the others kept where they can
    be. `size` is what both are relative to: the budget, or the change that the target requires.
    """

    target: Target | None
    alone: float | None
    together: float
    size: float


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
        """Return the least sum of relative gives of some limits while others are kept; None where there is none."""
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
        solution = maximise(
            np.append(np.zeros(self.upper.size), -np.ones(count)), rows,
            upper=np.append(self.upper, np.full(count, np.inf)), whole=np.append(self.whole, np.zeros(count, np.bool_)),
        )  # fmt: skip
        return None if solution is None else solution[self.upper.size :]


def conflict(programme: Programme, *, budget: float, targets: Sequence[Target], whole: bool = False) -> Conflict | None:
    """Return the smallest set of the budget and targets that cannot be kept together; None where all can.

    It is the smallest irreducible infeasible subset (Ignatiev et al. 2015): sets that meet every known correction are
    tried from the smallest on; one that can be kept is grown until no limit can join it, which gives a new correction.
    """
    needs = [programme.need(target) for target in targets]
    limits = Limits(
        fixed=programme.rows(),
        row=np.array([-programme.cost, *(row for row, _ in needs)]),
        low=np.array([-budget, *(low for _, low in needs)]),
        size=np.array([budget or float(programme.cost.sum()), *(abs(low) for _, low in needs)]).clip(SMALLEST_SIZE),
        upper=np.ones(programme.size),
        whole=np.arange(programme.size) < (len(programme.cells) if whole else 0),
    )
    members = smallest_conflict(limits)
    if members is None:
        return None
    every = range(limits.low.size)
    together = limits.given(members, [other for other in every if other not in members])
    kept = together is not None
    if together is None:
        together = limits.given(members, ())
    if together is None:
        raise StudyError("choose.solver", status="infeasible")
    gives = []
    for place, member in enumerate(members):
        alone = limits.given((member,), [other for other in every if other != member])
        size = float(limits.size[member])
        target = targets[member - 1] if member else None
        needed = None if alone is None else float(alone[0]) * size
        gives.append(Give(target, needed, float(together[place]) * size, size))
    return Conflict(tuple(gives), kept)


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
    found = maximise(gain, rows, upper=np.ones(count), whole=np.ones(count, dtype=np.bool_))
    if found is None:
        raise StudyError("choose.solver", status="infeasible")
    return tuple(int(member) for member in np.flatnonzero(found > 0.5))  # noqa: PLR2004  (whole numbers)

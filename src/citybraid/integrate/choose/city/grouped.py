"""Grouped choice: one level for every group, such as a package of measures for every parcel, within shared limits."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
ROUNDING = 1e-9
"""Share of the sum of sizes by which a sum may exceed its limit [-]."""


@dataclass(frozen=True)
class GroupedChoice:
    """Value and amounts of every level of every group; the amounts of the chosen levels sum to the limits at most.

    `value` is (groups, levels), -inf where a group lacks a level; `use` (limits, groups, levels); `limit` (limits,).
    A target is a limit with both signs turned. Exactly one level is chosen in each group.
    """

    value: Floats
    use: Floats
    limit: Floats

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit, groups without any level, and numbers that are none."""
        if self.value.ndim != 2 or self.use.shape != (self.limit.size, *self.value.shape):  # noqa: PLR2004
            raise InputError("choose.group_shapes", value=self.value.shape, use=self.use.shape, limit=self.limit.shape)
        here = self.value > -np.inf
        sound = np.isfinite(self.value[here]).all() and np.isfinite(self.use[:, here]).all()
        if not sound or not here.any(axis=1).all() or np.isnan(self.value).any() or not np.isfinite(self.limit).all():
            raise InputError("choose.group_numbers")

    @classmethod
    def of(
        cls, value: Floats, cost: Floats, budget: float, *, gains: Floats, targets: Floats, optional: bool = True
    ) -> "GroupedChoice":
        """Return the choice of the highest value within a budget that reaches targets (gains: targets, groups, levels).

        Where `optional`, a last level without value, cost and gain is added: at most one is then chosen.
        """
        none = ((0, 0), (0, int(optional)))
        use = np.concatenate([cost[None], -gains])
        return cls(np.pad(value, none), np.pad(use, ((0, 0), *none)), np.append(budget, -targets))

    @cached_property
    def value_scale(self) -> float:
        """Largest difference of value between two levels of a group; 1 where there is none."""
        here = self.value > -np.inf
        low = np.where(here, self.value, np.inf).min(axis=1)
        return float((self.value.max(axis=1) - low).max(initial=0.0)) or 1.0

    @cached_property
    def use_scale(self) -> Floats:
        """Largest difference of each amount between two levels of a group; 1 where there is none."""
        here = self.value > -np.inf
        high = np.where(here, self.use, -np.inf).max(axis=2)
        low = np.where(here, self.use, np.inf).min(axis=2)
        size = (high - low).max(axis=1, initial=0.0)
        return np.asarray(np.where(size > 0.0, size, 1.0))

    @cached_property
    def scaled(self) -> "GroupedChoice":
        """The same choice with differences of at most 1; levels that a group lacks use nothing."""
        use = np.where(self.value > -np.inf, self.use, 0.0) / self.use_scale[:, None, None]
        return GroupedChoice(self.value / self.value_scale, use, self.limit / self.use_scale)

    def worth(self, level: Indices) -> float:
        """Return the value of a choice of levels."""
        return float(self.value[np.arange(level.size), level].sum())

    def used(self, level: Indices) -> Floats:
        """Return the amounts that a choice of levels uses."""
        return np.asarray(self.use[:, np.arange(level.size), level].sum(axis=1), dtype=np.float64)

    def keeps(self, level: Indices) -> bool:
        """Tell whether a choice keeps every limit, to rounding of the sums."""
        each = np.abs(self.use[:, np.arange(level.size), level]).sum(axis=1)
        room = ROUNDING * np.maximum(each, np.abs(self.limit))
        return bool((self.used(level) <= self.limit + room).all())

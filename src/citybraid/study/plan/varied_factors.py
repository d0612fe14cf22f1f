"""Factors behind a number: which rows have a range, and their values at a level of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from citybraid.core.factor import Factor, Resolved
from citybraid.core.spread import has_distribution, value_at, within
from citybraid.core.step import Step

SHIFT = "K"
"""Unit of a spread that is added; others multiply."""
NOT_PROPORTIONAL = frozenset({"degC", "degree", "day", "year"})
"""Units of dates and temperatures: a hundredth more of them means nothing."""
THRESHOLDS = frozenset({"from_floors"})
"""Last parts of keys of rows that are thresholds, where a hundredth more takes all at the threshold away."""
HUNDREDTH = 1.01


@dataclass(frozen=True)
class Source:
    """Rows of a factor that vary together: those of one unit with ranges of their own, or those of a spread's part."""

    factor: str
    part: str
    rows: tuple[Factor, ...]
    spread: Factor | None = None

    @property
    def ranged(self) -> bool:
        """Whether the rows have a range."""
        return self.spread is not None or any(has_distribution(row) for row in self.rows)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the rows are of: the part that their spread names, else the last parts of their keys, in their order."""
        if self.spread is not None and self.part:
            return (self.part,)
        return tuple(dict.fromkeys(row.key.rpartition("/")[2] for row in self.rows))

    @property
    def statuses(self) -> tuple[str, ...]:
        """Return the statuses of the rows that the range is stated by: the spread's, else the rows' with a range."""
        if self.spread is not None:
            return (str(self.spread.status),)
        return tuple(sorted({str(row.status) for row in self.rows if has_distribution(row)}))

    def at(self, level: float) -> Iterator[Factor]:
        """Yield the rows at a level of probability of their own ranges, or of the spread's."""
        levels = np.array([level])
        if self.spread is None:
            yield from (replace(row, value=float(value_at(row, levels)[0])) for row in self.rows)
            return
        by = float(value_at(self.spread, levels)[0])
        for row in self.rows:
            moved = row.value + by if self.spread.unit == SHIFT else row.value * by
            yield replace(row, value=float(within(row, np.array([moved]))[0]))

    def raised(self) -> tuple[Factor, ...]:
        """Return the rows a hundredth higher."""
        return tuple(replace(row, value=row.value * HUNDREDTH) for row in self.rows)

    @property
    def proportional(self) -> bool:
        """Whether a hundredth more of the rows means something, and is more."""
        if self.rows[0].unit in NOT_PROPORTIONAL or THRESHOLDS.intersection(self.kinds):
            return False
        return any(row.value != 0.0 for row in self.rows)


def sources(steps: Iterable[Step], spreads: Mapping[str, Factor]) -> tuple[Source, ...]:
    """Return the rows that some Steps read, in groups that vary together; those without a range are among them.

    A row's own range takes precedence over a spread. Rows of one factor and unit share their level: what is high in
    one row is high in all, which is the wider assumption.
    """
    read: dict[str, dict[str, Factor]] = {}
    for step in steps:
        for value in step.extra.values():
            if isinstance(value, Resolved):
                read.setdefault(value.name, {}).update(value.rows)
    return tuple(source for name in sorted(read) for source in _of_factor(name, read[name].values(), spreads))


def _of_factor(name: str, rows: Iterable[Factor], spreads: Mapping[str, Factor]) -> Iterator[Source]:
    groups: dict[tuple[bool, str, str], list[Factor]] = {}
    for row in rows:
        own = has_distribution(row)
        key = "" if own else next((each for each in _names(row) if each in spreads), "")
        groups.setdefault((own, key, row.unit), []).append(row)
    for (_, key, unit), group in sorted(groups.items()):
        part = key.partition("/")[2] if key else unit
        yield Source(name, part, tuple(group), spreads[key] if key else None)


def _names(row: Factor) -> Iterator[str]:
    """Yield the keys of a spread that hold for a row, the narrowest first: of a part of its key, then of the factor."""
    yield from (f"{row.factor}/{part}" for part in reversed(row.key.split("/")) if part)
    yield row.factor

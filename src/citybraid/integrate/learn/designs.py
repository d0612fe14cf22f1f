"""Designs of runs: which measures are on in which run, what is confounded with what, and where they are placed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import xor

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError

Term = tuple[str, ...]
"""Measures whose joint effect is meant, sorted: one for a main effect, two for a pair."""
MOST_MEASURES = 10
"""Measures of a design: ten take 256 runs a replicate at resolution VI, 128 at V [-]."""


@dataclass(frozen=True)
class Fraction:
    """A regular two-level fraction: rows are runs, columns measures, True where the measure is built.

    `words` is the defining relation without the identity: products of measures that are constant over the runs.
    """

    measures: tuple[str, ...]
    runs: NDArray[np.bool_]
    words: tuple[Term, ...]

    @property
    def resolution(self) -> int:
        """Return the length of the shortest word; 0 where every combination is run."""
        return min((len(word) for word in self.words), default=0)

    def terms(self, order: int) -> tuple[Term, ...]:
        """Return the joint effects of an order."""
        return tuple(combinations(sorted(self.measures), order))

    def aliases(self, term: Term, *, most: int = 3) -> tuple[Term, ...]:
        """Return the effects of at most an order that no run tells from a term, without the term itself."""
        others = (tuple(sorted(set(term).symmetric_difference(word))) for word in self.words)
        return tuple(sorted((other for other in others if 0 < len(other) <= most), key=lambda each: (len(each), each)))

    def signs(self, term: Term) -> NDArray[np.float64]:
        """Return the product of a term's columns by run: +1 and -1."""
        columns = [self.measures.index(name) for name in term]
        return np.asarray(np.where(self.runs[:, columns], 1.0, -1.0).prod(axis=1), dtype=np.float64)


def fraction(measures: Sequence[str], *, resolution: int = 5) -> Fraction:
    """Return the smallest regular two-level fraction of at least a resolution, and of these the one of the highest.

    At resolution VI no pair of measures is confounded with anything below groups of four, at V with triples; at IV
    pairs are confounded with each other. Box, Hunter and Hunter (2005), ch. 6. The run with every measure is among
    them. Raises InputError for fewer than two or more than MOST_MEASURES measures, or for one twice.
    """
    names = tuple(measures)
    if not 2 <= len(names) <= MOST_MEASURES or len(set(names)) != len(names):  # noqa: PLR2004  (a pair)
        raise InputError("interactions.measures", got=len(names), most=MOST_MEASURES)
    basic, columns = next(
        (size, design)
        for size in range(1, len(names) + 1)
        if (design := _columns(len(names), size, resolution)) is not None
    )
    finer = resolution + 1
    while finer <= len(names) and (better := _columns(len(names), basic, finer)) is not None:
        columns, finer = better, finer + 1
    bits = (np.arange(2**basic)[:, None] >> np.arange(basic)) & 1
    signs = np.where(bits == 1, 1, -1)
    runs = np.column_stack(
        [signs[:, [at for at in range(basic) if column >> at & 1]].prod(axis=1) for column in columns]
    )
    return Fraction(names, runs > 0, tuple(_words(names, columns)))


def _columns(count: int, basic: int, resolution: int) -> list[int] | None:
    """Return columns as products of basic ones (bit masks), any `resolution` - 1 of them independent; None where not.

    The first ones are the basic columns themselves.
    """
    chosen = [1 << at for at in range(min(basic, count))]

    def extended(first: int) -> bool:
        if len(chosen) == count:
            return True
        for column in range(first, 1 << basic):
            if column in _products(chosen, resolution - 2):
                continue
            chosen.append(column)
            if extended(column + 1):
                return True
            chosen.pop()
        return False

    return chosen if extended(1) else None


def _products(columns: Sequence[int], most: int) -> set[int]:
    """Return the products of at most some of the columns."""
    groups = (group for size in range(1, most + 1) for group in combinations(columns, size))
    return {reduce(xor, group) for group in groups}


def _words(names: Sequence[str], columns: Sequence[int]) -> Iterator[Term]:
    for size in range(2, len(names) + 1):
        for group in combinations(range(len(names)), size):
            if reduce(xor, (columns[at] for at in group)) == 0:
                yield tuple(sorted(names[at] for at in group))


def cube(term: Term) -> tuple[Term, ...]:
    """Return every subset of a term, the empty one first: the runs that its joint effect beside nothing else takes."""
    return tuple(subset for size in range(len(term) + 1) for subset in combinations(term, size))


def halves(units: Sequence[str], *, replicates: int, seed: int) -> tuple[tuple[str, ...], ...]:
    """Return where measures are placed in each replicate: a random half of the units, then the other half.

    Every second replicate is placed where the one before was not, so that each unit counts in half of them. A study
    of one unit has it in all.
    """
    names = tuple(units)
    if len(names) < 2:  # noqa: PLR2004  (two halves)
        return (names,) * replicates
    random, placed = np.random.default_rng(seed), list[tuple[str, ...]]()
    while len(placed) < replicates:
        chosen = {names[at] for at in random.permutation(len(names))[: (len(names) + 1) // 2]}
        placed += [
            tuple(name for name in names if name in chosen),
            tuple(name for name in names if name not in chosen),
        ]
    return tuple(placed[:replicates])


def two_colours(neighbours: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return a colour, 0 or 1, for each unit so that most neighbours differ: a checkerboard where the units allow one.

    Units are coloured from the first outwards, each by the fewer of its coloured neighbours; ties take turns.
    """
    colour: dict[str, int] = {}
    for start in neighbours:
        queue = [start] if start not in colour else []
        while queue:
            unit = queue.pop(0)
            if unit in colour:
                continue
            beside = [colour[other] for other in neighbours[unit] if other in colour]
            ones = sum(beside)
            zeros = len(beside) - ones
            tie = int(sum(colour.values()) < len(colour) - sum(colour.values()))
            colour[unit] = tie if ones == zeros else int(ones < zeros)
            queue += [other for other in neighbours[unit] if other not in colour]
    return {unit: colour[unit] for unit in neighbours}

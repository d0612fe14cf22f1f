"""Totals and their parts in a table: each amount counts once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

CLOSE = 0.005
"""Largest difference of the parts from their total that passes for rounding [-]."""


class Node(NamedTuple):
    """A row with its level (0 for a row of its own), whether it is only a total, and its amounts by year."""

    level: int
    total: bool
    amounts: Mapping[str, float]


class Counted(NamedTuple):
    """Numbers of the rows that count, by year; rows whose parts do not add up, by (row, year); totals left out."""

    rows: Mapping[str, tuple[int, ...]]
    open_: tuple[tuple[int, str], ...]
    totals: tuple[int, ...]


def counted(nodes: Sequence[Node], years: Sequence[str]) -> Counted:
    """Return which rows count in which year.

    A row with # is a part of the row above with one # less. Where all parts of a row are known and add up to it,
    they count and it does not; else it counts if it stands for a sector. Totals never count.
    """
    children: dict[int, list[int]] = {}
    roots: list[int] = []
    path: list[int] = []
    for number, node in enumerate(nodes):
        path = [each for each in path if nodes[each].level < node.level]
        children.setdefault(path[-1], []).append(number) if path else roots.append(number)
        path.append(number)
    choice = _Choice(nodes, children)
    rows = {year: tuple(each for root in roots for each in choice.leaves(root, year)) for year in years}
    used = {each for chosen in rows.values() for each in chosen}
    stated = [number for number, node in enumerate(nodes) if node.amounts]
    return Counted(rows, tuple(choice.open_), tuple(number for number in stated if number not in used))


class _Choice:
    def __init__(self, nodes: Sequence[Node], children: Mapping[int, Sequence[int]]) -> None:
        self.nodes, self.children = nodes, children
        self.open_: list[tuple[int, str]] = []

    def leaves(self, number: int, year: str) -> list[int]:
        node = self.nodes[number]
        own = node.amounts.get(year)
        parts = [self._amount(each, year) for each in self.children.get(number, ())]
        known = [part for part in parts if part is not None]
        if not known:
            return [number] if own is not None and not node.total else []
        below = [each for child in self.children[number] for each in self.leaves(child, year)]
        if own is None:
            return below
        if len(known) == len(parts) and abs(sum(known) - own) <= CLOSE * abs(own):
            return below
        self.open_.append((number, year))
        return below if node.total else [number]

    def _amount(self, number: int, year: str) -> float | None:
        """Return a row's amount, else the sum of its parts' known ones."""
        own = self.nodes[number].amounts.get(year)
        if own is not None:
            return own
        known = [each for child in self.children.get(number, ()) if (each := self._amount(child, year)) is not None]
        return sum(known) if known else None

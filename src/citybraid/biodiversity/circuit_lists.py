"""Lists that circuits are given by: nodes, pairs to include or leave out, amounts by node, points on a grid."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.listing.table import ListRow, ListTable, identity, number_of, number_or_nan, table_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PAIRS = "included_pairs"
RULES = ("include", "exclude")
SHOWN = 8


class Network(NamedTuple):
    """Names of nodes, links by their places, and the value that each states."""

    names: tuple[str, ...]
    links: Ints
    value: Floats

    @property
    def labels(self) -> list[str]:
        """Names of links: the two nodes, parallel ones with their place after a dot."""
        seen: dict[str, int] = {}
        labels = []
        for first, second in self.links:
            label = f"{self.names[first]}-{self.names[second]}"
            seen[label] = seen.get(label, 0) + 1
            labels.append(label if seen[label] == 1 else f"{label}.{seen[label]}")
        return labels


def network_of(text: str, *, name: str) -> Network:
    """Return a network of lines node, node, value; raises InputError for others, negative values and loops."""
    table = table_of(text, name=name)
    names: dict[str, int] = {}
    links, values = [], []
    for row in table.rows:
        if len(row.cells) != 3:  # noqa: PLR2004  (node, node, value)
            what = "node, node, value"
            raise InputError("listing.columns", name=name, line=row.line, got=len(row.cells), needs=3, what=what)
        ends = [identity(cell) for cell in row.cells[:2]]
        if ends[0] == ends[1]:
            raise InputError("network.itself", line=row.line, got=ends[0])
        value = number_of(row.cells[2], row=row, name=name, column="3")
        if value < 0.0:
            raise InputError("network.negative", name=name, line=row.line, got=value)
        links.append([names.setdefault(end, len(names)) for end in ends])
        values.append(value)
    return Network(tuple(names), np.array(links, np.int64), np.array(values))


def nodes_in(text: str, place: Mapping[str, int], *, name: str) -> list[str]:
    """Return the names of focal nodes, one a line; raises InputError for unknown ones and those that are twice."""
    names: list[str] = []
    for row in table_of(text, name=name).rows:
        node = _known(row, place, name)
        if node in names:
            raise InputError("listing.twice", name=name, line=row.line, got=node)
        names.append(node)
    return names


def amounts_in(text: str, place: Mapping[str, int], *, name: str, infinite: bool = False) -> dict[str, float]:
    """Return amounts by node, `node amount` a line; raises InputError for unknown nodes and no numbers."""
    amounts: dict[str, float] = {}
    for row in table_of(text, name=name).rows:
        node = _known(row, place, name)
        cell = row.cells[1] if len(row.cells) > 1 else ""
        value = (
            np.inf if infinite and number_or_nan(cell) == np.inf else number_of(cell, row=row, name=name, column="2")
        )
        if node in amounts:
            raise InputError("listing.twice", name=name, line=row.line, got=node)
        amounts[node] = value
    return amounts


def pairs_in(text: str, names: Sequence[str]) -> set[tuple[str, str]]:
    """Return the pairs of nodes that are computed, each way round once in the order of `names`.

    The list begins with `mode include` or `mode exclude` and has a pair a line; or with `min` and `max` and has a
    square whose first row and column are names, where pairs between both are computed. Nodes that are not among the
    focal ones are left out, as in Circuitscape. Raises InputError for a list of neither form.
    """
    table = table_of(text, name=PAIRS)
    rows = (ListRow(0, table.header), *table.rows) if table.header else table.rows
    head = [cell.casefold() for cell in rows[0].cells]
    order = {name: at for at, name in enumerate(names)}
    if head[0] == "min" and len(rows) > 3 and rows[1].cells[0].casefold() == "max":  # noqa: PLR2004  (min, max, head, rows)
        return _between(table, rows, order)
    if len(head) < 2 or head[0] != "mode" or head[1] not in RULES:  # noqa: PLR2004  (mode and rule)
        raise InputError("network.pairs", got=" ".join(rows[0].cells)[:40])
    listed = set()
    for row in rows[1:]:
        ends = [identity(cell) for cell in row.cells[:2]]
        if len(ends) < 2:  # noqa: PLR2004  (a pair)
            raise InputError("listing.columns", name=PAIRS, line=row.line, got=len(ends), needs=2, what="node, node")
        if ends[0] in order and ends[1] in order and ends[0] != ends[1]:
            listed.add((min(ends, key=order.__getitem__), max(ends, key=order.__getitem__)))
    every = {(one, other) for at, one in enumerate(names) for other in names[at + 1 :]}
    return listed if head[1] == "include" else every - listed


def _between(table: ListTable, rows: Sequence[ListRow], order: Mapping[str, int]) -> set[tuple[str, str]]:
    low, high = (number_of(row.cells[-1], row=row, name=PAIRS, column=row.cells[0]) for row in rows[:2])
    heads = [identity(cell) for cell in rows[2].cells[1:]]
    found = set()
    for row in rows[3:]:
        one = identity(row.cells[0])
        for other, cell in zip(heads, row.cells[1:], strict=False):
            value = number_of(cell, row=row, name=table.name, column=other)
            if one in order and other in order and one != other and low <= value <= high:
                found.add((min(one, other, key=order.__getitem__), max(one, other, key=order.__getitem__)))
    return found


def _known(row: ListRow, place: Mapping[str, int], name: str) -> str:
    node = identity(row.cells[0])
    if node not in place:
        raise InputError("network.node", name=name, line=row.line, got=node, known=[*place][:SHOWN])
    return node

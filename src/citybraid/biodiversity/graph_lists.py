"""Lists of nodes with areas and of links with distances or probabilities, in the form that Conefor has."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.listing.table import ListRow, ListTable, identity, number_of, table_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NODES, LINKS = "graph_nodes", "graph_links"
AREAS = ("area", "areaha", "attribute", "attr", "weight", "quality", "habitatarea", "size")
IDS = ("id", "node", "nodeid", "name", "patch", "patchid", "fid")
NO_LINK = frozenset({"", "inf", "infinity", "nan", "na", "-", "none"})
"""Cells of a square where two nodes are not linked."""
PAIR = 2
SHOWN = 8


class GraphNodes(NamedTuple):
    """Names and areas of nodes."""

    names: tuple[str, ...]
    area: Floats


class GraphLinks(NamedTuple):
    """Links by the places of their nodes, each once, with the value that the list states; NaN where it has none."""

    first: Ints
    second: Ints
    value: Floats


def nodes_of(text: str, *, column: str) -> GraphNodes:
    """Return the nodes of a list; raises InputError for names that are there twice and areas below 0."""
    table = table_of(text, name=NODES)
    if table.width == 1 and not column:
        return GraphNodes(tuple(str(at) for at in range(1, len(table.rows) + 1)), _areas(table, 0))
    at = table.named(IDS) if table.header else 0
    at = 0 if at is None else at
    place = table.place(column, option="--area-column") if column else table.named(AREAS) if table.header else 1
    if place is None:
        others = [each for each in range(table.width) if each != at]
        if len(others) != 1:
            raise InputError("graph.area_column", known=list(table.header))
        place = others[0]
    names = [identity(row.cells[at]) for row in table.rows]
    for row, name in zip(table.rows, names, strict=True):
        if names.count(name) > 1 and names.index(name) != table.rows.index(row):
            raise InputError("listing.twice", name=NODES, line=row.line, got=name)
    return GraphNodes(tuple(names), _areas(table, place))


def links_in(text: str, names: Sequence[str], *, valued: bool) -> GraphLinks:
    """Return the links of a list of pairs, or of a square of values; each pair once, in the order of the list.

    Raises InputError for nodes that are not there, links of a node to itself, pairs that are there twice, and links
    whose value is another in the other direction: only undirected graphs are computed.
    """
    table = table_of(text, name=LINKS)
    place = {name: at for at, name in enumerate(names)}
    pairs = _square(table, names) if _is_square(table, place) else _pairs(table, place, valued=valued)
    both: dict[tuple[int, int], tuple[int, float, int]] = {}
    for row, first, second, value in pairs:
        key = (min(first, second), max(first, second))
        if key not in both:
            both[key] = (first, value, row.line)
            continue
        came_from, before, line = both[key]
        named = f"{names[first]} – {names[second]}"
        if came_from == first:
            raise InputError("listing.twice", name=LINKS, line=row.line, got=named)
        if not (value == before or (np.isnan(value) and np.isnan(before))):
            raise InputError("graph.directed", line=row.line, other=line, link=named, got=value, before=before)
    ends = np.array([*both], np.int64).reshape(-1, 2)
    return GraphLinks(ends[:, 0], ends[:, 1], np.array([value for _, value, _ in both.values()], np.float64))


def _areas(table: ListTable, place: int) -> Floats:
    areas = []
    for row in table.rows:
        cell = row.cells[place] if place < len(row.cells) else ""
        value = number_of(cell, row=row, name=NODES, column=table.header[place] if table.header else str(place + 1))
        if value < 0.0:
            raise InputError("graph.negative", name=NODES, line=row.line, got=value)
        areas.append(value)
    return np.array(areas, np.float64)


def _is_square(table: ListTable, place: Mapping[str, int]) -> bool:
    count = len(place)
    if len(table.rows) != count or table.width not in (count, count + 1):
        return False
    ends = [identity(cell) for row in table.rows for cell in row.cells[:PAIR]]
    return table.width > PAIR + 1 or not all(end in place for end in ends)


def _square(table: ListTable, names: Sequence[str]) -> list[tuple[ListRow, int, int, float]]:
    """Return the links of a square, both directions of each, without its diagonal."""
    named = table.width == len(names) + 1
    pairs = []
    for at, row in enumerate(table.rows):
        if named and identity(row.cells[0]) != names[at]:
            raise InputError("graph.order", line=row.line, got=row.cells[0], needs=names[at])
        if len(row.cells) != len(names) + named:
            what = ", ".join(names[:SHOWN])
            needs = len(names) + named
            raise InputError("listing.columns", name=LINKS, line=row.line, got=len(row.cells), needs=needs, what=what)
        for other, cell in enumerate(row.cells[named:]):
            if other != at and cell.casefold() not in NO_LINK:
                pairs.append((row, at, other, number_of(cell, row=row, name=LINKS, column=names[other])))
    one_way = {(first, second) for _, first, second, _ in pairs}
    lacking = next(((row, a, b) for row, a, b, _ in pairs if (b, a) not in one_way), None)
    if lacking is not None:
        row, first, second = lacking
        raise InputError("graph.one_way", line=row.line, link=f"{names[first]} – {names[second]}")
    return pairs


def _pairs(table: ListTable, place: Mapping[str, int], *, valued: bool) -> list[tuple[ListRow, int, int, float]]:
    pairs = []
    needs = PAIR + valued
    for row in table.rows:
        if len(row.cells) < needs:
            what = "node, node, value" if valued else "node, node"
            raise InputError("listing.columns", name=LINKS, line=row.line, got=len(row.cells), needs=needs, what=what)
        ends = [identity(cell) for cell in row.cells[:PAIR]]
        for end in ends:
            if end not in place:
                raise InputError("graph.node", line=row.line, got=end, known=[*place][:SHOWN])
        if ends[0] == ends[1]:
            raise InputError("graph.itself", line=row.line, got=ends[0])
        value = number_of(row.cells[PAIR], row=row, name=LINKS, column="3") if valued else float("nan")
        pairs.append((row, place[ends[0]], place[ends[1]], value))
    return pairs

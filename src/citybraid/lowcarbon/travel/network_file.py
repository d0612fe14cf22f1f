"""Road networks and tables of trips in the TNTP form of Transportation Networks for Research, or as plain tables."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.listing.table import ListRow, ListTable, identity, number_of, number_or_nan, table_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NET, TRIPS = "road_network", "trip_table"
TAG = re.compile(r"^\s*<([^>]+)>\s*(.*)$")
END = "END OF METADATA"
COLUMNS = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll")
"""Columns of a net file in their order; what follows is not read."""
NEEDED = 7
PAIR = 3
"""Columns of trips by pairs: origin, destination, trips."""
WORDS: Mapping[str, tuple[str, ...]] = {
    "init_node": ("initnode", "from", "fromnode", "anode", "tail", "a"),
    "term_node": ("termnode", "to", "tonode", "bnode", "head"),
    "capacity": ("capacity",),
    "length": ("length", "distance"),
    "free_flow_time": ("freeflowtime", "fft", "freeflowtravel", "fftime", "freeflow", "time"),
    "b": ("b", "alpha"),
    "power": ("power", "beta"),
    "speed": ("speed", "speedlimit"),
    "toll": ("toll",),
}
"""Names of columns of a table with a header, without case, blanks and underscores."""


class RoadNetwork(NamedTuple):
    """Links with nodes by number from 0, their volume-delay function, length and toll, and what the head states."""

    tail: Ints
    head: Ints
    capacity: Floats
    length: Floats
    free: Floats
    b: Floats
    power: Floats
    toll: Floats
    nodes: int
    zones: int | None
    passable: int
    factors: Mapping[str, float]

    @property
    def labels(self) -> list[str]:
        """Names of the links: from-to by number from 1, parallel ones with their place after a dot."""
        seen: dict[str, int] = {}
        labels = []
        for tail, head in zip(self.tail + 1, self.head + 1, strict=True):
            label = f"{tail}-{head}"
            seen[label] = seen.get(label, 0) + 1
            labels.append(label if seen[label] == 1 else f"{label}.{seen[label]}")
        return labels


class _Tagged(NamedTuple):
    """What the head of a file states, and its body with as many lines, so that numbers of lines stay."""

    tags: Mapping[str, str]
    body: str


def network_of(text: str) -> RoadNetwork:
    """Return the network of a net file or of a table with a header.

    Raises InputError for lines that are no links, nodes beyond those stated, negative values, and counts of links
    other than stated.
    """
    tagged = _tagged(text)
    table = table_of(_blank_separated(tagged.body) if tagged.tags else text, name=NET)
    places = _places(table)
    values = {name: _column(table, places[name], name) for name in COLUMNS if name in places}
    rows = len(table.rows)
    zero = np.zeros(rows)
    tail, head = (values[name].astype(np.int64) - 1 for name in COLUMNS[:2])
    _require(table, places, values)
    nodes = _stated(tagged.tags, "NUMBER OF NODES") or int(max(tail.max(), head.max())) + 1
    beyond = np.flatnonzero((tail >= nodes) | (head >= nodes))
    if beyond.size:
        got = int(max(tail[beyond[0]], head[beyond[0]])) + 1
        raise InputError("assignment.node", line=table.rows[beyond[0]].line, got=got, most=nodes)
    stated = _stated(tagged.tags, "NUMBER OF LINKS")
    if stated is not None and stated != rows:
        raise InputError("assignment.link_count", got=rows, needs=stated)
    factors = {
        name: number for name, tag in (("toll", "TOLL FACTOR"), ("length", "DISTANCE FACTOR"))
        if np.isfinite(number := number_or_nan(tagged.tags.get(tag, "")))
    }  # fmt: skip
    first = _stated(tagged.tags, "FIRST THRU NODE")
    capacity, b = values["capacity"], values["b"]
    return RoadNetwork(
        tail, head, np.where((capacity == 0.0) & (b == 0.0), 1.0, capacity), values.get("length", zero),
        values["free_flow_time"], b, values["power"], values.get("toll", zero), nodes,
        _stated(tagged.tags, "NUMBER OF ZONES"), max((first or 1) - 1, 0), factors,
    )  # fmt: skip


def trips_of(text: str, zones: int | None) -> Floats:
    """Return the trips between zones as a square table, from a trips file, rows of pairs, or a square of numbers.

    Raises InputError for zones beyond those of the network, negative trips, and cells that are no numbers.
    """
    tagged = _tagged(text)
    is_blocks = re.search(r"^\s*origin\s+\d+\s*$", tagged.body, re.IGNORECASE | re.MULTILINE) is not None
    pairs = _blocks(tagged.body) if is_blocks else _pairs(table_of(tagged.body, name=TRIPS))
    stated = _stated(tagged.tags, "NUMBER OF ZONES")
    most = zones or stated or max((max(origin, end) for _, origin, end, _ in pairs), default=0)
    demand = np.zeros((most, most))
    for line, origin, end, trips in pairs:
        if not (1 <= origin <= most and 1 <= end <= most):
            raise InputError("assignment.zone", line=line, got=end if 1 <= origin <= most else origin, most=most)
        if trips < 0.0:
            raise InputError("assignment.negative", name=TRIPS, line=line, column="trips", got=trips)
        demand[origin - 1, end - 1] += trips
    return demand


def _tagged(text: str) -> _Tagged:
    tags: dict[str, str] = {}
    lines = []
    for line in text.lstrip("\ufeff").splitlines():
        found = TAG.match(line)
        if found:
            tags[" ".join(found[1].upper().split())] = found[2].partition("~")[0].strip()
        lines.append("" if found else line.partition("~")[0])
    return _Tagged(tags, "\n".join(lines))


def _blank_separated(body: str) -> str:
    """Return lines with single blanks between their cells, without the mark at their end."""
    return "\n".join(" ".join(line.replace(";", " ").split()) for line in body.splitlines())


def _stated(tags: Mapping[str, str], name: str) -> int | None:
    """Return a whole number that the head states, None where it does not."""
    if name not in tags:
        return None
    value = number_or_nan((tags[name].split() or [""])[0])
    if not (np.isfinite(value) and value == int(value) and value >= 0):
        raise InputError("assignment.tag", tag=name, got=tags[name] or "-")
    return int(value)


def _places(table: ListTable) -> dict[str, int]:
    """Return the place of each column: by name where there is a header, else in the order of a net file."""
    if not table.header:
        short = next((row for row in table.rows if len(row.cells) < NEEDED), None)
        if short is not None:
            what = ", ".join(COLUMNS[:NEEDED])
            raise InputError(
                "listing.columns", name=NET, line=short.line, got=len(short.cells), needs=NEEDED, what=what
            )
        width = min(len(row.cells) for row in table.rows)
        return {name: at for at, name in enumerate(COLUMNS) if at < width}
    found = {
        name: at for name, words in WORDS.items() if (at := table.named((name.replace("_", ""), *words))) is not None
    }
    needed = [name for name in COLUMNS[:NEEDED] if name != "length" and name not in found]
    if needed:
        raise InputError("assignment.columns", lacking=needed, known=list(table.header))
    return found


def _column(table: ListTable, at: int, name: str) -> Floats:
    return np.array(
        [number_of(row.cells[at] if at < len(row.cells) else "", row=row, name=NET, column=name) for row in table.rows]
    )


def _require(table: ListTable, places: Mapping[str, int], values: Mapping[str, Floats]) -> None:
    """Raise InputError for nodes that are no whole numbers from 1, negative values, and links without capacity."""
    for name, column in values.items():
        node = name in COLUMNS[:2]
        wrong = (column < 1) | (column != np.round(column)) if node else column < 0.0
        if wrong.any():
            row = table.rows[int(np.flatnonzero(wrong)[0])]
            text = "assignment.no_node" if node else "assignment.negative"
            raise InputError(text, name=NET, line=row.line, column=name, got=row.cells[places[name]])
    closed = (values["capacity"] == 0.0) & (values["b"] > 0.0)
    if closed.any():
        raise InputError("assignment.capacity", line=table.rows[int(np.flatnonzero(closed)[0])].line)


def _blocks(body: str) -> list[tuple[int, int, int, float]]:
    """Return the trips of blocks `Origin 1` and `2 : 100.0;` with their line."""
    pairs: list[tuple[int, int, int, float]] = []
    origin = 0
    for at, line in enumerate(body.splitlines(), 1):
        words = line.split()
        if words and words[0].casefold() == "origin":
            origin = _zone(words[1] if len(words) > 1 else "", at)
            continue
        for part in line.split(";"):
            if not part.strip():
                continue
            end, mark, trips = part.partition(":")
            if not mark or not origin:
                raise InputError("assignment.trips", line=at, got=part.strip()[:40])
            row = ListRow(at, (part,))
            pairs.append((at, origin, _zone(end, at), number_of(trips.strip(), row=row, name=TRIPS, column="trips")))
    return pairs


def _is_zone(cell: str) -> bool:
    return identity(cell).isdigit() and int(identity(cell)) > 0


def _zone(text: str, line: int) -> int:
    cell = identity(text.strip())
    if not cell.isdigit():
        raise InputError("assignment.trips", line=line, got=text.strip()[:40] or "-")
    return int(cell)


def _pairs(table: ListTable) -> list[tuple[int, int, int, float]]:
    """Return the trips of rows of origin, destination and trips, or of a square of numbers."""
    if table.width == PAIR and (table.header or all(_is_zone(each) for row in table.rows for each in row.cells[:2])):
        return [
            (
                row.line, _zone(_three(row)[0], row.line), _zone(_three(row)[1], row.line),
                number_of(_three(row)[2], row=row, name=TRIPS, column="trips"),
            )
            for row in table.rows
        ]  # fmt: skip
    named = bool(table.header)
    size = len(table.rows)
    if table.width != size + named:
        raise InputError("assignment.square", rows=size, columns=table.width - named)
    return [
        (row.line, at, end, number_of(cell, row=row, name=TRIPS, column=str(end)))
        for at, row in enumerate(table.rows, 1)
        for end, cell in enumerate(row.cells[named:], 1)
    ]


def _three(row: ListRow) -> tuple[str, str, str]:
    if len(row.cells) != PAIR:
        what = "origin, destination, trips"
        raise InputError("listing.columns", name=TRIPS, line=row.line, got=len(row.cells), needs=PAIR, what=what)
    return row.cells[0], row.cells[1], row.cells[2]

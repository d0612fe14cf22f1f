"""Tables of costs between demand and sites, wide or by pairs, with weights, capacities and sites that are set."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.listing.table import ListTable, identity, number_of, number_or_nan, table_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
COSTS, DEMAND, SITES = "cost_table", "demand_table", "site_table"
ENDS = (
    ("destinationname", "name"), ("demandid", "siteid"), ("demandid", "facilityid"), ("demand", "site"),
    ("demand", "facility"), ("client", "facility"), ("originid", "destinationid"), ("origin", "destination"),
    ("fromid", "toid"), ("from", "to"), ("i", "j"),
)  # fmt: skip
"""Pairs of columns that name the demand and the site, without case, blanks and underscores; the first that is there."""
COST_NAMES = ("distance", "cost", "traveltime", "traveldistance", "time", "networkdistance", "length", "dist", "d")
WEIGHT_NAMES = ("weight", "population", "pop", "people", "demand")
CAPACITY_NAMES = ("capacity", "cap")
CORNERS = frozenset(
    ("", "id", "place", "destinationname", "geoid", "demand", "demand_id", "origin", "origin_id", "name", "i", "from",
     "from_id", "tract", "client", "node", "unnamed: 0")
)  # fmt: skip
"""Heads of the column that names the demand of a table with a column a site."""
UNREACHED = frozenset({"", "inf", "infinity", "nan", "na", "none", "-", "null"})
"""Cells of pairs without a way."""
PAIR_COLUMNS = 3
SHOWN = 6


class CostTable(NamedTuple):
    """Names of demand (rows) and sites (columns), costs (infinite without a way), weights where the table has them."""

    demand: tuple[str, ...]
    sites: tuple[str, ...]
    cost: Floats
    weight: Floats | None


class Columns(NamedTuple):
    """Columns that the user names; '' for those that are found by their names."""

    demand: str = ""
    site: str = ""
    cost: str = ""
    weight: str = ""


def cost_table_of(text: str, columns: Columns) -> CostTable:
    """Return the costs of a table: by pairs where columns for both ends are named or known, else a column a site.

    Raises InputError for costs below 0 or no numbers, pairs and names that are there twice, and no sites or demand.
    """
    table = table_of(text, name=COSTS)
    ends = _ends(table, columns)
    costs = _wide(table, columns.demand) if ends is None else _long(table, ends, columns)
    alone = [name for name, row in zip(costs.demand, costs.cost, strict=True) if not np.isfinite(row).any()]
    if alone:
        raise InputError("location.no_way", count=len(alone), names=alone[:SHOWN])
    return costs


def weights_of(text: str, demand: Sequence[str], column: str) -> Floats:
    """Return the weight of each demand from a table in which one column holds its names."""
    table = table_of(text, name=DEMAND)
    at = _id_column(table, demand)
    place = (
        table.place(column, option="--weight-column") if column else _only(table, at, WEIGHT_NAMES, "--weight-column")
    )
    return _by_id(table, at, place, demand)


class Sites(NamedTuple):
    """Capacity of each site, and which are set; None where the table has no such column."""

    capacity: Floats | None
    fixed: Flags | None


def sites_of(text: str, sites: Sequence[str], *, capacity: str, fixed: str) -> Sites:
    """Return capacities and set sites from a table in which one column holds the names of the sites."""
    table = table_of(text, name=SITES)
    at = _id_column(table, sites)
    place = table.place(capacity, option="--capacity-column") if capacity else table.named(CAPACITY_NAMES)
    set_at = table.place(fixed, option="--fixed-column") if fixed else None
    if place is None and set_at is None:
        raise InputError("location.site_columns", known=list(table.header) or ["-"])
    return Sites(
        None if place is None else _by_id(table, at, place, sites),
        None if set_at is None else _by_id(table, at, set_at, sites) > 0.0,
    )


def _ends(table: ListTable, columns: Columns) -> tuple[int, int] | None:
    """Return the columns of demand and site of a table by pairs, None for a wide one."""
    if columns.site and not columns.demand:
        raise InputError("location.both_ends", known=list(table.header) or ["-"])
    if columns.demand and not columns.site:
        return None
    if columns.demand:
        return table.place(columns.demand, option="--demand-column"), table.place(columns.site, option="--site-column")
    for one, other in ENDS:
        first, second = table.named((one,)), table.named((other,))
        if first is not None and second is not None and (columns.cost or table.named(COST_NAMES) is not None):
            return first, second
    return None


def _long(table: ListTable, ends: tuple[int, int], columns: Columns) -> CostTable:
    place = table.place(columns.cost, option="--cost-column") if columns.cost else table.named(COST_NAMES)
    if place is None:
        raise InputError("location.cost_column", known=list(table.header))
    demand, sites = ([identity(each) for each in table.column(at)] for at in ends)
    rows = {name: at for at, name in enumerate(dict.fromkeys(demand))}
    places = {name: at for at, name in enumerate(dict.fromkeys(sites))}
    cost = np.full((len(rows), len(places)), np.inf)
    seen = np.zeros(cost.shape, bool)
    for row, one, other in zip(table.rows, demand, sites, strict=True):
        at = rows[one], places[other]
        if seen[at]:
            raise InputError("listing.twice", name=COSTS, line=row.line, got=f"{one} – {other}")
        seen[at] = True
        cost[at] = _cost(row.cells[place] if place < len(row.cells) else "", table, row.line)
    return CostTable(tuple(rows), tuple(places), cost, _own_weight(table, ends, place, demand, rows, columns))


def _own_weight(
    table: ListTable, ends: tuple[int, int], cost: int, demand: Sequence[str], rows: dict[str, int], columns: Columns
) -> Floats | None:
    """Return the weights in a table by pairs, the same in every row of a demand; None where it has none."""
    named = [name for name in table.header if name.casefold() == columns.weight.casefold()] if columns.weight else []
    place = table.header.index(named[0]) if named else None if columns.weight else table.named(WEIGHT_NAMES)
    if place is None or place in (*ends, cost):
        return None
    weight = np.full(len(rows), np.nan)
    for row, one in zip(table.rows, demand, strict=True):
        value = _weight(row.cells[place] if place < len(row.cells) else "", table, row.line, table.header[place])
        at = rows[one]
        if np.isfinite(weight[at]) and weight[at] != value:
            raise InputError("location.two_weights", line=row.line, name=one, got=value, before=float(weight[at]))
        weight[at] = value
    return weight


def _wide(table: ListTable, demand_column: str) -> CostTable:
    if not table.header and len(table.rows) > 1 and table.rows[0].cells[0].casefold() in CORNERS:
        table = ListTable(table.name, table.rows[0].cells, table.rows[1:])
    head, width = table.header, table.width
    if head and len(head) not in (width, width - 1):
        raise InputError("location.wide", got=len(head), needs=width)
    named = len(head) == width - 1 if len(head) != width else _first_names(table, demand_column)
    named = any(np.isnan(number_or_nan(cell)) for cell in table.column(0)) if not head else named
    sites = [identity(each) for each in (head if len(head) < width or not named else head[1:])]
    sites = sites or [str(at) for at in range(1, width - named + 1)]
    demand = [identity(row.cells[0]) if named else str(at) for at, row in enumerate(table.rows, 1)]
    _require_once(demand, table)
    if twice := sorted({each for each in sites if sites.count(each) > 1}):
        raise InputError("location.site_twice", names=twice[:SHOWN])
    cost = np.full((len(demand), len(sites)), np.inf)
    for at, row in enumerate(table.rows):
        cells = row.cells[named:]
        if len(cells) != len(sites):
            raise InputError(
                "listing.columns",
                name=COSTS,
                line=row.line,
                got=len(cells),
                needs=len(sites),
                what=", ".join(sites[:SHOWN]),
            )
        cost[at] = [_cost(cell, table, row.line) for cell in cells]
    return CostTable(tuple(demand), tuple(sites), cost, None)


def _first_names(table: ListTable, demand: str) -> bool:
    """Tell whether the first column names the demand: it is named so, by its head, or its cells are no numbers.

    Raises InputError where it may be a site as well.
    """
    if demand:
        return table.place(demand, option="--demand-column") == 0
    words = any(np.isnan(number_or_nan(cell)) and cell.casefold() not in UNREACHED for cell in table.column(0))
    if words or table.header[0].casefold() in CORNERS:
        return True
    raise InputError("location.first_column", column=table.header[0])


def _require_once(names: Sequence[str], table: ListTable) -> None:
    seen: set[str] = set()
    for name, row in zip(names, table.rows, strict=True):
        if name in seen:
            raise InputError("listing.twice", name=table.name, line=row.line, got=name)
        seen.add(name)


def _cost(cell: str, table: ListTable, line: int) -> float:
    if cell.casefold() in UNREACHED:
        return np.inf
    value = number_or_nan(cell)
    if not np.isfinite(value):
        raise InputError("listing.number", name=table.name, line=line, got=cell, column="-")
    if value < 0.0:
        raise InputError("location.negative", name=table.name, line=line, got=value)
    return value


def _weight(cell: str, table: ListTable, line: int, column: str) -> float:
    value = number_or_nan(cell)
    if not np.isfinite(value):
        raise InputError("listing.number", name=table.name, line=line, got=cell or "-", column=column)
    if value < 0.0:
        raise InputError("location.negative", name=table.name, line=line, got=value)
    return value


def _id_column(table: ListTable, names: Sequence[str]) -> int:
    """Return the first column that holds all names; raises InputError with some that the best one lacks."""
    columns = [{identity(each) for each in table.column(at)} for at in range(table.width)]
    lacking = [[name for name in names if name not in column] for column in columns]
    best = min(range(len(lacking)), key=lambda at: len(lacking[at]))
    if lacking[best]:
        raise InputError("location.ids", name=table.name, count=len(lacking[best]), lacking=lacking[best][:SHOWN])
    return best


def _only(table: ListTable, ids: int, words: Sequence[str], option: str) -> int:
    """Return the column of a known name, else the only other one that holds numbers."""
    if (known := table.named(words)) is not None and known != ids:
        return known
    numbers = [
        at for at in range(table.width)
        if at != ids and all(np.isfinite(number_or_nan(each)) for each in table.column(at))
    ]  # fmt: skip
    if len(numbers) != 1:
        raise InputError("location.which", name=table.name, option=option, known=list(table.header) or ["-"])
    return numbers[0]


def _by_id(table: ListTable, ids: int, place: int, names: Sequence[str]) -> Floats:
    wanted, values = set(names), dict[str, float]()
    column = table.header[place] if table.header else str(place + 1)
    for row in table.rows:
        name = identity(row.cells[ids]) if ids < len(row.cells) else ""
        if name not in wanted:
            continue
        if name in values:
            raise InputError("listing.twice", name=table.name, line=row.line, got=name)
        cell = row.cells[place] if place < len(row.cells) else ""
        value = number_of(cell, row=row, name=table.name, column=column)
        if value < 0.0:
            raise InputError("location.negative", name=table.name, line=row.line, got=value)
        values[name] = value
    return np.array([values[name] for name in names])

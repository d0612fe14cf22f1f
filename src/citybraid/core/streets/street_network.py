"""Street network from centre lines: junctions, and stretches between them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from citybraid.core.errors import InputError
from citybraid.core.model import Params, var_of
from citybraid.core.remembered import remembered
from citybraid.core.vocabulary.access import ONE_WAY
from citybraid.core.vocabulary.place import ROAD_CLASS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]

NEGATIVE_VALUES = frozenset(
    {"", "no", "building_passage", "f", "n", "b", "false", "0", "none", "nan", "否", "无", "不是", "双向", "双行"}
)
"""Attribute values that mean no: no bridge, no tunnel, both ways."""
BACKWARD = frozenset({"-1", "reverse", "t", "tf"})
"""Attribute values for one-way against the line's direction."""
ROAD_CLASS_COLUMN, ONE_WAY_COLUMN = var_of(ROAD_CLASS).name, var_of(ONE_WAY).name
LINE = 1
SHORTEST = 1e-6
"""Shortest line and stretch that are kept [m]."""


class NetworkParams(Params):
    """Construction of the network from centre lines."""

    tolerance: float = Field(1.0, gt=0.0, le=20.0)
    """Ends within this distance of one another, or of another street, form a junction [m]."""
    crossings: Literal["joined", "apart"] = "joined"
    """Lines that cross without a shared vertex: a junction ('joined'; never with bridges, tunnels, motorways and trunk roads), or one above the other ('apart', as OpenStreetMap means it)."""  # noqa: E501  (a field's docstring is one line)
    reach: float = Field(250.0, gt=0.0, le=2000.0)
    """Largest distance of a facility or a cell from its street [m]."""


class Places(NamedTuple):
    """Points on lines: line and position along it [m], distance from it [m]; line -1 where none is in reach."""

    line: Ints
    at: Floats
    leg: Floats


@dataclass(frozen=True)
class Network:
    """Stretches between junctions, sorted by line and position.

    `row` is the street of each line; `line`, `start`, `end` [m], `tail` and `head` describe the
    stretches; `nodes` is the number of junctions; `stops` are the nodes of the requested points, -1 for none.
    """

    lines: Shapes
    row: Ints
    line: Ints
    start: Floats
    end: Floats
    tail: Ints
    head: Ints
    nodes: int
    stops: Ints

    @property
    def street(self) -> Ints:
        """The street that each stretch is part of."""
        return np.asarray(self.row[self.line], dtype=np.int64)


def marked(streets: gpd.GeoDataFrame, column: str) -> Flags:
    """Return which streets a text attribute marks; none where there is no such column."""
    if column not in streets:
        return np.zeros(len(streets), dtype=np.bool_)
    return np.array(
        [isinstance(word, str) and word.strip().casefold() not in NEGATIVE_VALUES for word in streets[column]], np.bool_
    )


def backward(streets: gpd.GeoDataFrame) -> Flags:
    """Return which streets are one-way against the direction of their line."""
    if ONE_WAY_COLUMN not in streets:
        return np.zeros(len(streets), dtype=np.bool_)
    words = (word.strip().casefold() if isinstance(word, str) else "" for word in streets[ONE_WAY_COLUMN])
    return np.array([word in BACKWARD for word in words], np.bool_)


def of_class(streets: gpd.GeoDataFrame, names: frozenset[str]) -> Flags:
    """Return which streets are of one of these classes."""
    if ROAD_CLASS_COLUMN not in streets:
        return np.zeros(len(streets), dtype=np.bool_)
    return np.asarray(streets[ROAD_CLASS_COLUMN].isin(names), dtype=np.bool_)


def lines_of(streets: gpd.GeoDataFrame, rows: Flags) -> tuple[Shapes, Ints]:
    """Return the single-part lines of the selected streets, and the row of each.

    Raises InputError where none of them has a line.
    """
    shapes = streets.geometry.to_numpy()
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & rows
    parts, owner = shapely.get_parts(shapes[known], return_index=True)
    row = np.flatnonzero(known)[owner]
    valid = (shapely.get_type_id(parts) == LINE) & (shapely.length(parts) > SHORTEST)
    if not valid.any():
        raise InputError("access.no_lines", streets=len(streets))
    return np.asarray(shapely.force_2d(parts[valid])), np.asarray(row[valid], dtype=np.int64)


def nearest(shapes: Shapes, lines: Shapes, *, reach: float) -> Places:
    """Return the nearest point on a line for each shape; -1 beyond reach.

    The events and alternatives of a study ask for the same shapes and lines again and again.
    """
    nearest_line = _nearest(shapes, lines, reach)
    return Places(nearest_line.line.copy(), nearest_line.at.copy(), nearest_line.leg.copy())


@remembered(16)
def _nearest(shapes: Shapes, lines: Shapes, reach: float) -> Places:
    line = np.full(len(shapes), -1, dtype=np.int64)
    at, leg = np.zeros(len(shapes)), np.zeros(len(shapes))
    known = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if known.size:
        shape_index, line_index = shapely.STRtree(lines).query_nearest(
            shapes[known], max_distance=reach, all_matches=False
        )
        shape_index = known[shape_index]
        line[shape_index] = line_index
        connector = shapely.shortest_line(lines[line_index], shapes[shape_index])
        at[shape_index] = shapely.line_locate_point(lines[line_index], shapely.get_point(connector, 0))
        leg[shape_index] = shapely.length(connector)
    return Places(line, at, leg)


def network(lines: Shapes, row: Ints, *, apart: Flags, tolerance: float, stops: Places) -> Network:
    """Build the network of lines; its arrays cannot be written to, as all events of a study share them.

    Lines are split at line ends within the tolerance, at shared vertices,
    at crossings (unless either line is `apart`) and at the stops. Split points within
    the tolerance of one another are one junction.
    """
    return _network(lines.copy(), row.copy(), apart, tolerance, stops)


@remembered(8)
def _network(lines: Shapes, row: Ints, apart: Flags, tolerance: float, stops: Places) -> Network:
    count = len(lines)
    stop = np.flatnonzero(stops.line >= 0)
    touching, crossing = _touching(lines, tolerance), _crossing(lines, apart, tolerance)
    line = np.concatenate([np.arange(count), np.arange(count), touching.line, crossing.line, stops.line[stop]])
    at = np.concatenate([np.zeros(count), shapely.length(lines), touching.at, crossing.at, stops.at[stop]])
    points = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], at))
    node, nodes = _merged(points, tolerance)
    order = np.lexsort((at, line))
    first, second = order[:-1], order[1:]
    valid = (line[first] == line[second]) & (at[second] - at[first] > SHORTEST)
    first, second = first[valid], second[valid]
    stop_node = np.full(len(stops.line), -1, dtype=np.int64)
    stop_node[stop] = node[line.size - stop.size :]
    return Network(lines, row, line[first], at[first], at[second], node[first], node[second], nodes, stop_node)


def disconnected(net: Network) -> float:
    """Return the share of the length outside the largest connected component."""
    ones = np.ones(net.line.size)
    links = csr_array((ones, (net.tail, net.head)), shape=(net.nodes, net.nodes))
    part = connected_components(links, directed=False)[1]
    length = np.bincount(part[net.tail], weights=net.end - net.start)
    return float(1.0 - length.max() / length.sum())


class _Cuts(NamedTuple):
    line: Ints
    at: Floats


def _touching(lines: Shapes, tolerance: float) -> _Cuts:
    """Return the positions where the end of another line touches a line."""
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    owner = np.tile(np.arange(len(lines)), 2)
    end, line = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=tolerance)
    different = owner[end] != line
    end, line = end[different], line[different]
    return _Cuts(line.astype(np.int64), shapely.line_locate_point(lines[line], ends[end]))


def _crossing(lines: Shapes, apart: Flags, tolerance: float) -> _Cuts:
    """Return the vertices that two lines share, and the crossings at grade."""
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    first, second = first[first < second], second[first < second]
    intersections = shapely.intersection(lines[first], lines[second])
    coordinates, pair = shapely.get_coordinates(intersections, return_index=True)
    points, first, second = np.asarray(shapely.points(coordinates)), first[pair], second[pair]
    vertices, owner = shapely.get_coordinates(lines, return_index=True)
    corners = np.asarray(shapely.multipoints(np.asarray(shapely.points(vertices)), indices=owner))
    shared = (shapely.distance(points, corners[first]) <= tolerance) & (
        shapely.distance(points, corners[second]) <= tolerance
    )
    valid = shared | ~(apart[first] | apart[second])
    line = np.concatenate([first[valid], second[valid]]).astype(np.int64)
    return _Cuts(line, shapely.line_locate_point(lines[line], np.tile(points[valid], 2)))


def _merged(points: Floats, tolerance: float) -> tuple[Ints, int]:
    """Merge split points within the tolerance; return the junction of each, and the number of junctions."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(tolerance, output_type="ndarray")
    size = len(points)
    links = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    count, node = connected_components(links, directed=False)
    return node.astype(np.int64), int(count)

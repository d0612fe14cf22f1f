"""Connectivity and corridors of the demo by another route: labels and distances by SciPy, paths by Dijkstra on a graph.

| number on the demo's own 5 m, as it is | by pencil | program |
|---|---|---|
| patches, habitat [ha] | 46, 40.82 | 46, 40.82 |
| equivalent connected area [ha] | 39.836 | 39.836 |
| PC, IIC | 0.009918, 0.005409 | 0.009918, 0.005409 |
| corridors, of which cost and width alike | 56, 56 | 56 |

Wildlife that crosses 2 km with a chance of one half is at home in a town of 2 km: the equivalent connected area is 98 %
of all habitat, and says little more than it. Corridors across a street are wider than long: their width is the front
on which two patches face each other.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
EIGHT = np.ones((3, 3), np.bool_)
SUITABLE, LEAST, CHANCE, SLACK = 0.8, 0.25, 0.5, 0.1
HECTARE = 1e4
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))


def raster(ran: Run, name: str) -> Floats:
    return np.asarray(ran.value(ran.layers("as_is")[name][""]), np.float64)


def number(ran: Run, name: str) -> float:
    return float(ran.value(ran.layers("as_is")[name][""]))


def side(ran: Run) -> float:
    return float(ran.grid.resolution.x)


def patches(ran: Run) -> list[NDArray[np.bool_]]:
    """Cells of each patch of a quarter of a hectare and more."""
    label, count = ndimage.label(np.nan_to_num(raster(ran, "habitat_suitability")) >= SUITABLE, EIGHT)
    each = [label == at for at in range(1, count + 1)]
    return [cells for cells in each if cells.sum() * side(ran) ** 2 / HECTARE >= LEAST]


def gap(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Cells between the nearest edges of two patches, by rows and columns of theirs."""
    apart = np.maximum(np.abs(one[:, None, :] - other[None, :, :]) - 1, 0)
    return float(np.hypot(apart[..., 0], apart[..., 1]).min())


def test_connected_area_and_both_indices_by_shortest_paths(ran: Run) -> None:
    cells = patches(ran)
    area = np.array([each.sum() for each in cells]) * side(ran) ** 2 / HECTARE
    rims = [np.argwhere(each & ~ndimage.binary_erosion(each, EIGHT)) for each in cells]
    count = len(rims)
    assert count > 3
    gaps = np.array(
        [[0.0 if i == j else side(ran) * gap(rims[i], rims[j]) for j in range(count)] for i in range(count)]
    )
    ways = dijkstra(-np.log(CHANCE) * gaps / number(ran, "half_chance_distance") + 1e-15)
    product = area[:, None] * area[None, :]
    numerator = float((product * np.exp(-ways)).sum())
    whole = float(np.isfinite(raster(ran, "habitat_suitability")).sum()) * side(ran) ** 2 / HECTARE
    table = ran.table("units/as_is")
    assert table is not None
    assert table["habitat_area"][WHOLE_AREA] == pytest.approx(area.sum())
    assert table["connected_area"][WHOLE_AREA] == pytest.approx(np.sqrt(numerator), rel=1e-9)
    assert number(ran, "probability_of_connectivity") == pytest.approx(numerator / whole**2, rel=1e-9)
    links = dijkstra(csr_array(gaps <= number(ran, "link_distance")).astype(np.float64), unweighted=True)
    assert number(ran, "integral_connectivity") == pytest.approx(float((product / (1.0 + links)).sum()) / whole**2)
    assert np.sqrt((area**2).sum()) < table["connected_area"][WHOLE_AREA] <= area.sum()


def graph(resistance: Floats, cell: float) -> csr_array:
    """Cells and the cost of a step between neighbours: its length times the mean of both resistances."""
    rows, columns = resistance.shape
    at = np.arange(rows * columns).reshape(rows, columns)
    first, second, cost = [], [], []
    for down, right in STEPS:
        here = slice(0, rows - down), slice(max(0, -right), columns - max(0, right))
        there = slice(down, rows), slice(max(0, right), columns + min(0, right))
        first.append(at[here].ravel())
        second.append(at[there].ravel())
        cost.append((0.5 * (resistance[here] + resistance[there]) * np.hypot(down, right) * cell).ravel())
    entries = np.concatenate(cost), (np.concatenate(first), np.concatenate(second))
    return coo_array(entries, shape=(at.size, at.size)).tocsr()


def test_corridors_cost_and_are_as_wide_as_a_graph_says(ran: Run) -> None:
    """Width: ground where the way costs at most a tenth more than the least, over the length of the path."""
    label, resistance = raster(ran, "habitat_patch").astype(int), raster(ran, "movement_resistance")
    cost, length, width = (
        ran.value(ran.layers("as_is")[f"corridor_{name}"][""]) for name in ("cost", "length", "width")
    )
    assert len(cost) > 2
    network, at = graph(resistance, side(ran)), np.arange(label.size).reshape(label.shape)
    pairs = [tuple(int(each) for each in str(name).split("-")) for name in cost.index]
    away = {
        each: dijkstra(network, directed=False, indices=at[label == each], min_only=True)
        for each in sorted({number for pair in pairs for number in pair})
    }
    for name, (first, second) in zip(cost.index, pairs, strict=True):
        least = float(away[first][at[label == second]].min())
        assert cost[name] == pytest.approx(least, rel=1e-9)
        more = away[first] + away[second] - least
        ground = (more <= SLACK * least * (1.0 + 1e-9)) & (label.ravel() == 0)
        assert width[name] == pytest.approx(float(ground.sum()) * side(ran) ** 2 / length[name], rel=1e-9)

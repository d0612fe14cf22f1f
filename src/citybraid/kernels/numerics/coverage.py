"""Exact area of polygons on the cells of a grid."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@compiled(fast=frozenset())
def polygon_cover(x: Floats, y: Floats, rings: Indices, polygons: Indices, weight: Floats, cover: Floats) -> None:
    """Add every polygon's weight times the share of each cell that it covers to `cover`.

    `x`, `y` are vertices in cell units (column, row). `rings` holds the first vertex
    of each closed ring and one past the last; `polygons` the first ring of each
    polygon and one past the last. Outer rings turn one way, holes the other. The
    share is exact up to rounding: an edge adds its signed area to the cell that it
    crosses and its height to all cells to the right, as in scan conversion with exact
    area coverage (Catmull 1978). Parts outside the grid are left out.
    """
    rows, columns = cover.shape
    for polygon in range(polygons.size - 1):
        start, stop = rings[polygons[polygon]], rings[polygons[polygon + 1]]
        if stop <= start:
            continue
        west = east = x[start]
        north = south = y[start]
        for vertex in range(start + 1, stop):
            west, east = min(west, x[vertex]), max(east, x[vertex])
            north, south = min(north, y[vertex]), max(south, y[vertex])
        left, right = max(0, min(columns, math.floor(west))), max(0, min(columns, math.ceil(east)))
        top, bottom = max(0, min(rows, math.floor(north))), max(0, min(rows, math.ceil(south)))
        if right <= left or bottom <= top:
            continue
        sheet = np.zeros((bottom - top, right - left + 1))
        for ring in range(polygons[polygon], polygons[polygon + 1]):
            for vertex in range(rings[ring], rings[ring + 1] - 1):
                _add_edge(x[vertex] - left, y[vertex] - top, x[vertex + 1] - left, y[vertex + 1] - top, sheet)
        for row in range(bottom - top):
            share = 0.0
            for column in range(right - left):
                share += sheet[row, column]
                cover[top + row, left + column] += weight[polygon] * min(abs(share), 1.0)


@compiled(fast=frozenset())
def _add_edge(x0: float, y0: float, x1: float, y1: float, sheet: Floats) -> None:
    """Add one edge's height and signed area, row by row, then cell by cell."""
    if y0 == y1:
        return
    sign = 1.0
    if y0 > y1:
        x0, y0, x1, y1, sign = x1, y1, x0, y0, -1.0
    slope = (x1 - x0) / (y1 - y0)
    rows, columns = sheet.shape[0], sheet.shape[1] - 1
    low, high = max(y0, 0.0), min(y1, float(rows))
    row = math.floor(low)
    while row < high and row < rows:
        a, b = max(low, float(row)), min(high, float(row + 1))
        if b > a:
            xa, xb = x0 + (a - y0) * slope, x0 + (b - y0) * slope
            _add_span(min(xa, xb), max(xa, xb), sign * (b - a), row, columns, sheet)
        row += 1


@compiled(fast=frozenset())
def _add_span(xa: float, xb: float, height: float, row: int, columns: int, sheet: Floats) -> None:
    """Distribute the height of an edge's part in one row over the columns that it crosses."""
    if xb <= 0.0:
        sheet[row, 0] += height
        return
    if xa >= columns:
        return
    width = xb - xa
    if xa < 0.0:
        sheet[row, 0] += height * (-xa) / width
    low, high = max(xa, 0.0), min(xb, float(columns))
    column = min(math.floor(low), columns - 1)
    if width <= 0.0:
        sheet[row, column] += height * (column + 1 - low)
        sheet[row, column + 1] += height * (low - column)
        return
    while column < high and column < columns:
        a, b = max(low, float(column)), min(high, float(column + 1))
        if b > a:
            part = height * (b - a) / width
            inside = column + 1 - 0.5 * (a + b)
            sheet[row, column] += part * inside
            sheet[row, column + 1] += part * (1.0 - inside)
        column += 1

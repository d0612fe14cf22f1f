"""Black-box multigrid on a grid with holes: the operator-dependent interpolation of Dendy (1982).

A V-cycle with one forward and one backward Gauss-Seidel sweep on each level is a symmetric preconditioner of
conjugate gradients. Coarse operators are Galerkin products, whose stencils keep nine points. Where both coarse
neighbours of a cell are holes, as along a corridor one cell wide on an odd row, the hole on its near side carries the
corridor's value to the coarser level; corridors so survive on all levels.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from citybraid.kernels.compiled import compiled
from citybraid.kernels.ecology.conductance import Conductances, node_conductance
from citybraid.kernels.ecology.relaxation import forward_from_zero, left_over, prolong_and_relax, restrict

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

COARSEST = 400
"""Cells at which a level is solved directly."""
WEAK = 1e-12
"""Share of a cell's conductance below which it counts as not linked."""
THIN = 0.01
"""Share of a cell's conductance below which its links to both coarse neighbours are thin: a hole carries it instead."""


class Level(NamedTuple):
    """One level: its links, the inverse of its diagonal, and its interpolation from the next coarser level."""

    east: Singles
    south: Singles
    south_east: Singles
    south_west: Singles
    inverse: Singles
    weights: Singles
    """Eight weights for each coarse cell: those of the cell below it from above and below, of the cell on its right
    from left and right, and of the cell below and right from its four corners."""


class Multigrid(NamedTuple):
    """Levels from fine to coarse, and the inverse of the coarsest operator on its cells."""

    levels: tuple[Level, ...]
    inverse: Singles
    cells: NDArray[np.int64]
    shape: tuple[int, int]
    repeated: tuple[int, ...]
    """Levels that are gone through twice, 0 being the finest."""


def multigrid(links: Conductances, ground: Floats, *, repeated: tuple[int, ...] = ()) -> Multigrid:
    """Return the hierarchy for the grounded or ungrounded Laplacian of a grid; `ground` may be empty."""
    levels = []
    rows, columns = links.east.shape[0] - 2, links.east.shape[1] - 2
    while rows * columns > COARSEST:
        diagonal = node_conductance(*links, ground)
        weights = _interpolation(*links, diagonal)
        levels.append(Level(*_single(*links, diagonal), weights))
        links = Conductances(*_coarse_links(*links, weights))
        ground = _coarse_ground(ground, weights) if ground.size > 1 else ground
        rows, columns = (rows + 1) // 2, (columns + 1) // 2
    inverse, cells = _coarsest_inverse(*links, node_conductance(*links, ground), ground)
    return Multigrid(tuple(levels), inverse, cells, (rows + 2, columns + 2), repeated)


def v_cycle(grid: Multigrid, right: Singles) -> Singles:
    """Return an approximate solution for a right-hand side.

    Going through coarse levels twice takes fewer rounds, but needs what is left of a right-hand side in
    single precision: between short-circuited cells that is rounding alone, and rounds then lead nowhere.
    """
    return _cycle(grid, right, 0)


def _cycle(grid: Multigrid, right: Singles, depth: int) -> Singles:
    """Return an approximate solution on a level."""
    if depth == len(grid.levels):
        coarse = np.zeros(grid.shape, np.float32)
        coarse.ravel()[grid.cells] = grid.inverse @ right.ravel()[grid.cells]
        return coarse
    level = grid.levels[depth]
    correction, rest = np.empty_like(right), np.empty_like(right)
    forward_from_zero(*level[:5], right, correction, rest)
    right_below = restrict(rest, level.weights)
    coarse = _cycle(grid, right_below, depth + 1)
    if depth + 1 in grid.repeated and depth + 1 < len(grid.levels):
        coarse += _cycle(grid, left_over(*grid.levels[depth + 1][:5], right_below, coarse), depth + 1)
    prolong_and_relax(*level[:5], level.weights, coarse, right, correction)
    return correction


def _single(
    east: Floats, south: Floats, south_east: Floats, south_west: Floats, diagonal: Floats
) -> tuple[Singles, Singles, Singles, Singles, Singles]:
    inverse = np.zeros(diagonal.shape, np.float32)
    np.divide(1.0, diagonal, out=inverse, where=diagonal > 0.0, casting="same_kind")
    links = (each.astype(np.float32) for each in (east, south, south_east, south_west))
    return (*links, inverse)  # type: ignore[return-value]  # four links and the inverse


def _coarsest_inverse(
    east: Floats, south: Floats, south_east: Floats, south_west: Floats, diagonal: Floats, ground: Floats
) -> tuple[Singles, NDArray[np.int64]]:
    """Return the inverse of the coarsest operator, one cell of each piece without ground held at 0."""
    width = diagonal.shape[1]
    cells = np.flatnonzero(diagonal.ravel() > 0.0)
    number = np.full(diagonal.size, -1)
    number[cells] = np.arange(cells.size)
    matrix = np.zeros((cells.size, cells.size))
    for link, step in ((east, 1), (south, width), (south_east, width + 1), (south_west, width - 1)):
        if link.size == 1:
            continue
        first = np.flatnonzero(link.ravel() != 0.0)
        a, b = number[first], number[first + step]
        linked = (a >= 0) & (b >= 0)
        matrix[a[linked], b[linked]] = matrix[b[linked], a[linked]] = -link.ravel()[first[linked]]
    own = diagonal.ravel()[cells]
    np.fill_diagonal(matrix, own)
    _, piece = connected_components(sparse.csr_array(matrix), directed=False)
    drains = (
        np.bincount(piece, ground.ravel()[cells], piece.max(initial=-1) + 1)
        if ground.size > 1
        else np.zeros(piece.size)
    )
    for each in np.unique(piece[drains[piece] == 0.0]):
        held = np.flatnonzero(piece == each)[0]
        matrix[held, :] = matrix[:, held] = 0.0
        matrix[held, held] = own[held]
    scale = 1.0 / np.sqrt(np.maximum(own, 1e-300))
    balanced = matrix * scale[:, None] * scale[None, :]
    inverse = _inverse(balanced)
    return (inverse * scale[:, None] * scale[None, :]).astype(np.float32), cells


@compiled()
def _inverse(matrix: Floats) -> Floats:
    """Return the inverse of a symmetric positive definite matrix, by Gauss-Jordan without pivots.

    LAPACK's rounds differently with each count of its threads, and so would the currents.
    """
    inverse = matrix.copy()
    size = inverse.shape[0]
    row = np.empty(size)  # filled cell by cell: whole rows take longer to compile than to invert
    for k in range(size):
        pivot = 1.0 / inverse[k, k]
        for j in range(size):
            row[j] = inverse[k, j] * pivot
        for i in range(size):
            if i != k:
                factor = inverse[i, k]
                for j in range(size):
                    inverse[i, j] -= factor * row[j]
                inverse[i, k] = -factor * pivot
        for j in range(size):
            inverse[k, j] = row[j]
        inverse[k, k] = pivot
    return inverse


@compiled()
def _pair(one: float, other: float, own: float, near_hole: int, far_hole: int) -> tuple[float, float]:
    """Return the weights of the two coarse neighbours of a cell between them, never outside 0 to 1.

    Galerkin products hold some negative links, which would make weights of any size. A neighbour that is a hole
    carries the cell where it has no more than thin links: as along a corridor between a wall and a road.
    """
    one, other = max(one, 0.0), max(other, 0.0)
    total = one + other
    if total <= WEAK * own or (total <= THIN * own and near_hole + far_hole > 0):
        return (1.0, 0.0) if near_hole == 1 or far_hole == 0 else (0.0, 1.0)
    return one / total, other / total


@compiled()
def _interpolation(east: Floats, south: Floats, south_east: Floats, south_west: Floats, diagonal: Floats) -> Singles:
    """Return the weights of Dendy's interpolation, which keep the current through each cell (1982, eq. 2.8-2.10)."""
    rows, columns = diagonal.shape[0] - 2, diagonal.shape[1] - 2
    high, wide = (rows + 1) // 2, (columns + 1) // 2
    corners = south_east.size > 1
    weights = np.zeros((high + 2, wide + 2, 8), np.float32)
    for row in range(1, high + 1):
        for column in range(1, wide + 1):
            i, j = 2 * row - 1, 2 * column - 1
            if i + 1 <= rows and diagonal[i + 1, j] > 0.0:
                k = i + 1
                up, down = south[k - 1, j], south[k, j]
                if corners:
                    up += south_east[k - 1, j - 1] + south_west[k - 1, j + 1]
                    down += south_east[k, j] + south_west[k, j]
                near, far = int(diagonal[i, j] == 0.0), int(i + 2 <= rows and diagonal[i + 2, j] == 0.0)
                weights[row, column, 0], weights[row, column, 1] = _pair(up, down, diagonal[k, j], near, far)
            if j + 1 <= columns and diagonal[i, j + 1] > 0.0:
                k = j + 1
                left, right = east[i, k - 1], east[i, k]
                if corners:
                    left += south_east[i - 1, k - 1] + south_west[i, k]
                    right += south_east[i, k] + south_west[i - 1, k + 1]
                near, far = int(diagonal[i, j] == 0.0), int(j + 2 <= columns and diagonal[i, j + 2] == 0.0)
                weights[row, column, 2], weights[row, column, 3] = _pair(left, right, diagonal[i, k], near, far)
    for row in range(1, high + 1):
        for column in range(1, wide + 1):
            i, j = 2 * row, 2 * column
            if i > rows or j > columns or diagonal[i, j] <= 0.0:
                continue
            north, south_link = max(south[i - 1, j], 0.0), max(south[i, j], 0.0)
            west, east_link = max(east[i, j - 1], 0.0), max(east[i, j], 0.0)
            a = north * weights[row, column, 2] + west * weights[row, column, 0]
            b = north * weights[row, column, 3] + east_link * weights[row, column + 1, 0]
            c = south_link * weights[row + 1, column, 2] + west * weights[row, column, 1]
            d = south_link * weights[row + 1, column, 3] + east_link * weights[row, column + 1, 1]
            if corners:
                a += max(south_east[i - 1, j - 1], 0.0)
                b += max(south_west[i - 1, j + 1], 0.0)
                c += max(south_west[i, j], 0.0)
                d += max(south_east[i, j], 0.0)
            total = a + b + c + d
            if total <= WEAK * diagonal[i, j]:
                weights[row, column, 4] = 1.0
                continue
            weights[row, column, 4], weights[row, column, 5] = a / total, b / total
            weights[row, column, 6], weights[row, column, 7] = c / total, d / total
    return weights


@compiled()
def _coarse_links(
    east: Floats, south: Floats, south_east: Floats, south_west: Floats, weights: Singles
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the links of the Galerkin product: of each fine link c, -c Σ (p_f - p_g)_K (p_f - p_g)_L between K and L.

    The ends of a link are interpolated from the same four coarse cells, and their weights add up to 1.
    """
    high, wide = weights.shape[0] - 2, weights.shape[1] - 2
    rows, columns = east.shape
    corners = south_east.size > 1
    out_east, out_south = np.zeros((high + 2, wide + 2)), np.zeros((high + 2, wide + 2))
    out_se, out_sw = np.zeros((high + 2, wide + 2)), np.zeros((high + 2, wide + 2))
    pair = np.zeros(6)
    for row in range(1, high + 1):
        for column in range(1, wide + 1):
            i, j = 2 * row - 1, 2 * column - 1
            own = weights[row, column]
            up, down = np.float64(own[0]), np.float64(own[1])
            left, right = np.float64(own[2]), np.float64(own[3])
            a, b, c, d = np.float64(own[4]), np.float64(own[5]), np.float64(own[6]), np.float64(own[7])
            pair[:] = 0.0
            out_east[row, column] += east[i, j] * right * right + east[i, j + 1] * left * left
            out_south[row, column] += south[i, j] * down * down + south[i + 1, j] * up * up
            up_2, down_2 = weights[row, column + 1, 0], weights[row, column + 1, 1]
            left_2, right_2 = weights[row + 1, column, 2], weights[row + 1, column, 3]
            _share(pair, south[i, j + 1], left - a, right - b, -c, -d)
            _share(pair, east[i + 1, j], up - a, -b, down - c, -d)
            _share(pair, east[i + 1, j + 1], a, b - up_2, c, d - down_2)
            if i + 1 < rows:
                _share(pair, south[i + 1, j + 1], a, b, c - left_2, d - right_2)
            if corners:
                _share(pair, south_east[i, j], 1.0 - a, -b, -c, -d)
                _share(pair, south_east[i, j + 1], left, right - up_2, 0.0, -down_2)
                _share(pair, south_west[i, j + 1], left - up, right, -down, 0.0)
                _share(pair, south_east[i + 1, j], up, 0.0, down - left_2, -right_2)
                _share(pair, south_east[i + 1, j + 1], a, b, c, d - 1.0)
                _share(pair, south_west[i + 1, j + 1], a, b, c - 1.0, d)
                if j + 2 < columns:
                    _share(pair, south_west[i, j + 2], a, b - 1.0, c, d)
                    _share(pair, south_west[i + 1, j + 2], 0.0, up_2, -left_2, down_2 - right_2)
            out_east[row, column] += pair[0]
            out_south[row, column] += pair[1]
            out_se[row, column] += pair[2]
            out_sw[row, column + 1] += pair[3]
            out_south[row, column + 1] += pair[4]
            out_east[row + 1, column] += pair[5]
    return out_east, out_south, out_se, out_sw


@compiled(inner=True)
def _share(pair: Floats, link: float, a: float, b: float, c: float, d: float) -> None:
    """Add a fine link's share to the six links between the coarse cells above left (a), above (b), left (c) and own."""
    if link == 0.0:
        return
    pair[0] -= link * a * b
    pair[1] -= link * a * c
    pair[2] -= link * a * d
    pair[3] -= link * b * c
    pair[4] -= link * b * d
    pair[5] -= link * c * d


@compiled()
def _coarse_ground(ground: Floats, weights: Singles) -> Floats:
    """Return the conductance of coarse cells to the ground, the transposed interpolation of the fine cells'."""
    rows, columns = ground.shape[0] - 2, ground.shape[1] - 2
    coarse = np.zeros(weights.shape[:2])
    for row in range(1, weights.shape[0] - 1):
        for column in range(1, weights.shape[1] - 1):
            i, j = 2 * row - 1, 2 * column - 1
            own = weights[row, column]
            coarse[row, column] += ground[i, j]
            if i < rows and ground[i + 1, j] > 0.0:
                coarse[row, column] += own[0] * ground[i + 1, j]
                coarse[row + 1, column] += own[1] * ground[i + 1, j]
            if j < columns and ground[i, j + 1] > 0.0:
                coarse[row, column] += own[2] * ground[i, j + 1]
                coarse[row, column + 1] += own[3] * ground[i, j + 1]
            if i < rows and j < columns and ground[i + 1, j + 1] > 0.0:
                for di in range(2):
                    for dj in range(2):
                        coarse[row + di, column + dj] += own[4 + 2 * di + dj] * ground[i + 1, j + 1]
    return coarse

"""The circuit of a grid: voltages for given currents, their residual, and the current through each cell.

Conjugate gradients with black-box multigrid; where they do not reach the tolerance, a direct factorisation.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from citybraid.kernels.compiled import FAST, compiled
from citybraid.kernels.ecology.conductance import Conductances, node_conductance
from citybraid.kernels.ecology.multigrid import Multigrid, multigrid, v_cycle

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

TOLERANCE = 1e-6
"""Largest current lost at a cell, and error of the currents in the norm of energy, as shares of those injected."""
MOST_ROUNDS = 120
"""Rounds of conjugate gradients after which the circuit is factorised instead."""
REPEATED = (1, 2)
"""Levels of the multigrid that are gone through twice where no cells are short circuited, 0 being the finest."""
STIFF = 1e3
"""Links within a short-circuit region are this many times the strongest link of the grid in the preconditioner."""


class Voltages(NamedTuple):
    """Voltages of all cells, with margin, and how well they were found."""

    voltage: Floats
    residual: float
    """Largest current lost at a cell, as a share of the current injected."""
    rounds: int
    """Rounds of conjugate gradients; -1 where the circuit was factorised."""
    lost: Singles
    """Current that each cell loses [A], spread evenly over a region."""


class Circuit:
    """A grid of resistors with regions that are short circuited, set up once for any number of currents."""

    def __init__(
        self,
        links: Conductances,
        *,
        regions: Sequence[Ints] = (),
        ground: Floats | None = None,
        rounds: int = MOST_ROUNDS,
    ) -> None:
        """Take the links, the cells of each short-circuit region and each cell's conductance to the ground.

        Regions are flat indices into the arrays of links, margin included; they have no cell in common.
        """
        self.links = links
        self.regions = tuple(regions)
        self.ground = np.zeros((1, 1)) if ground is None else ground
        self.total = node_conductance(*links, self.ground)
        self.rounds = rounds

    @cached_property
    def node(self) -> Ints:
        """The number of each cell's node: cells of one region share one; -1 where a cell has no link."""
        node = np.full(self.total.size, -1)
        for region in self.regions:
            node[region] = region[0]
        single = (node < 0) & (self.total.ravel() > 0.0)
        node[single] = np.flatnonzero(single)
        return node

    @cached_property
    def laplacian(self) -> sparse.csc_array:
        """The Laplacian of the nodes, with rows and columns of all cells; those of no node are empty."""
        node, size, width = self.node, self.total.size, self.total.shape[1]
        first, second, value = [], [], []
        for link, step in zip(self.links, (1, width, width + 1, width - 1), strict=True):
            if link.size == 1:
                continue
            at = np.flatnonzero(link.ravel())
            first.append(node[at])
            second.append(node[at + step])
            value.append(link.ravel()[at])
        a, b, g = np.concatenate(first), np.concatenate(second), np.concatenate(value)
        apart = a != b
        a, b, g = a[apart], b[apart], g[apart]
        own = np.bincount(a, g, size) + np.bincount(b, g, size)
        if self.ground.size > 1:
            held = self.node >= 0
            own += np.bincount(node[held], self.ground.ravel()[held], size)
        each = np.arange(size)
        rows, columns = np.concatenate([a, b, each]), np.concatenate([b, a, each])
        return sparse.csc_array((np.concatenate([-g, -g, own]), (rows, columns)), shape=(size, size))

    @cached_property
    def piece(self) -> NDArray[np.int32]:
        """The number of the connected piece that each cell is part of; 0 where it has no link."""
        corners = np.ones((3, 3)) if self.links.diagonal else ndimage.generate_binary_structure(2, 1)
        label, count = ndimage.label(self.total > 0.0, structure=corners)
        if not self.regions:
            return np.asarray(label, np.int32)
        first = np.concatenate([np.full(region.size, label.reshape(-1)[region].max()) for region in self.regions])
        second = label.reshape(-1)[np.concatenate(self.regions)]
        joined = (first > 0) & (second > 0)
        pairs = sparse.coo_array((np.ones(joined.sum()), (first[joined], second[joined])), shape=(count + 1, count + 1))
        _, number = connected_components(pairs, directed=False)
        return np.asarray(np.where(label > 0, number[label] - number[0], 0), np.int32)

    @cached_property
    def hierarchy(self) -> Multigrid:
        """The multigrid, in which regions are nearly short circuited."""
        if not self.regions:
            return multigrid(self.links, self.ground, repeated=REPEATED)
        inside = np.full(self.total.shape, -1)
        for number, region in enumerate(self.regions):
            inside.reshape(-1)[region] = number
        strong = STIFF * max(float(link.max()) for link in self.links)
        links = [link.copy() for link in self.links]
        for link, (down, right) in zip(links, ((0, 1), (1, 0), (1, 1), (1, -1)), strict=True):
            if link.size > 1:
                same = (inside >= 0) & (inside == np.roll(inside, (-down, -right), (0, 1)))
                link[same & (link > 0.0)] = strong
        return multigrid(Conductances(*links), self.ground)

    def solve(self, current: Floats) -> Voltages:
        """Return the voltages for a current injected at each cell [A], which sums to 0 on pieces without ground.

        Never returns voltages whose residual exceeds the tolerance: where multigrid does not reach it, the Laplacian
        is factorised. Raises ArithmeticError where that fails too.
        """
        injected = float(np.abs(current).sum()) / 2.0
        if injected == 0.0:
            return Voltages(np.zeros(self.total.shape), 0.0, 0, np.zeros(self.total.shape, np.float32))
        potential = self._iterated(current, injected)
        if potential.residual <= TOLERANCE:
            return potential
        return self._factorised(current, injected)

    def lost(self, voltage: Floats, current: Floats) -> Floats:
        """Return the current that a cell or region of a solution loses, spread evenly over a region."""
        rest = np.empty_like(voltage)
        _product(*self.links, self.total, voltage, rest)
        rest = current - rest
        self._even(rest)
        return rest

    def _even(self, values: Floats | NDArray[np.float32]) -> None:
        """Give the cells of each region their mean."""
        if self.regions:
            flat, (cells, first, sizes) = values.reshape(-1), self._inside
            sums = np.add.reduceat(flat[cells], first, dtype=np.float64)
            flat[cells] = np.repeat((sums / sizes).astype(values.dtype), sizes)

    @cached_property
    def _inside(self) -> tuple[Ints, Ints, Ints]:
        """The cells of all regions one after another, where each region begins among them, and its size."""
        sizes = np.array([region.size for region in self.regions], np.int64)
        return np.concatenate(self.regions), np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes

    def _iterated(self, current: Floats, injected: float) -> Voltages:
        voltage = np.zeros(self.total.shape)
        rest = current.copy()
        self._even(rest)
        step, product = np.zeros_like(rest), np.zeros_like(rest)
        most_lost, towards, along = TOLERANCE * injected, 0.0, 0.0
        places = np.flatnonzero(current)
        amperes = current.reshape(-1)[places]
        for count in range(1, self.rounds + 1):
            near = v_cycle(self.hierarchy, rest.astype(np.float32))
            self._even(near)
            # A step conjugate to the one before by its own product, which float32 preconditioning does not disturb
            ratio = -_dot(near, product) / along if count > 1 else 0.0
            _next_step(near, ratio, step)
            along = _product(*self.links, self.total, step, product)
            self._even(product)
            towards = _dot(step, rest)
            if not along > 0.0 or not np.isfinite(along):
                break
            beyond = _advance(towards / along, step, product, voltage, rest, most_lost)
            energy = float(amperes @ voltage.reshape(-1)[places])
            near_enough = beyond == 0 and towards * towards / along <= TOLERANCE**2 * energy
            if near_enough and self._lost_by_regions(rest) <= most_lost:
                break
        lost = self.lost(voltage, current)
        kept = lost.astype(np.float32)
        residual = float(np.abs(self._sums(lost)).max()) / injected
        return Voltages(voltage, residual if np.isfinite(residual) else np.inf, count, kept)

    def _lost_by_regions(self, rest: Floats) -> float:
        """Return the largest current that a region loses, which is spread evenly over its cells."""
        if not self.regions:
            return 0.0
        cells, first, sizes = self._inside
        return float(np.abs(rest.reshape(-1)[cells[first]] * sizes).max())

    def _sums(self, rest: Floats) -> Floats:
        """Return what is lost at each node: the sum over the cells of each region."""
        for region in self.regions:
            rest.reshape(-1)[region] *= region.size
        return rest

    @cached_property
    def _factors(self) -> tuple[Ints, object]:
        """The nodes that are solved for and the factorised Laplacian; a node of each ungrounded piece is held at 0."""
        active = np.flatnonzero(self.laplacian.diagonal() > 0.0)
        piece = self.piece.ravel()[active]
        drains = np.zeros(1) if self.ground.size == 1 else self.ground.ravel()
        grounded = np.unique(self.piece.ravel()[drains > 0.0]) if drains.size > 1 else np.zeros(0, np.int32)
        _, first = np.unique(piece, return_index=True)
        held = active[first[~np.isin(piece[first], grounded)]]
        free = np.setdiff1d(active, held)
        return free, splu(self.laplacian[free][:, free].tocsc(), options={"SymmetricMode": True})

    def _factorised(self, current: Floats, injected: float) -> Voltages:
        free, factors = self._factors
        injection = np.zeros(self.total.size)
        held = self.node >= 0
        np.add.at(injection, self.node[held], current.ravel()[held])
        by_node = np.zeros(self.total.size)
        by_node[free] = factors.solve(injection[free])  # type: ignore[attr-defined]  # SuperLU has no public type
        voltage = np.zeros(self.total.shape)
        voltage.reshape(-1)[held] = by_node[self.node[held]]
        lost = self.lost(voltage, current)
        kept = lost.astype(np.float32)
        residual = float(np.abs(self._sums(lost)).max()) / injected
        if not residual <= TOLERANCE:
            message = f"the circuit has no accurate solution: {residual:.3g} of the current is lost"
            raise ArithmeticError(message)
        return Voltages(voltage, residual, -1, kept)

    def node_currents(self, voltage: Floats) -> Floats:
        """Return the current through each cell or region [A]: the larger of what flows in and what flows out.

        Currents along links flow from high to low voltage; what is injected or grounded at a node closes the balance
        (McRae et al. 2008, Ecology 89: 2715).
        """
        through, net = np.empty_like(voltage), np.empty(voltage.shape if self.regions else (1, 1))
        _through(*self.links, self.ground, voltage, through, net)
        for region in self.regions:
            most, lost = through.reshape(-1)[region], net.reshape(-1)[region]
            into, out = (most - np.maximum(lost, 0.0)).sum(), (most - np.maximum(-lost, 0.0)).sum()
            through.reshape(-1)[region] = max(into, out)
        return through


@compiled()
def _product(
    east: Floats, south: Floats, south_east: Floats, south_west: Floats, total: Floats, step: Floats, product: Floats
) -> float:
    """Fill in the Laplacian's product with a vector and return their scalar product."""
    rows, columns = total.shape
    corners = south_east.size > 1
    product[0, :] = product[rows - 1, :] = 0.0
    dot = 0.0
    for i in range(1, rows - 1):
        product[i, 0] = product[i, columns - 1] = 0.0
        for j in range(1, columns - 1):
            product[i, j] = (
                total[i, j] * step[i, j]
                - (east[i, j] * step[i, j + 1] + east[i, j - 1] * step[i, j - 1])
                - (south[i, j] * step[i + 1, j] + south[i - 1, j] * step[i - 1, j])
            )
        if corners:
            for j in range(1, columns - 1):
                product[i, j] -= (
                    south_east[i, j] * step[i + 1, j + 1] + south_east[i - 1, j - 1] * step[i - 1, j - 1]
                    + south_west[i, j] * step[i + 1, j - 1] + south_west[i - 1, j + 1] * step[i - 1, j + 1]
                )  # fmt: skip
        dot += np.dot(step[i], product[i])
    return dot


@compiled(fast=FAST | {"reassoc"})
def power_lost(voltage: NDArray[np.floating], one: Singles, other: Singles) -> float:
    """Return the power of the current that a difference of two solutions loses [W]: voltage times one less the other.

    With it a resistance read off voltages is right to the second order of their error (the bound of Thomson's and
    Dirichlet's principles, Doyle and Snell 1984, ch. 1.3.5): 2 b v - v A v = b v + v (b - A v) for currents b.
    """
    total = 0.0
    for i in range(voltage.shape[0]):
        row = 0.0
        for j in range(voltage.shape[1]):
            row += voltage[i, j] * (one[i, j] - other[i, j])
        total += row
    return total


@compiled(fast=FAST | {"reassoc"})
def difference(
    one: Floats, other: Floats, one_lost: Singles, other_lost: Singles, piece: NDArray[np.int32], number: int,
    by: float, voltage: Floats,
) -> float:  # fmt: skip
    """Fill in one solution less another, less a voltage in one piece and 0 in others; return the power it loses [W].

    The power is that of the difference before it is lowered, as `power_lost`; row by row, so that each is read once.
    """
    total = 0.0
    for i in range(voltage.shape[0]):
        row = 0.0
        for j in range(voltage.shape[1]):
            voltage[i, j] = one[i, j] - other[i, j]
        for j in range(voltage.shape[1]):
            row += voltage[i, j] * (one_lost[i, j] - other_lost[i, j])
        for j in range(voltage.shape[1]):
            voltage[i, j] = voltage[i, j] - by if piece[i, j] == number else 0.0
        total += row
    return total


@compiled(fast=FAST | {"reassoc"})
def _dot(one: NDArray[np.floating], other: Floats) -> float:
    total = 0.0
    for i in range(one.shape[0]):
        row = 0.0
        for j in range(one.shape[1]):
            row += one[i, j] * other[i, j]
        total += row
    return total


@compiled()
def _next_step(near: NDArray[np.float32], ratio: float, step: Floats) -> None:
    for i in range(near.shape[0]):
        for j in range(near.shape[1]):
            step[i, j] = near[i, j] + ratio * step[i, j]


@compiled()
def _advance(share: float, step: Floats, product: Floats, voltage: Floats, rest: Floats, most: float) -> int:
    """Go a share of the step; return of how many cells the rest is not within `most`."""
    beyond = 0
    for i in range(rest.shape[0]):
        for j in range(rest.shape[1]):
            voltage[i, j] += share * step[i, j]
            rest[i, j] -= share * product[i, j]
        for j in range(rest.shape[1]):
            beyond += int(not abs(rest[i, j]) <= most)
    return beyond


@compiled()
def _through(
    east: Floats, south: Floats, south_east: Floats, south_west: Floats, ground: Floats, voltage: Floats,
    through: Floats, net: Floats,
) -> None:  # fmt: skip
    """Fill in the larger of what flows into and out of each cell, and where `net` has room what flows out less in."""
    rows, columns = voltage.shape
    corners, grounded, kept = south_east.size > 1, ground.size > 1, net.size > 1
    through[0, :] = through[rows - 1, :] = through[:, 0] = through[:, columns - 1] = 0.0
    size, lost = np.empty(columns), np.empty(columns)
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            own = voltage[i, j]
            a, b = east[i, j] * (own - voltage[i, j + 1]), south[i, j] * (own - voltage[i + 1, j])
            c, d = east[i, j - 1] * (own - voltage[i, j - 1]), south[i - 1, j] * (own - voltage[i - 1, j])
            lost[j] = a + b + c + d
            size[j] = abs(a) + abs(b) + abs(c) + abs(d)
        if corners:
            for j in range(1, columns - 1):
                own = voltage[i, j]
                a = south_east[i, j] * (own - voltage[i + 1, j + 1])
                b = south_west[i, j] * (own - voltage[i + 1, j - 1])
                c = south_east[i - 1, j - 1] * (own - voltage[i - 1, j - 1])
                d = south_west[i - 1, j + 1] * (own - voltage[i - 1, j + 1])
                lost[j] += a + b + c + d
                size[j] += abs(a) + abs(b) + abs(c) + abs(d)
        if grounded:
            for j in range(1, columns - 1):
                drained = ground[i, j] * voltage[i, j]
                lost[j] += drained
                size[j] += abs(drained)
        for j in range(1, columns - 1):
            through[i, j] = 0.5 * (size[j] + abs(lost[j]))
        if kept:
            for j in range(1, columns - 1):
                net[i, j] = lost[j]

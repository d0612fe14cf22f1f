"""Modes of a circuit: pairwise, one to all, all to one, and given sources and grounds.

The modes and conventions are those of Circuitscape (McRae et al. 2008, Ecology 89: 2712-2724; Shah and McRae 2008):
1 A flows between focal nodes; focal regions and short-circuit regions have no resistance within; nodes without a path
between them have an infinite resistance and no current.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.ecology.circuit import Circuit, Voltages, difference, power_lost
from citybraid.kernels.ecology.conductance import Conductances

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Conflict = Literal["keep_all", "remove_source", "remove_ground", "remove_both"]


class PairCurrent(NamedTuple):
    """One pair of focal nodes, by their places in the list: effective resistance, voltages and currents."""

    first: int
    second: int
    resistance: float
    voltage: Floats
    current: Floats
    residual: float


class CurrentMaps(NamedTuple):
    """Effective resistances, and current summed over and largest of all runs; without margin.

    `resistance` is infinite for pairs without a path.
    """

    resistance: Floats
    cumulative: Floats
    largest: Floats
    residual: float


class AgainstAll(NamedTuple):
    """Effective resistance by node (NaN where there is more than one source), currents summed over and largest of runs.

    `power` is the sum of source × voltage [W], `isolated` the current of sources without a path to a ground [A], both
    summed over runs.
    """

    resistance: Floats
    cumulative: Floats
    largest: Floats
    power: float
    isolated: float
    residual: float


class Grounded(NamedTuple):
    """Voltages and currents for given sources and grounds, their power, and the current of sources without a path."""

    voltage: Floats
    current: Floats
    power: float
    """Sum of source × voltage over sources with a path to a ground [W]."""
    isolated: float
    """Current of sources without a path to a ground [A]."""
    residual: float


def flat_cells(mask: NDArray[np.bool_]) -> Ints:
    """Return the cells of a mask as flat indices into arrays with a margin."""
    row, column = np.nonzero(mask)
    return np.asarray((row + 1) * (mask.shape[1] + 2) + column + 1, np.int64)


def merged(regions: Sequence[Ints]) -> tuple[Ints, ...]:
    """Return the regions after those that share a cell have become one."""
    groups: list[Ints] = []
    for region in regions:
        touching = [each for each in groups if np.isin(each, region).any()]
        groups = [each for each in groups if not any(each is other for other in touching)]
        groups.append(np.unique(np.concatenate([region, *touching])))
    return tuple(each for each in groups if each.size > 1)


def pair_currents(
    links: Conductances, focal: Sequence[Ints], *, regions: Sequence[Ints] = (), together: bool = False
) -> Iterator[PairCurrent]:
    """Yield the currents between each pair of focal nodes that have a path between them, in order.

    A focal region is short circuited in its own pairs only, as in Circuitscape; with `together` all are always, which
    takes one set-up and one solution less than there are nodes. Voltages are 0 at the second node.
    """
    if together or all(each.size == 1 for each in focal):
        circuit = Circuit(links, regions=merged([*regions, *(each for each in focal if each.size > 1)]))
        yield from _superposed(circuit, focal)
        return
    for second in range(1, len(focal)):
        for first in range(second):
            pair = (focal[first], focal[second])
            circuit = Circuit(links, regions=merged([*regions, *pair]))
            for current in _superposed(circuit, pair):
                yield current._replace(first=first, second=second)


def pairwise(
    links: Conductances, focal: Sequence[Ints], *, regions: Sequence[Ints] = (), together: bool = False
) -> CurrentMaps:
    """Return effective resistances between all focal nodes, and the cumulative and largest current."""
    resistance = np.full((len(focal), len(focal)), np.inf)
    np.fill_diagonal(resistance, 0.0)
    cumulative, largest, residual = np.zeros(links.east.shape), np.zeros(links.east.shape), 0.0
    for pair in pair_currents(links, focal, regions=regions, together=together):
        resistance[pair.first, pair.second] = resistance[pair.second, pair.first] = pair.resistance
        cumulative += pair.current
        np.maximum(largest, pair.current, out=largest)
        residual = max(residual, pair.residual)
    return CurrentMaps(resistance, cumulative[1:-1, 1:-1], largest[1:-1, 1:-1], residual)


def total_conductance(links: Conductances, focal: Sequence[Ints]) -> float:
    """Return the sum of 1 / effective resistance over all pairs of focal nodes, all short circuited together.

    As `pairwise` with `together`, without the maps of current; pairs without a path add nothing.
    """
    circuit = Circuit(links, regions=merged([each for each in focal if each.size > 1]))
    piece = np.array([circuit.piece.reshape(-1)[each].max() for each in focal])
    total = 0.0
    for number in np.unique(piece[piece > 0]):
        nodes = [focal[int(each)] for each in np.flatnonzero(piece == number)]
        places = [_linked(circuit, cells) for cells in nodes]
        voltage = np.zeros((len(nodes), len(nodes)))
        maps, lost = [], []
        for at, node in enumerate(nodes):
            potential = circuit.solve(_injection(circuit, node, nodes[0]))
            voltage[at] = potential.voltage.reshape(-1)[places]
            maps.append(potential.voltage.astype(np.float32))
            lost.append(potential.lost)
        for second in range(1, len(nodes)):
            for first in range(second):
                drop = voltage[first] - voltage[second]
                missed = power_lost(maps[first] - maps[second], lost[first], lost[second])
                total += 1.0 / (float(drop[first] - drop[second]) + missed)
    return total


def _superposed(circuit: Circuit, focal: Sequence[Ints]) -> Iterator[PairCurrent]:
    """Yield all pairs: each node's current to a reference of its piece is solved once, pairs are their differences."""
    piece = np.array([circuit.piece.reshape(-1)[each].max() for each in focal])
    solved: dict[int, Voltages] = {}
    for second in range(1, len(focal)):
        for first in range(second):
            if piece[first] != piece[second] or piece[first] == 0:
                continue
            reference = int(np.flatnonzero(piece == piece[first])[0])
            for node in (first, second):
                if node not in solved:
                    solved[node] = circuit.solve(_injection(circuit, focal[node], focal[reference]))
            one, other = solved[first], solved[second]
            high, low = (
                float(one.voltage.reshape(-1)[place] - other.voltage.reshape(-1)[place])
                for place in (_linked(circuit, focal[first]), _linked(circuit, focal[second]))
            )
            voltage = np.empty_like(one.voltage)
            missed = difference(
                one.voltage, other.voltage, one.lost, other.lost, circuit.piece, int(piece[first]), low, voltage
            )
            _paint(circuit, voltage)
            yield PairCurrent(
                first, second, high - low + missed, voltage, circuit.node_currents(voltage),
                one.residual + other.residual,
            )  # fmt: skip


def _paint(circuit: Circuit, voltage: Floats) -> None:
    """Give the cells of a region that have no links the region's voltage."""
    for region in circuit.regions:
        voltage.reshape(-1)[region] = voltage.reshape(-1)[_linked(circuit, region)]


def _linked(circuit: Circuit, cells: Ints) -> int:
    """Return the first of the cells that has a link, or the first."""
    return int(cells[np.argmax(circuit.total.reshape(-1)[cells] > 0.0)])


def _injection(circuit: Circuit, source: Ints, sink: Ints) -> Floats:
    current = np.zeros(circuit.total.shape)
    if source is not sink:
        current.reshape(-1)[_linked(circuit, source)] += 1.0
        current.reshape(-1)[_linked(circuit, sink)] -= 1.0
    return current


def one_to_all(
    links: Conductances, focal: Sequence[Ints], *, regions: Sequence[Ints] = (), strength: Floats | None = None
) -> AgainstAll:
    """Return the currents from each focal node to all others, which are grounded; one run for each node.

    The effective resistance is the node's voltage over its current, 1 A or its `strength`.
    """
    return _each_against_all(links, focal, regions=regions, strength=strength, one_source=True)


def all_to_one(
    links: Conductances, focal: Sequence[Ints], *, regions: Sequence[Ints] = (), strength: Floats | None = None
) -> AgainstAll:
    """Return the currents from all other focal nodes to each, which is grounded; one run for each node.

    There is no effective resistance, which takes one source; the row is NaN.
    """
    return _each_against_all(links, focal, regions=regions, strength=strength, one_source=False)


def _each_against_all(
    links: Conductances, focal: Sequence[Ints], *, regions: Sequence[Ints], strength: Floats | None, one_source: bool
) -> AgainstAll:
    amperes = np.ones(len(focal)) if strength is None else strength
    shorts = merged([*regions, *(each for each in focal if each.size > 1)])
    whole = Circuit(links, regions=shorts)
    cumulative, largest, residual = np.zeros(links.east.shape), np.zeros(links.east.shape), 0.0
    resistance, power, isolated = np.full(len(focal), np.inf if one_source else np.nan), 0.0, 0.0
    for node in range(len(focal)):
        source, direct = np.zeros(links.east.shape), np.zeros(links.east.shape, bool)
        for other, cells in enumerate(focal):
            if (other == node) == one_source:
                source.reshape(-1)[_linked(whole, cells)] += amperes[other]
            else:
                direct.reshape(-1)[cells] = True
        currents = grounded_currents(links, source, direct=direct, regions=shorts)
        cumulative += currents.current
        np.maximum(largest, currents.current, out=largest)
        power, isolated = power + currents.power, isolated + currents.isolated
        residual = max(residual, currents.residual)
        if one_source and currents.isolated == 0.0:
            resistance[node] = currents.voltage.reshape(-1)[_linked(whole, focal[node])] / amperes[node]
    return AgainstAll(resistance, cumulative[1:-1, 1:-1], largest[1:-1, 1:-1], power, isolated, residual)


def resolved_conflicts(
    source: Floats, ground: Floats, direct: NDArray[np.bool_], rule: Conflict
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return sources and grounds after a rule decided about cells that are both."""
    both = (source != 0.0) & ((ground > 0.0) | direct)
    no_source = both & (rule in {"remove_source", "remove_both"})
    no_ground = both & (rule in {"remove_ground", "remove_both"})
    return np.where(no_source, 0.0, source), np.where(no_ground, 0.0, ground), direct & ~no_ground


def grounded_currents(
    links: Conductances, source: Floats, *, direct: NDArray[np.bool_], ground: Floats | None = None,
    regions: Sequence[Ints] = (), rule: Conflict = "keep_all",
) -> Grounded:  # fmt: skip
    """Return voltages and currents of given sources [A] and grounds; all arrays with a margin.

    Cells of `direct` are at voltage 0; others leak through their conductance to the `ground`. A source that is a
    direct ground too sends its current into the ground at once. Sources without a path to any ground have none.
    """
    source, leak, direct = resolved_conflicts(
        source, np.zeros(source.shape) if ground is None else ground, direct, rule
    )
    direct = direct.copy()
    for region in regions:
        if direct.reshape(-1)[region].any():
            direct.reshape(-1)[region] = True
    base = Circuit(links, regions=regions, ground=leak if leak.any() else None)
    drained = leak.copy()
    rest = [
        _cut(link, direct, drained, step) for link, step in zip(links, ((0, 1), (1, 0), (1, 1), (1, -1)), strict=True)
    ]
    drained[direct] = 0.0
    free = tuple(region for region in regions if not direct.reshape(-1)[region[0]])
    held = Circuit(Conductances(*rest), regions=free, ground=drained)
    has_ground = np.zeros(int(held.piece.max()) + 1, bool)
    has_ground[np.unique(held.piece[drained > 0.0])] = True
    reached = has_ground[held.piece] & (held.piece > 0)
    for region in free:
        reached.reshape(-1)[region] = reached.reshape(-1)[region].any()
    flowing = np.where(reached, source, 0.0)
    potential = held.solve(flowing)
    _paint(held, potential.voltage)
    current = base.node_currents(potential.voltage)
    np.maximum(current, np.where(direct, source, 0.0), out=current)
    isolated = float(np.abs(source[~reached & ~direct]).sum())
    power = float((flowing * potential.voltage).sum())
    return Grounded(potential.voltage, current, power, isolated, potential.residual)


def _cut(link: Floats, direct: NDArray[np.bool_], drained: Floats, step: tuple[int, int]) -> Floats:
    """Return the links without those of grounded cells, which become conductances of their neighbours to the ground."""
    if link.size == 1:
        return link
    down, right = step
    end = np.roll(direct, (-down, -right), (0, 1))
    kept = np.where(direct | end, 0.0, link)
    lost = link - kept
    drained += lost
    drained += np.roll(lost, (down, right), (0, 1))
    return kept

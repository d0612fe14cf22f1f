"""Drains under a flood: where nodes meet the ground, and the exchange of water between the two engines."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.core.errors import InputError
from citybraid.core.var import Table, View
from citybraid.kernels.flood_exchange import give, take
from citybraid.kernels.flood_rows import GRAVITY
from citybraid.kernels.flood_state import I32, Water
from citybraid.resilience.flood_event import Event
from citybraid.resilience.flood_grid import Cells
from citybraid.resilience.swmm.engine import FOOT, Engine, Network, Outcome
from citybraid.resilience.swmm.model_text import ModelText, parsed, without_files
from citybraid.resilience.swmm.model_times import fed, us_units

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
DrainNodes = Annotated[View, Table("drain_nodes", ())]

DRAIN_STEP = 1.0
"""Longest step of coupled drains [s]: even, so that what the ground gives is what their engine counts."""
SPARE = 2
"""Coupling intervals that drains are followed after the flood, so that the last water given is routed."""
PATIENCE = 600.0
"""Longest time that the engine may take over one interval, or over its end [s]."""
SMALLEST_AREA = 12.566 * FOOT**2
"""Area of water in a manhole where the model states none (MIN_SURFAREA of SWMM, a manhole of 4 ft) [m2]."""
EARLY = 1e-6
"""Share of an interval by which a time may fall short of it."""
MOST_TOLD = 8


class Inlets(NamedTuple):
    """How every node meets the ground; the coupled ones with their cells and places in the engine."""

    kind: pd.Series
    shift: pd.Series
    gap: pd.Series
    rows: I64
    """Places of the coupled nodes in the table."""
    cells: I32
    nodes: I64
    """Places of the coupled nodes in the engine's network."""


class Exchanged(NamedTuple):
    """What a run's exchange came to, by node and in all [m³]."""

    coupling: pd.Series
    shift: pd.Series
    gap: pd.Series
    taken: pd.Series
    returned: pd.Series
    out: float
    """Off the ground."""
    back: float
    """Onto the ground."""
    told_otherwise: float
    """What the ground and the engine tell differently of both, added up without sign."""
    discharged: float
    continuity: float


def none_exchanged() -> Exchanged:
    """Return the exchange of a flood without drains: no node, no water."""
    texts = pd.Series([], index=pd.Index([], dtype=object), dtype=object)
    empty = pd.Series([], index=pd.Index([], dtype=object), dtype=np.float64)
    return Exchanged(texts, empty, empty, empty, empty, 0.0, 0.0, 0.0, 0.0, 0.0)


def inlets(nodes: gpd.GeoDataFrame, network: Network, found: Cells, grid: GeoBox, *, reach: float) -> Inlets:
    """Find the cell of every node: its own, or the nearest open one within `reach` [m].

    Outfalls lead out of the area, nodes with a surcharge depth have bolted lids: neither exchanges
    water with the ground. Raises InputError where the model has no such name, or no node is coupled.
    """
    place = {name: number for number, name in enumerate(network.nodes)}
    if strange := [str(name) for name in nodes.index if name not in place]:
        raise InputError("drains.names_differ", table="drain_nodes", names=strange[:MOST_TOLD])
    number = np.array([place[name] for name in nodes.index], dtype=np.int64)
    x, y = shapely.get_x(nodes.geometry.to_numpy()), shapely.get_y(nodes.geometry.to_numpy())
    column, row = ~grid.affine * (x, y)
    j, i = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    rows, columns = found.open.shape
    within = (j >= 0) & (j < rows) & (i >= 0) & (i < columns)
    size = abs(grid.resolution.y), abs(grid.resolution.x)
    near = distance_transform_edt(~found.open, sampling=size, return_distances=False, return_indices=True)
    jn, inn = (
        near[0][np.where(within, j, 0), np.where(within, i, 0)],
        near[1][np.where(within, j, 0), np.where(within, i, 0)],
    )
    moved = within & ((jn != j) | (inn != i))
    cx, cy = grid.affine * (inn + 0.5, jn + 0.5)
    shift = np.where(moved, np.hypot(cx - x, cy - y), 0.0)
    kind = np.where(moved, "moved", "coupled").astype(object)
    kind[moved & (shift > reach)] = "blocked"
    kind[~within | (within & ~found.inside[np.where(within, j, 0), np.where(within, i, 0)])] = "outside"
    kind[network.surcharges[number] > 0.0] = "sealed"
    kind[np.array(network.node_kinds, dtype=object)[number] == "outfall"] = "outfall"
    joined = np.isin(kind, ("coupled", "moved"))
    if not joined.any():
        raise InputError("drains.none_inside", nodes=len(nodes))
    gap = network.inverts[number] + network.depths[number] - found.z[jn, inn]
    index = nodes.index
    return Inlets(
        pd.Series(kind, index=index),
        pd.Series(np.where(joined, shift, np.nan), index=index),
        pd.Series(np.where(joined, gap, np.nan), index=index),
        np.flatnonzero(joined),
        np.stack([jn[joined], inn[joined]], axis=1).astype(np.int32),
        number[joined],
    )


class Coupling:
    """Drains that run beside a flood, stopped at every coupling interval to exchange water."""

    def __init__(
        self, engine: Engine, joined: Inlets, law: Mapping[str, float], *, interval: float, until: float,
        smallest: float, area: float,
    ) -> None:  # fmt: skip
        self._engine, self._joined = engine, joined
        self.interval, self._until, self._area = interval, until, area
        root = math.sqrt(2.0 * GRAVITY)
        self._weir = 2.0 / 3.0 * law["weir"] * law["perimeter"] * root / area
        self._orifice = law["orifice"] * law["opening"] * root / area
        self._smallest = smallest
        count = len(joined.nodes)
        self._taken, self._passed, self._flooded = np.zeros(count), np.zeros(count), np.zeros(count)
        self._into, self._onto, self._given = np.zeros(count), np.zeros(count), np.zeros(count)
        self._sums = np.zeros(4)
        self._due = 0.0

    def begin(self, water: Water) -> None:
        """Let the water that stands on the ground at the start into the nodes."""
        self._take(water)

    def meet(self, water: Water, time: float) -> None:
        """Exchange water where an interval, or the flood, has come to its end [s]."""
        last = time >= self._until
        if time < self._due - EARLY * self.interval and not last:
            return
        self._route(water)
        if not last:
            self._take(water)
            return
        self._engine.inflow(self._joined.nodes, np.zeros(len(self._joined.nodes)))
        self._taken[:] = 0.0
        self._due += self.interval
        self._route(water)

    def _take(self, water: Water) -> None:
        """Let into each node what its inlets pass, and at most what it has room for or passed on before."""
        network, nodes = self._engine.network, self._joined.nodes
        rim = network.inverts[nodes] + network.depths[nodes]
        free = np.maximum(rim - self._engine.heads()[nodes], 0.0) * self._smallest
        take(
            water, self._joined.cells, free + self._passed, self._weir, self._orifice, self.interval, self._area,
            self._taken, self._sums,
        )  # fmt: skip
        self._into += self._taken
        self._engine.inflow(nodes, self._taken / self.interval)
        self._due += self.interval

    def _route(self, water: Water) -> None:
        """Run the drains through the interval and put what came out of nodes on the ground."""
        before = self._engine.time
        time = self._engine.step(self._due)
        self._given += self._taken * ((time - before) / self.interval)
        out = self._engine.flooded - self._flooded
        self._flooded = self._engine.flooded
        give(water, self._joined.cells, out, self._area, self._sums)
        self._onto += np.maximum(out, 0.0)
        self._passed = np.maximum(self._taken - out, 0.0)

    def exchanged(self) -> Exchanged:
        """Go on to the end of the drains and return what was exchanged."""
        outcome: Outcome = self._engine.finish()
        joined = self._joined
        out, back = float(self._sums[0] + self._sums[1]), float(self._sums[2] + self._sums[3])
        told_otherwise = abs(out - math.fsum(self._given)) + abs(back - math.fsum(self._flooded))
        return Exchanged(
            joined.kind, joined.shift, joined.gap, self._of_nodes(self._into), self._of_nodes(self._onto), out, back,
            told_otherwise, outcome.totals.outfalls, outcome.flow_error,
        )  # fmt: skip

    def _of_nodes(self, values: F64) -> pd.Series:
        """Spread values of coupled nodes over the whole table; those that exchange nothing have 0."""
        whole = np.zeros(len(self._joined.kind))
        whole[self._joined.rows] = values
        return pd.Series(whole, index=self._joined.kind.index)


@contextmanager
def coupled(
    document: str, nodes: gpd.GeoDataFrame, event: Event, law: Mapping[str, float], *, grid: GeoBox, until: float,
    interval: float, reach: float,
) -> Iterator[Coupling]:  # fmt: skip
    """Open the drains of a flood that lasts `until` [s]; they end when the block does.

    Raises InputError where the engine refuses the model, its routing is not dynamic, no node meets the ground, or a
    node stands where a drain capacity says that unknown pipes drain the ground already.
    """
    step = interval / math.ceil(interval / DRAIN_STEP)
    whole = math.ceil(until / interval) + SPARE
    text = fed(without_files(parsed(document), {}), whole * interval, step=step)
    with Engine(text, seconds=PATIENCE) as engine:
        joined = inlets(nodes, engine.network, event.found, grid, reach=reach)
        _hold_apart(joined, event.soil.capacity)
        yield Coupling(
            engine, joined, law, interval=interval, until=until, smallest=_smallest_area(text), area=event.area
        )


def _hold_apart(joined: Inlets, capacity: NDArray[np.float32]) -> None:
    """Raise InputError where a node's cell would be drained twice: by the node and by a capacity of unknown drains."""
    if capacity.shape[0] and (twice := int((capacity[joined.cells[:, 0], joined.cells[:, 1]] > 0.0).sum())):
        raise InputError("drains.twice", nodes=twice)


def _smallest_area(text: ModelText) -> float:
    """Area of water in a manhole that the model's routing takes [m2]."""
    said = text.option("MIN_SURFAREA")
    try:
        stated = float(said) * (FOOT**2 if us_units(text) else 1.0)
    except ValueError:
        stated = 0.0
    return stated if math.isfinite(stated) and stated > 0.0 else SMALLEST_AREA

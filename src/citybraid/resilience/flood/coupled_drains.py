"""Drains under a flood: where nodes meet the ground, and the exchange of water between the two engines."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize

from citybraid.core.errors import InputError
from citybraid.kernels.flood.exchange import exchange, inlets_pass
from citybraid.kernels.flood.state import Water
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.resilience.flood.drain_exchange import Drainage, Exchanged
from citybraid.resilience.flood.drain_inlets import Inlets, Mouths, inlets
from citybraid.resilience.flood.event import Event
from citybraid.resilience.flood.grid import Cells
from citybraid.resilience.swmm.engine import FOOT, Engine, Network, Outcome
from citybraid.resilience.swmm.model_text import ModelText, parsed, without_files
from citybraid.resilience.swmm.model_times import fed, us_units
from citybraid.resilience.swmm.outfalls import End, as_junctions, ends
from citybraid.resilience.swmm.vents import ORIFICE, OUTFALL, Vent, open_share, vented

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DRAIN_STEP = 1.0
"""Longest step of coupled drains [s]: even, so that what the ground gives is what their engine counts."""
PATIENCE = 600.0
"""Longest time that the engine may take over one interval, or over its end [s]."""
MANHOLE = 12.566 * FOOT**2
"""Area of water in a manhole, which SWMM does not count (its MIN_SURFAREA where a model states none) [m2]."""
DOUBTFUL = 0.1
"""Continuity error from which SWMM's manual doubts a run [-]."""
EARLY = 1e-6
"""Share of an interval by which a time may fall short of it."""


class Sums(NamedTuple):
    """Slots of what was exchanged: off the ground and onto it, each with what rounding left of it [m³]."""

    out: float
    out_rest: float
    back: float
    back_rest: float


class Coupling:
    """Drains that run beside a flood, stopped at every coupling interval to exchange water."""

    def __init__(
        self, engine: Engine, joined: Inlets, law: Mapping[str, float], outlets: Sequence[End], *, interval: float,
        until: float, area: float,
    ) -> None:  # fmt: skip
        self._engine, self._joined, self._law = engine, joined, law
        self._interval, self._until, self._area = interval, until, area
        root = math.sqrt(2.0 * GRAVITY)
        self._weir = 2.0 / 3.0 * law["weir"] * law["perimeter"] * root / area
        self._orifice = law["orifice"] * law["opening"] * root / area
        self._sections = np.array([end.section for end in outlets])
        network, mouths = engine.network, joined.mouths
        self._nodes = np.concatenate([joined.nodes, mouths.nodes])
        self._cells = np.concatenate([joined.cells, mouths.cells])
        self._ground = np.concatenate([joined.ground, mouths.ground])
        self._sill = np.concatenate([joined.ground, mouths.sill])
        count = len(self._nodes)
        self._grounds, self._vents = _numbered(network.nodes, OUTFALL, count), _numbered(network.links, ORIFICE, count)
        _, place, shared = np.unique(joined.cells, axis=0, return_inverse=True, return_counts=True)
        self._crowd = shared[place.ravel()].astype(np.float64)
        self._out, self._back, self._owed = np.zeros(count), np.zeros(count), np.zeros(count)
        self._sums = np.zeros(len(Sums._fields))
        self._due = 0.0

    def meet(self, water: Water, time: float) -> None:
        """Run the drains through the interval that starts now [s], against the water on the ground, and exchange it."""
        if time < self._due - EARLY * self._interval or time >= self._until:
            return
        self._due += self._interval
        depth = water.h[self._cells[:, 0], self._cells[:, 1]]
        level = np.maximum(self._ground + depth, self._sill)
        above = level - self._sill
        count = len(self._joined.nodes)
        shares = np.concatenate([self._opening(water, depth[:count]), self._mouth_opening(above[count:])])
        openings = np.where(self._engine.heads()[self._nodes] > level, 1.0, shares)
        self._engine.stage(self._grounds, level, self._vents, openings)
        back, out = self._engine.step(self._due)
        exchange(water, self._cells, out, back, self._area, self._owed, self._sums)
        self._out += out
        self._back += back

    def _opening(self, water: Water, depth: F64) -> F64:
        """Share by which each vent is open, so that it lets through what its inlets would."""
        falls = np.zeros(len(depth))
        inlets_pass(water, self._joined.cells, self._crowd, self._weir, self._orifice, self._interval, falls)
        flow = falls * self._area / self._interval
        return open_share(
            depth, flow, coefficient=self._law["orifice"], opening=self._law["opening"], gravity=GRAVITY
        )  # fmt: skip

    def _mouth_opening(self, above: F64) -> F64:
        """Share by which each mouth is open to water that runs back, so that it takes no more than its cell has."""
        most = _mouth(self._law) * self._sections * np.sqrt(2.0 * GRAVITY * above) * self._interval
        return np.minimum(1.0, above * self._area / np.maximum(most, 1e-12))

    def exchanged(self) -> Exchanged:
        """Go on to the end of the drains and return what was exchanged."""
        outcome: Outcome = self._engine.finish()
        self._hold_continuity(outcome)
        joined, into, onto = self._joined, math.fsum(self._out), math.fsum(self._back)
        sums = Sums(*self._sums)
        out, back = float(sums.out + sums.out_rest), float(sums.back + sums.back_rest)
        released = math.fsum(self._back[len(joined.nodes) :])
        return Exchanged(
            joined.kind, joined.shift, joined.gap, self._of_nodes(self._out), self._of_nodes(self._back), out, back,
            released, abs(out - into) + abs(back - onto), outcome.totals.outfalls - onto, outcome.totals.runoff,
            outcome.totals.flooded, outcome.flow_error,
        )  # fmt: skip

    def _hold_continuity(self, outcome: Outcome) -> None:
        """Raise InputError where the engine loses more water than is doubtful, and than manholes hold uncounted."""
        depths, totals = self._engine.network.depths, outcome.totals
        uncounted = float(depths.sum()) * MANHOLE
        given = totals.runoff + totals.external
        error = outcome.flow_error
        if not abs(error) * given <= DOUBTFUL * given + uncounted:
            raise InputError("drains.coupled_continuity", got=error, needs=DOUBTFUL, volume=abs(error) * given)

    def _of_nodes(self, values: F64) -> pd.Series:
        """Spread values of coupled nodes over the whole table; those that exchange nothing have 0."""
        whole = np.zeros(len(self._joined.kind))
        whole[np.concatenate([self._joined.rows, self._joined.mouths.rows])] = values
        return pd.Series(whole, index=self._joined.kind.index)


def _numbered(names: Sequence[str], stem: str, count: int) -> I64:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[f"{stem}_{number}"] for number in range(count)], dtype=np.int64)


@contextmanager
def coupled(
    drains: Drainage, event: Event, law: Mapping[str, float], *, rain: pd.Series, grid: GeoBox, until: float,
    interval: float, reach: float, onto_ground: bool = True,
) -> Iterator[Coupling]:  # fmt: skip
    """Open the drains of a flood that lasts `until` [s], with its rain; they end when the block does.

    The model is opened twice: to see its nodes, and with vents at those that meet the ground. Outfalls on the terrain
    discharge onto it, unless all are to lead out of the area.
    Raises InputError where the engine refuses the model, its routing is not dynamic, no node meets the ground, or a
    node stands where a drain capacity says that unknown pipes drain the ground already.
    """
    if (document := drains.drainage_model) is None or (nodes := drains.drain_nodes) is None:
        raise InputError("drains.nothing_to_couple")
    step = interval / math.ceil(interval / DRAIN_STEP)
    whole = math.ceil(until / interval - EARLY)
    wet = beyond(drains.drain_catchments, event.found, grid)
    text = fed(without_files(parsed(document), {}), whole * interval, step=step, rain=rain, wet=wet)
    with Engine(text, seconds=PATIENCE) as engine:
        joined = inlets(nodes, engine.network, event.found, grid, reach=reach, onto_ground=onto_ground)
        joined, outlets = _led_to(joined, engine.network, text, law)
        text = _with_vents(text, joined, engine.network, law, outlets)
    _hold_apart(joined, event.soil.capacity)
    with Engine(text, seconds=PATIENCE) as engine:
        place = {name: number for number, name in enumerate(engine.network.nodes)}
        numbers, ends_at = (
            np.array([place[name] for name in nodes.index[rows]], dtype=np.int64)
            for rows in (joined.rows, joined.mouths.rows)
        )
        joined = joined._replace(nodes=numbers, mouths=joined.mouths._replace(nodes=ends_at))
        yield Coupling(engine, joined, law, outlets, interval=interval, until=until, area=event.area)


def _mouth(law: Mapping[str, float]) -> float:
    """Discharge coefficient of a pipe's end that loses `exit` velocity heads [-]."""
    return 1.0 / math.sqrt(law["exit"])


def _led_to(
    joined: Inlets, network: Network, text: ModelText, law: Mapping[str, float]
) -> tuple[Inlets, Sequence[End]]:
    """Keep the outfalls onto the ground that a link leads to; return the end of each, its section in m²."""
    mouths = joined.mouths
    names = [network.nodes[node] for node in mouths.nodes]
    found, length = ends(text, names), FOOT if us_units(text) else 1.0
    kept = np.array([name in found for name in names], dtype=np.bool_)
    held = Mouths(mouths.rows[kept], mouths.cells[kept], mouths.nodes[kept], mouths.ground[kept], mouths.sill[kept])
    outlets = [found[name] for name in names if name in found]
    return joined._replace(mouths=held), [
        end._replace(section=end.section * length**2 or law["mouth"]) for end in outlets
    ]


def beyond(catchments: gpd.GeoDataFrame | None, found: Cells, grid: GeoBox) -> frozenset[str]:
    """Return the catchments that touch no cell with ground."""
    if catchments is None:
        return frozenset()
    window = shapely.box(*grid.boundingbox.bbox)
    apart = [not _touches(shape, window, found, grid) for shape in catchments.geometry]
    return frozenset(str(name) for name in catchments.index[apart])


def _touches(shape: shapely.Geometry, window: shapely.Geometry, found: Cells, grid: GeoBox) -> bool:
    if not shapely.intersects(shape, window):
        return False
    burnt = rasterize([(shape, 1)], out_shape=grid.shape, transform=grid.affine, all_touched=True, dtype="uint8")
    return bool((burnt.astype(bool) & found.inside).any())


def _with_vents(
    text: ModelText, joined: Inlets, network: Network, law: Mapping[str, float], outlets: Sequence[End]
) -> ModelText:
    length, mouths = FOOT if us_units(text) else 1.0, joined.mouths
    vents = [
        Vent(network.nodes[node], float(network.inverts[node]) / length, float(ground) / length,
             law["opening"] / length**2, law["orifice"])
        for node, ground in zip(joined.nodes, joined.ground, strict=True)
    ] + [
        Vent(network.nodes[node], float(network.inverts[node]) / length, float(sill) / length,
             end.section / length**2, _mouth(law), mouth=True, flap=end.flap)
        for node, sill, end in zip(mouths.nodes, mouths.sill, outlets, strict=True)
    ]  # fmt: skip
    return vented(as_junctions(text, [network.nodes[node] for node in mouths.nodes]), vents)


def _hold_apart(joined: Inlets, capacity: NDArray[np.float32]) -> None:
    """Raise InputError where a node's cell would be drained twice: by the node and by a capacity of unknown drains."""
    if capacity.shape[0] and (twice := int((capacity[joined.cells[:, 0], joined.cells[:, 1]] > 0.0).sum())):
        raise InputError("drains.twice", nodes=twice)

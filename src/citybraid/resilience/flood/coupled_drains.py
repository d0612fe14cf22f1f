"""Drains coupled to a flood: nodes on the surface, and the exchange of water between the two engines."""

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
from citybraid.kernels.flood.exchange import exchange, inlet_drawdown
from citybraid.kernels.flood.state import Water
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.resilience.flood.drain_exchange import Drainage, Exchanged
from citybraid.resilience.flood.drain_inlets import Inlets, Mouths, inlets
from citybraid.resilience.flood.event import Event
from citybraid.resilience.flood.grid import Domain
from citybraid.resilience.swmm.engine import FOOT, Engine, Network, Results
from citybraid.resilience.swmm.model_text import ModelText, parse, without_files
from citybraid.resilience.swmm.model_times import us_units, with_rain
from citybraid.resilience.swmm.outfalls import End, as_junctions, pipe_ends
from citybraid.resilience.swmm.vents import ORIFICE, OUTFALL, Vent, open_share, with_vents

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DRAIN_STEP = 1.0
"""Longest step of coupled drains [s]: constant, so that water from the surface equals what their engine counts."""
PATIENCE = 600.0
"""Longest computing time of the engine for one interval, or for its end [s]."""
MANHOLE = 12.566 * FOOT**2
"""Surface area of a manhole, whose volume SWMM does not count (its default MIN_SURFAREA) [m2]."""
DOUBTFUL = 0.1
"""Continuity error above which SWMM's manual calls a run doubtful [-]."""
EARLY = 1e-6
"""Tolerance of an exchange time, relative to the interval."""


class Sums(NamedTuple):
    """Exchanged volumes from the surface and onto it, each with its rounding remainder [m³]."""

    out: float
    out_rest: float
    back: float
    back_rest: float


class Coupling:
    """Drains that run alongside a flood and exchange water with it after every coupling interval."""

    def __init__(
        self, engine: Engine, inlet_cells: Inlets, coefficients: Mapping[str, float], outlets: Sequence[End], *,
        interval: float, until: float, area: float,
    ) -> None:  # fmt: skip
        self._engine, self._inlets, self._coefficients = engine, inlet_cells, coefficients
        self._interval, self._until, self._area = interval, until, area
        root = math.sqrt(2.0 * GRAVITY)
        self._weir = 2.0 / 3.0 * coefficients["weir"] * coefficients["perimeter"] * root / area
        self._orifice = coefficients["orifice"] * coefficients["opening"] * root / area
        self._sections = np.array([end.section for end in outlets])
        network, mouths = engine.network, inlet_cells.mouths
        self._nodes = np.concatenate([inlet_cells.nodes, mouths.nodes])
        self._cells = np.concatenate([inlet_cells.cells, mouths.cells])
        self._ground = np.concatenate([inlet_cells.ground, mouths.ground])
        self._sill = np.concatenate([inlet_cells.ground, mouths.sill])
        count = len(self._nodes)
        self._grounds, self._vents = (
            _numbered_nodes(network.nodes, OUTFALL, count),
            _numbered_nodes(network.links, ORIFICE, count),
        )
        _, place, shared = np.unique(inlet_cells.cells, axis=0, return_inverse=True, return_counts=True)
        self._sharing = shared[place.ravel()].astype(np.float64)
        self._out, self._back, self._shortfall = np.zeros(count), np.zeros(count), np.zeros(count)
        self._sums = np.zeros(len(Sums._fields))
        self._next_exchange = 0.0

    def couple(self, water: Water, time: float) -> None:
        """Run the drains over the interval that starts at `time` [s] against the surface water, and exchange water."""
        if time < self._next_exchange - EARLY * self._interval or time >= self._until:
            return
        self._next_exchange += self._interval
        depth = water.h[self._cells[:, 0], self._cells[:, 1]]
        level = np.maximum(self._ground + depth, self._sill)
        above = level - self._sill
        count = len(self._inlets.nodes)
        shares = np.concatenate([self._opening(water, depth[:count]), self._outfall_opening(above[count:])])
        openings = np.where(self._engine.heads()[self._nodes] > level, 1.0, shares)
        self._engine.stage(self._grounds, level, self._vents, openings)
        back, out = self._engine.step(self._next_exchange)
        exchange(water, self._cells, out, back, self._area, self._shortfall, self._sums)
        self._out += out
        self._back += back

    def _opening(self, water: Water, depth: F64) -> F64:
        """Return the opening of each vent at which it passes the flow of its inlets [-]."""
        drawdown = np.zeros(len(depth))
        inlet_drawdown(water, self._inlets.cells, self._sharing, self._weir, self._orifice, self._interval, drawdown)
        flow = drawdown * self._area / self._interval
        return open_share(
            depth, flow, coefficient=self._coefficients["orifice"], opening=self._coefficients["opening"],
            gravity=GRAVITY,
        )  # fmt: skip

    def _outfall_opening(self, above: F64) -> F64:
        """Return the opening of each outfall to reverse flow, limited to the water in its cell [-]."""
        most = _exit_coefficient(self._coefficients) * self._sections * np.sqrt(2.0 * GRAVITY * above) * self._interval
        return np.minimum(1.0, above * self._area / np.maximum(most, 1e-12))

    def exchanged(self) -> Exchanged:
        """Finish the run of the drains and return the exchanged volumes."""
        outcome: Results = self._engine.finish()
        self._check_continuity(outcome)
        inlet_cells, into, onto = self._inlets, math.fsum(self._out), math.fsum(self._back)
        sums = Sums(*self._sums)
        out, back = float(sums.out + sums.out_rest), float(sums.back + sums.back_rest)
        released = math.fsum(self._back[len(inlet_cells.nodes) :])
        return Exchanged(
            inlet_cells.kind, inlet_cells.shift, inlet_cells.gap, self._of_nodes(self._out),
            self._of_nodes(self._back), out, back, released, abs(out - into) + abs(back - onto),
            outcome.totals.outfalls - onto, outcome.totals.runoff, outcome.totals.flooded, outcome.flow_error,
        )  # fmt: skip

    def _check_continuity(self, outcome: Results) -> None:
        """Raise InputError where the engine's continuity error exceeds DOUBTFUL plus the storage of manholes."""
        depths, totals = self._engine.network.depths, outcome.totals
        uncounted = float(depths.sum()) * MANHOLE
        total_inflow = totals.runoff + totals.external
        error = outcome.flow_error
        if not abs(error) * total_inflow <= DOUBTFUL * total_inflow + uncounted:
            raise InputError("drains.coupled_continuity", got=error, needs=DOUBTFUL, volume=abs(error) * total_inflow)

    def _of_nodes(self, values: F64) -> pd.Series:
        """Return values of coupled nodes for all rows of the table, 0 for those that exchange nothing."""
        by_row = np.zeros(len(self._inlets.kind))
        by_row[np.concatenate([self._inlets.rows, self._inlets.mouths.rows])] = values
        return pd.Series(by_row, index=self._inlets.kind.index)


def _numbered_nodes(names: Sequence[str], stem: str, count: int) -> I64:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[f"{stem}_{number}"] for number in range(count)], dtype=np.int64)


@contextmanager
def coupled(
    drains: Drainage, event: Event, coefficients: Mapping[str, float], *, rain: pd.Series, grid: GeoBox, until: float,
    interval: float, reach: float, onto_ground: bool = True,
) -> Iterator[Coupling]:  # fmt: skip
    """Open the drains of a flood that lasts `until` [s], with its rain; they are closed with the block.

    The model is opened twice: to read its nodes, and with vents at those on the surface. Outfalls on the terrain
    discharge onto it, unless all are to lead out of the area.
    Raises InputError where the engine refuses the model, its routing is not dynamic, no node is on the surface, or a
    node lies on a cell that a drain capacity drains already.
    """
    if (document := drains.drainage_model) is None or (nodes := drains.drain_nodes) is None:
        raise InputError("drains.nothing_to_couple")
    step = interval / math.ceil(interval / DRAIN_STEP)
    intervals = math.ceil(until / interval - EARLY)
    wet = catchments_outside(drains.drain_catchments, event.domain, grid)
    text = with_rain(without_files(parse(document), {}), intervals * interval, step=step, rain=rain, wet=wet)
    with Engine(text, seconds=PATIENCE) as engine:
        inlet_cells = inlets(nodes, engine.network, event.domain, grid, reach=reach, onto_ground=onto_ground)
        inlet_cells, outlets = _outlets(inlet_cells, engine.network, text, coefficients)
        text = _add_vents(text, inlet_cells, engine.network, coefficients, outlets)
    _check_no_capacity(inlet_cells, event.soil.capacity)
    with Engine(text, seconds=PATIENCE) as engine:
        place = {name: number for number, name in enumerate(engine.network.nodes)}
        numbers, ends_at = (
            np.array([place[name] for name in nodes.index[rows]], dtype=np.int64)
            for rows in (inlet_cells.rows, inlet_cells.mouths.rows)
        )
        inlet_cells = inlet_cells._replace(nodes=numbers, mouths=inlet_cells.mouths._replace(nodes=ends_at))
        yield Coupling(engine, inlet_cells, coefficients, outlets, interval=interval, until=until, area=event.area)


def _exit_coefficient(coefficients: Mapping[str, float]) -> float:
    """Return the discharge coefficient of a pipe outlet with an exit loss of `exit` velocity heads [-]."""
    return 1.0 / math.sqrt(coefficients["exit"])


def _outlets(
    inlet_cells: Inlets, network: Network, text: ModelText, coefficients: Mapping[str, float]
) -> tuple[Inlets, Sequence[End]]:
    """Drop surface outfalls that no link leads to; return the ends of the others, with flow areas in m²."""
    mouths = inlet_cells.mouths
    names = [network.nodes[node] for node in mouths.nodes]
    outlet_ends, length = pipe_ends(text, names), FOOT if us_units(text) else 1.0
    has_link = np.array([name in outlet_ends for name in names], dtype=np.bool_)
    linked = Mouths(
        mouths.rows[has_link],
        mouths.cells[has_link],
        mouths.nodes[has_link],
        mouths.ground[has_link],
        mouths.sill[has_link],
    )
    outlets = [outlet_ends[name] for name in names if name in outlet_ends]
    return inlet_cells._replace(mouths=linked), [
        end._replace(section=end.section * length**2 or coefficients["mouth"]) for end in outlets
    ]


def catchments_outside(catchments: gpd.GeoDataFrame | None, domain: Domain, grid: GeoBox) -> frozenset[str]:
    """Return the catchments that touch no cell of the model area."""
    if catchments is None:
        return frozenset()
    window = shapely.box(*grid.boundingbox.bbox)
    outside = [not _touches(shape, window, domain, grid) for shape in catchments.geometry]
    return frozenset(str(name) for name in catchments.index[outside])


def _touches(shape: shapely.Geometry, window: shapely.Geometry, domain: Domain, grid: GeoBox) -> bool:
    if not shapely.intersects(shape, window):
        return False
    touched = rasterize([(shape, 1)], out_shape=grid.shape, transform=grid.affine, all_touched=True, dtype="uint8")
    return bool((touched.astype(bool) & domain.inside).any())


def _add_vents(
    text: ModelText, inlet_cells: Inlets, network: Network, coefficients: Mapping[str, float], outlets: Sequence[End]
) -> ModelText:
    length, mouths = FOOT if us_units(text) else 1.0, inlet_cells.mouths
    vents = [
        Vent(network.nodes[node], float(network.inverts[node]) / length, float(ground) / length,
             coefficients["opening"] / length**2, coefficients["orifice"])
        for node, ground in zip(inlet_cells.nodes, inlet_cells.ground, strict=True)
    ] + [
        Vent(network.nodes[node], float(network.inverts[node]) / length, float(sill) / length,
             end.section / length**2, _exit_coefficient(coefficients), mouth=True, flap=end.flap)
        for node, sill, end in zip(mouths.nodes, mouths.sill, outlets, strict=True)
    ]  # fmt: skip
    return with_vents(as_junctions(text, [network.nodes[node] for node in mouths.nodes]), vents)


def _check_no_capacity(inlet_cells: Inlets, capacity: NDArray[np.float32]) -> None:
    """Raise InputError where a node's cell would be drained twice: by the node and by a drain capacity."""
    if capacity.shape[0] and (twice := int((capacity[inlet_cells.cells[:, 0], inlet_cells.cells[:, 1]] > 0.0).sum())):
        raise InputError("drains.twice", nodes=twice)

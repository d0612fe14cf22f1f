"""Which stretches of road would reconnect habitat most, were the ground beside carried over or under them whole."""

from typing import Annotated, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.biodiversity.circuit_connectivity import largest_patches, require_resistances, solved_or_told
from citybraid.core.model import Params, model
from citybraid.core.var import Table, Tick, View
from citybraid.core.vocabulary.biodiversity.crossings import (
    RECONNECTION_BEST,
    RECONNECTION_GAIN,
    RECONNECTION_ORDER,
    SEVERED_CURRENT,
)
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.movement import MOVEMENT_RESISTANCE
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.ecology.circuit_modes import flat_cells, total_conductance
from citybraid.kernels.ecology.conductance import conductances
from citybraid.kernels.ecology.crossings import carried

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
ROAD = next(code for code, name in COVER if name == "road")


class ReconnectionParams(Params):
    """How many stretches are tried, and between which patches."""

    edges: int = Field(ge=1, le=100)
    """Stretches of road that are tried: those that cut the strongest current; no default, since each runs the circuit
    anew."""
    reach: float = Field(60.0, gt=0.0, le=500.0)
    """Farthest distance of a road's cells from its centre line [m]."""
    patches: int = Field(8, ge=2, le=200)
    """The largest habitat patches between which conductance is counted."""
    neighbours: Literal["4", "8"] = "8"
    """Neighbours that a cell is linked to."""


class RoadReconnection(NamedTuple):
    """Gain and order of the stretches tried, and the largest gain."""

    reconnection_gain: RECONNECTION_GAIN
    reconnection_order: RECONNECTION_ORDER
    reconnection_best: RECONNECTION_BEST


@model(
    version=5,
    cite="Saura and Rubio (2010), Ecography 33: 523-537 (importance of a link by its change); McRae et al. (2008), "
    "Ecology 89: 2712-2724 (conductance); McRae et al. (2012), PLoS ONE 7: e52604 (restoring where current is pinched)",
    validity="Compares stretches one at a time: two in a row over two roads may gain only together. An upper bound of "
    "what tunnels, viaducts or closing can do there; noise and distance to other roads are not seen.",
)
def road_reconnection(
    *,
    movement_resistance: MOVEMENT_RESISTANCE,
    habitat_patch: HABITAT_PATCH,
    land_cover: LAND_COVER,
    streets: Annotated[View, Table("streets", (SEVERED_CURRENT,))],
    grid: GeoBox,
    tick: Tick,
    p: ReconnectionParams,
) -> RoadReconnection:
    """Return what the conductance between habitat patches gains if one stretch of road no longer cuts the ground.

    For each of the `edges` stretches that cut the strongest current its road cells take the resistance of the nearest
    ground beside, and the circuit between the largest patches is solved again: gain = (after - before) / before.
    A road cell belongs to the nearest centre line within `reach`. Stretches not tried have gain 0 and order 0.
    Raises InputError for resistances that are not above 0.
    """
    require_resistances(movement_resistance)
    resistance = movement_resistance.to_numpy().astype(np.float64)
    passable, road = np.isfinite(resistance), land_cover.to_numpy() == ROAD
    patch = habitat_patch.to_numpy()
    focal = [flat_cells((patch == each) & passable) for each in largest_patches(patch, passable, p.patches)]
    filled = np.where(passable, resistance, 1.0)

    def conductance(share: Floats) -> float:
        links = conductances(
            carried(filled, road, share), passable, neighbours=8 if p.neighbours == "8" else 4, average="resistance"
        )
        with solved_or_told():
            return total_conductance(links, focal)

    gain, order = np.zeros(len(streets)), np.zeros(len(streets))
    before = conductance(np.zeros(road.shape)) if len(focal) > 1 else 0.0
    owner = owners(road & passable, streets, grid, p.reach)
    tried = _tried(streets["severed_current"], owner, p.edges) if before > 0.0 else []
    for done, at in enumerate(tried):
        gain[at] = max(conductance((owner == at).astype(np.float64)) / before - 1.0, 0.0)
        tick((done + 1) / len(tried))
    for place, at in enumerate(sorted(tried, key=lambda each: (-gain[each], each)), start=1):
        order[at] = place
    return RoadReconnection(
        pd.Series(gain, index=streets.index), pd.Series(order, index=streets.index), float(gain.max(initial=0.0))
    )


def owners(road: Flags, streets: gpd.GeoDataFrame, grid: GeoBox, reach: float) -> NDArray[np.int64]:
    """Return the row of the nearest centre line within reach of each road cell, -1 elsewhere."""
    owner = np.full(road.shape, -1, np.int64)
    lines = streets.geometry.to_numpy()
    rows = np.flatnonzero([line is not None and not shapely.is_empty(line) for line in lines])
    cells = np.argwhere(road)
    if not len(rows) or not len(cells):
        return owner
    x, y = grid.affine * (cells[:, 1] + 0.5, cells[:, 0] + 0.5)
    points, nearest_line = shapely.STRtree(lines[rows]).query_nearest(
        shapely.points(x, y), max_distance=reach, all_matches=False
    )
    owner[tuple(cells[points].T)] = rows[nearest_line]
    return owner


def _tried(severed: pd.Series, owner: NDArray[np.int64], most: int) -> list[int]:
    """Return the rows of the streets with road cells that cut the strongest current, at most so many."""
    with_cells = set(np.unique(owner[owner >= 0]).tolist())
    ranked = np.argsort(-severed.to_numpy(np.float64), kind="stable")
    return [int(at) for at in ranked if at in with_cells and severed.iloc[at] > 0.0][:most]

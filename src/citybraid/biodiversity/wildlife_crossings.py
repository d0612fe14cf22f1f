"""Wildlife crossings that reconnect habitat most for their cost, found one after the other."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.biodiversity.circuit_connectivity import largest_patches, require_resistances, solved_or_told
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Tick
from citybraid.core.vocabulary.biodiversity.crossings import (
    CROSSING_COST,
    CROSSING_GAIN,
    CROSSING_KIND,
    CROSSING_LENGTH,
    CROSSING_ORDER,
    CROSSING_SITES,
    CROSSINGS_COST,
    CROSSINGS_GAIN,
)
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.movement import CURRENT_FLOW, MOVEMENT_RESISTANCE
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.ecology.circuit_modes import flat_cells, total_conductance
from citybraid.kernels.ecology.conductance import conductances
from citybraid.kernels.ecology.crossings import Built, Site, carried, greedy, share_carried, sites

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Key = tuple[int, str]

CODE: Mapping[str, int] = {name: code for code, name in COVER}
KINDS = ("overpass", "culvert", "canopy_bridge")
CANOPY = "canopy_bridge"


class CrossingParams(Params):
    """Where crossings may be built, how many are ranked, and what they cost."""

    count: int = Field(ge=1, le=20)
    """Crossings that are ranked, built one after the other; no default, since each runs the circuit many times."""
    candidates: int = Field(8, ge=1, le=100)
    """Sites that are compared: road cells with the strongest current, the circuit run anew for each and kind."""
    spacing: float = Field(150.0, gt=0.0, le=1e5)
    """Least distance between two sites [m]."""
    longest: float = Field(100.0, gt=0.0, le=1000.0)
    """Widest road that is crossed [m]."""
    patches: int = Field(8, ge=2, le=200)
    """The largest habitat patches between which conductance is counted."""
    neighbours: Literal["4", "8"] = "8"
    """Neighbours that a cell is linked to."""
    overpass_cost: float | None = Field(None, gt=0.0, le=1e12)
    """Cost of an overpass ; the factor wildlife_crossing_cost without it."""
    culvert_cost: float | None = Field(None, gt=0.0, le=1e12)
    """Cost of a culvert or underpass ; the factor wildlife_crossing_cost without it."""
    canopy_bridge_cost: float | None = Field(None, gt=0.0, le=1e12)
    """Cost of a canopy bridge ; the factor wildlife_crossing_cost without it. Kinds without a cost are left out."""


class WildlifeCrossings(NamedTuple):
    """Sites, the kind that fits each best, the order of building, gains and costs."""

    crossing_sites: CROSSING_SITES
    crossing_kind: CROSSING_KIND
    crossing_order: CROSSING_ORDER
    crossing_gain: CROSSING_GAIN
    crossing_cost: CROSSING_COST
    crossing_length: CROSSING_LENGTH
    crossings_gain: CROSSINGS_GAIN
    crossings_cost: CROSSINGS_COST


@model(
    version=5,
    cite="McRae et al. (2012), PLoS ONE 7: e52604 (restoring where current is pinched); McRae et al. (2008), Ecology "
    "89: 2712-2724 (conductance)",
    validity="Wildlife as a whole that takes to a crossing as to the ground beside the road: use, fences, noise and "
    "slope are not seen, and no species is told from another. One after the other is not the best of all sets.",
)
def wildlife_crossings(
    *,
    movement_resistance: MOVEMENT_RESISTANCE,
    habitat_patch: HABITAT_PATCH,
    current_flow: CURRENT_FLOW,
    land_cover: LAND_COVER,
    costs: Annotated[Factors, Fact("wildlife_crossing_cost")],
    widths: Annotated[Factors, Fact("wildlife_crossing_width")],
    grid: GeoBox,
    tick: Tick,
    p: CrossingParams,
) -> WildlifeCrossings:
    """Rank crossings of roads by the conductance between patches that they add for their cost.

    Sites are road cells where current is strongest and passable ground lies straight across on both sides. An
    overpass, a culvert or a canopy bridge carries the ground beside the road across, over its width; canopy bridges
    join trees only. The circuit is run anew for every site and kind; the one with the largest gain for its cost is
    built, and the rest compared again with it there (greedy). Raises InputError where no kind has a cost.
    """
    require_resistances(movement_resistance)
    price = {kind: _cost(p, kind, costs) for kind in KINDS}
    known = {kind: cost for kind, cost in price.items() if cost is not None}
    if not known:
        raise InputError("crossings.no_cost", kinds=list(KINDS))
    resistance = movement_resistance.to_numpy().astype(np.float64)
    passable, cover = np.isfinite(resistance), land_cover.to_numpy()
    road, cell = cover == CODE["road"], (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    patch = habitat_patch.to_numpy()
    focal = [flat_cells((patch == each) & passable) for each in largest_patches(patch, passable, p.patches)]
    filled = np.where(passable, resistance, 1.0)

    def conductance(share: Floats) -> float:
        tick(0.5)
        links = conductances(
            carried(filled, road, share), passable, neighbours=8 if p.neighbours == "8" else 4, average="resistance"
        )
        with solved_or_told():
            return total_conductance(links, focal)

    before = conductance(np.zeros(road.shape)) if len(focal) > 1 else 0.0
    places = []
    if before > 0.0:
        current = np.nan_to_num(current_flow.to_numpy().astype(np.float64))
        places = sites(
            current, road & (patch == 0), passable, cell=cell, longest=p.longest, spacing=p.spacing, most=p.candidates
        )
    shares = {
        (at, kind): share_carried(place, road, cell=cell, width=widths[kind])
        for at, place in enumerate(places)
        for kind in known
        if kind != CANOPY or _between_trees(place, cover)
    }
    rounds = list(greedy(conductance, shares, known, before=before, count=p.count))
    alone = dict(rounds[0][1]) if rounds else {}
    return _ranked(places, [built for built, _ in rounds], alone, known, before, grid, cell)


def _cost(p: CrossingParams, kind: str, costs: Factors) -> float | None:
    own = getattr(p, f"{kind}_cost")
    return costs.get(kind) if own is None else float(own)


def _between_trees(place: Site, cover: NDArray[np.generic]) -> bool:
    """Tell whether trees stand at both ends of a crossing."""
    (top, left), (bottom, right) = place.cells[0], place.cells[-1]
    ends = ((top - 1, left), (bottom + 1, right)) if place.down else ((top, left - 1), (bottom, right + 1))
    return all(int(cover[end]) == CODE["trees"] for end in ends)


def _ranked(
    places: list[Site], built: list[Built], alone: Mapping[Key, float], cost: Mapping[str, float], before: float,
    grid: GeoBox, cell: tuple[float, float],
) -> WildlifeCrossings:  # fmt: skip
    """Return the sites with their best kind: those built in their order, the rest by gain for cost alone."""
    best: dict[int, tuple[str, float]] = {}
    for (at, kind), gain in sorted(alone.items()):
        if at not in best or gain / cost[kind] > best[at][1] / cost[best[at][0]]:
            best[at] = (kind, gain)
    best |= {each.site: (each.kind, each.gain) for each in built}
    order = {each.site: number for number, each in enumerate(built, start=1)}
    rest = sorted(set(best) - set(order), key=lambda at: (-best[at][1] / cost[best[at][0]], at))
    listed = [*order, *rest]
    index = pd.Index([f"site-{number}" for number in range(1, len(listed) + 1)], dtype=object)

    def column(values: list[float]) -> pd.Series:
        return pd.Series(values, index=index, dtype=np.float64)

    x, y = grid.affine * (
        np.array([places[at].column + 0.5 for at in listed]), np.array([places[at].row + 0.5 for at in listed])
    )  # fmt: skip
    return WildlifeCrossings(
        gpd.GeoSeries(gpd.points_from_xy(x, y), index=index, crs=str(grid.crs)),
        pd.Series([best[at][0] for at in listed], index=index, dtype=object),
        column([order.get(at, 0) for at in listed]),
        column([best[at][1] / before for at in listed]),
        column([cost[best[at][0]] for at in listed]),
        column([len(places[at].cells) * (cell[0] if places[at].down else cell[1]) for at in listed]),
        sum(each.gain for each in built) / before if built else 0.0,
        sum(cost[each.kind] for each in built),
    )

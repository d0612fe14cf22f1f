"""Street trees on verges that are still free."""

import math
from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import STREET_TREES_PLANTED
from citybraid.core.vocabulary.place import ROAD_CLASS, TREE_COUNT, VERGE_LENGTH
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT
from citybraid.integrate.measures.nature.growth import PlantingParams, standing, taller
from citybraid.integrate.measures.siting import area_of_points, like, per_unit, rule, selected_units
from citybraid.kernels.numerics.coverage import polygon_cover

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
CORNERS = 16
"""Corners of the polygon that represents a crown, with the area of the disc."""


class StreetTreesParams(PlantingParams):
    pass


class StreetTrees(NamedTuple):
    canopy_cover: CANOPY_COVER
    canopy_height: CANOPY_HEIGHT
    tree_count: TREE_COUNT
    verge_length: VERGE_LENGTH
    street_trees_planted: STREET_TREES_PLANTED


@measure(
    version=2,
    cite="CJJ 75-97, source to be confirmed (spacing); crowns as discs, shares of cells by exact area coverage "
    "(Catmull 1978); Roman and Scatena (2011), Urban For. Urban Green. 10: 269-274 (survival)",
    validity="One row a side at the carriageway's edge, crowns of one size that do not overlap; pipes are not checked. "
    "Trees that die are not replaced.",
    stage="surface",
    quantity=STREET_TREES_PLANTED,
    responsible="municipal greening authority",
    build_years=1.0,
)
def street_trees(
    canopy_cover: CANOPY_COVER,
    streets: Annotated[View, Table("streets", (ROAD_CLASS, VERGE_LENGTH, TREE_COUNT))],
    units: Annotated[View, Table("units", (STREET_TREES_PLANTED,))],
    tree: Annotated[Factors, Fact("street_tree")],
    tree_crown: Annotated[Factors, Fact("tree_crown")],
    growth: Annotated[Factors, Fact("plant_growth")],
    survival: Annotated[Factors, Fact("plant_survival")],
    width: Annotated[Factors, Fact("street_width")],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: StreetTreesParams,
    canopy_height: CANOPY_HEIGHT | None = None,
) -> StreetTrees:
    """Plant trees along the free verge of each street, one per spacing, sides in turn.

    May go along every road class with a siting share above 0 (not along motorways and
    trunk roads), inside planning units. Each tree takes its spacing off the free verge
    and adds its crown's area to the canopy of the cells below it, up to full cover, and its height to the tops of
    trees there. At an `age` crowns are as wide and high as they are by then, less those of trees that died.
    """
    verge = streets["verge_length"].to_numpy(dtype=float)
    allowed_share = np.array(
        [rule(site, "street_trees", name if isinstance(name, str) else "") for name in streets["road_class"]]
    )
    room = np.floor(np.nan_to_num(verge) * allowed_share / tree["spacing"] + 1e-9).astype(np.int64)
    edge = np.array([0.5 * (width[name] if name in width else width["other"]) for name in streets["road_class"]])
    street, place = places(streets.geometry, room=room, edge=edge)
    planted = _evenly(street, room, share=p.share)
    street, place = street[planted], place[planted]
    unit = area_of_points(gpd.GeoSeries(shapely.points(place), crs=streets.crs), units.geometry)
    inside = selected_units(units, p.where)[unit]
    street, place, unit = street[inside], place[inside], unit[inside]
    count = np.bincount(street, minlength=len(streets)).astype(np.float64)
    old = np.asarray(canopy_cover.values, dtype=np.float64)
    stand = standing(
        "tree", p.age, crown=tree["crown_diameter"], height=tree_crown["height"], growth=growth, survival=survival
    )
    more = stand.alive * crowns(place, diameter=stand.crown, grid=grid)
    return StreetTrees(
        like(canopy_cover, np.minimum(old + more, 1.0)),
        taller(canopy_height, more > 0.0, height=stand.height, like=canopy_cover),
        streets["tree_count"] + stand.alive * count,
        pd.Series(np.maximum(verge - count * tree["spacing"], 0.0), index=streets.index),
        units["street_trees_planted"] + per_unit(units, unit, np.ones(unit.size)),
    )


def places(lines: gpd.GeoSeries, *, room: Indices, edge: Floats) -> tuple[Indices, Floats]:
    """Return the street and the position of every tree that fits: evenly along the line, sides in turn."""
    street = np.repeat(np.arange(room.size), room)
    number = np.arange(street.size) - np.repeat(np.cumsum(room) - room, room)
    along = (number + 0.5) / np.maximum(room[street], 1)
    line = np.asarray(lines.array)[street]
    reach = shapely.length(line)
    step = np.minimum(0.5, 0.01 * reach)
    at = shapely.get_coordinates(shapely.line_interpolate_point(line, along * reach))
    next_point = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(along * reach + step, reach)))
    direction = next_point - at
    direction /= np.maximum(np.hypot(direction[:, :1], direction[:, 1:]), 1e-12)
    side = np.where(number % 2 == 0, 1.0, -1.0)[:, None] * edge[street][:, None]
    return street, at + side * np.column_stack([-direction[:, 1], direction[:, 0]])


def crowns(place: Floats, *, diameter: float, grid: GeoBox) -> Floats:
    """Return the share of each cell under crowns of a diameter [m] centred on places."""
    turn = 2.0 * math.pi / CORNERS
    # Circumradius of the regular polygon whose area is that of the disc.
    radius = 0.5 * diameter * math.sqrt(2.0 * math.pi / (CORNERS * math.sin(turn)))
    angle = turn * (np.arange(CORNERS + 1) % CORNERS)
    x, y = (place[:, axis, None] + radius * wave(angle) for axis, wave in enumerate((np.cos, np.sin)))
    column, row = ~grid.affine * (x.ravel(), y.ravel())
    cover = np.zeros(grid.shape, dtype=np.float64)
    trees = len(place)
    rings = (CORNERS + 1) * np.arange(trees + 1, dtype=np.int64)
    polygon_cover(column, row, rings, np.arange(trees + 1, dtype=np.int64), np.ones(trees), cover)
    return cover


def _evenly(street: Indices, room: Indices, *, share: float) -> NDArray[np.bool_]:
    """Return which places to use so that each street gets its share of them, spread evenly."""
    number = np.arange(street.size) - np.repeat(np.cumsum(room) - room, room)
    return np.asarray(np.floor((number + 1) * share + 1e-9) > np.floor(number * share + 1e-9), dtype=np.bool_)

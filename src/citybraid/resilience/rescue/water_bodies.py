"""Water bodies, wetlands and channels under streets, and the bridges that are inferred over them."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.ops import substring

from citybraid.core.burning import rasterize
from citybraid.core.group import When
from citybraid.core.land_cover import open_water, water_covers
from citybraid.core.model import model
from citybraid.core.streets.street_network import Flags, Ints, Shapes, lines_of
from citybraid.core.streets.street_structures import stated_bridges
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import EMBANKED_CHANNELS, INFERRED_BRIDGE_LENGTH, INFERRED_BRIDGES
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN, WATER_BODY
from citybraid.resilience.rescue.embanked_channels import embanked_channels
from citybraid.resilience.rescue.street_decks import BESIDE, Decks, find_decks
from citybraid.resilience.rescue.street_depth import CARRIED

LAND, OPEN_WATER, WETLAND, CHANNEL = 0, 1, 2, 3
"""Kinds of cells: land; open water; wetland or detention area; a channel under a street's deck."""


class StreetCrossings(NamedTuple):
    """Bridges inferred on each street, and channels that end at its embankment."""

    inferred_bridges: INFERRED_BRIDGES
    inferred_bridge_length: INFERRED_BRIDGE_LENGTH
    embanked_channels: EMBANKED_CHANNELS


class WaterBodies(NamedTuple):
    """Cells that hold water by their nature, and where streets cross them."""

    water_body: WATER_BODY
    crossings: Annotated[StreetCrossings | None, When("streets")]


@model(
    version=1,
    cite="CJJ 37-2012, table 6.3.1 (steepest street: a steeper bank across a street is spanned)",
    validity="Grids of 10 m or finer with the channels in the terrain; a channel at which a street is drawn as two "
    "lines is missed, and a culvert under an embankment is never inferred.",
)
def water_bodies(
    *,
    terrain: TERRAIN,
    street_crossing: Annotated[Factors, Fact("street_crossing")],
    grid: GeoBox,
    land_cover: LAND_COVER | None = None,
    streets: Annotated[View, Table("streets", (), CARRIED)] | None = None,
) -> WaterBodies:
    """Return which cells are water bodies, wetlands or channels under streets, and the bridges inferred over them.

    Water and wetland are those of the land cover; excavated detention areas are wetland. Under a deck, stated or
    inferred, cells lower than its abutments by the least height of a deck are a channel, whatever covers the deck.
    A bridge is inferred where a street crosses water of the land cover, or a channel of the terrain: a narrow drop with
    banks steeper than any street, that goes on at both sides. Embanked channels meet a street from both sides
    without an opening in the terrain: a culvert there is to be given, it is not inferred.
    """
    kind = np.full(grid.shape, LAND, np.uint8)
    if land_cover is not None:
        kind[np.isin(land_cover.to_numpy(), water_covers())] = WETLAND
        kind[np.isin(land_cover.to_numpy(), open_water())] = OPEN_WATER
    crossings = None
    if streets is not None:
        lines, row = lines_of(streets, np.ones(len(streets), np.bool_))
        decks = find_decks(lines, row, streets, terrain=terrain, cover=land_cover, law=street_crossing, grid=grid)
        under = _under_decks(decks, lines, terrain, least_drop=street_crossing["least_drop"], grid=grid)
        kind[under & (kind == LAND)] = CHANNEL
        embanked = embanked_channels(lines, stated_bridges(streets)[row], terrain, law=street_crossing, grid=grid)
        crossings = _by_street(decks, embanked, row, streets)
    return WaterBodies(xr.DataArray(kind, dims=("y", "x")), crossings)


def _under_decks(decks: Decks, lines: Shapes, terrain: xr.DataArray, *, least_drop: float, grid: GeoBox) -> Flags:
    """Return the cells near a deck that are lower than both of its abutments by the least height of a deck."""
    under = np.zeros(grid.shape, np.bool_)
    ground = terrain.to_numpy()
    for number in np.flatnonzero(np.isfinite(decks.start_level) & np.isfinite(decks.end_level)):
        part = substring(lines[decks.line[number]], float(decks.start[number]), float(decks.end[number]))
        beside = part.buffer(BESIDE[1], cap_style="flat")
        if beside.is_empty:
            continue
        near = rasterize([(beside, 1)], out_shape=grid.shape, transform=grid.affine, dtype="uint8")
        level = min(decks.start_level[number], decks.end_level[number]) - least_drop
        under |= (near > 0) & (ground <= level)
    return under


def _by_street(decks: Decks, embanked: Ints, row: Ints, streets: gpd.GeoDataFrame) -> StreetCrossings:
    street, inferred = row[decks.line], decks.inferred

    def column(rows: Ints, weights: np.ndarray) -> pd.Series:
        return pd.Series(np.bincount(rows, weights, len(streets)).astype(np.float64), index=streets.index)

    return StreetCrossings(
        inferred_bridges=column(street, inferred.astype(np.float64)),
        inferred_bridge_length=column(street, np.where(inferred, decks.end - decks.start, 0.0)),
        embanked_channels=column(row, embanked.astype(np.float64)),
    )

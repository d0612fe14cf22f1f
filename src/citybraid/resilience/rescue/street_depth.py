"""Flood depth along streets, and the length it closes."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.streets.street_network import Flags, Floats, Ints, lines_of
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import (
    BRIDGE,
    CLOSED_LENGTH,
    CLOSURE_TIME,
    FINAL_STREET_DEPTH,
    PEAK_STREET_DEPTH,
    ROAD_STRUCTURE,
    STREET_LAYER,
    TUNNEL,
    WATERLOGGED_LENGTH,
)
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.core.vocabulary.water import FINAL_DEPTH, FLOOD_DURATION, MAX_DEPTH
from citybraid.resilience.rescue.street_decks import find_decks, road_surface
from citybraid.resilience.rescue.street_water import (
    MM_PER_M,
    RoadSurface,
    Segments,
    closing_depth,
    sampled,
    segment_depth,
    split_segments,
)

CARRIED = (BRIDGE, TUNNEL, ROAD_STRUCTURE, STREET_LAYER)
"""Attributes that say what carries a street."""


class StreetDepth(NamedTuple):
    """Water on streets."""

    peak_street_depth: PEAK_STREET_DEPTH
    final_street_depth: FINAL_STREET_DEPTH
    waterlogged_length: WATERLOGGED_LENGTH
    closed_length: CLOSED_LENGTH
    closure_time: CLOSURE_TIME


@model(
    version=2,
    cite="GB 50014-2021, note to table 4.1.4 (passable lane); Pregnolato et al. (2017), Transp. Res. D 55: 67-81 "
    "(closure at 300 mm)",
    validity="Grids whose cells are no wider than the street; the ground's level stands for the road's.",
)
def street_depth(
    *,
    max_depth: MAX_DEPTH,
    final_depth: FINAL_DEPTH,
    streets: Annotated[View, Table("streets", (), CARRIED)],
    street_water_limit: Annotated[Factors, Fact("street_water_limit")],
    flooded_road_speed: Annotated[Factors, Fact("flooded_road_speed")],
    street_crossing: Annotated[Factors, Fact("street_crossing")],
    grid: GeoBox,
    terrain: TERRAIN | None = None,
    land_cover: LAND_COVER | None = None,
    flood_duration: FLOOD_DURATION | None = None,
) -> StreetDepth:
    """Return the maximum depth along each street, and the length that is waterlogged and closed at the peak.

    Depth is sampled every half cell. On a bridge it is the water level less the deck's, a straight line between the
    ground levels of its abutments. Bridges are stated by attributes, else inferred where a street crosses water of the
    land cover or a channel in the terrain (`street_crossings`). A tunnel has the largest depth of its portals and of
    its own low ground. The closure time is the longest flood duration above the flood model's threshold on closed
    segments, an upper bound; none without `flood_duration`. A street without grid data has no value.
    """
    segments, street, surface = streets_on_ground(
        streets, terrain=terrain, land_cover=land_cover, law=street_crossing, grid=grid
    )
    peak = segment_depth(segments, max_depth, surface)
    known = np.bincount(street, np.isfinite(peak), len(streets)) > 0
    deep = peak >= closing_depth(flooded_road_speed)

    def column(values: Floats) -> pd.Series:
        return pd.Series(np.where(known, values, np.nan), index=streets.index)

    closed = _length(deep, segments, street, len(streets))
    lasting = np.full(len(streets), np.nan)
    if flood_duration is not None:
        longest = _maximum(sampled(flood_duration, segments.cell), deep, street, len(streets))
        lasting = np.where((closed > 0.0) & (longest == 0.0), np.nan, longest)
    return StreetDepth(
        peak_street_depth=column(_maximum(peak, np.isfinite(peak), street, len(streets))),
        final_street_depth=column(
            _maximum(segment_depth(segments, final_depth, surface), np.isfinite(peak), street, len(streets))
        ),
        waterlogged_length=column(_length(peak > street_water_limit[""] / MM_PER_M, segments, street, len(streets))),
        closed_length=column(closed),
        closure_time=column(lasting),
    )


def _length(mask: Flags, segments: Segments, street: Ints, count: int) -> Floats:
    return np.asarray(np.bincount(street, np.where(mask, segments.length, 0.0), count), np.float64)


def _maximum(values: Floats, mask: Flags, street: Ints, count: int) -> Floats:
    """Return the largest value of each street's selected segments, 0 where none is selected."""
    maximum = np.zeros(count)
    np.fmax.at(maximum, street[mask], values[mask])
    return maximum


def streets_on_ground(
    streets: View, *, terrain: xr.DataArray | None, land_cover: xr.DataArray | None, law: Factors, grid: GeoBox
) -> tuple[Segments, Ints, RoadSurface]:
    """Return the segments of whole streets, the street of each, and where each lies."""
    lines, row = lines_of(streets, np.ones(len(streets), np.bool_))
    segments = split_segments(lines, np.zeros(len(lines)), shapely.length(lines), grid=grid)
    decks = find_decks(lines, row, streets, terrain=terrain, cover=land_cover, law=law, grid=grid)
    street = row[segments.stretch]
    return segments, street, road_surface(segments, segments.stretch, street, streets, decks=decks, terrain=terrain)

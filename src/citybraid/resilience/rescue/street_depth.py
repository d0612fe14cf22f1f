"""Flood depth along streets, and the length it closes."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import (
    BRIDGE,
    CLOSED_LENGTH,
    CLOSURE_TIME,
    FINAL_STREET_DEPTH,
    PEAK_STREET_DEPTH,
    TUNNEL,
    WATERLOGGED_LENGTH,
)
from citybraid.core.vocabulary.surface import LAND_COVER
from citybraid.core.vocabulary.water import FINAL_DEPTH, FLOOD_DURATION, MAX_DEPTH
from citybraid.resilience.rescue.street_network import Flags, Floats, Ints, lines_of, marked
from citybraid.resilience.rescue.street_water import MM_PER_M, Segments, closing_depth, segment_depth, split_segments


class StreetDepth(NamedTuple):
    """Water on streets."""

    peak_street_depth: PEAK_STREET_DEPTH
    final_street_depth: FINAL_STREET_DEPTH
    waterlogged_length: WATERLOGGED_LENGTH
    closed_length: CLOSED_LENGTH
    closure_time: CLOSURE_TIME


@model(
    version=1,
    cite="GB 50014-2021, note to table 4.1.4 (passable lane); Pregnolato et al. (2017), Transp. Res. D 55: 67-81 "
    "(closure at 300 mm)",
    validity="Grids whose cells are no wider than the street; the ground's level stands for the road's.",
)
def street_depth(
    *,
    max_depth: MAX_DEPTH,
    final_depth: FINAL_DEPTH,
    streets: Annotated[View, Table("streets", (), (BRIDGE, TUNNEL))],
    street_water_limit: Annotated[Factors, Fact("street_water_limit")],
    flooded_road_speed: Annotated[Factors, Fact("flooded_road_speed")],
    grid: GeoBox,
    land_cover: LAND_COVER | None = None,
    flood_duration: FLOOD_DURATION | None = None,
) -> StreetDepth:
    """Return the maximum depth along each street, and the length that is waterlogged and closed at the peak.

    Depth is sampled every half cell. Bridges, by attribute or where they cross open water of
    the land cover, are dry; a tunnel has the larger depth of its two portals. The closure
    time is the longest flood duration above the flood model's threshold on closed segments, an upper
    bound; none without `flood_duration`. A street without grid data has no value.
    """
    all_rows = np.ones(len(streets), np.bool_)
    lines, row = lines_of(streets, all_rows)
    segments = split_segments(lines, np.zeros(len(lines)), shapely.length(lines), grid=grid)
    street = row[segments.stretch]

    def depth_on_streets(water: xr.DataArray) -> Floats:
        return segment_depth(
            segments, water.to_numpy().astype(np.float64), bridge=marked(streets, "bridge")[row],
            tunnel=marked(streets, "tunnel")[row], cover=None if land_cover is None else land_cover.to_numpy(),
        )  # fmt: skip

    peak = depth_on_streets(max_depth)
    known = np.bincount(street, np.isfinite(peak), len(streets)) > 0
    deep = peak >= closing_depth(flooded_road_speed)

    def column(values: Floats) -> pd.Series:
        return pd.Series(np.where(known, values, np.nan), index=streets.index)

    closed = _length(deep, segments, street, len(streets))
    lasting = np.full(len(streets), np.nan)
    if flood_duration is not None:
        longest = _maximum(_sample(flood_duration, segments), deep, street, len(streets))
        lasting = np.where((closed > 0.0) & (longest == 0.0), np.nan, longest)
    return StreetDepth(
        peak_street_depth=column(_maximum(peak, np.isfinite(peak), street, len(streets))),
        final_street_depth=column(_maximum(depth_on_streets(final_depth), np.isfinite(peak), street, len(streets))),
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


def _sample(values: xr.DataArray, segments: Segments) -> Floats:
    return np.where(
        segments.cell >= 0, values.to_numpy().astype(np.float64).ravel()[np.maximum(segments.cell, 0)], np.nan
    )

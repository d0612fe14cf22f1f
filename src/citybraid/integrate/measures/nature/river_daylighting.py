"""River daylighting: a buried river opened along the line that the study states, with planted banks."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.defences import CHANNEL_DEPTH, CHANNEL_WIDTH
from citybraid.core.vocabulary.measures import DAYLIGHTED_LENGTH
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.integrate.measures.nature.line_cells import Pieces, first_share, pieces
from citybraid.integrate.measures.siting import CODE, area_of_cells, area_of_points, like, per_unit, selected_units

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLOSED = ("roof", "water")
"""Covers under which nothing is opened."""
BANKS = ("grass", "cropland", "bare", "paved")
"""Covers that a bank may replace."""


class RiverDaylightingParams(MeasureParams):
    pass


class RiverDaylighting(NamedTuple):
    land_cover: LAND_COVER
    terrain: TERRAIN
    daylighted_length: DAYLIGHTED_LENGTH


@measure(
    version=1,
    cite="Pinkham (2000), Daylighting: New Life for Buried Streams, Rocky Mountain Institute",
    validity="Bed and width as stated, steep sides within a cell. Under buildings the river stays buried: a culvert of "
    "the study joins what is open. Streets pass over it; bridges, sewers, pollution and land are not seen.",
    stage="ground",
    quantity=DAYLIGHTED_LENGTH,
    responsible="municipal water authority",
    build_years=3.0,
)
def river_daylighting(
    *,
    land_cover: LAND_COVER,
    terrain: TERRAIN,
    buried_rivers: Annotated[View, Table("buried_rivers", (CHANNEL_WIDTH, CHANNEL_DEPTH))],
    units: Annotated[View, Table("units", (DAYLIGHTED_LENGTH,))],
    bank: Annotated[Factors, Fact("daylighting_bank")],
    grid: GeoBox,
    p: RiverDaylightingParams,
) -> RiverDaylighting:
    """Open buried rivers: water as wide as stated along the line, its bed as deep below ground, shrubs on the banks.

    The bed never rises downstream, the way that the line is drawn. Buildings stay; streets keep their cover over the
    lowered bed. With a share below 1 each unit opens its rivers from the mouth up. Raises InputError where a river
    states no width or depth.
    """
    for name in ("channel_width", "channel_depth"):
        if (unknown := buried_rivers[name].isna()).any():
            raise InputError("measure.river_unstated", rivers=[*buried_rivers.index[unknown]], column=name)
    cover, ground = np.asarray(land_cover.values), np.asarray(terrain.values, dtype=np.float64)
    rivers = pieces(buried_rivers.geometry, grid)
    fit = ~np.isin(cover[rivers.row, rivers.column], [CODE[name] for name in CLOSED])
    fit &= np.isfinite(ground[rivers.row, rivers.column])
    unit = area_of_points(gpd.GeoSeries(shapely.points(rivers.point), crs=buried_rivers.crs), units.geometry)
    unit = np.where(fit & selected_units(units, p.where)[unit], unit, -1)
    opened = first_share(unit[::-1], rivers.length[::-1], share=p.share)[::-1]
    bed = _bed(rivers, ground, depth=buried_rivers["channel_depth"].to_numpy(np.float64))
    width = buried_rivers["channel_width"].to_numpy(np.float64)
    channel, level, near = _channel(rivers, opened, bed, width, grid=grid, bank=bank["width"])
    channel &= ~np.isin(cover, [CODE[name] for name in CLOSED]) & np.isfinite(ground)
    selected = selected_units(units, p.where)[area_of_cells(units.geometry, grid=grid)]
    shore = near & ~channel & selected & np.isin(cover, [CODE[name] for name in BANKS])
    new = np.where(shore, CODE["shrubs"], np.where(channel & (cover != CODE["road"]), CODE["water"], cover))
    return RiverDaylighting(
        like(land_cover, new.astype(land_cover.dtype)),
        like(terrain, np.where(channel, np.fmin(ground, level), ground).astype(terrain.dtype)),
        units["daylighted_length"] + per_unit(units, np.where(opened, unit, -1), rivers.length),
    )


def _bed(rivers: Pieces, ground: Floats, *, depth: Floats) -> Floats:
    """Return the bed's level at each piece [m]: below the ground, never rising downstream."""
    level = ground[rivers.row, rivers.column] - depth[rivers.line]
    for line in np.unique(rivers.line):
        here = rivers.line == line
        level[here] = np.fmin.accumulate(level[here])
    return level


def _channel(
    rivers: Pieces, opened: Mask, bed: Floats, width: Floats, *, grid: GeoBox, bank: float
) -> tuple[Mask, Floats, Mask]:
    """Return the cells of the channel, the bed's level at the nearest opened piece [m], and cells within the banks."""
    level, reach = np.full(grid.shape, np.inf), np.zeros(grid.shape)
    at = rivers.row[opened], rivers.column[opened]
    np.minimum.at(level, at, bed[opened])
    np.maximum.at(reach, at, 0.5 * width[rivers.line[opened]])
    seed = np.isfinite(level)
    if not seed.any():
        return seed, level, seed
    cell = (abs(float(grid.affine.e)), abs(float(grid.affine.a)))
    away, (row, column) = distance_transform_edt(~seed, sampling=cell, return_indices=True)
    reach = reach[row, column]
    return away <= reach, level[row, column], away <= reach + bank

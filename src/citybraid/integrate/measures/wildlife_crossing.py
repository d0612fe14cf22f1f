"""Wildlife crossings: culverts, canopy bridges or overpasses that carry the ground beside a road across it."""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy import ndimage

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.biodiversity.crossings import CROSSING_SHARE, CROSSINGS_BUILT
from citybraid.core.vocabulary.surface import LAND_COVER
from citybraid.integrate.measures.siting import CODE, area_of_cells, like, per_unit, selected_units
from citybraid.kernels.ecology.crossings import Site, share_carried, sites

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GREEN = ("trees", "shrubs", "grass", "cropland", "water", "wetland")
"""Covers that a crossing may end on."""
AROUND = 100.0
"""Side of the square around a cell whose green ground tells how much it would join [m]."""
NEAR = 100.0
"""Distance from a stated place within which a road is looked for [m]."""


class WildlifeCrossingParams(MeasureParams):
    kind: Literal["overpass", "culvert", "canopy_bridge"] = "culvert"
    """Kind of crossing; its width is the factor wildlife_crossing_width."""
    count: int = Field(1, ge=1, le=50)
    """Crossings in each planning unit, where no places are stated."""
    at: tuple[str, ...] | None = None
    """Places as "x y" in the study's CRS, such as the ranked sites; where not given, those amid most green ground."""
    longest: float = Field(100.0, gt=0.0, le=1000.0)
    """Widest road that is crossed [m]."""
    spacing: float = Field(150.0, gt=0.0, le=1e5)
    """Least distance between two crossings of a unit [m]."""

    @property
    def priced_as(self) -> str:
        """Each kind has its own price, that by which crossings are ranked: the factor wildlife_crossing_cost."""
        return self.kind


class WildlifeCrossing(NamedTuple):
    crossing_share: CROSSING_SHARE
    crossings_built: CROSSINGS_BUILT


@measure(
    version=1,
    cite="McRae et al. (2012), PLoS ONE 7: e52604 (restoring where movement is blocked)",
    validity="Wildlife that takes to a crossing as to the ground beside the road: fences, noise, slope and upkeep are "
    "not checked, nor what lies under the road.",
    stage="ground",
    quantity=CROSSINGS_BUILT,
    responsible="transport authority; forestry and greening authority",
    build_years=2.0,
)
def wildlife_crossing(
    *,
    land_cover: LAND_COVER,
    crossing_share: CROSSING_SHARE,
    units: Annotated[View, Table("units", (CROSSINGS_BUILT,))],
    widths: Annotated[Factors, Fact("wildlife_crossing_width")],
    grid: GeoBox,
    p: WildlifeCrossingParams,
) -> WildlifeCrossing:
    """Carry the ground beside a road across it at stated places, or in each unit amid most green ground.

    A crossing goes straight across, from green ground to green ground; canopy bridges from trees to trees. Of the
    places asked for a share is built, rounded, the first or best first; a place where nothing fits has none. The
    resistance of the cells follows in the model of the resistance surface.
    """
    cover = np.asarray(land_cover.values)
    cell = (abs(float(grid.affine.e)), abs(float(grid.affine.a)))
    road, unit = cover == CODE["road"], area_of_cells(units.geometry, grid=grid)
    ends = np.isin(cover, [CODE["trees"]] if p.kind == "canopy_bridge" else [CODE[name] for name in GREEN])
    allowed = road & selected_units(units, p.where)[unit]
    built, share = np.zeros(cover.shape), np.asarray(crossing_share.values, dtype=np.float64)
    for site in _sites(allowed, road, road | ends, ends, unit, grid, p):
        part = share_carried(site, road, cell=cell, width=widths[p.kind])
        share = np.maximum(share, part)
        built[site.row, site.column] += 1.0
    return WildlifeCrossing(like(crossing_share, share), units["crossings_built"] + per_unit(units, unit, built))


def _sites(
    allowed: Flags, road: Flags, passable: Flags, ends: Flags, unit: NDArray[np.int64], grid: GeoBox,
    p: WildlifeCrossingParams,
) -> Iterator[Site]:  # fmt: skip
    """Yield the sites to be built."""
    cell = (abs(float(grid.affine.e)), abs(float(grid.affine.a)))
    window = tuple(2 * max(int(AROUND / size / 2.0), 1) + 1 for size in cell)
    green = ndimage.uniform_filter(ends.astype(np.float64), size=window, mode="constant")
    # Strengths of road cells only, by which `sites` takes the best first
    strengths: list[Floats] = []
    if p.at is None:
        strengths = [np.where(allowed & (unit == number), green, 0.0) for number in np.unique(unit[allowed])]
    else:
        rows, columns = np.indices(road.shape)
        for place in p.at[: round(p.share * len(p.at))]:
            column, row = ~grid.affine * _point(place)
            away = np.hypot((rows + 0.5 - row) * cell[0], (columns + 0.5 - column) * cell[1])
            strengths.append(np.where(allowed & (away <= NEAR), 1.0 / (1.0 + away), 0.0))
    most = 1 if p.at is not None else round(p.share * p.count)
    for strength in strengths:
        yield from sites(strength, road, passable, cell=cell, longest=p.longest, spacing=p.spacing, most=most)


def _point(place: str) -> tuple[float, float]:
    """Return the coordinates of a place; raises InputError for one that is not two numbers."""
    try:
        x, y = (float(part) for part in place.replace(",", " ").split())
    except ValueError as wrong:
        raise InputError("crossings.place", got=place) from wrong
    return x, y

"""Land and facilities as shelters: effective area by rules of siting, and why a site is refused."""

from typing import NamedTuple

import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.streets.street_network import Flags, Floats, Ints, Shapes
from citybraid.core.var import Factors, View

FLOODED, SMALL, STEEP, FAR, SPARE, NO_AREA = "flooded", "small", "steep", "far", "spare", "no_area"
"""Reasons of refusal: water; too little area; slope; no street; not among the sites chosen; area not known."""
SHELTER, GREEN = "shelter", "14"
"""Kind of facility, and first digits of the land use of green and open space."""
Words = NDArray[np.object_]


class Sites(NamedTuple):
    """Candidates: shape, effective area [m2] (0 where refused), reason of refusal ('' for none), whether listed.

    `row` is the row of the table that each comes from.
    """

    shape: Shapes
    area: Floats
    refusal: Words
    listed: Flags
    row: Ints

    @property
    def usable(self) -> Flags:
        """Which sites are not refused."""
        return np.asarray(self.refusal == "", np.bool_)

    def refuse(self, rows: Flags, reason: str) -> "Sites":
        """Return the sites, those usable ones of these rows refused for a reason."""
        now = rows & self.usable
        return self._replace(area=np.where(now, 0.0, self.area), refusal=np.where(now, reason, self.refusal))


class Rules(NamedTuple):
    """Rules of siting: effective share by land use, limits of a site, least effective area [m2]; water and ground."""

    land: Factors
    site: Factors
    least: float
    water: xr.DataArray | None
    terrain: xr.DataArray | None
    grid: GeoBox

    def wet(self, shapes: Shapes) -> Floats:
        """Return the share of each shape's cells that the event floods; 0 without an event."""
        cell = _cells(shapes, self.grid)
        return _wet_share(self.water, self.site["flood_depth"], cell, len(shapes))

    def steep(self, shapes: Shapes) -> Floats:
        """Return the share of each shape's cells that are too steep; 0 without terrain."""
        if self.terrain is None:
            return np.zeros(len(shapes))
        steep = _slope(self.terrain, self.grid) > self.site["slope"]
        return _mean(steep, _cells(shapes, self.grid), len(shapes))


def parcel_sites(parcels: View, rules: Rules) -> Sites:
    """Return the parcels whose land use may shelter people, with the rules of siting applied.

    The effective area is a share of the parcel's by land use, of its dry part in the event. Refused are sites that are
    too small dry, steep ones, and those whose water leaves too little.
    """
    share = np.array([land_share(code, rules.land) for code in parcels["land_use"]])
    row = np.flatnonzero(share > 0.0)
    shapes = parcels.geometry.to_numpy()[row]
    whole = shapely.area(shapes) * share[row]
    wet = rules.wet(shapes)
    sites = Sites(
        shapes, whole * (1.0 - wet), np.full(row.size, "", object), np.zeros(row.size, np.bool_), row.astype(np.int64)
    )
    sites = sites.refuse(whole < rules.least, SMALL).refuse(rules.steep(shapes) > rules.site["steep_share"], STEEP)
    return sites.refuse((wet >= rules.site["wet_share"]) | (sites.area < rules.least), FLOODED)


def listed_sites(facilities: View | None, rules: Rules) -> Sites:
    """Return the shelters among the facilities: their stated area, else that of their outline."""
    if facilities is None:
        none = np.zeros(0, np.bool_)
        return Sites(np.zeros(0, object), np.zeros(0), np.zeros(0, object), none, np.zeros(0, np.int64))
    row = np.flatnonzero((facilities["facility_kind"] == SHELTER).to_numpy())
    shapes = facilities.geometry.to_numpy()[row]
    drawn = shapely.area(shapes)
    stated = np.full(row.size, np.nan)
    if "shelter_area" in facilities:
        stated = facilities["shelter_area"].to_numpy(np.float64)[row]
    area = np.where(np.isfinite(stated), stated, drawn)
    refusal = np.full(row.size, "", object)
    sites = Sites(shapes, area, refusal, np.ones(row.size, np.bool_), row.astype(np.int64))
    return sites.refuse(rules.wet(shapes) >= rules.site["wet_share"], FLOODED).refuse(area <= 0.0, NO_AREA)


def green_share(parcels: View, rules: Rules) -> float:
    """Return the area share of green parcels that are large, dry and level enough to flee to; NaN without any."""
    green = np.array([isinstance(code, str) and code.startswith(GREEN) for code in parcels["land_use"]], np.bool_)
    shapes = parcels.geometry.to_numpy()[green]
    area = shapely.area(shapes)
    if not area.sum() > 0.0:
        return float("nan")
    fit = (area >= rules.least) & (rules.wet(shapes) < rules.site["wet_share"])
    fit &= rules.steep(shapes) <= rules.site["steep_share"]
    return float(area[fit].sum() / area.sum())


def land_share(code: object, land: Factors) -> float:
    """Return the share of a land use that may shelter people: that of the longest code that begins it, else 0."""
    if not isinstance(code, str):
        return 0.0
    known = [key for key in land if code.startswith(key)]
    return land[max(known, key=len)] if known else 0.0


def joined(one: Sites, other: Sites) -> Sites:
    """Return both tables of sites as one."""
    return Sites(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


class _Cells(NamedTuple):
    owner: Ints
    at: Ints


def _cells(shapes: Shapes, grid: GeoBox) -> _Cells:
    """Return the flat cells of each shape; of one that holds no middle of a cell, that of its own point."""
    burned = np.zeros(grid.shape, np.int64)
    areas = [(shape, number + 1) for number, shape in enumerate(shapes) if shape.area > 0.0]
    if areas:
        burned = rasterize(areas, out_shape=grid.shape, transform=grid.affine, fill=0, dtype="int32").astype(np.int64)
    at = np.flatnonzero(burned)
    owner = burned.ravel()[at] - 1
    lone = np.setdiff1d(np.arange(len(shapes)), owner)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes[lone])) if lone.size else np.zeros((0, 2))
    column, row = (np.floor(part).astype(np.int64) for part in ~grid.affine * (points[:, 0], points[:, 1]))
    inside = (column >= 0) & (row >= 0) & (column < grid.shape[1]) & (row < grid.shape[0])
    return _Cells(np.concatenate([owner, lone[inside]]), np.concatenate([at, (row * grid.shape[1] + column)[inside]]))


def _mean(flag: Flags, cell: _Cells, count: int) -> Floats:
    """Return the share of each shape's cells that are flagged; 0 for a shape off the grid."""
    total = np.bincount(cell.owner, minlength=count)
    return np.asarray(np.bincount(cell.owner, flag.ravel()[cell.at], count) / np.maximum(total, 1), np.float64)


def _wet_share(water: xr.DataArray | None, depth: float, cell: _Cells, count: int) -> Floats:
    """Return the share of each shape's cells where water is at least so deep; 0 without an event."""
    if water is None:
        return np.zeros(count)
    return _mean(np.nan_to_num(water.to_numpy().astype(np.float64)) >= depth, cell, count)


def _slope(terrain: xr.DataArray, grid: GeoBox) -> Floats:
    """Return the slope of the ground [-]; 0 beside cells without terrain."""
    ground = terrain.to_numpy().astype(np.float64)
    if 1 in ground.shape:
        return np.zeros(ground.shape)
    up, along = np.gradient(ground, abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    return np.asarray(np.nan_to_num(np.hypot(up, along)), np.float64)

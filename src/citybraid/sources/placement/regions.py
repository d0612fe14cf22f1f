"""Region of a location: where factors hold, guessed from the nearest populated place."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from citybraid.core.rows.knowledge import RegionPlace
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.placement.zones import Point

FARTHEST = 300.0
"""Distance to the nearest place beyond which no region is guessed [km]."""
BORDER = 30.0
"""A region whose nearest place is farther by less than this is a possible one too [km]."""
EARTH = 6371.0
"""Radius of the Earth as a sphere [km]."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RegionGuess:
    """The region of the nearest place, its distance [km], and other regions whose places are about as near."""

    region: str
    distance: float
    others: tuple[str, ...] = ()


def region_at(place: Point) -> RegionGuess | None:
    """Return the region of the populated place nearest to a longitude and latitude; None far from any.

    Regions are ISO 3166-1 codes of two letters; in mainland China those of provinces (CN-ZJ), and of cities for
    which factor rows exist (CN-ZJ-JX). Near a border the guess may be wrong, which `others` tells.
    """
    if not np.isfinite(place).all():
        return None
    distance = EARTH * 2 * np.arcsin(np.minimum(np.linalg.norm(_positions() - on_sphere([place]), axis=1) / 2, 1.0))
    nearest = {
        region: float(distance[rows].min())
        for region, rows in _rows_by_region().items()
        if distance[rows].min() < FARTHEST + BORDER
    }
    if not nearest or min(nearest.values()) > FARTHEST:
        return None
    ordered = sorted(nearest, key=lambda region: nearest[region])
    first = ordered[0]
    others = [each for each in ordered[1:] if nearest[each] <= nearest[first] + BORDER and not _nested(each, first)]
    return RegionGuess(first, nearest[first], tuple(others[:3]))


@cached_with_tables
def known_regions() -> frozenset[str]:
    """Return every region that has a place, with the regions that contain it."""
    regions = {row.region for row in read_table(RegionPlace)}
    return frozenset("-".join(each.split("-")[:count]) for each in regions for count in (1, 2, 3)) | regions


def _nested(one: str, other: str) -> bool:
    return one.startswith(f"{other}-") or other.startswith(f"{one}-")


@cached_with_tables
def _positions() -> Floats:
    """Places as points on the unit sphere, in the order of the table."""
    return on_sphere([(row.longitude, row.latitude) for row in read_table(RegionPlace)])


@cached_with_tables
def _rows_by_region() -> Mapping[str, npt.NDArray[np.intp]]:
    regions = np.array([row.region for row in read_table(RegionPlace)])
    return {str(each): np.flatnonzero(regions == each) for each in np.unique(regions)}


def on_sphere(points: list[Point]) -> Floats:
    """Return longitudes and latitudes [degree] as points on the unit sphere."""
    longitude, latitude = np.radians(np.asarray(points, dtype=np.float64)).T
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )

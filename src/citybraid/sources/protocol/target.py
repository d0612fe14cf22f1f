"""Where everything ends: one projected CRS, one origin, grids that nest."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from odc.geo.geobox import GeoBox
from pyproj import CRS
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError

SLACK = 0.98
"""A cell may be this much smaller than a pixel and still count as not finer: 29.6 m pixels fit 30 m cells [-]."""

TINY = 1e-9
"""Rounding that a whole number of cells may be off by [-]."""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Target:
    """The CRS and the grids of a study.

    `cell` is the base grid's cell [m]; `nested` are grids whose cells are whole
    multiples of one another on the base's origin. Without a `base` the extent of the
    files decides: `placed` lays the base grid over it, with `buffer` [m] around and
    sides rounded up to whole cells of `whole` [m], so that a coarser grid fits exactly.
    """

    crs: str
    cell: float
    base: GeoBox | None = None
    nested: tuple[GeoBox, ...] = ()
    buffer: float = 0.0
    whole: float = 0.0

    def placed(self, bounds: Bounds) -> "Target":
        """Return the target with a base grid over these bounds, its buffer around them."""
        if self.base is not None:
            return self
        west, south, east, north = bounds
        side = max(self.cell, self.whole)
        left = math.floor((west - self.buffer) / side) * side
        top = math.ceil((north + self.buffer) / side) * side
        times = round(side / self.cell)
        columns = max(1, math.ceil((east + self.buffer - left) / side - TINY)) * times
        rows = max(1, math.ceil((top - south + self.buffer) / side - TINY)) * times
        edges = (left, top - rows * self.cell, left + columns * self.cell, top)
        return replace(self, base=GeoBox.from_bbox(edges, crs=self.crs, shape=(rows, columns), tight=True))

    @property
    def grids(self) -> tuple[GeoBox, ...]:
        """The grids, finest first."""
        placed = (*self.nested, *([self.base] if self.base is not None else []))
        return tuple(sorted(placed, key=lambda grid: float(grid.resolution.x)))

    @property
    def outline(self) -> BaseGeometry | None:
        """The base grid's rectangle, None without one."""
        return None if self.base is None else box(*self.base.boundingbox.bbox)

    def grid_for(self, pixel: float) -> GeoBox:
        """Return the finest nested grid not finer than a pixel [m].

        Where every grid of the study is finer, a coarser one is made of whole base cells on the same origin.
        """
        fitting = [grid for grid in self.grids if float(grid.resolution.x) >= SLACK * pixel]
        if fitting:
            return fitting[0]
        if self.base is None:
            raise InputError("intake.no_grid")
        times = math.ceil(SLACK * pixel / self.cell - TINY)
        rows, columns = (math.ceil(count / times) for count in self.base.shape)
        return GeoBox((rows, columns), self.base.affine * self.base.affine.scale(times), self.base.crs)


def union(bounds: Iterable[Bounds]) -> Bounds | None:
    """Return the smallest bounds that hold all of these, None where there are none."""
    found = [each for each in bounds if all(math.isfinite(edge) for edge in each)]
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)


def is_metric(crs: CRS) -> bool:
    """Tell whether a CRS is projected in metres."""
    return crs.is_projected and all(axis.unit_name in ("metre", "meter") for axis in crs.axis_info[:2])

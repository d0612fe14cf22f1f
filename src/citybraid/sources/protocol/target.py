"""The target of intake: one projected CRS and nested grids on one origin."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from odc.geo.geobox import GeoBox
from pyproj import CRS
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError

SLACK = 0.98
"""Smallest cell-to-pixel ratio that counts as not finer: 30 m cells pass for 30.6 m pixels [-]."""

TINY = 1e-9
"""Rounding tolerance on a whole number of cells [-]."""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Target:
    """The CRS and the grids of a study.

    `cell` is the base grid's cell [m]; `nested` are grids whose cells are whole
    multiples of one another on the base's origin. Without a `base`, `placed` creates it
    from the extent of the files, with a margin of `buffer` [m] and sides rounded up to
    multiples of `whole` [m], so that a coarser grid fits exactly.
    """

    crs: str
    cell: float
    base: GeoBox | None = None
    nested: tuple[GeoBox, ...] = ()
    buffer: float = 0.0
    whole: float = 0.0

    def placed(self, bounds: Bounds) -> "Target":
        """Return the target with a base grid that covers these bounds plus the buffer."""
        if self.base is not None:
            return self
        left, top, _ = self._corner(bounds)
        rows, columns = self.shape_over(bounds)
        edges = (left, top - rows * self.cell, left + columns * self.cell, top)
        return replace(self, base=GeoBox.from_bbox(edges, crs=self.crs, shape=(rows, columns), tight=True))

    def shape_over(self, bounds: Bounds) -> tuple[int, int]:
        """Return rows and columns of the base grid that covers these bounds plus the buffer; nothing is made."""
        _, south, east, _ = bounds
        left, top, side = self._corner(bounds)
        times = round(side / self.cell)
        columns = max(1, math.ceil((east + self.buffer - left) / side - TINY)) * times
        rows = max(1, math.ceil((top - south + self.buffer) / side - TINY)) * times
        return rows, columns

    def _corner(self, bounds: Bounds) -> tuple[float, float, float]:
        """Return the west and north edges of the grid over bounds, and the step that its sides are multiples of [m]."""
        west, _, _, north = bounds
        side = max(self.cell, self.whole)
        return math.floor((west - self.buffer) / side) * side, math.ceil((north + self.buffer) / side) * side, side

    @property
    def grids(self) -> tuple[GeoBox, ...]:
        """The grids, finest first."""
        placed = (*self.nested, *([self.base] if self.base is not None else []))
        return tuple(sorted(placed, key=lambda grid: float(grid.resolution.x)))

    @property
    def outline(self) -> BaseGeometry | None:
        """Rectangle of the base grid, None without one."""
        return None if self.base is None else box(*self.base.boundingbox.bbox)

    def grid_for(self, pixel: float) -> GeoBox:
        """Return the finest nested grid not finer than a pixel [m].

        Where every grid of the study is finer, build a coarser one from whole base cells on the same origin.
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
    """Return the union of all finite bounds, None where there are none."""
    finite = [each for each in bounds if all(math.isfinite(edge) for edge in each)]
    if not finite:
        return None
    west, south, east, north = zip(*finite, strict=True)
    return min(west), min(south), max(east), max(north)


def is_metric(crs: CRS) -> bool:
    """Tell whether a CRS is projected in metres."""
    return crs.is_projected and all(axis.unit_name in ("metre", "meter") for axis in crs.axis_info[:2])

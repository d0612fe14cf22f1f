"""The square cells that a synthetic region is drawn on, and fields of smooth noise over them."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio import Affine
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from citybraid.core.burning import rasterize

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Canvas(NamedTuple):
    """Square cells over a rectangle, first row in the north."""

    origin: tuple[float, float]
    """Easting and northing of the south-west corner [m]."""
    epsg: int
    rows: int
    columns: int
    cell: float
    """Side of a cell [m]."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def transform(self) -> Affine:
        """Cell to map coordinates, north up."""
        west, south = self.origin
        return Affine(self.cell, 0.0, west, 0.0, -self.cell, south + self.rows * self.cell)

    def finer(self, parts: int) -> "Canvas":
        """Return the same rectangle in cells whose side is a whole part of these."""
        return self._replace(rows=self.rows * parts, columns=self.columns * parts, cell=self.cell / parts)

    def centres(self) -> tuple[Floats, Floats]:
        """Easting and northing of the centre of each cell."""
        west, south = self.origin
        x = west + (np.arange(self.columns) + 0.5) * self.cell
        y = south + (np.arange(self.rows)[::-1] + 0.5) * self.cell
        return np.meshgrid(x, y)

    def squares(self) -> NDArray[np.object_]:
        """Return each cell as a polygon, row by row."""
        x, y = self.centres()
        half = self.cell / 2
        return np.asarray(shapely.box(x - half, y - half, x + half, y + half))

    def inside(self, shape: BaseGeometry) -> Mask:
        """Mask of cells whose centre lies in a shape."""
        burnt = rasterize([(shape, 1)], out_shape=self.shape, transform=self.transform, dtype="int32")
        return np.asarray(burnt == 1, np.bool_)

    def noise(self, random: np.random.Generator, size: float) -> Floats:
        """Smooth noise with mean 0, standard deviation 1 and features of the given size [m]."""
        field = ndimage.gaussian_filter(random.random(self.shape), size / self.cell, mode="reflect")
        return np.asarray((field - field.mean()) / field.std(), np.float64)


def highest(score: Floats, allowed: Mask, area: float, cell_area: float) -> Mask:
    """Return the allowed cells with the highest score whose area together comes nearest to `area` [m2]."""
    count = min(round(area / cell_area), int(allowed.sum()))
    chosen = np.zeros(score.shape, bool)
    order = np.argsort(np.where(allowed, -score, np.inf), axis=None, kind="stable")[:count]
    chosen.flat[order] = True
    return chosen


def seeded(seed: int, stage: int) -> np.random.Generator:
    """Random generator of one stage of a region: stages are independent of one another."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, stage))))

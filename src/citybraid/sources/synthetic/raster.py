"""Rasters of the town: rasterized shapes, distances, smooth noise."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from citybraid.core.burning import rasterize
from citybraid.sources.synthetic.frame import CELL, SIDE

PIXELS = round(SIDE / CELL)
"""Pixels along one side."""
LOCAL = Affine(CELL, 0.0, 0.0, 0.0, -CELL, SIDE)
"""Pixel to local metres, north up."""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def rasterized(shapes: Iterable[tuple[BaseGeometry, int]]) -> NDArray[np.int32]:
    """Rasterize shapes: pixels whose centre lies in a shape take its number; later shapes win; elsewhere 0."""
    pairs = [(shape, number) for shape, number in shapes if not shape.is_empty]
    if not pairs:
        return np.zeros((PIXELS, PIXELS), np.int32)
    return np.asarray(rasterize(pairs, out_shape=(PIXELS, PIXELS), transform=LOCAL, dtype="int32"), np.int32)


def inside(shape: BaseGeometry) -> Mask:
    """Mask of pixels whose centre lies in the shape."""
    return np.asarray(rasterized([(shape, 1)]) == 1, np.bool_)


def distance(mask: Mask) -> Floats:
    """Euclidean distance of every pixel to the nearest true one [m]; 0 on it."""
    return np.asarray(ndimage.distance_transform_edt(~mask), np.float64) * CELL


def smooth(values: Floats, width: float) -> Floats:
    """Gaussian filter with the given standard deviation [m]."""
    return np.asarray(ndimage.gaussian_filter(values, width / CELL, mode="reflect"), np.float64)


def waves(random: np.random.Generator, width: float) -> Floats:
    """Smooth noise with standard deviation about 1, within 1.6, and features of the given size [m]."""
    field = smooth(random.random((PIXELS, PIXELS)), width)
    return np.asarray(np.clip((field - field.mean()) / field.std(), -1.6, 1.6), np.float64)


def pixel_centres() -> tuple[Floats, Floats]:
    """Easting and northing of the pixel centres, in local metres."""
    along = (np.arange(PIXELS) + 0.5) * CELL
    x, y = np.meshgrid(along, SIDE - along)
    return x, y

"""A square plan area of a synthetic place: its rasters, and files of shapes and rasters that say what they are."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from scipy import ndimage
from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.core.burning import rasterize
from citybraid.sources.synthetic.frame import EPSG, LABEL, polygons
from citybraid.sources.synthetic.raster import Floats, Mask
from citybraid.sources.synthetic.vectors import stamped

NODATA = -9999.0
Shape = TypeVar("Shape", bound=BaseGeometry)


class Sheet(NamedTuple):
    """A square plan area in local metres from its south-west corner, which lies at `origin` of the map [m]."""

    origin: tuple[float, float]
    side: float
    cell: float

    @property
    def area(self) -> Polygon:
        """The plan area, in local metres."""
        return box(0.0, 0.0, self.side, self.side)

    @property
    def pixels(self) -> int:
        """Pixels along one side."""
        return round(self.side / self.cell)

    def on_map(self, shape: Shape) -> Shape:
        """Convert local metres to map coordinates."""
        return affinity.translate(shape, *self.origin)

    def burnt(self, shapes: Iterable[tuple[BaseGeometry, int]]) -> NDArray[np.int32]:
        """Rasterize shapes: pixels whose centre lies in a shape take its number; later shapes win; elsewhere 0."""
        pairs = [(shape, number) for shape, number in shapes if not shape.is_empty]
        size = (self.pixels, self.pixels)
        if not pairs:
            return np.zeros(size, np.int32)
        place = Affine(self.cell, 0.0, 0.0, 0.0, -self.cell, self.side)
        return np.asarray(rasterize(pairs, out_shape=size, transform=place, dtype="int32"), np.int32)

    def inside(self, shape: BaseGeometry) -> Mask:
        """Mask of pixels whose centre lies in the shape."""
        return np.asarray(self.burnt([(shape, 1)]) == 1, np.bool_)

    def distance(self, mask: Mask) -> Floats:
        """Distance of every pixel to the nearest true one [m]; 0 on it."""
        return np.asarray(ndimage.distance_transform_edt(~mask), np.float64) * self.cell

    def smooth(self, values: Floats, width: float) -> Floats:
        """Gaussian filter with the given standard deviation [m]."""
        return np.asarray(ndimage.gaussian_filter(values, width / self.cell, mode="reflect"), np.float64)

    def waves(self, random: np.random.Generator, width: float) -> Floats:
        """Smooth noise with standard deviation about 1, within 1.6, and features of the given size [m]."""
        field = self.smooth(random.random((self.pixels, self.pixels)), width)
        return np.asarray(np.clip((field - field.mean()) / field.std(), -1.6, 1.6), np.float64)

    def write_shapes(self, path: Path, shapes: Sequence[BaseGeometry], columns: Mapping[str, Sequence[object]]) -> Path:
        """Write shapes with columns as a GeoPackage; each row says that it is synthetic."""
        table = {**columns, "备注": [f"{LABEL}数据"] * len(shapes)}
        frame = gpd.GeoDataFrame(table, geometry=[self.on_map(shape) for shape in shapes], crs=EPSG)
        with stamped():
            pyogrio.write_dataframe(frame, path, driver="GPKG", layer=path.stem)
        return path

    def write_raster(self, path: Path, values: NDArray[np.generic], about: str) -> Path:
        """Write a raster: codes as bytes, other values as float32; its title says that it is synthetic."""
        codes = values.dtype == np.uint8
        corner = rasterio.transform.from_origin(self.origin[0], self.origin[1] + self.side, self.cell, self.cell)
        with rasterio.open(
            path, "w", driver="GTiff", width=self.pixels, height=self.pixels, count=1,
            dtype="uint8" if codes else "float32", crs=f"EPSG:{EPSG}", transform=corner,
            nodata=0 if codes else NODATA, compress="deflate", predictor=1 if codes else 3,
        ) as file:  # fmt: skip
            file.write(values if codes else values.astype(np.float32), 1)
            file.update_tags(TITLE=f"{LABEL} synthetic: {about}")
        return path


def lattice(ground: Polygon, *, size: tuple[float, float], step: tuple[float, float], setback: float) -> list[Polygon]:
    """Return rectangles on a regular lattice that fit into a ground less its setback, south to north, west to east."""
    inner = ground.buffer(-setback, join_style="mitre")
    if inner.is_empty:
        return []
    west, south, east, north = inner.bounds
    boxes = [
        box(x, y, x + size[0], y + size[1])
        for y in np.arange(south, north - size[1] + 0.01, step[1])
        for x in np.arange(west, east - size[0] + 0.01, step[0])
    ]
    return [each for each in boxes if inner.buffer(0.01).contains(each)]


def fields(ground: BaseGeometry, *, size: tuple[float, float], gap: float, least: float) -> list[Polygon]:
    """Return the rectangles of a lattice cut to a ground, with tracks of `gap` between them; slivers are left out."""
    west, south, east, north = ground.bounds
    width, depth = size
    cells = [
        box(x, y, x + width - gap, y + depth - gap) & ground
        for y in np.arange(south, north, depth)
        for x in np.arange(west, east, width)
    ]
    return [part for cell in cells for part in polygons(cell, least)]

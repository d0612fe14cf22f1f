"""Pixels finer than the cells: as much above a threshold, as much below trees and as much built as the pixels say."""

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target

CRS, WEST, NORTH = "EPSG:32650", 500_000.0, 3_400_000.0
SIDE = 240.0
"""Side of the square that the files cover [m]."""


def taken(folder: Path, cell: float, pixel: float, **rasters: np.ndarray) -> dict[str, np.ndarray]:
    """Return what intake makes of rasters of these pixels on these cells, by quantity."""
    files = {}
    for name, values in rasters.items():
        with rasterio.open(
            folder / f"{name}.tif", "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
            dtype="float32", crs=CRS, transform=Affine(pixel, 0, WEST, 0, -pixel, NORTH), nodata=-9999.0,
        ) as file:  # fmt: skip
            file.write(np.nan_to_num(values, nan=-9999.0).astype(np.float32), 1)
        files[name] = FileSpec(path=f"{name}.tif")
    box = (WEST, NORTH - SIDE, WEST + SIDE, NORTH)
    grid = GeoBox.from_bbox(box, crs=CRS, resolution=cell)
    found = take_in(files, Target(CRS, cell, base=grid), root=folder)
    assert all(each.value.shape == each.grid.shape for each in found.layers if each.grid is not None)
    return {each.var.name: np.asarray(each.value, np.float64) for each in found.layers if each.grid is not None}


def hollow(pixel: float) -> np.ndarray:
    """Return depths of a pond: 1.5 m in its middle, shallower outwards, dry beyond 80 m, which the file leaves out."""
    at = (np.arange(round(SIDE / pixel)) + 0.5) * pixel - SIDE / 2
    depth = 1.5 - 1.5 * np.hypot(*np.meshgrid(at, at)) / 80.0
    return np.where(depth > 0.0, depth, np.nan)


@pytest.mark.parametrize(("cell", "pixel"), [(2.0, 2.0), (4.0, 2.0), (5.0, 2.0), (10.0, 2.0), (8.0, 1.0)])
@pytest.mark.parametrize("deeper", [0.15, 0.5, 1.0])
def test_as_much_is_deeper_than_a_threshold_as_in_the_pixels(
    tmp_path: Path, cell: float, pixel: float, deeper: float
) -> None:
    """Radius of the pond deeper than d: 80 (1 - d / 1.5) m. A mean over wet pixels alone is up to a cell wider."""
    depth = taken(tmp_path, cell, pixel, max_depth=hollow(pixel))["max_depth"]
    area = float((depth > deeper).sum()) * cell**2
    true = math.pi * (80.0 * (1.0 - deeper / 1.5)) ** 2
    assert area == pytest.approx(true, abs=max(0.03 * true, 3.0 * cell**2))


def test_trees_cover_the_part_of_a_cell_that_their_pixels_do_and_stand_as_high(tmp_path: Path) -> None:
    heights = np.zeros((240, 240))
    heights[3:7, 3:7], heights[20:30, 20:30], heights[50:60, 50:52] = 9.0, 12.0, 1.5
    found = taken(tmp_path, 10.0, 1.0, canopy_height=heights)
    cover, tops = found["canopy_cover"], found["canopy_height"]
    assert cover[0, 0] == pytest.approx(0.16)
    assert tops[0, 0] == pytest.approx(9.0), "a tree of 9 m is no hedge of 1.4 m over the whole cell"
    assert (cover[2, 2], tops[2, 2]) == (pytest.approx(1.0), pytest.approx(12.0))
    assert (cover[5, 5], tops[5, 5]) == (0.0, pytest.approx(0.3)), "shrubs are no trees"
    assert cover.sum() * 100.0 == pytest.approx((heights >= 2.0).sum())
    assert (cover * tops).sum() * 100.0 == pytest.approx(heights[heights >= 2.0].sum())


@pytest.mark.parametrize("cell", [10.0, 8.0, 5.0, 1.0])
def test_houses_cover_the_part_of_a_cell_that_the_surface_does_on_a_slope(tmp_path: Path, cell: float) -> None:
    """A house of 13 by 7 m on a slope of 10 %, 6 m high: its cells are as full as it fills them."""
    slope = np.tile(0.1 * np.arange(240.0), (240, 1))
    surface = slope.copy()
    surface[43:50, 121:134] += 6.0
    found = taken(tmp_path, cell, 1.0, terrain=slope, surface_model=surface)
    share, height = found["building_fraction"], found["building_height"]
    assert share.sum() * cell**2 == pytest.approx(91.0)
    assert (share * height).sum() / share.sum() == pytest.approx(6.0, abs=0.05)
    assert "surface_model" not in found

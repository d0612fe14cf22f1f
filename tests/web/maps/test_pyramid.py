from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray

from citybraid.report.drawing.palettes import Scale
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.web.maps.catalogue import Quantity
from citybraid.web.maps.cells import Cells
from citybraid.web.maps.classes import NONE, Classes
from citybraid.web.maps.pyramid import SIDE as TILE
from citybraid.web.maps.pyramid import closest_zoom, write_pyramid, zoom_file, zooms

SIDE = 514
SCALE = Scale((1.0, 2.0, 3.0), ("#000000", "#111111", "#222222", "#333333"))


PLACE = Affine(10, 0, 500_000, 0, -10, 3_400_000)
HALF = 12
"""Zoom whose pixels are wider than a cell of 10 m at 31 degrees north, and not than two."""


def levels(folder: Path, values: NDArray[np.float64], quantity: Quantity, scale: Scale) -> NDArray[np.uint8]:
    """Write a pyramid of cells of 10 m and return the classes of the zoom that holds them two by two."""
    write_pyramid(folder, Cells(values, PLACE), Classes(quantity, scale, (), ()), "EPSG:4549")
    assert zooms(folder)[-1] == closest_zoom(PLACE, values.shape, "EPSG:4549")
    with rasterio.open(zoom_file(folder, HALF)) as file:
        codes: NDArray[np.uint8] = file.read(1)
    return codes


@pytest.mark.parametrize(("how", "expected"), [("max", 3), ("min", 0), ("mean", 1), ("sum", 1)])
def test_a_wider_zoom_follows_the_aggregation_of_the_quantity(tmp_path: Path, how: str, expected: int) -> None:
    values = np.full((SIDE, SIDE), np.nan)
    values[256:258, 256:258] = [[0.5, 0.5], [np.nan, 3.5]]
    var = replace(vocabulary()["max_depth"], coarsen=how)  # type: ignore[arg-type]
    codes = levels(tmp_path / "p", values, Quantity(var, "raster", "resilience", main=True, layers={}), SCALE)
    assert set(np.unique(codes)) == {expected, NONE}
    assert (codes != NONE).sum() <= 4


def test_codes_go_by_the_most_frequent(tmp_path: Path) -> None:
    values = np.full((SIDE, SIDE), 30.0)
    values[256:258, 256:258] = [[80.0, 80.0], [80.0, 30.0]]
    values[100:102, 100:102] = [[80.0, 30.0], [30.0, 30.0]]
    quantity = Quantity(vocabulary()["land_cover"], "raster", "place", main=True, layers={})
    codes = levels(tmp_path / "p", values, quantity, Scale((), ("#000000", "#111111"), codes=(30, 80)))
    at = np.argwhere(codes == 1)
    assert 1 <= len(at) <= 4
    assert np.ptp(at, axis=0).max() <= 1


def test_zooms_end_where_all_fits_a_tile(tmp_path: Path) -> None:
    quantity = Quantity(vocabulary()["max_depth"], "raster", "resilience", main=True, layers={})
    levels(tmp_path / "p", np.ones((SIDE, SIDE)), quantity, SCALE)
    known = zooms(tmp_path / "p")
    assert known == list(range(known[0], known[-1] + 1))
    for zoom in known:
        with rasterio.open(zoom_file(tmp_path / "p", zoom)) as file:
            assert (max(file.shape) <= TILE) == (zoom == known[0])
            assert file.bounds.left <= -20037508.34 + (120.0 + 180) / 360 * 40075016.69

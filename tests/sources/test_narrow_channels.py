"""Channels in the terrain alone: told where a coarser cell fills them; hills, steps and wide canals are not."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize
from rasterio.transform import from_origin
from shapely import LineString, box

from citybraid.core.finding import Finding
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.raster.narrow_channels import narrow_channels
from citybraid.sources.raster.warp import Band
from citybraid.sources.readers.geotiff import Options, read

SIDE, PIXEL, CELL = 300, 1.0, 10.0
AFFINE = from_origin(572_000.0, 3_398_000.0, PIXEL, PIXEL)

Heights = NDArray[np.float64]


def plain(*cuts: object, depth: float = 2.0) -> Heights:
    """A plain that falls by 1 in 1 000, with cuts."""
    ground = np.broadcast_to(10.0 - 0.001 * np.arange(SIDE), (SIDE, SIDE)).copy()
    if cuts:
        cut = rasterize([(each, 1) for each in cuts], out_shape=ground.shape, transform=AFFINE, dtype="uint8")
        ground -= depth * cut
    return ground


def told(ground: Heights, *, block_pixels: float = 1e9) -> list[Finding]:
    band = Band(ground.shape, AFFINE, lambda window: ground[window.toslices()])
    return narrow_channels(
        band,
        pixel=PIXEL,
        cell=CELL,
        low=-500.0,
        high=9000.0,
        block_pixels=block_pixels,
        layer="terrain",
        name="dem.tif",
    )


def test_a_canal_in_the_ground_alone_is_told_with_its_measures() -> None:
    """200 m of a canal 4 m wide and 2 m deep: means over 10 m lie 2 m x (1 - 4/10) = 1.2 m above its bed."""
    (found,) = told(plain(box(572_050.0, 3_397_848.0, 572_250.0, 3_397_852.0)))
    assert found.text == "intake.channels_narrow"
    assert found.kind == "warning"
    values = {name: float(str(found.values[name])) for name in ("length", "width", "depth", "raised")}
    assert values == pytest.approx({"length": 200.0, "width": 4.0, "depth": 2.0, "raised": 1.2}, rel=0.05)


def test_a_slanting_canal_and_one_over_blocks_of_rows() -> None:
    line = LineString([(572_050.0, 3_397_950.0), (572_230.0, 3_397_750.0)])
    (found,) = told(plain(line.buffer(2.5, cap_style="flat")))
    assert float(str(found.values["length"])) == pytest.approx(line.length, rel=0.05)
    (split,) = told(plain(line.buffer(2.5, cap_style="flat")), block_pixels=SIDE * 130.0)
    assert float(str(split.values["length"])) == pytest.approx(line.length, rel=0.1)


def test_what_is_no_narrow_channel_is_not_told() -> None:
    column = np.arange(SIDE, dtype=float)
    hills = 10.0 + 0.3 * np.abs((column % 60) - 30)
    for name, ground in {
        "a plain": plain(),
        "a canal wider than a cell": plain(box(572_050.0, 3_397_840.0, 572_250.0, 3_397_860.0)),
        "a furrow of 0.3 m": plain(box(572_050.0, 3_397_848.0, 572_250.0, 3_397_852.0), depth=0.3),
        "a pit": plain(box(572_050.0, 3_397_848.0, 572_056.0, 3_397_852.0)),
        "a step": np.where(column < 150, 10.0, 4.0) * np.ones((SIDE, 1)),
        "valleys of hills": hills * np.ones((SIDE, 1)),
        "no data": np.full((SIDE, SIDE), np.nan),
        "noise": np.random.default_rng(1).normal(10.0, 1.0, (SIDE, SIDE)),
    }.items():
        assert not told(ground), name


@pytest.mark.parametrize(("cell", "expected"), [(CELL, 1), (PIXEL, 0)])
def test_it_is_told_where_a_terrain_is_read_on_coarser_cells(cell: float, expected: int, tmp_path: Path) -> None:
    path = tmp_path / "dem.tif"
    ground = plain(box(572_050.0, 3_397_848.0, 572_250.0, 3_397_852.0)).astype("float32")
    profile = {"driver": "GTiff", "height": SIDE, "width": SIDE, "count": 1, "dtype": "float32", "crs": "EPSG:4549"}
    with rasterio.open(path, "w", transform=AFFINE, **profile) as target:
        target.write(ground, 1)
    base = GeoBox.from_bbox((572_000.0, 3_397_700.0, 572_300.0, 3_398_000.0), crs="EPSG:4549", resolution=cell)
    reading = read(path, "terrain", Options(), Target("EPSG:4549", cell, base=base), limits=Limits())
    assert sum(each.text == "intake.channels_narrow" for each in reading.findings) == expected


def test_a_canal_is_told_among_pits_of_rough_ground() -> None:
    """Thousands of pits beside it are shorter than two cells; the canal keeps its measures."""
    ground = plain(box(572_050.0, 3_397_848.0, 572_250.0, 3_397_852.0))
    rows, columns = np.mgrid[4:140:4, 4 : SIDE - 4 : 4]
    ground[rows, columns] -= 2.0
    (found,) = told(ground)
    assert float(str(found.values["length"])) == pytest.approx(200.0, rel=0.05)

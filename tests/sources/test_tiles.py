"""A raster in several files side by side: joined, with what is odd where they meet."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import from_origin
from rasterio.warp import Resampling, calculate_default_transform, reproject

from citybraid.core.errors import InputErrors
from citybraid.core.finding import Finding
from citybraid.core.text import CATALOGUE_LANGUAGES
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.raster.own_grid import grid_of_tiles, own_grid
from citybraid.sources.vector.preview import LayerPreview
from citybraid.study.open.drafting import draft
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, parcels

CELL = 2.5
EAST_ZONE = "EPSG:4550"
PLANE = pyproj.CRS.from_user_input(CRS).to_wkt()
PARCELS = FileSpec(path="地块.gpkg", role="parcels")


def ground(columns: slice, rows: slice) -> np.ndarray:
    """A slope of 4 mm per metre to the west with a swell on it."""
    x, y = np.arange(80) * CELL, np.arange(80) * CELL
    whole = 3.0 + 0.004 * x[None, :] + 0.2 * np.sin(y / 30.0)[:, None]
    return np.asarray(whole[rows, columns], np.float32)


def tile(
    path: Path, columns: slice, rows: slice = slice(0, 80), *, add: float = 0.0, nodata: float = -9999.0,
    values: np.ndarray | None = None,
) -> Path:  # fmt: skip
    """Write a part of the ground as a tile; its first corner is without a value."""
    part = ground(columns, rows) + np.float32(add) if values is None else values[rows, columns]
    part = part.copy()
    place = from_origin(WEST + columns.start * CELL, SOUTH + 200.0 - rows.start * CELL, CELL, CELL)
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", height=part.shape[0], width=part.shape[1], count=1, dtype=part.dtype, crs=CRS,
        transform=place, nodata=nodata,
    ) as file:  # fmt: skip
        file.write(part, 1)
    return path


def in_other_zone(path: Path, columns: slice) -> Path:
    """Write a part of the ground in the next zone's coordinates, another mark standing for no value."""
    part = ground(columns, slice(0, 80))
    edges = (WEST + columns.start * CELL, SOUTH, WEST + columns.stop * CELL, SOUTH + 200.0)
    place = from_origin(edges[0], edges[3], CELL, CELL)
    there, width, height = calculate_default_transform(CRS, EAST_ZONE, part.shape[1], part.shape[0], *edges)
    moved = np.full((height, width), -32768.0, dtype=np.float32)
    reproject(
        part, moved, src_transform=place, src_crs=CRS, dst_transform=there, dst_crs=EAST_ZONE, dst_nodata=-32768.0,
        resampling=Resampling.bilinear,
    )  # fmt: skip
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=1, dtype="float32", crs=EAST_ZONE, transform=there,
        nodata=-32768.0,
    ) as file:  # fmt: skip
        file.write(moved, 1)
    return path


def taken(root: Path, names: Sequence[str], role: str = "terrain") -> Intake:
    parcels().to_file(root / "地块.gpkg", layer="地块")
    return take_in({"parcels": PARCELS, role: FileSpec(path=tuple(names))}, TARGET, root=root)


def told(intake: Intake, text: str) -> list[Finding]:
    return [each for each in intake.findings if each.text == f"intake.{text}"]


def terrain(intake: Intake, name: str = "terrain") -> np.ndarray:
    values: np.ndarray = next(layer for layer in intake.layers if layer.var.name == name).value.to_numpy()
    return values


def expected() -> np.ndarray:
    """The ground on cells of 5 m."""
    return np.asarray(ground(slice(0, 80), slice(0, 80)).reshape(40, 2, 40, 2).mean(axis=(1, 3)))


def test_tiles_make_one_terrain_and_agree_where_they_overlap(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 44))
    tile(tmp_path / "b.tif", slice(36, 80), nodata=-32768.0)
    intake = taken(tmp_path, ["a.tif", "b.tif"])
    assert np.abs(terrain(intake) - expected()).max() < 1e-5
    overlap = told(intake, "tiles_overlap")[0]
    assert overlap.values["mean"] == 0.0
    assert overlap.kind == "found"
    assert told(intake, "tiles_joined")[0].values["share"] == 100.0
    assert not told(intake, "tiles_gap")


def test_an_offset_in_an_overlap_is_told_and_not_mended(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 44))
    tile(tmp_path / "b.tif", slice(36, 80), add=1.25)
    intake = taken(tmp_path, ["a.tif", "b.tif"])
    shifted = told(intake, "tiles_shifted")[0]
    assert (shifted.kind, shifted.values["mean"]) == ("warning", 1.25)
    assert terrain(intake)[0, -1] == pytest.approx(expected()[0, -1] + 1.25, abs=1e-5)
    assert terrain(intake)[0, 20] == pytest.approx(expected()[0, 20], abs=1e-5), "the tile named first counts"
    assert all(shifted.say(language) for language in CATALOGUE_LANGUAGES)


def test_a_step_along_a_seam_is_told(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 40))
    tile(tmp_path / "b.tif", slice(40, 80), add=-0.8)
    step = told(taken(tmp_path, ["a.tif", "b.tif"]), "tiles_step")[0]
    assert step.values["step"] == pytest.approx(-0.8, abs=0.011)
    tile(tmp_path / "b.tif", slice(40, 80))
    even = taken(tmp_path, ["a.tif", "b.tif"])
    assert not told(even, "tiles_step")
    assert told(even, "tiles_seam")[0].kind == "found"


def test_a_tile_of_another_zone_joins_without_a_step(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 40))
    in_other_zone(tmp_path / "b.tif", slice(36, 80))
    intake = taken(tmp_path, ["a.tif", "b.tif"])
    assert np.nanmax(np.abs(terrain(intake)[2:-2, 2:-2] - expected()[2:-2, 2:-2])) < 0.03
    assert not [each for each in intake.findings if each.text.startswith("intake.tiles_") and each.kind == "warning"]


def test_a_strip_that_no_tile_covers_is_told(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 30))
    tile(tmp_path / "b.tif", slice(46, 80))
    gap = told(taken(tmp_path, ["a.tif", "b.tif"]), "tiles_gap")[0]
    assert gap.count == 8 * 40
    assert gap.values == {"hectares": 0.8, "wide": 40}


def test_a_tile_beside_the_plan_is_left_out_but_not_the_only_one(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 80))
    tile(tmp_path / "b.tif", slice(4000, 4080), values=np.ones((80, 4080), dtype=np.float32))
    assert told(taken(tmp_path, ["a.tif", "b.tif"]), "tile_outside")[0].values["name"] == "b.tif"
    with pytest.raises(InputErrors) as fault:
        taken(tmp_path, ["b.tif"])
    assert {each.text for each in fault.value.problems} == {"intake.raster_elsewhere"}


def test_two_terrains_of_one_place_are_no_tiles(tmp_path: Path) -> None:
    tile(tmp_path / "a.tif", slice(0, 60))
    tile(tmp_path / "b.tif", slice(10, 80))
    with pytest.raises(InputErrors) as fault:
        taken(tmp_path, ["a.tif", "b.tif"])
    assert {each.text for each in fault.value.problems} == {"intake.twice"}


def test_land_cover_and_canopies_lie_in_tiles_too(tmp_path: Path) -> None:
    cover = np.where(np.arange(80)[None, :] < 50, 10, 50).repeat(80, axis=0).astype(np.uint8)
    tile(tmp_path / "a.tif", slice(0, 44), values=cover, nodata=0)
    tile(tmp_path / "b.tif", slice(36, 80), values=cover, nodata=0)
    intake = taken(tmp_path, ["a.tif", "b.tif"], "land_cover")
    assert told(intake, "tiles_classes")[0].values["share"] == 0.0
    trees = np.full((80, 80), 7.0, dtype=np.float32)
    tile(tmp_path / "c.tif", slice(0, 44), values=trees)
    tile(tmp_path / "d.tif", slice(36, 80), values=trees)
    intake = taken(tmp_path, ["c.tif", "d.tif"], "canopy_height")
    assert terrain(intake, "canopy_height") == pytest.approx(7.0)
    assert len(told(intake, "tiles_joined")) == 1, "heights and their share of cells are of one file"


def test_a_folder_of_tiles_is_drafted_as_one_entry(tmp_path: Path) -> None:
    files = tmp_path / "资料"
    tile(files / "高程" / "dem_1.tif", slice(0, 44))
    tile(files / "高程" / "dem_2.tif", slice(36, 80))
    parcels().to_file(files / "地块.gpkg", layer="地块")
    text = draft(tmp_path, files, crs="").text
    assert 'path = ["资料/高程/dem_1.tif", "资料/高程/dem_2.tif"]' in text
    in_other_zone(files / "高程" / "dem_2.tif", slice(36, 80))
    assert [each.role for each in guess_roles(files)].count("terrain") == 2
    tile(files / "高程" / "dem_2.tif", slice(2, 80))
    assert [each.reason for each in guess_roles(files) if not each.role] == ["intake.guess_second"]


def test_the_grid_of_tiles_covers_all_of_them() -> None:
    def grid(west: float) -> LayerPreview:
        return LayerPreview("raster", "", crs=PLANE, shape=(10, 20), affine=(2.0, 0.0, west, 0.0, -2.0, 100.0))

    one, other = (own_grid(grid(west), crs=CRS, name="") for west in (WEST, WEST - 40.0))
    whole = grid_of_tiles([one, other])
    assert whole.shape == (10, 40)
    assert whole.boundingbox.bbox == (WEST - 40.0, 80.0, WEST + 40.0, 100.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert grid_of_tiles([one]) == one

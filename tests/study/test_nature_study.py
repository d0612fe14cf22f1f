"""Measures of nature through a study: from files to the place they change, people's way to parks, and the sentence."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Explorer, Paragraph, in_words
from citybraid.report.chapters.c20_explorer import chapter as explorer
from citybraid.report.remarks.greenery import greenery_blocks
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.geotiffs import CRS, NORTH, WEST, write_raster

pytestmark = pytest.mark.slow

SIDE = 20
CELL = 10.0
STUDY = """
[study]
name = "nature"
title = { zh = "自然", en = "Nature" }
crs = "EPSG:4549"
region = "CN-ZJ"
year = 2025
resolution = 10
synthetic = true

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }

[alternatives.nature]
title = { zh = "自然", en = "Nature" }
measures = [
  { measure = "pocket_park", params = { age = 10 } }, { measure = "river_daylighting" }, { measure = "depaving" },
]
"""
ROLES = {
    "parcels": "parcels.gpkg", "units": "units.gpkg", "buildings": "buildings.gpkg", "streets": "streets.gpkg",
    "buried_rivers": "rivers.gpkg", "land_cover": "cover.tif", "terrain": "terrain.tif",
    "canopy_cover": "canopy.tif", "canopy_height": "tops.tif",
}  # fmt: skip


def at(left: float, bottom: float, right: float, top: float) -> BaseGeometry:
    low = NORTH - SIDE * CELL
    return box(WEST + left, low + bottom, WEST + right, low + top)


def line(*points: tuple[float, float]) -> LineString:
    low = NORTH - SIDE * CELL
    return LineString([(WEST + x, low + y) for x, y in points])


def write(path: Path, shapes: list[BaseGeometry], **columns: object) -> None:
    gpd.GeoDataFrame({**columns}, geometry=shapes, crs=CRS).to_file(path)


def written(folder: Path) -> Path:
    """Write 4 ha: homes, 6 400 m2 of reserved land, a street between them, a buried brook, a strip of trees."""
    write(
        folder / "parcels.gpkg", [at(0, 0, 200, 80), at(10, 110, 90, 190), at(110, 110, 200, 200)],
        id=["homes", "spare", "office"], land_use=["070102", "16", "0902"],
    )  # fmt: skip
    write(folder / "units.gpkg", [at(0, 0, 200, 200)], id=["U"], unit_name=["unit"], population=[200])
    write(folder / "buildings.gpkg", [at(20, 60, 40, 80), at(150, 60, 170, 80)], id=["near", "far"],
          use=["residential"] * 2, floors=[3, 3], height=[9.0, 9.0])  # fmt: skip
    write(folder / "streets.gpkg", [line((0, 95), (200, 95))], id=["S"], road_class=["residential"])
    write(folder / "rivers.gpkg", [line((155, 200), (155, 100))], id=["B"], channel_width=[10.0], channel_depth=[2.0])
    cover = np.full((SIDE, SIDE), 50, np.uint8)
    cover[1:9, 1:9] = 60
    cover[10:11], cover[19:] = 51, 10
    write_raster(folder / "cover.tif", cover, cell=CELL, nodata=0)
    write_raster(folder / "terrain.tif", np.full((SIDE, SIDE), 5.0, np.float32), cell=CELL, nodata=-9999.0)
    nothing = np.zeros((SIDE, SIDE), np.float32)
    write_raster(folder / "canopy.tif", nothing, cell=CELL, nodata=-1.0)
    write_raster(folder / "tops.tif", nothing, cell=CELL, nodata=-1.0)
    study = STUDY + "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in ROLES.items())
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return View(run_study(open_study(written(tmp_path_factory.mktemp("nature"))), threads=1))


def told(view: View, alternative: str, var: str) -> np.ndarray:
    layer = view.layer(alternative, var)
    assert layer is not None
    return view.raster(layer)


def whole(view: View, alternative: str, indicator: str) -> float:
    table = view.run.table(f"units/{alternative}")
    assert table is not None
    return float(table[indicator][WHOLE_AREA])


def test_a_pocket_park_brings_people_near_green(view: View) -> None:
    """Reserved land of 6 400 m2 becomes the only park; both homes stand within 300 m of it on foot."""
    assert whole(view, "as_is", "people_near_green") == 0.0
    assert whole(view, "nature", "people_near_green") == pytest.approx(100.0)
    assert whole(view, "nature", "green_access") == pytest.approx(6400.0 / 200.0)


def test_trees_of_the_park_reach_the_rasters_that_heat_reads(view: View) -> None:
    """42 of its 64 cells are green, half under crowns of 4 of 5 m, 64.4 % alive, 7 m high after 10 years."""
    crowns, tops = told(view, "nature", "canopy_cover"), told(view, "nature", "canopy_height")
    assert (crowns > 0).sum() == 42
    assert crowns.max() == pytest.approx(0.5 * 0.64 * 0.957**10)
    assert set(np.unique(tops)) == {0.0, 7.0}
    assert (told(view, "as_is", "canopy_height") == 0.0).all()


def test_the_brook_opens_and_paving_turns_to_grass(view: View) -> None:
    cover, ground = told(view, "nature", "land_cover"), told(view, "nature", "terrain")
    assert (cover[:10, 15] == 80).all()
    assert ground[:10, 15] == pytest.approx(3.0)
    before, after = (whole(view, name, "blue_green_share") for name in ("as_is", "nature"))
    assert before == pytest.approx(5.0), "a strip of trees in the south"
    assert after == pytest.approx(100.0 * np.isin(cover, [10, 20, 30, 40, 80, 90]).mean())
    assert after > 20.0


def test_the_greenery_of_plots_by_another_route(view: View) -> None:
    """The park's plot: 42 cells of grass of weight 1 and leaf area 1, and crowns of leaf area 6 over 0.206 of each."""
    factor, ratio = (view.column("nature", name) for name in ("biotope_area_factor", "green_plot_ratio"))
    assert factor is not None
    assert ratio is not None
    assert factor["spare"] == pytest.approx(42 / 64)
    assert ratio["spare"] == pytest.approx(42 / 64 * (1.0 + 6.0 * 0.5 * 0.64 * 0.957**10))


def test_the_report_tells_it(view: View) -> None:
    told = [in_words(block.text, "en") for block in greenery_blocks(view) if isinstance(block, Paragraph)]
    assert any("nobody of 200 people can walk to a park" in one for one in told)
    assert any("100% of 200 people have a park within 300 m" in one for one in told)
    assert sum("half of the 3 plots have a biotope area factor" in one for one in told) == 2
    assert all(in_words(block.text, "zh") for block in greenery_blocks(view) if isinstance(block, Paragraph))


def test_a_report_is_written_where_nobody_reaches_a_park(tmp_path: Path) -> None:
    """Ways to a park have no value anywhere: the interactive map leaves them out, and the chapter says so."""
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.split("[alternatives.nature]")[0] + "[files" + text.split("[files", 1)[1], encoding="utf-8")
    alone = View(run_study(open_study(path), threads=1))
    names = [layer.name for block in explorer(alone).blocks if isinstance(block, Explorer) for layer in block.layers]
    assert "green_distance" not in names
    assert "biotope_area_factor" in names

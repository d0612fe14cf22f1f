"""Movement through a study: from a GeoTIFF of covers to the current, the indicator and the sentence of the report."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.exports.write import write_exports
from citybraid.report.remarks.circuits import circuit_remarks
from citybraid.report.remarks.corridors import corridor_blocks
from citybraid.report.remarks.wildlife_crossings import crossing_blocks
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.geotiffs import CRS, NORTH, WEST, write_raster

pytestmark = pytest.mark.slow

STUDY = """
[study]
name = "movement"
title = { zh = "迁移", en = "Movement" }
crs = "EPSG:4549"
region = "CN-ZJ"
year = 2025
resolution = 100
synthetic = true

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }

[alternatives.bridged]
title = { zh = "建桥", en = "Bridged" }
measures = [{ measure = "wildlife_crossing" }]

[parameters."biodiversity.connectivity"]
smallest = 0

[parameters."biodiversity.circuit_connectivity"]
neighbours = "4"

[parameters."biodiversity.wildlife_crossings"]
neighbours = "4"
spacing = 50
count = 1
overpass_cost = 1e9

[files.streets]
path = "streets.gpkg"

[files.units]
path = "units.gpkg"

[files.land_cover]
path = "cover.tif"
"""


def test_current_from_covers(tmp_path: Path) -> None:
    """Three equal rows of wood, grass, road, grass and wood: Beijing's 1, 50, 500, 50, 1 in series, thrice in parallel.

    Links of 25.5, 275, 275 and 25.5 make 601; three rows without current between them carry 3 / 601.
    """
    row = np.array([10, 30, 51, 30, 10], np.uint8)
    write_raster(tmp_path / "cover.tif", np.tile(row, (3, 1)), cell=100.0, nodata=0)
    everywhere = box(WEST, NORTH - 300.0, WEST + 500.0, NORTH)
    units = gpd.GeoDataFrame({"unit_name": ["u"]}, geometry=[everywhere], crs=CRS)
    units.to_file(tmp_path / "units.gpkg", layer="units")
    road = gpd.GeoDataFrame(
        {"id": ["ring"], "class": ["primary"]}, crs=CRS,
        geometry=[LineString([(WEST + 250.0, NORTH - 299.0), (WEST + 250.0, NORTH - 1.0)])],
    )  # fmt: skip
    road.to_file(tmp_path / "streets.gpkg")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    view = View(run_study(open_study(tmp_path / "study.toml"), threads=1))
    layer, table = view.layer("as_is", "current_flow"), view.run.table("units/as_is")
    assert layer is not None
    assert table is not None
    np.testing.assert_allclose(view.raster(layer)[:, 1:4], 1 / 3, rtol=1e-4)
    assert float(table["patch_conductance"][WHOLE_AREA]) == pytest.approx(3 / 601, rel=1e-5)
    assert view.layer("as_is", "pinch_point") is not None
    assert view.layer("as_is", "barrier_gain") is not None
    told = [block for block in circuit_remarks(view) if isinstance(block, Paragraph)]
    assert len(told) == 1
    # Both alternatives are told, the culvert's with more conductance
    assert "100% of the pairs have a path" in in_words(told[0].text, "en")
    assert "100% 的斑块对连通" in in_words(told[0].text, "zh")
    # Corridors: the same row of links, 601 × 100 m over 400 m, of three rows without a cheaper way
    assert float(table["mean_corridor_resistance"][WHOLE_AREA]) == pytest.approx(601 / 4)
    sentence, listed, *_ = corridor_blocks(view)
    assert isinstance(sentence, Paragraph)
    assert "mean resistance of 150.3; the mean along all ways (1 corridor), by their length, is 150.3" in in_words(
        sentence.text, "en"
    )
    assert "全部 1 条廊道按长度平均为 150.3" in in_words(sentence.text, "zh")
    assert isinstance(listed, Table)
    assert listed.frame["corridor_length"].tolist() == [400.0]
    write_exports(view, tmp_path / "out", lambda _: None)
    lines = gpd.read_file(tmp_path / "out" / "gis" / "plan.gpkg", layer="corridors_as_is")
    assert lines["corridor_resistance"].tolist() == pytest.approx([601 / 4])
    assert lines.length.tolist() == pytest.approx([400.0])
    _crossings(view, tmp_path / "out" / "gis" / "plan.gpkg")


def _crossings(view: View, path: Path) -> None:
    """A culvert of 3 m in a cell of 100 m: 1 / (0.03 / 50 + 0.97 / 500) = 393.7, its row 494.7, alone 7.2 % more.

    Neighbouring rows lead current to it, so that it gains more than its own row. The measure builds it in the middle
    row, where most ground around is green, and so does the ranking.
    """
    tables = [view.run.table(f"units/{name}") for name in ("as_is", "bridged")]
    before, after = (float(table["patch_conductance"][WHOLE_AREA]) for table in tables if table is not None)
    sites = gpd.read_file(path, layer="crossing_sites_as_is").set_index("id")
    first = sites.loc["site-1"]
    assert (first["crossing_kind"], first["crossing_order"], first["crossing_cost"]) == ("culvert", 1.0, 3.2e6)
    assert first.geometry.centroid.y == pytest.approx(NORTH - 150.0)
    assert first["crossing_gain"] == pytest.approx(after / before - 1.0, rel=1e-3)
    row = 101.0 + 1.0 / (0.03 / 50.0 + 0.97 / 500.0)
    assert first["crossing_gain"] > (601.0 / row - 1.0) / 3.0
    assert float(tables[0]["streets_current"][WHOLE_AREA]) == pytest.approx(1.0, rel=1e-4)  # type: ignore[index]
    told = [block for block in crossing_blocks(view) if isinstance(block, Paragraph)]
    english = [in_words(block.text, "en") for block in told]
    assert "1 more crossing would add" in english[0]
    assert "the first is crossing 1 on ring (culvert)" in english[0]
    assert "the street that cuts the strongest current is ring, 1 A" in english[-1]
    assert "涵洞" in in_words(told[0].text, "zh")

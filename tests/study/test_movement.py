"""Movement through a study: from a GeoTIFF of covers to the current, the indicator and the sentence of the report."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.exports.write import write_exports
from citybraid.report.remarks.circuits import circuit_remarks
from citybraid.report.remarks.corridors import corridor_blocks
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

[parameters."biodiversity.connectivity"]
smallest = 0

[parameters."biodiversity.circuit_connectivity"]
neighbours = "4"

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
    assert "100 % of the pairs have a path" in in_words(told[0].text, "en")
    assert "100 % 的斑块对连通" in in_words(told[0].text, "zh")
    # Corridors: the same row of links, 601 × 100 m over 400 m, of three rows without a cheaper way
    assert float(table["mean_corridor_resistance"][WHOLE_AREA]) == pytest.approx(601 / 4)
    sentence, listed = corridor_blocks(view)
    assert isinstance(sentence, Paragraph)
    assert "mean resistance of 150; the mean of 1 corridor is 150" in in_words(sentence.text, "en")
    assert "全部 1 条廊道平均为 150" in in_words(sentence.text, "zh")
    assert isinstance(listed, Table)
    assert listed.frame["corridor_length"].tolist() == [400.0]
    write_exports(view, tmp_path / "out", lambda _: None)
    lines = gpd.read_file(tmp_path / "out" / "gis" / "plan.gpkg", layer="corridors_as_is")
    assert lines["corridor_resistance"].tolist() == pytest.approx([601 / 4])
    assert lines.length.tolist() == pytest.approx([400.0])

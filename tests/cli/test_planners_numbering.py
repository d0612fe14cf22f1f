"""A planner's drawing from drop to run: plots by layer, spans as limits, contours and spots as the terrain."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin

from citybraid.study.run.run import Run
from tests.cli.test_strangers import dropped
from tests.sources.planner_files import SOUTH, WEST, new_drawing
from tests.sources.readers.drawings import at, draw, ring, write

pytestmark = pytest.mark.slow
SLOPE = 0.02


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Three plots on layers of their own, on a plane that rises to the east, with a cover and a backup beside."""
    root = tmp_path_factory.mktemp("控规")
    files = root / "files"
    files.mkdir()
    document = new_drawing()
    labels = ("R2 FAR1.5-2.5 H≤60 建筑密度≤28% 绿地率≥30%", "R2 容积率≥1.2且≤2.0 H≤54 建筑密度25% 绿地率35%",
              "M1 容积率≥1.0 H≤24 建筑密度≥40% 绿地率≤20%")  # fmt: skip
    for number, label in enumerate(labels):
        draw(document, ring(120.0 * number), layer=f"A-0{number + 1}")
        write(document, label, 120.0 * number + 5, 50)
    space = document.modelspace()
    for east in range(-200, 561, 40):
        ends = [at(east, -200), at(east, 300)]
        space.add_lwpolyline(ends, dxfattribs={"layer": "DGX", "elevation": 10 + SLOPE * east})
    for east in range(-180, 560, 60):
        space.add_point((*at(east, 20), 10 + SLOPE * east), dxfattribs={"layer": "GCD"})
    for name in ("控规.dxf", "控规_备份.dxf", "封面.dxf"):
        document.saveas(files / name)
    (files / "暴雨.csv").write_text("历时(min),雨强(mm/h)\n0,60\n10,120\n20,30\n30,0\n", encoding="utf-8")
    profile = {"driver": "GTiff", "height": 80, "width": 100, "count": 1, "crs": "EPSG:4549", "dtype": "uint8",
               "transform": from_origin(WEST - 300, SOUTH + 400, 10, 10)}  # fmt: skip
    with rasterio.open(files / "land_cover.tif", "w", **profile) as target:
        target.write(np.full((80, 100), 30, "uint8"), 1)
    return dropped(root, files, "--crs", "EPSG:4549")


def test_new_says_what_each_file_is(taken: tuple[str, Path]) -> None:
    said, run = taken
    text = (run.parents[1] / "study.toml").read_text(encoding="utf-8")
    assert 'layers = { "parcels" = "A-0*" }' in text
    assert "[files.terrain]" in text
    assert "# 控规_备份.dxf: not used" in text
    assert "cover sheet" in text
    (plots,) = [each for each in Run.open(run).findings if each.text == "intake.plot_numbers"]
    assert (plots.count, plots.values["by_layer"], plots.values["none"]) == (3, 3, 0)
    assert "控规.dxf" in said


def test_the_terrain_is_the_plane_of_the_contours(taken: tuple[str, Path]) -> None:
    said, run = taken
    assert "linearly on Delaunay triangles" in said
    assert "the error there is 0" in said
    assert "DGX, GCD" in said
    opened = Run.open(run)
    value = opened.value(opened.layers("as_is")["terrain"][""])
    x = opened.grid.affine.c + (np.arange(opened.grid.shape[1]) + 0.5) * float(opened.grid.resolution.x)
    assert np.allclose(value.to_numpy(), 10 + SLOPE * (x - WEST)[None, :], atol=1e-3)
    kept = [each for each in opened.findings if each.text == "intake.heights_read_spots"]
    assert [each.values["error"] for each in kept] == [0.0]
    assert value.attrs["interpolation_error"] == pytest.approx(0.0, abs=1e-3)


def test_water_runs_down_the_plane(taken: tuple[str, Path]) -> None:
    """The plane rises to the east, so water of the storm gathers in the west."""
    opened = Run.open(taken[1])
    (depth,) = [layer for name, layer in opened.layers("as_is")["max_depth"].items() if name]
    water = opened.value(depth).to_numpy()
    half = water.shape[1] // 2
    assert np.isfinite(water).all()
    assert water[:, :half].mean() > 1.2 * water[:, half:].mean() > 0.0


def test_the_control_table_holds_both_ends(taken: tuple[str, Path]) -> None:
    _, run = taken
    controls = pd.read_parquet(next((run / "tables" / "controls").iterdir()))
    ratio = controls[controls["control"] == "far"].sort_values("parcel")
    assert ratio["parcel"].tolist() == ["A-01", "A-02", "A-03"]
    assert ratio["stated"].tolist() == pytest.approx([2.5, 2.0, np.nan], nan_ok=True)
    assert ratio["opposite"].tolist() == pytest.approx([1.5, 1.2, 1.0])

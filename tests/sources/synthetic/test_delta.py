"""The synthetic delta: true areas, residents and totals of land in invented places."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from citybraid.sources.synthetic.region.delta import write_delta

ZONE = 2413e6


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files by the first part of their name."""
    return {path.name.partition("_")[0]: path for path in write_delta(tmp_path_factory.mktemp("delta"))}


def test_jurisdictions_have_their_published_areas(files: dict[str, Path]) -> None:
    area = gpd.read_file(files["区县"]).set_index("区县名称").area
    assert area["吴江"] == pytest.approx(1237.44e6, abs=1)
    assert area["嘉善"] == pytest.approx(506.97e6, abs=1)
    assert area.sum() == pytest.approx(ZONE, abs=3)


def test_towns_share_the_land_and_hold_the_residents(files: dict[str, Path]) -> None:
    towns = gpd.read_file(files["镇街"])
    assert towns.area.sum() == pytest.approx(ZONE, abs=1e3)
    assert dict(towns.groupby("区县")["常住人口"].sum()) == {"青浦": 1_271_424, "吴江": 1_545_023, "嘉善": 648_200}
    homes = gpd.read_file(files["建筑群"])
    homes = homes[homes["用途"] == "residential"]
    held = gpd.sjoin(homes.set_geometry(homes.representative_point()), towns, predicate="within")
    assert set(held["编号_right"]) == set(towns["编号"])


def test_land_has_its_published_totals(files: dict[str, Path]) -> None:
    plots = gpd.read_file(files["用地"])
    share = plots.assign(area=plots.area / 1e6).groupby("用地代码")["area"].sum()
    built = share[[code for code in share.index if code[:2] in {"07", "08", "09", "10", "12", "14"}]].sum()
    assert built == pytest.approx(819.3, rel=0.003)
    assert share["1702"] / 2413 == pytest.approx(0.2038, rel=0.01)
    assert share["0301"] / 2413 == pytest.approx(0.086, rel=0.01)
    assert share["1401"] * 1e6 / 3_464_647 == pytest.approx(10.0, rel=0.02)
    assert share.sum() == pytest.approx(2413.0, rel=1e-6)


def test_the_three_lines_are_at_least_the_published_ones(files: dict[str, Path]) -> None:
    lines = gpd.read_file(files["三线"])
    area = lines.assign(area=lines.area / 1e6).groupby("管控边界")["area"].sum()
    assert 143.32 <= area["生态保护红线"] < 144.5
    assert 443.6 <= area["永久基本农田"] < 445.0
    assert area["城镇开发边界"] <= 647.6
    uses = gpd.read_file(files["用地"])
    paddy = uses[uses["用地代码"] == "0101"].union_all()
    assert lines[lines["管控边界"] == "永久基本农田"].union_all().difference(paddy).area == pytest.approx(0.0, abs=1.0)


def test_every_file_says_that_it_is_synthetic_and_the_seed_decides(files: dict[str, Path], tmp_path: Path) -> None:
    for path in files.values():
        if path.suffix == ".gpkg":
            assert set(gpd.read_file(path)["备注"]) == {"合成数据 synthetic"}
    with rasterio.open(files["地表覆盖"]) as file:
        assert "synthetic" in file.tags()["TITLE"]
        first = file.read(1)
    again = {path.name.partition("_")[0]: path for path in write_delta(tmp_path, seed=1)}
    with rasterio.open(again["地表覆盖"]) as file:
        assert np.array_equal(first, file.read(1))

"""From statistics with Chinese headings, buildings and parcels to tables of city emissions on parcels."""

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from citybraid.report.carbon import downscaling as chapter
from citybraid.report.chapter import Table, in_words
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.commands import citybraid

pytestmark = pytest.mark.slow
CRS = "EPSG:4549"
WEST, SOUTH = 500_000.0, 3_400_000.0
STUDY = f"""
[study]
name = "plan"
title = {{ zh = "片区", en = "Plan" }}
crs = "{CRS}"
region = "CN-FJ"
year = 2023
resolution = 50

[files.parcels]
path = "地块.gpkg"

[files.buildings]
path = "建筑.gpkg"

[files.energy]
path = "能源.csv"
role = "activity"

[parameters."lowcarbon.downscaled_emissions"]
shares = {{ industry = 0.0 }}

[numbers]
"""
ENERGY = """年份,部门,能源品种,消费量,单位
2023,居民生活,电力,2000,万千瓦时
2023,商业,电力,1000,万千瓦时
2023,工业,电力,9000,万千瓦时
2023,火力发电,原煤,10,万吨
"""
GRID = 0.4211


def written(folder: Path, numbers: str) -> Path:
    """Write a plan of two parcels, two blocks of homes and a shop."""
    plots = [box(WEST + 200 * at, SOUTH, WEST + 200 * at + 200, SOUTH + 200) for at in (0, 1)]
    table = {"地类编码": ["0701", "0901"]}
    gpd.GeoDataFrame(table, geometry=plots, crs=CRS).to_file(folder / "地块.gpkg")
    shapes = [box(WEST + x, SOUTH + 50, WEST + x + 20, SOUTH + 80) for x in (50, 100, 300)]
    houses = {"用途": ["住宅", "住宅", "商业"], "建筑面积": [3000.0, 1000.0, 600.0], "层数": [5, 2, 1],
              "居住人数": [60.0, 40.0, 0.0]}  # fmt: skip
    gpd.GeoDataFrame(houses, geometry=shapes, crs=CRS).to_file(folder / "建筑.gpkg")
    (folder / "能源.csv").write_text(ENERGY, encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(STUDY + numbers, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("片区 研究"), "city_population = 10000\n")


@pytest.fixture(scope="module")
def ran(study: Path) -> Run:
    return run_study(open_study(study), threads=1)


def test_parcels_from_the_files_by_hand(ran: Run) -> None:
    """A hundredth of the city's people: homes 200 MWh on the first parcel, services 100 MWh on the second."""
    view = View(ran)
    assert view.number(view.base, "plan_share") == pytest.approx(0.01)
    placed = view.column(view.base, "downscaled_emissions")
    assert placed is not None
    assert sorted(placed) == pytest.approx([1e5 * GRID, 2e5 * GRID])
    assert view.number(view.base, "downscaled_total") == pytest.approx(3e5 * GRID)
    assert view.number(view.base, "downscaled_outside") == 0.0


def test_tables_tell_shares_sums_and_proxies(ran: Run) -> None:
    tables = {block.name: block for block in chapter.downscaling(View(ran)) if isinstance(block, Table)}
    beside = tables["downscaled"].frame
    assert beside["share"].iloc[0] == pytest.approx(1.0)
    assert beside["stated"].iloc[-1] == pytest.approx(300 * GRID)
    proxies = tables["downscaling_proxies"].frame
    homes = proxies[[in_words(each, "zh") == "居住建筑" for each in proxies["sector"]]]
    assert list(homes["on_parcels"]) == pytest.approx([200 * GRID, 200 * GRID])
    assert in_words(homes["counts"].iloc[0], "zh") == "采用"
    for language, phrase in (("en", "stated share"), ("zh", "给定比例")):
        assert phrase in in_words(tables["downscaled"].note, language)


def test_without_the_citys_size_nothing_is_assumed(study: Path, tmp_path: Path) -> None:
    shutil.copytree(study.parent, tmp_path / "x", ignore=shutil.ignore_patterns("runs"))
    run = run_study(open_study(written(tmp_path / "x", "")), threads=1)
    gaps = {gap.model: set(gap.needs) for gap in run.gaps("as_is")}
    assert gaps["lowcarbon.plan_share_by_population"] == {"city_population"}
    assert gaps["lowcarbon.plan_share_by_area"] == gaps["lowcarbon.downscaled_emissions"] == {"city_built_area"}
    assert View(run).column("as_is", "downscaled_emissions") is None


@pytest.mark.parametrize(
    ("numbers", "phrases"),
    [
        ("plan_share = 1.5", ("plan_share", "plan_share")),
        ("city_population = 20", ("100 people live", "有 100 人")),
    ],
)
def test_bad_numbers_end_with_status_two(
    study: Path, tmp_path: Path, numbers: str, phrases: tuple[str, str]
) -> None:  # fmt: skip
    shutil.copytree(study.parent, tmp_path / "x", ignore=shutil.ignore_patterns("runs"))
    found = citybraid("run", str(written(tmp_path / "x", f"{numbers}\n")))
    assert found.returncode == 2, found.stderr
    for phrase in phrases:
        assert phrase in found.stdout + found.stderr


@pytest.mark.parametrize(
    ("old", "new", "phrases"),
    [
        ("industry = 0.0", "factories = 0.0", ("no sectors of the inventory", "不是清单部门")),
        ("industry = 0.0", "industry = 1.2", ("1 or less", "必须不大于 1")),
        ("shares = { industry = 0.0 }", "", ("shares.industry = 0", "请补充数据")),
    ],
)
def test_bad_parameters_end_with_status_two(
    study: Path, tmp_path: Path, old: str, new: str, phrases: tuple[str, str]
) -> None:  # fmt: skip
    shutil.copytree(study.parent, tmp_path / "x", ignore=shutil.ignore_patterns("runs"))
    path = written(tmp_path / "x", "city_population = 10000\n")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = citybraid("run", str(path))
    assert found.returncode == 2, found.stderr
    for phrase in phrases:
        assert phrase in found.stdout + found.stderr

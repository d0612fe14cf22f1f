"""The synthetic town's files: labelled, the same on every run, in the formats and with the flaws planners have."""

import hashlib
from pathlib import Path

import ezdxf.filemanagement
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.entities.mtext import MText
from ezdxf.entities.text import Text
from python_calamine import CalamineWorkbook

from citybraid.sources.synthetic.frame import ORIGIN, on_map
from citybraid.sources.synthetic.streets import street_surface
from citybraid.sources.synthetic.town import write_town
from citybraid.sources.synthetic.weather_year.climate import DAYS, climate_of, monthly_rain
from tests.sources.synthetic.conftest import Town

MONTH = np.repeat(np.repeat(np.arange(12), DAYS), 24)


def _sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="session")
def weather(folder: Path) -> np.ndarray:
    lines = (folder / "weather_synthetic.epw").read_text("ascii").splitlines()
    return np.asarray([[float(cell) for cell in line.split(",")[6:22]] for line in lines[8:]])


def test_a_second_run_writes_the_same_bytes_and_another_seed_does_not(folder: Path, tmp_path: Path) -> None:
    write_town(tmp_path / "again", seed=1)
    assert _sums(tmp_path / "again") == _sums(folder)
    write_town(tmp_path / "again", seed=2)
    changed = {name for name, value in _sums(tmp_path / "again").items() if value != _sums(folder)[name]}
    assert {"用地规划图_合成.dxf", "现状建筑_合成.shp", "地形高程_合成.tif", "weather_synthetic.epw"} <= changed


def test_every_file_says_that_it_is_synthetic(folder: Path) -> None:
    assert all("合成" in path.name or "synthetic" in path.name for path in folder.iterdir())
    assert "合成数据，非真实规划".encode("gbk") in (folder / "用地规划图_合成.dxf").read_bytes()
    assert b"SYNTHETIC" in (folder / "weather_synthetic.epw").read_bytes()[:60]
    assert b"CSWD 584570" in (folder / "weather_synthetic.epw").read_bytes()[:2000]
    assert "合成".encode("gbk") in (folder / "降雨过程_合成.csv").read_bytes()[:20]
    with rasterio.open(folder / "地形高程_合成.tif") as file:
        assert "合成" in file.tags()["TITLE"]


def test_the_drawing_is_gbk_and_holds_every_parcel(folder: Path, town: Town) -> None:
    raw = (folder / "用地规划图_合成.dxf").read_bytes()
    assert b"ANSI_936" in raw
    assert "用地-070102-二类城镇住宅用地".encode("gbk") in raw
    space = ezdxf.filemanagement.readfile(folder / "用地规划图_合成.dxf").modelspace()
    lines = [line for line in space if isinstance(line, LWPolyline)]
    rings = [line for line in lines if line.dxf.layer.startswith("用地-")]
    drawn = sum(shapely.Polygon([(x, y) for x, y, *_ in ring.get_points()]).area for ring in rings)
    assert len(rings) == len(town.parcels)
    assert drawn == pytest.approx(sum(parcel.shape.area for parcel in town.parcels), rel=1e-4)
    assert 5 <= sum(not ring.closed for ring in rings) <= 15


def test_every_text_starts_inside_the_parcel_it_speaks_of(folder: Path, town: Town) -> None:
    space = ezdxf.filemanagement.readfile(folder / "用地规划图_合成.dxf").modelspace()
    shapes = {parcel.number: on_map(parcel.shape) for parcel in town.parcels}
    numbers = 0
    for text in space:
        if not isinstance(text, Text | MText) or text.dxf.layer != "地块指标":
            continue
        words = str(text.plain_text()).split("\n")
        place = shapely.Point(text.dxf.insert.x, text.dxf.insert.y)
        held = [number for number, shape in shapes.items() if shape.covers(place)]
        assert len(held) == 1
        if words[0].startswith("HC"):
            assert words[0] == held[0]
            numbers += 1
    assert numbers == len(shapes)


def test_the_shapefile_is_gbk_without_projection_and_with_gaps(folder: Path, town: Town) -> None:
    path = folder / "现状建筑_合成.shp"
    assert not path.with_suffix(".prj").exists()
    assert not path.with_suffix(".cpg").exists()
    assert "用途".encode("gbk") in path.with_suffix(".dbf").read_bytes()[:300]
    frame = pyogrio.read_dataframe(path, encoding="GBK")
    assert len(frame) == len(town.buildings)
    assert 0.40 < (frame["年代"].fillna("") == "").mean() < 0.50
    for column, low, high in (("用途", 0.1, 0.2), ("层数", 0.08, 0.16)):
        assert low < (frame[column].fillna("") == "").mean() < high
    assert 0.3 < frame["高度"].isna().mean() < 0.4


def test_the_ground_is_flat_with_canals_below_and_blocks_that_pond(folder: Path, town: Town) -> None:
    with rasterio.open(folder / "地形高程_合成.tif") as file:
        level = file.read(1)
        assert (file.crs.to_epsg(), file.res) == (4549, (2.5, 2.5))
    assert 1.0 <= level.min() < 1.2
    assert 3.4 < level.max() < 4.2
    assert (level == level.min()).mean() > 0.03

    def at(shape: shapely.Polygon) -> float:
        x, y = shape.centroid.x, shape.centroid.y
        return float(level[int((2000.0 - y) // 2.5), int(x // 2.5)])

    village = [at(p.shape) for p in town.parcels if p.code == "0703"]
    core = [at(p.shape) for p in town.parcels if p.code == "0902"]
    assert np.mean(village) < np.mean(core) - 0.8


def test_cover_agrees_with_the_plan(folder: Path, town: Town) -> None:
    with rasterio.open(folder / "地表覆盖_合成.tif") as file:
        cover = file.read(1)
    assert set(np.unique(cover)) == {10, 20, 30, 40, 50, 51, 52, 60, 80, 90}
    roofs = (cover == 52).sum() * 6.25
    assert roofs == pytest.approx(sum(b.shape.area for b in town.buildings), rel=0.01)
    roads = (cover == 51).sum() * 6.25
    assert roads == pytest.approx(street_surface(town.streets).area, rel=0.01)
    with rasterio.open(folder / "树冠覆盖_合成.tif") as file:
        share = file.read(1)
    assert 0.0 <= share.min() <= share.max() <= 1.0
    assert not share[np.isin(cover, (52, 80))].any()


def test_the_hospital_and_the_fire_station_stand_on_their_land(folder: Path, town: Town) -> None:
    frame = pyogrio.read_dataframe(folder / "救援设施_合成.gpkg")
    assert set(frame["设施类型"]) == {"消防救援站", "医院"}
    land = {"医院": "080601", "消防救援站": "1310"}
    for point, kind in zip(frame.geometry, frame["设施类型"], strict=True):
        assert [p.code for p in town.parcels if on_map(p.shape).contains(point)] == [land[kind]]


def test_the_workbook_has_title_units_and_totals(folder: Path) -> None:
    rows = CalamineWorkbook.from_path(folder / "社区人口_合成.xlsx").get_sheet_by_index(0).to_python()
    assert "合成" in str(rows[0][0])
    assert rows[1][:2] == ["编号", "社区"]
    assert rows[2][2:] == ["户", "人", "人"]
    body, totals = rows[3:-1], rows[-1]
    assert len(body) == 16
    assert totals[1] == "合计"
    assert totals[3] == sum(float(str(row[3])) for row in body)
    assert 30_000 < float(str(totals[3])) < 60_000


def test_the_storm_keeps_its_depth(folder: Path) -> None:
    lines = (folder / "降雨过程_合成.csv").read_text("gbk").splitlines()
    assert lines[1] == "历时(min),降雨量(mm)"
    assert sum(float(line.split(",")[1]) for line in lines[2:]) == pytest.approx(96.0, abs=1.0)


def test_the_years_of_rain_keep_their_normals(folder: Path) -> None:
    lines = (folder / "逐日降雨_合成.csv").read_text("gbk").splitlines()
    assert "合成" in lines[0]
    assert lines[1] == "日期,日降雨量(mm)"
    assert len(lines) == 2 + 10958
    rain = np.array([float(line.split(",")[1]) for line in lines[2:]])
    months = np.array([int(line[5:7]) for line in lines[2:]])
    for month, normal in enumerate(monthly_rain(), 1):
        assert rain[months == month].sum() / 30 == pytest.approx(normal, rel=0.2)
    assert (rain > 0).mean() == pytest.approx(0.42, abs=0.02)


def test_the_weather_keeps_its_normals(weather: np.ndarray) -> None:
    assert weather.shape == (8760, 16)
    dry = weather[:, 0].reshape(365, 24)
    months = MONTH[::24]
    for month, normal in enumerate(climate_of("jiaxing").normals):
        assert dry.max(axis=1)[months == month].mean() == pytest.approx(normal.high, abs=0.4)
        assert dry.min(axis=1)[months == month].mean() == pytest.approx(normal.low, abs=0.4)
        assert weather[month == MONTH, 2].mean() == pytest.approx(normal.humidity, abs=3.0)
    assert (weather[:, 1] <= weather[:, 0] + 0.05).all()


def test_the_sun_obeys_geometry(weather: np.ndarray) -> None:
    outside, world, direct, diffuse = (weather[:, column] for column in (4, 7, 8, 9))
    assert not world[outside == 0.0].any()
    assert (world <= outside + 1.0).all()
    assert (diffuse <= world + 1.0).all()
    beam = weather[:, 5]
    lit = outside > 50.0
    height = outside[lit] / beam[lit]
    assert np.abs(world[lit] - diffuse[lit] - direct[lit] * height).max() < 3.0
    assert 1150.0 < world.sum() / 1000.0 < 1350.0
    noon = world.reshape(365, 24)[:, 6:18].sum()
    assert noon > 0.97 * world.sum()


def test_the_town_lies_near_jiaxing_south() -> None:
    assert ORIGIN == (572_000.0, 3_397_000.0)

"""What a folder's files probably are."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.text import say
from citybraid.sources.intake.guess import Guess, guess_roles, study_crs
from tests.sources.planner_files import CRS, buildings, drawing, parcels, raster, shapefile, streets, weather, workbook


@pytest.fixture(scope="module")
def guesses(tmp_path_factory: pytest.TempPathFactory) -> list[Guess]:
    root = tmp_path_factory.mktemp("资料")
    shapefile(root / "现状建筑.shp", buildings())
    drawing(root / "控规图.dxf")
    parcels().to_file(root / "data1.gpkg", layer="地块")
    streets().to_file(root / "data1.gpkg", layer="道路中心线")
    raster(root / "dem.tif", np.linspace(2, 9, 6400, dtype=np.float32).reshape(80, 80))
    raster(root / "绿地.tif", np.eye(80, dtype=np.float32))
    workbook(root / "统计.xlsx", {"表": [["社区", "常住人口"], ["甲", 10]]})
    (root / "降雨.csv").write_bytes("时间,降雨量(mm)\n0,1\n5,2\n".encode("gb18030"))
    weather(root / "x.epw")
    (root / "图.dwg").write_bytes(b"AC1032")
    (root / "说明.txt").write_text("你好\n再见\n", encoding="utf-8")
    return guess_roles(root)


def of(guesses: list[Guess], name: str) -> list[Guess]:
    return [guess for guess in guesses if guess.path.name == name]


def test_roles(guesses: list[Guess]) -> None:
    roles = {
        "现状建筑.shp": "buildings", "dem.tif": "terrain", "绿地.tif": "green", "统计.xlsx": "population",
        "降雨.csv": "storm", "x.epw": "weather", "图.dwg": "", "说明.txt": "",
    }  # fmt: skip
    assert {name: of(guesses, name)[0].role for name in roles} == roles


def test_layers_of_one_file_have_roles_of_their_own(guesses: list[Guess]) -> None:
    found = {guess.role: guess.options["sheet"] for guess in of(guesses, "data1.gpkg")}
    assert found == {"parcels": "地块", "streets": "道路中心线"}


def test_a_drawing_gives_way_to_a_file_of_its_own(guesses: list[Guess]) -> None:
    assert of(guesses, "控规图.dxf")[0].reason == "intake.guess_second"


def test_a_sheet_of_controls_stands_beside_the_drawing_that_has_the_shapes(tmp_path: Path) -> None:
    """A sheet has no shapes: it once took the place of the drawing, which was then not used."""
    drawing(tmp_path / "用地规划图.dxf")
    workbook(
        tmp_path / "地块控制指标.xlsx",
        {"指标": [["地块编号", "用地性质", "容积率", "建筑密度"], ["A-01", "R2", 2.0, 28]]},
    )
    found = {guess.path.suffix: guess.role for guess in guess_roles(tmp_path)}
    assert found == {".dxf": "parcels", ".xlsx": "parcels"}


def test_what_only_the_user_knows_is_asked_with_the_other_files_crs_first(guesses: list[Guess]) -> None:
    assert study_crs(guesses) == CRS
    assert of(guesses, "现状建筑.shp")[0].asks["crs"][0] == CRS
    assert not of(guesses, "dem.tif")[0].asks


def test_a_drawing_alone_names_its_layers_and_candidates(tmp_path: Path) -> None:
    drawing(tmp_path / "控规图.dxf")
    guess = guess_roles(tmp_path)[0]
    assert guess.role == "parcels"
    assert guess.options == {"layers": {"parcels": "用地边界"}}
    assert "EPSG:4549 (120E)" in guess.asks["crs"]
    assert study_crs([guess]) == ""


def test_every_reason_is_said(guesses: list[Guess]) -> None:
    for guess in guesses:
        assert say(guess.reason, "zh", **guess.values) != say(guess.reason, "en", **guess.values)
    assert "DXF" in say(of(guesses, "图.dwg")[0].reason, "zh", **of(guesses, "图.dwg")[0].values)


def test_a_crs_that_does_not_keep_areas_is_not_proposed() -> None:
    """Web Mercator and degrees give way to the zone that the files lie in: of China's grid, else UTM."""

    def found(code: str, place: tuple[float, float]) -> Guess:
        return Guess(Path("a.shp"), "parcels", "intake.guess_signs", 0.9, crs=code, place=place)

    assert study_crs([found("EPSG:3857", (106.8, -6.2))]) == "EPSG:32748"
    assert study_crs([found("EPSG:3785", (106.8, -6.2))]) == "EPSG:32748"
    assert study_crs([found("EPSG:4326", (120.7, 30.7))]) == "EPSG:4549"
    assert study_crs([found("EPSG:3857", (120.7, 30.7)), found("EPSG:4549", (120.7, 30.7))]) == "EPSG:4549"


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("hour,rain (mm)", "storm"), ("h,rain", "storm"), ("小时,雨量", "storm"), ("hours,rain_mm", "storm"),
        ("小时,流量", "inflow_discharge"), ("hour,flow (m3/s)", "inflow_discharge"), ("id,h,x", ""), ("name,value", ""),
    ],
)  # fmt: skip
def test_a_bare_unit_heads_the_times_of_a_series(header: str, role: str, tmp_path: Path) -> None:
    count = header.count(",") + 1
    rows = [",".join([str(at), *["3"] * (count - 1)]) for at in range(6)]
    (tmp_path / "data.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert guess_roles(tmp_path)[0].role == role


def test_a_control_sheet_with_groups_units_and_totals_is_one_of_parcels(tmp_path: Path) -> None:
    """Its columns alone had been too little, so that the sheet beside its parcels was left out."""
    rows: list[list[object]] = [
        ["某片区控规指标一览表"], ["地块", "", "用地", "", "强度", "", ""],
        ["编号", "面积", "代码", "性质", "容积率", "建筑密度", "建筑高度"], ["", "公顷", "", "", "", "%", "米"],
        ["B-01", 1.44, "070102", "二类城镇住宅用地", 2.2, 25, 60], ["小计", 1.44],
    ]  # fmt: skip
    workbook(tmp_path / "指标表.xlsx", {"控制指标": rows})
    (guess,) = guess_roles(tmp_path)
    assert guess.role == "parcels"


def test_empty_files_are_told_as_such_and_what_programs_leave_beside_others_is_passed_over(tmp_path: Path) -> None:
    for name in ("空.csv", "空.tif", "空.shp", "空.zip", "空.geojson"):
        (tmp_path / name).write_bytes(b"")
    for name in ("~$控制指标.xlsx", ".~lock.表.ods#", "Thumbs.db", "desktop.ini", ".DS_Store", "._地块.gpkg"):
        (tmp_path / name).write_bytes(b"\x05User")
    found = {guess.path.name: guess.reason for guess in guess_roles(tmp_path)}
    assert found == dict.fromkeys(("空.csv", "空.tif", "空.shp", "空.zip", "空.geojson"), "intake.file_empty")

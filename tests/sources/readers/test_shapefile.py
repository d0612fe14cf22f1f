"""Shapefiles in any encoding, with missing companions."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.limits import Limits
from citybraid.sources.readers import shapefile
from citybraid.sources.reading import Found, Reading
from tests.sources.planner_files import CRS, TARGET, buildings, driver_byte, parcels
from tests.sources.planner_files import shapefile as written

LIMITS = Limits()


def read(path: Path, role: str = "parcels", **said: object) -> Reading:
    options = shapefile.Options.model_validate({"crs": CRS, **said})
    return shapefile.read(path, role, options, TARGET, limits=LIMITS)


def layer(reading: Reading, name: str) -> Found:
    return next(found for found in reading.layers if found.var.name == name)


def texts(reading: Reading) -> set[str]:
    return {finding.text for finding in reading.findings}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_columns_and_cells_survive(tmp_path: Path, encoding: str) -> None:
    frame = parcels()
    frame["用地代码"] = ["二类城镇住宅用地", "商务金融用地", "公园绿地", "河流水面"]
    reading = read(written(tmp_path / "地块.shp", frame, encoding=encoding))
    assert list(layer(reading, "land_use").value) == ["070102", "0902", "1401", "1701"]
    assert list(layer(reading, "plot_number").value) == ["A-01", "A-02", "B-01", "B-02"]
    assert list(layer(reading, "parcels").value.index) == ["A-01", "A-02", "B-01", "B-02"]
    assert "intake.encoding_guessed" in texts(reading)


def test_cpg_wins_over_trial_and_a_wrong_cpg_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", parcels())
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    reading = read(path)
    assert "intake.encoding_wrong" in texts(reading)
    assert layer(reading, "plot_number").value.iloc[0] == "A-01"
    path.with_suffix(".cpg").write_text("GBK", encoding="ascii")
    assert "intake.encoding_stated" in texts(read(path))


def test_driver_byte_states_gbk(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", parcels())
    driver_byte(path, 0x4D)
    assert "intake.encoding_stated" in texts(read(path))


def test_ratios_in_percent_become_shares_and_are_told(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "a.shp", parcels()))
    assert layer(reading, "building_density").value.tolist()[:3] == [0.28, 0.40, 0.05]
    assert layer(reading, "green_ratio").value.tolist()[:3] == [0.35, 0.25, 0.80]
    assert layer(reading, "floor_area_ratio").value.tolist()[:2] == [2.0, 3.5]
    assert layer(reading, "height_limit").value.tolist()[:3] == [60.0, 80.0, 12.0]
    assert layer(reading, "floor_area_ratio").completeness == 0.5
    assert {"intake.percent_guessed"} <= texts(reading)


def test_missing_prj_is_refused_with_candidates(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path / "建筑.shp", buildings()), "buildings", crs="")
    assert caught.value.text == "intake.crs_missing"
    assert "EPSG:4549 (120E)" in caught.value.say("en")
    assert "坐标系" in caught.value.say("zh")


def test_missing_dbf_leaves_shapes_and_missing_shx_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", buildings())
    path.with_suffix(".dbf").unlink()
    reading = read(path, "buildings")
    assert [found.var.name for found in reading.layers] == ["buildings"]
    assert "intake.dbf_missing" in texts(reading)
    path.with_suffix(".shx").unlink()
    with pytest.raises(InputError, match="shx"):
        read(path, "buildings")


def test_renamed_text_is_no_shapefile(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    path.write_bytes(b"hello")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.not_this_format"


def test_a_cut_off_file_is_refused_before_shapes_are_lost(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", buildings(), encoding="utf-8")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.text == "intake.shapes_cut"


def test_named_columns_win_and_wrong_names_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", parcels())
    reading = read(path, columns={"far": "限高"})
    assert layer(reading, "floor_area_ratio").completeness < 1.0
    with pytest.raises(InputError) as caught:
        read(path, columns={"far": "容积"})
    assert caught.value.text == "intake.column_absent"
    with pytest.raises(InputError) as caught:
        read(path, columns={"mystery": "容积率"})
    assert caught.value.text == "intake.column_word"


def test_year_floors_and_use_of_buildings(tmp_path: Path) -> None:
    reading = read(written(tmp_path / "a.shp", buildings()), "buildings")
    years = layer(reading, "year_built").value
    assert years["J1"] == 1998
    assert years["J3"] == 2010
    assert years["J4"] == 1995
    assert years.isna().sum() == 2
    assert list(layer(reading, "building_use").value) == ["residential", "", "office", "residential", "residential"]
    assert "intake.cell_no_number" in texts(reading)

"""Shapefiles in any encoding, with missing companions."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.readers import shapefile
from tests.sources.planner_files import CRS, TARGET, buildings, driver_byte, parcels
from tests.sources.planner_files import shapefile as written

LIMITS = Limits()


def read(path: Path, role: str = "parcels", **said: object) -> Reading:
    options = shapefile.Options.model_validate({"crs": CRS, **said})
    return shapefile.read(path, role, options, TARGET, limits=LIMITS)


def layer(reading: Reading, name: str) -> SourceLayer:
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


def test_missing_dbf_leaves_shapes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", buildings())
    path.with_suffix(".dbf").unlink()
    reading = read(path, "buildings")
    assert [found.var.name for found in reading.layers] == ["buildings"]
    assert "intake.dbf_missing" in texts(reading)


@pytest.mark.parametrize("fault", ["missing", "cut", "foreign", "empty"])
def test_an_index_that_is_missing_or_wrong_is_rebuilt_in_a_copy(tmp_path: Path, fault: str) -> None:
    path = written(tmp_path / "建筑.shp", buildings())
    whole = read(path, "buildings")
    index = path.with_suffix(".shx")
    content = index.read_bytes()
    if fault == "missing":
        index.unlink()
    if fault == "cut":
        index.write_bytes(content[:-4])
    if fault == "foreign":
        index.write_bytes(content[:-8] + (9_999).to_bytes(4, "big") + content[-4:])
    if fault == "empty":
        index.write_bytes(b"")
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    reading = read(path, "buildings")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    assert {finding.text: finding.count for finding in reading.findings}["intake.shx_rebuilt"] == 5
    assert layer(reading, "floors").value.equals(layer(whole, "floors").value)
    assert layer(reading, "buildings").value.geom_equals(layer(whole, "buildings").value).all()
    assert shapefile.peek(path)[0].count == 5


def test_without_an_index_broken_records_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", buildings())
    path.with_suffix(".shx").unlink()
    content = bytearray(path.read_bytes())
    content[104:108] = (1 << 30).to_bytes(4, "big")
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path, "buildings")
    assert caught.value.text == "intake.shx_hopeless"


@pytest.mark.parametrize(("rows", "held"), [(3, 3), (5, 3), (0, 0)])
def test_a_dbf_that_is_too_short_loses_no_shape(tmp_path: Path, rows: int, held: int) -> None:
    path = written(tmp_path / "a.shp", buildings())
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[4:8] = rows.to_bytes(4, "little")
    start, step = (int.from_bytes(content[at : at + 2], "little") for at in (8, 10))
    dbf.write_bytes(content[: start + held * step + step // 2 * (rows > 0)])
    reading = read(path, "buildings")
    assert len(layer(reading, "buildings").value) == 5
    told = {finding.text: finding for finding in reading.findings}["intake.dbf_rows"]
    assert (told.count, told.values["rows"], told.values["shapes"]) == (5 - held, held, 5)
    if held:
        assert layer(reading, "floors").value.tolist()[0] == 6
        assert layer(reading, "floors").completeness == pytest.approx(0.2)


def test_a_dbf_with_rows_too_many_is_told(tmp_path: Path) -> None:
    path, other = written(tmp_path / "a.shp", buildings().iloc[:3]), written(tmp_path / "b.shp", buildings())
    path.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())
    reading = read(path, "buildings")
    assert len(layer(reading, "buildings").value) == 3
    assert "intake.dbf_rows" in texts(reading)


@pytest.mark.parametrize("content", [b"", b"hello", bytes(200), bytes(8) + b"\xff" * 190])
def test_a_dbf_that_is_none_leaves_shapes(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path / "a.shp", buildings())
    path.with_suffix(".dbf").write_bytes(content)
    reading = read(path, "buildings")
    assert len(layer(reading, "buildings").value) == 5
    assert "intake.dbf_rows" in texts(reading)


TRADITIONAL = ["第二種住宅區", "商業區商業區", "公園綠地用地", "河川區域用地"]


def traditional(path: Path, encoding: str) -> Path:
    frame = parcels()[["geometry"]].assign(備註=TRADITIONAL)
    return written(path, frame, encoding=encoding)


@pytest.mark.parametrize("stated", ["", "BIG5", "950", "OEM 950", "LDID"])
def test_big5_is_read_as_stated_or_by_its_characters(tmp_path: Path, stated: str) -> None:
    path = traditional(tmp_path / "a.shp", "big5")
    if stated == "LDID":
        driver_byte(path, 0x78)
    if stated not in ("", "LDID"):
        path.with_suffix(".cpg").write_text(stated, encoding="ascii")
    told = {finding.text: finding for finding in read(path).findings}
    text = "intake.encoding_stated" if stated else "intake.encoding_guessed"
    assert told[text].values["encoding"] in ("cp950", "big5")
    assert "備註" in str(told["intake.columns_unused"].values["columns"])


def test_a_wrong_cpg_never_garbles_texts(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", parcels(), encoding="utf-8")
    for wrong in ("GBK", "936", "ISO 88591", "1252"):
        path.with_suffix(".cpg").write_text(wrong, encoding="ascii")
        reading = read(path)
        assert "intake.encoding_wrong" in texts(reading), wrong
        assert layer(reading, "land_use").value.iloc[1] == "0902"
    gbk = written(tmp_path / "b.shp", parcels())
    gbk.with_suffix(".cpg").write_text("ISO-8859-1", encoding="ascii")
    assert "intake.encoding_wrong" in texts(read(gbk))
    gbk.with_suffix(".cpg").write_text("乱码", encoding="utf-8")
    assert {"intake.cpg_unknown", "intake.encoding_guessed"} <= texts(read(gbk))


def test_what_the_study_says_of_the_encoding_holds(tmp_path: Path) -> None:
    path = traditional(tmp_path / "a.shp", "big5")
    told = {finding.text: finding for finding in read(path, encoding="gbk").findings}
    assert told["intake.encoding_stated"].values["encoding"] == "gb18030"
    assert "備註" not in str(told["intake.columns_unused"].values["columns"])


def test_western_letters_are_no_chinese(tmp_path: Path) -> None:
    frame = buildings()
    frame["用途"] = ["Bürogebäude", "Café", "Zürich", "Malmö", "Ålborg"]
    frame = frame.set_axis(["a", "b", "c", "d", "e", "geometry"], axis=1)
    path = written(tmp_path / "a.shp", frame, encoding="cp1252")
    told = {finding.text: finding for finding in read(path, "buildings").findings}
    assert told["intake.encoding_guessed"].values["encoding"] == "cp1252"


def test_texts_of_two_encodings_are_read_one_by_one(tmp_path: Path) -> None:
    frame = parcels()
    frame["用地代码"] = ["二类城镇住宅用地", "商务金融用地", "公园绿地", "河流水面"]
    path = written(tmp_path / "a.shp", frame, encoding="gb18030")
    dbf = path.with_suffix(".dbf")
    old, new = "公园绿地".encode("gb18030"), "公园绿地".encode()
    dbf.write_bytes(dbf.read_bytes().replace(old.ljust(16), new.ljust(16)))
    reading = read(path)
    assert "intake.dbf_mixed" in texts(reading)
    assert list(layer(reading, "land_use").value) == ["070102", "0902", "1401", "1701"]


def test_names_cut_to_the_same_ten_bytes_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", parcels())
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[64:75] = content[32:43]
    dbf.write_bytes(content)
    reading = read(path)
    assert "intake.columns_repeated" in texts(reading)
    assert list(layer(reading, "plot_number").value) == ["A-01", "A-02", "B-01", "B-02"]


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

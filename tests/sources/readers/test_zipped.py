"""A ZIP of one data set is read as that; of several, the study names one."""

import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import all_readers, reader_for
from citybraid.sources.protocol.filespec import FileSpec, options_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import zipped
from tests.sources.planner_files import CRS, TARGET, buildings, parcels, raster, shapefile, streets


def packed(path: Path, folder: Path, *, inside: str = "") -> Path:
    """Pack all files of a folder, below `inside`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for piece in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(piece, f"{inside}{piece.relative_to(folder).as_posix()}")
    return path


def read(path: Path, role: str, **said: object) -> Reading:
    spec = FileSpec.model_validate({"path": path.name, **said})
    return zipped.read(path, role, options_of(spec, zipped.Options, name=role), TARGET, limits=Limits())


def column(reading: Reading, name: str) -> SourceLayer:
    return next(found for found in reading.layers if found.var.name == name)


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    folder = tmp_path / "pieces"
    folder.mkdir()
    return folder


def test_a_zipped_shapefile_is_read_with_its_companions(tmp_path: Path, pieces: Path) -> None:
    shapefile(pieces / "地块.shp", parcels(), bare=False)
    (pieces / "说明.txt").write_text("读我", encoding="utf-8")
    (pieces / "run.exe").write_bytes(b"MZ")
    reading = read(packed(tmp_path / "交付.zip", pieces, inside="成果/"), "parcels")
    assert list(column(reading, "plot_number").value) == ["A-01", "A-02", "B-01", "B-02"]
    told = {finding.text: finding for finding in reading.findings}
    assert told["intake.zip_read"].values["member"] == "成果/地块.shp"
    assert told["intake.zip_left_out"].values["examples"] == ["成果/run.exe"]


def test_options_reach_the_reader_inside_and_others_are_refused(tmp_path: Path, pieces: Path) -> None:
    shapefile(pieces / "a.shp", parcels())
    path = packed(tmp_path / "a.zip", pieces)
    with pytest.raises(InputError) as caught:
        read(path, "parcels")
    assert caught.value.text == "intake.crs_missing"
    assert caught.value.values["name"] == "a.zip/a.shp"
    assert len(column(read(path, "parcels", crs=CRS, encoding="gbk"), "parcels").value) == 4
    with pytest.raises(InputError) as caught:
        read(path, "parcels", crs=CRS, unit="mm")
    assert caught.value.text == "intake.option_unused"


def test_of_several_data_sets_one_is_named_with_its_layer(tmp_path: Path, pieces: Path) -> None:
    streets().to_file(pieces / "道路.gpkg", layer="中心线")
    parcels().to_file(pieces / "data.gpkg", layer="地块")
    buildings().to_file(pieces / "data.gpkg", layer="建筑")
    path = packed(tmp_path / "a.zip", pieces)
    with pytest.raises(InputError) as caught:
        read(path, "buildings")
    assert caught.value.text == "intake.zip_several"
    assert caught.value.values["needs"] == ["data.gpkg", "道路.gpkg"]
    assert len(column(read(path, "buildings", sheet="data.gpkg/建筑"), "buildings").value) == 5
    assert len(column(read(path, "streets", sheet="道路"), "streets").value) == 2
    with pytest.raises(InputError) as caught:
        read(path, "streets", sheet="河道.gpkg")
    assert caught.value.text == "intake.zip_absent"
    assert {each.layer: each.kind for each in zipped.peek(path)} == {
        "data.gpkg/地块": "polygon", "data.gpkg/建筑": "polygon", "道路.gpkg": "line",
    }  # fmt: skip


@pytest.mark.parametrize("inside", ["城市.gdb/", ""])
def test_a_zipped_geodatabase_is_read_with_and_without_its_folder(tmp_path: Path, inside: str) -> None:
    folder = tmp_path / "x.gdb"
    pyogrio.write_dataframe(buildings(), folder, layer="建筑", driver="OpenFileGDB")
    pyogrio.write_dataframe(streets(), folder, layer="道路", driver="OpenFileGDB", append=True)
    path = packed(tmp_path / "城市.gdb.zip", folder, inside=inside)
    assert reader_for(path).module is zipped
    reading = read(path, "buildings", sheet="建筑")
    assert column(reading, "floors").value.iloc[0] == 6
    assert {each.layer for each in zipped.peek(path)} == {"城市.gdb/建筑", "城市.gdb/道路"}


def test_its_version_rises_with_that_of_any_other_reader() -> None:
    readers = {each.id: each.version for each in all_readers()}
    own = readers.pop("sources.readers.zipped")
    assert own == 2 * zipped.VERSION + sum(readers.values())


def test_archives_in_archives_and_unreadable_ones_are_told(tmp_path: Path, pieces: Path) -> None:
    (pieces / "in.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(InputError) as caught:
        read(packed(tmp_path / "a.zip", pieces), "parcels")
    assert caught.value.text == "intake.zip_nested"
    (pieces / "in.zip").rename(pieces / "图.dwg")
    with pytest.raises(InputError) as caught:
        read(packed(tmp_path / "b.zip", pieces), "parcels")
    assert caught.value.text == "intake.zip_nothing"
    assert caught.value.say("en") != caught.value.say("zh")


@pytest.mark.own_worker
def test_a_whole_study_of_archives_leaves_nothing_behind(
    tmp_path: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    shapefile(pieces / "建筑.shp", buildings(), bare=False)
    packed(tmp_path / "建筑.zip", pieces)
    heights = tmp_path / "heights"
    heights.mkdir()
    raster(heights / "dem.tif", np.full((80, 80), 3.0, dtype=np.float32) + np.arange(80, dtype=np.float32))
    packed(tmp_path / "地形.zip", heights)
    files = {"terrain": FileSpec(path="地形.zip"), "buildings": FileSpec(path="建筑.zip")}
    intake = take_in(files, Target(CRS, 5.0), root=tmp_path)
    assert {"terrain", "floors"} <= {found.var.name for found in intake.layers}
    assert list(scratch.iterdir()) == []
    alone = take_in({"terrain": FileSpec(path="地形.zip")}, Target(CRS, 5.0), root=tmp_path)
    assert alone.target.base is not None


def test_a_table_beside_a_shapefile_is_a_data_set_and_a_readme_is_none(tmp_path: Path, pieces: Path) -> None:
    (pieces / "说明.txt").write_text("读我", encoding="utf-8")
    (pieces / "暴雨.csv").write_text("时间,雨量(mm)\n0:00,1\n0:05,2\n", encoding="utf-8")
    shapefile(pieces / "地块.shp", parcels())
    path = packed(tmp_path / "资料.zip", pieces)
    assert sorted(each.layer for each in zipped.peek(path)) == ["地块.shp", "暴雨.csv"]
    reading = read(path, "parcels", crs=CRS)
    left_out = next(each for each in reading.findings if each.text == "intake.zip_left_out")
    assert left_out.values["examples"] == ["暴雨.csv"]

"""GeoPackages in use, with views, tables and virtual tables: read whole, and nothing left beside them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import geopackage
from tests.sources.planner_files import CRS, TARGET, buildings, parcels

LIMITS = Limits()


def read(path: Path, role: str, **said: object) -> Reading:
    return geopackage.read(path, role, geopackage.Options.model_validate(said), TARGET, limits=LIMITS)


def fault(path: Path, role: str = "buildings", **said: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path, role, **said)
    assert caught.value.say("en") != caught.value.say("zh")
    return caught.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Buildings without floors, and their floors in a table of their own."""
    file = tmp_path / "现状.gpkg"
    buildings().drop(columns="层数").to_file(file, layer="现状建筑")
    floors = pd.DataFrame({"编号": [f"J{n}" for n in range(1, 6)], "层数": [1, 2, 3, 4, 5]})
    pyogrio.write_dataframe(floors, file, layer="楼层表", driver="GPKG", append=True)
    return file


def test_a_table_without_shapes_does_not_make_the_layer_ambiguous_and_can_be_joined(path: Path) -> None:
    assert len(read(path, "buildings").layers[0].value) == 5
    files = {
        "buildings": FileSpec(path=path.name),
        "floors": FileSpec(path=path.name, role="buildings", sheet="楼层表"),
    }
    intake = take_in(files, Target(CRS, 5.0), root=path.parent)
    assert next(each for each in intake.layers if each.var.name == "floors").value.tolist() == [1, 2, 3, 4, 5]


def test_a_package_of_tables_alone_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"编号": ["1"]}), file, layer="表", driver="GPKG")
    assert fault(file).text == "intake.tables_only"


def test_a_view_with_shapes_is_a_layer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute('create view "高楼" as select fid, geom, 编号, 高度 from "现状建筑" where 高度 > 30')
        database.execute(
            "insert into gpkg_contents(table_name, data_type, identifier, srs_id) "
            "select '高楼', 'features', '高楼', srs_id from gpkg_contents where table_name = '现状建筑'"
        )
        database.execute(
            "insert into gpkg_geometry_columns select '高楼', column_name, geometry_type_name, srs_id, z, m "
            "from gpkg_geometry_columns where table_name = '现状建筑'"
        )
    assert fault(path).text == "intake.layer_ambiguous"
    heights = next(each for each in read(path, "buildings", sheet="高楼").layers if each.var.name == "height")
    assert sorted(heights.value) == [39.0, 54.0]


def floors_of_first(path: Path) -> float:
    found = next(each for each in read(path, "buildings", sheet="楼层表").layers if each.var.name == "floors")
    return float(found.value["J1"])


def test_changes_that_wait_in_the_log_are_read_and_nothing_is_left_beside(path: Path) -> None:
    spec = geopackage.Options()
    before_key = leaf_key(path, reader_for(path), spec)
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("pragma wal_autocheckpoint=0")
        database.execute('update "楼层表" set 层数 = 77 where 编号 = ?', ("J1",))
        database.commit()
        names = {each.name: each.read_bytes() for each in path.parent.iterdir() if not each.name.endswith("-shm")}
        assert f"{path.name}-wal" in names
        assert floors_of_first(path) == 77
        assert {each: path.with_name(each).read_bytes() for each in names} == names
        assert leaf_key(path, reader_for(path), spec) != before_key
    assert {each.name for each in path.parent.iterdir()} == {path.name}
    assert floors_of_first(path) == 77
    assert {each.name for each in path.parent.iterdir()} == {path.name}


def test_virtual_tables_that_reach_outside_are_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("pragma writable_schema=on")
        database.execute(
            "insert into sqlite_master values('table', '外', '外', 0, "
            "'CREATE VIRTUAL TABLE 外 USING VirtualOGR(''/etc/passwd'')')"
        )
    assert fault(path).values["got"] == "virtualogr"


def test_damaged_and_other_databases_are_told(path: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.gpkg"
    with closing(sqlite3.connect(plain)) as database, database:
        database.execute("create table a(b)")
    assert fault(plain).text in ("intake.unreadable", "intake.tables_only", "intake.disguised", "intake.no_geometry")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    assert fault(path).text == "intake.unreadable"


def test_layers_are_seen_in_chinese(tmp_path: Path) -> None:
    file = tmp_path / "规划（一）.gpkg"
    parcels().to_file(file, layer="地块 2035")
    buildings().to_file(file, layer="建筑")
    assert {each.layer: each.count for each in geopackage.peek(file)} == {"地块 2035": 4, "建筑": 5}
    assert len(read(file, "parcels", sheet="地块 2035").layers[0].value) == 4


def test_a_file_that_another_program_is_writing_is_told_so(path: Path) -> None:
    """It was told to be damaged, and its journal to be of a format that cannot be read."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        writer.execute("update gpkg_contents set description = 'x'")
        told = fault(path, sheet="现状建筑")
        assert told.text == "intake.gpkg_half_written"
        assert {each.path.name for each in guess_roles(path.parent)} == {"现状.gpkg"}
        writer.execute("rollback")
    assert read(path, "buildings", sheet="现状建筑").layers

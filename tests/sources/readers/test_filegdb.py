"""File geodatabases: a folder is one file, layers in Chinese, tables joined, incomplete copies told."""

from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import filegdb
from tests.sources.planner_files import CRS, TARGET, buildings, streets


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two layers, and a table with the floors of the buildings."""
    path = tmp_path_factory.mktemp("资料") / "现状.gdb"
    pyogrio.write_dataframe(buildings().drop(columns="层数"), path, layer="建筑", driver="OpenFileGDB")
    pyogrio.write_dataframe(streets(), path, layer="道路", driver="OpenFileGDB", append=True)
    floors = pd.DataFrame({"编号": [f"J{n}" for n in range(1, 6)], "层数": [1.0, 2.0, 3.0, 4.0, 5.0]})
    pyogrio.write_dataframe(floors, path, layer="属性", driver="OpenFileGDB", append=True)
    return path


def read(path: Path, role: str, **said: object) -> Reading:
    return filegdb.read(path, role, filegdb.Options.model_validate(said), TARGET, limits=Limits())


def test_one_layer_must_be_named(database: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(database, "buildings")
    assert caught.value.text == "intake.layer_ambiguous"
    reading = read(database, "streets", sheet="道路")
    classes = next(each for each in reading.layers if each.var.name == "road_class")
    assert list(classes.value) == ["primary", "tertiary"]


def test_the_folder_goes_through_intake_and_its_table_is_joined(database: Path) -> None:
    files = {
        "buildings": FileSpec(path="现状.gdb", sheet="建筑"),
        "floors": FileSpec(path="现状.gdb", role="buildings", sheet="属性"),
    }
    intake = take_in(files, Target(CRS, 5.0), root=database.parent)
    floors = next(each for each in intake.layers if each.var.name == "floors")
    assert floors.value.to_dict() == {"J1": 1, "J2": 2, "J3": 3, "J4": 4, "J5": 5}


def test_layers_are_seen(database: Path) -> None:
    assert {each.layer: each.kind for each in filegdb.peek(database)} == {
        "建筑": "polygon",
        "道路": "line",
        "属性": "table",
    }


def test_incomplete_and_other_folders_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    folder.mkdir()
    (folder / "a00000009.gdbtable").write_bytes(b"\x03\x00\x00\x00")
    with pytest.raises(InputError) as caught:
        read(folder, "buildings")
    assert caught.value.text == "intake.gdb_incomplete"
    file = tmp_path / "b.gdb"
    file.write_bytes(b"SQLite format 3\x00")
    with pytest.raises(InputError) as caught:
        read(file, "buildings")
    assert caught.value.text == "intake.disguised"

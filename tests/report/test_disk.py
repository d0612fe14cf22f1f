"""A disk that is full while a report is written: told as the system's error with its place, nothing half-written."""

import sqlite3
from pathlib import Path

import pytest
from pyogrio.errors import FeatureError

from citybraid.report.exports.disk import disk_faults
from citybraid.report.write import whole_or_nothing


@pytest.mark.parametrize("fault", [FeatureError("no feature"), sqlite3.OperationalError("database or disk is full")])
def test_faults_of_libraries_are_those_of_the_system(fault: Exception, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"no feature|disk is full") as told, disk_faults(tmp_path / "plan.gpkg"):
        raise fault
    assert told.value.filename == str(tmp_path / "plan.gpkg")


def test_a_new_folder_is_removed_and_named(tmp_path: Path) -> None:
    out = tmp_path / "report"

    def write() -> None:
        with whole_or_nothing(out):
            (out / "gis").mkdir(parents=True)
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space") as told:
        write()
    assert told.value.filename == str(out)
    assert not out.exists()


def test_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), whole_or_nothing(tmp_path):
        raise KeyboardInterrupt
    assert (tmp_path / "mine.txt").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(NotADirectoryError) as told, whole_or_nothing(tmp_path / "out"):
        pass
    assert told.value.filename == str(tmp_path / "out")

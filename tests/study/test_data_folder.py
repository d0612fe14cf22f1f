"""The folder of files where CITYBRAID_DATA is set for all studies: pilots of made-up places read their own."""

from pathlib import Path

import pytest

from citybraid.cli.early import study_folders
from citybraid.study.open.open_study import open_study, study_findings
from citybraid.study.open.pilots import copy_pilot

MADE = ("jiaxing-hsr", "jiaxing-ecf", "jiaxing-zhuxiaohui", "shanghai-qingpu-park")
"""Pilots whose files are all made beside them."""


@pytest.mark.parametrize("name", MADE)
def test_a_pilot_whose_files_are_all_made_reads_its_own(name: str, tmp_path: Path) -> None:
    """With the variable set as the README asks, four of twelve pilots looked for their files in the data folder."""
    path, elsewhere = copy_pilot(name, tmp_path / "pilot"), tmp_path / "data"
    elsewhere.mkdir()
    assert open_study(path, data=elsewhere).data == path.parent.resolve()
    assert path.parent in study_folders(path, elsewhere), "the reader of files may read it from the start"


def test_a_pilot_with_real_files_reads_them_from_the_folder_that_is_named(tmp_path: Path) -> None:
    path, elsewhere = copy_pilot("xiamen", tmp_path / "pilot"), tmp_path / "data"
    elsewhere.mkdir()
    assert open_study(path, data=elsewhere).data == elsewhere.resolve()


def test_files_of_ones_own_in_the_named_folder_win_over_made_ones(tmp_path: Path) -> None:
    path, elsewhere = copy_pilot("jiaxing-ecf", tmp_path / "pilot"), tmp_path / "own"
    study = open_study(path)
    given = next(spec.path for spec in study.asked.files.values() if isinstance(spec.path, str))
    (elsewhere / given).parent.mkdir(parents=True)
    (elsewhere / given).touch()
    assert open_study(path, data=elsewhere).data == elsewhere.resolve()


def test_a_folder_that_a_study_reads_nothing_from_is_told(tmp_path: Path) -> None:
    path, elsewhere = copy_pilot("jiaxing-ecf", tmp_path / "pilot"), tmp_path / "data"
    elsewhere.mkdir()
    (unread,) = [each for each in study_findings(open_study(path, data=elsewhere)) if each.text == "study.data_unread"]
    assert unread.kind == "warning", "such findings are printed and stand in the report"
    assert unread.values["folder"] == "data"
    assert not any(each.text == "study.data_unread" for each in study_findings(open_study(path)))

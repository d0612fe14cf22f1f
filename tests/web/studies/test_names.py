import unicodedata
from pathlib import Path

import pytest

from citybraid.web.access.refusals import Refused
from citybraid.web.studies.names import LONGEST, folder_name, free_folder, upload_path


@pytest.mark.parametrize("name", ["地块 一/控规（2023）.shp", "a b/c.gdb/a0000001.gdbtable", "é.csv"])
def test_chinese_names_and_spaces_are_kept(name: str) -> None:
    assert str(upload_path(name)) == name
    assert str(upload_path(unicodedata.normalize("NFD", name))) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name",
    ["../study.toml", "a/../../b.csv", "/etc/passwd", "\\\\host\\x.csv", "C:\\x.csv", "a//b.csv", "a\x00.csv",
     "con.csv", "", "a\n.csv", "x.csv ", "..", "a/" * 30 + "b.csv", "\u202egpj.csv", "字" * 80 + ".csv",
     "..\\..\\x.csv"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        upload_path(name)
    assert refused.value.text == "web.upload_name"


@pytest.mark.parametrize("name", [".DS_Store", "a/.git/config", ".citybraid/workspace.db"])
def test_hidden_names_are_told_apart(name: str) -> None:
    with pytest.raises(Refused) as refused:
        upload_path(name)
    assert refused.value.text == "web.upload_hidden"


def test_folders_are_named_after_titles(tmp_path: Path) -> None:
    assert folder_name("嘉兴 高铁新城（一）") == "嘉兴 高铁新城（一）"
    assert folder_name("../../a:b") == "a-b"
    assert folder_name("...") == folder_name("CON") == folder_name("") == "study"
    assert len(folder_name("字" * 200).encode()) <= LONGEST
    (tmp_path / "A").mkdir()
    assert free_folder(tmp_path, "a").name == "a 2"
    assert free_folder(tmp_path, "a", known={"A 2", "b"}).name == "a 3"

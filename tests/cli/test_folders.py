"""A folder in place of a study file, and a folder whose files are of no role at all."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point

from tests.commands import citybraid

SMALL = """
[study]
name = "small"
title = { zh = "小", en = "Small" }
crs = "EPSG:4549"
"""


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_folder_is_its_study(tmp_path: Path, command: str) -> None:
    (tmp_path / "study.toml").write_text(SMALL + "magic = 1\n", encoding="utf-8")
    done = citybraid(command, str(tmp_path))
    assert done.returncode == 2
    assert "magic" in done.stderr + done.stdout
    assert "directory" not in done.stderr


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_folder_without_a_study_says_how_to_draft_one(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    done = citybraid(command, str(folder))
    assert done.returncode == 2
    assert f"citybraid new NEWFOLDER --files '{folder}'" in done.stderr, "as a shell takes it"
    assert "没有 study.toml" in done.stderr
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "study.toml").write_text(SMALL, encoding="utf-8")
    done = citybraid(command, str(tmp_path))
    assert "below it are 甲/study.toml" in done.stderr.replace("\\", "/")


def test_files_of_no_role_are_no_study(tmp_path: Path) -> None:
    files = tmp_path / "资料"
    files.mkdir()
    gpd.GeoDataFrame({"颜色": ["红"]}, geometry=[Point(500_000, 3_400_000)], crs="EPSG:4549").to_file(files / "x.gpkg")
    done = citybraid("new", str(tmp_path / "new"), "--files", str(files))
    assert done.returncode == 2, done.stdout
    assert "x.gpkg" in done.stdout
    assert "at least one of: terrain" in done.stderr
    assert "无法判断各文件的内容" in done.stderr
    assert not (tmp_path / "new").exists()

"""citybraid check on a planner's folder: one pass over all files, whatever is wrong with some of them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from citybraid.report.intake.record import IntakeRecord
from citybraid.sources.protocol.discovery import all_readers
from tests.commands import Done, citybraid
from tests.sources.planner_files import CRS, workbook
from tests.sources.test_intake import folder

STUDY = f"""
[study]
name = "messy"
title = {{ zh = "杂乱", en = "Messy" }}
crs = "{CRS}"
region = "CN"
year = 2025
resolution = 5
[files.buildings]
path = "现状建筑.shp"
crs = "{CRS}"
[files.parcels]
path = "地块.shp"
[files.terrain]
path = "dem.tif"
[files.storm]
path = "雨.csv"
event = "小雨"
[files.weather]
path = "a.epw"
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
"""
REFUSED = """
[files.units]
path = "单元.gpkg"
[files.streets]
path = "道路.dwg"
[files.population]
path = "空.xlsx"
[files.green]
path = "绿地[1].tif"
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = folder(tmp_path_factory.mktemp("规划 项目（一）"))
    (root / "单元.gpkg").write_bytes(b"SQLite format 3\x00" + bytes(200))
    (root / "道路.dwg").write_bytes(b"AC1032")
    workbook(root / "空.xlsx", {"Sheet1": []})
    path = root / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def broken(study: Path) -> Done:
    path = study.with_name("broken.toml")
    path.write_text(STUDY.replace("[alternatives.as_is]", REFUSED + "[alternatives.as_is]"), encoding="utf-8")
    return citybraid("check", str(path), "--out", str(study.with_name("报告")))


def test_every_refused_file_is_told_in_one_pass_in_both_languages(broken: Done) -> None:
    assert broken.returncode == 2, broken.stderr
    for name in ("单元.gpkg", "道路.dwg", "空.xlsx", "绿地[1].tif"):
        assert broken.stderr.count(name) >= 2, broken.stderr
    assert "What keeps the study from running (4): 阻碍运行的问题（4 项）" in broken.stderr
    assert "Traceback" not in broken.stderr


def test_the_other_files_are_read_and_told_all_the_same(broken: Done, study: Path) -> None:
    assert "建筑轮廓" in broken.stdout
    assert "尚不能运行" in broken.stdout
    record = IntakeRecord.model_validate_json((study.with_name("报告") / "intake.json").read_text(encoding="utf-8"))
    assert not record.ready
    assert len(record.refused) == 4
    assert {"buildings", "parcels", "terrain"} <= {trust.layer for trust in record.trust}
    assert record.completeness["floors"] == pytest.approx(0.6)


def test_progress_counts_the_files(broken: Done) -> None:
    lines = [line.strip() for line in broken.stderr.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines if "/" in line.split()[0]] == [f"{at}/8" for at in range(1, 8)]


@pytest.mark.own_worker
def test_sound_files_are_ready_and_read_once(study: Path) -> None:
    done = citybraid("check", str(study), "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "可以运行" in done.stdout
    assert "Ready" not in done.stdout
    assert "下一步可补充的资料" in done.stdout
    assert "→" in done.stdout
    assert (study.parent / "intake" / "intake.html").exists()
    assert "5/5 " in done.stderr
    again = citybraid("check", str(study), "--json", "--no-report")
    assert json.loads(again.stdout)["ready"] is True
    changed = study.with_name("changed.toml")
    changed.write_text(STUDY.replace('event = "小雨"', 'event = "大雨"'), encoding="utf-8")
    told = citybraid("check", str(changed), "--no-report").stderr
    assert told.count("read before") == 4, told
    assert "雨.csv: read before" not in told


@pytest.mark.slow
def test_a_cancelled_check_leaves_nothing_half_written(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "citybraid", "check", str(study.with_name("slow.toml")), "--out", str(out)]
    study.with_name("slow.toml").write_text(STUDY.replace("resolution = 5", "resolution = 0.5"), encoding="utf-8")
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        assert running.stderr is not None
        assert any(b"1/5" in line for line in running.stderr)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=300)
    finally:
        running.kill()
    assert running.returncode == 130, said
    assert b"Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    assert not list(study.parent.glob(".*.part"))


def test_formats_are_those_of_the_readers() -> None:
    found = json.loads(citybraid("formats", "--json").stdout)
    told = {suffix for each in found for suffix in each["suffixes"]}
    assert told == {suffix for reader in all_readers() for suffix in reader.suffixes}
    assert not [each["name"] for each in found if each["zh"] == each["about"]], "a reader lacks its row format.<name>"
    brings = {each["name"]: each["brings"] for each in found}
    assert [brings[name] for name in ("dxf", "geotiff", "sheet", "epw", "zipped")] == [
        "shapes", "raster", "table", "weather", "any",
    ]  # fmt: skip

"""What programs are told that start this one: progress and a summary as JSON lines, errors in every language."""

import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.cli.progress import progress_display
from citybraid.core.text import LANGUAGES
from citybraid.study.open.events import StageStarted, StepProgress
from tests.commands import citybraid
from tests.geotiffs import CRS, write_raster

STUDY = f"""
[study]
name = "slope"
title = {{ zh = "坡地", en = "Slope" }}
crs = "{CRS}"
region = "CN"
year = 2025
resolution = 10
[files.terrain]
path = "dem.tif"
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_a_check_that_refuses_tells_why_in_its_last_line(study: Path) -> None:
    done = citybraid("check", str(study), "--events", "--no-rehearsal", "--no-report")
    first, *_, last = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, first["event"], last["event"]) == (2, "StageStarted", "Done")
    assert (last["size"], last["too_large"], last["files"]) == (None, {}, [])
    assert last["refused"]
    assert all("dem.tif" in each["en"] or "study" in each["en"] for each in last["refused"])
    assert all(set(each) == set(LANGUAGES) for each in last["refused"])


def test_a_check_tells_what_a_run_takes(study: Path) -> None:
    slope = np.add.outer(np.linspace(5, 2, 20), np.linspace(0, 1, 20)).astype(np.float32)
    write_raster(study.with_name("dem.tif"), slope, cell=10.0)
    done = citybraid("check", str(study), "--events", "--no-rehearsal", "--no-report")
    events = list(map(json.loads, done.stdout.splitlines()))
    assert done.returncode == 0, done.stderr
    assert not [each for each in events if each["event"] == "StepStarted"]
    size = events[-1]["size"]
    assert size["cells"] > 0
    assert size["steps"] > 0
    assert size["mib"] > 0


def test_errors_are_a_line_of_json_where_asked_for(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = citybraid("report", str(study.parent / "runs" / "009"))
    monkeypatch.setenv("CITYBRAID_REFUSALS", "json")
    done = citybraid("report", str(study.parent / "runs" / "009"))
    told = json.loads(done.stderr)
    assert (done.returncode, plain.returncode, told["event"], told["error"]) == (2, 2, "Refused", "run.no_manifest")
    assert plain.stderr.splitlines() == [told["said"][language] for language in LANGUAGES]


def test_progress_of_steps_is_told_once_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_display(silent=False, as_json=True) as emit:
        emit(StageStarted("report"))
        for share in range(100):
            emit(StepProgress("report", share / 100))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["event"] for each in lines] == ["StageStarted", "StepProgress"]

"""The last run of a study stands while study, files, factors, program and values are the same."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run import last_run as standing_module
from citybraid.study.run.last_run import current_run, program_digest
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.sources.planner_files import raster

STUDY = """
factors = "factors.csv"
[study]
name = "small"
title = { zh = "甲", en = "A" }
crs = "EPSG:4549"
region = "CN-JS-SZ"
year = 2025
resolution = 40.0
[files.terrain]
path = "data/地形.tif"
[alternatives.as_is]
title = { zh = "现状", en = "As is" }
"""
FACTORS = (
    "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
    "grid_emission_factor,,{value},,,,kg/kWh,CN,2022,,user,,\n"
)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study that was run once."""
    folder = tmp_path_factory.mktemp("项目 一")
    (folder / "data").mkdir()
    raster(folder / "data" / "地形.tif", np.full((80, 80), 3.0, dtype=np.float32))
    (folder / "factors.csv").write_text(FACTORS.format(value=0.5), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    run_study(open_study(folder / "study.toml"))
    return folder


@pytest.fixture
def place(once: Path, tmp_path: Path) -> Path:
    """A copy of the small study with its run and its store."""
    return shutil.copytree(once, tmp_path / "副本")


def found(place: Path, *, baseline_only: bool = False) -> Run | None:
    study = open_study(place / "study.toml")
    return current_run(study, take_in_study(study, Store(place / ".citybraid" / "store")), baseline_only=baseline_only)


def test_a_run_stands_while_nothing_changes(place: Path) -> None:
    run = found(place)
    assert run is not None
    assert run.folder == place / "runs" / "001"
    assert run.manifest.basis is not None
    assert len(run.manifest.basis) == len(program_digest())


def test_a_study_without_runs_has_none_that_stands(place: Path) -> None:
    shutil.rmtree(place / "runs")
    assert found(place) is None


def test_another_question_is_another_run(place: Path) -> None:
    assert found(place, baseline_only=True) is None
    study = place / "study.toml"
    study.write_text(STUDY.replace("year = 2025", "year = 2030"), encoding="utf-8")
    assert found(place) is None


def test_another_factor_is_another_run(place: Path) -> None:
    (place / "factors.csv").write_text(FACTORS.format(value=0.6), encoding="utf-8")
    assert found(place) is None


def test_another_file_is_another_run(place: Path) -> None:
    raster(place / "data" / "地形.tif", np.full((80, 80), 4.0, dtype=np.float32))
    assert found(place) is None


def test_another_program_is_another_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_module, "program_digest", lambda: "another")
    assert found(place) is None


@pytest.mark.parametrize(
    ("changed", "stands"),
    [("web/bundle/index.html", True), ("cli/app.py", True), ("factors/price.csv", False), ("core/layer.py", False)],
)
def test_the_program_is_what_runs_rest_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str, *, stands: bool
) -> None:
    monkeypatch.setattr(standing_module, "files", lambda _: tmp_path)
    file = tmp_path / changed
    file.parent.mkdir(parents=True)
    prints = []
    for text in ("one", "two"):
        file.write_text(text, encoding="utf-8")
        prints.append(program_digest.__wrapped__())
    assert (prints[0] == prints[1]) is stands


def test_a_run_that_lost_a_value_does_not_stand(place: Path) -> None:
    run = found(place)
    assert run is not None
    run.store.forget([run.manifest.alternatives["as_is"].layers[0].key])
    assert found(place) is None


def test_a_run_that_lost_a_table_does_not_stand(place: Path) -> None:
    path = place / "runs" / "001" / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "tables": ["scorecard"]}), encoding="utf-8")
    assert found(place) is None


def test_a_run_whose_manifest_cannot_be_read_does_not_stand(place: Path) -> None:
    (place / "runs" / "001" / "manifest.json").write_text("{", encoding="utf-8")
    assert found(place) is None


def test_only_the_last_run_stands(place: Path) -> None:
    study = place / "study.toml"
    study.write_text(STUDY.replace("year = 2025", "year = 2030"), encoding="utf-8")
    run_study(open_study(study))
    assert (again := found(place)) is not None
    assert again.folder.name == "002"
    study.write_text(STUDY, encoding="utf-8")
    assert found(place) is None

"""A run packed by the queue's own command: what the file holds, who may take it, what is refused."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.commons.opening.opened import check
from citybraid.study.run.run import Run
from citybraid.web.jobs.lookup import arguments
from citybraid.web.studies.names import CASE, CASE_FILE
from tests.commands import Done, citybraid
from tests.web.made import person
from tests.web.packed_place import put_place


@pytest.fixture
def run(workspace: Path) -> Run:
    return put_place(workspace / "片区 一")


@pytest.fixture
def url(study: str) -> str:
    return f"/api/studies/{study}/runs/001/case"


def packed(run: Run, **options: object) -> Done:
    """Pack the run as a worker does."""
    return citybraid(*arguments("pack", run.folder.parent.parent, {"run": "001", **options}))


def test_a_run_is_packed_and_told_and_taken(owner: TestClient, run: Run, url: str, tmp_path: Path) -> None:
    assert owner.get(url).json() is None
    assert owner.get(f"{url}/file").status_code == 404
    done = packed(run)
    assert done.returncode == 0, done.stderr
    assert '"event": "Done"' in done.stdout
    told = owner.get(url).json()
    assert (told["file"], told["held"]["coordinates"], told["held"]["inputs"]) == ("made.case.zip", "exact", 3)
    absent = {each["entry"]: each for each in told["held"]["absent"]}
    assert sorted(absent) == ["ground", "houses"], "the rain may be passed on"
    assert "confidential" in absent["ground"]["why"]["en"]
    assert absent["ground"]["obtained"]["zh"] == "Ask the survey office"
    assert "[files.houses] obtained" in absent["houses"]["obtained"]["en"]
    answer = owner.get(f"{url}/file")
    assert 'filename="made.case.zip"' in answer.headers["content-disposition"]
    taken = tmp_path / "taken.case.zip"
    taken.write_bytes(answer.content)
    assert check(taken).id == told["id"]


def test_coordinates_are_rounded_or_left_out_and_names_numbered(owner: TestClient, run: Run, url: str) -> None:
    assert packed(run, coarsen=500.0, without_names=True).returncode == 0
    held = owner.get(url).json()["held"]
    assert (held["coordinates"], held["metres"], held["names"]) == ("coarsened", 500.0, "left_out")
    assert len(held["absent"]) == held["inputs"], "no input has exact places"
    assert packed(run, without_coordinates=True).returncode == 0
    held = owner.get(url).json()["held"]
    assert (held["coordinates"], held["metres"]) == ("left_out", None)
    assert any("bounds" in each["en"] for each in held["lost"])


@pytest.mark.parametrize("options", [{"coarsen": 5.0}, {"coarsen": 500.0, "without_coordinates": True}])
def test_choices_that_exclude_each_other_are_refused(run: Run, options: dict[str, object]) -> None:
    done = packed(run, **options)
    assert done.returncode == 2
    assert not (run.folder / CASE).exists()


def test_a_study_that_has_changed_since_is_not_packed(run: Run) -> None:
    study = run.folder.parent.parent / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("storm.csv", "storm2.csv"), encoding="utf-8")
    assert "Run it again" in packed(run).stderr


def test_a_damaged_file_is_told(owner: TestClient, run: Run, url: str) -> None:
    assert packed(run).returncode == 0
    file = run.folder / CASE / CASE_FILE
    file.write_bytes(file.read_bytes()[:-400])
    answer = owner.get(url)
    assert (answer.status_code, answer.json()["error"]) == (422, "case.no_archive")


def test_who_only_looks_takes_no_inputs_and_hands_nothing_in(
    app: FastAPI, owner: TestClient, run: Run, url: str, study: str
) -> None:
    assert packed(run).returncode == 0
    viewer, editor = (person(app, each, study=study, role=each) for each in ("viewer", "editor"))
    assert viewer.get(url).status_code == 200
    assert viewer.get(f"{url}/file").status_code == 403
    assert editor.get(f"{url}/file").status_code == 200
    assert editor.post(f"{url}/handed-in", json={"by": "Wang"}).status_code == 403
    assert person(app, "nobody").get(url).status_code == 404


def test_lessons_are_told_in_both_languages_and_travel_with_the_next_case(
    app: FastAPI, owner: TestClient, run: Run, study: str, url: str
) -> None:
    told = owner.get(f"/api/studies/{study}/lessons").json()
    assert (told["lessons"]["authors"], told["lessons"]["licence"]) == (["Wang"], "CC-BY-4.0")
    assert "failed.zh" in told["missing"]
    assert {each["value"] for each in told["forms"]} >= {"new_town", "village"}
    lessons = {
        **told["lessons"],
        "authors": ["Zhao", '"Li"'],
        "failed": {"zh": "单独做绿色屋顶\n不够", "en": "Green roofs alone"},
    }
    kept = owner.put(f"/api/studies/{study}/lessons", json=lessons).json()
    assert kept["lessons"]["failed"] == lessons["failed"]
    assert "failed.zh" not in kept["missing"]
    assert packed(run).returncode == 0
    assert "failed.zh" not in owner.get(url).json()["held"]["missing"]
    wrong = {**lessons, "form": ["castle"]}
    assert owner.put(f"/api/studies/{study}/lessons", json=wrong).status_code == 422
    reviewer = person(app, "rita", study=study, role="reviewer")
    assert reviewer.put(f"/api/studies/{study}/lessons", json=lessons).status_code == 403

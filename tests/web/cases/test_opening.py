"""Cases of others opened as studies: laid out, held against runs, and refused where they bring what is not theirs."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.core.errors import CapacityError, PlanError
from citybraid.study.open.open_study import asked_by
from citybraid.web.cases.opening import finish
from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs.worker import Worker
from tests.commons.made_case import made_place, packed, parts_of, rewritten
from tests.web.packed_place import FREE, put_place
from tests.web.uploading import bytes_of, sent


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case whose inputs are all packed."""
    return packed(made_place(tmp_path / "there", entries=FREE), tmp_path / "made.case.zip").file


def begun(owner: TestClient, content: bytes, name: str = "made.case.zip") -> dict[str, Any]:
    """Send a case and ask that it be opened; nothing of it is read yet."""
    answer = owner.post(f"/api/uploads/{sent(owner, {name: content})}/case")
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def opened(owner: TestClient, workspace: Path, content: bytes) -> tuple[str, dict[str, Any]]:
    """Open a case as its job does; return what is wrong with it, "" for nothing, and the study."""
    made = begun(owner, content)["study"]
    try:
        finish(workspace / made["folder"], tell=lambda _read, _of: None)
    except PlanError as fault:
        return fault.text, owner.get(f"/api/studies/{made['id']}").json()
    return "", owner.get(f"/api/studies/{made['id']}").json()


def test_a_case_becomes_a_study_with_its_files_where_it_names_them(
    owner: TestClient, case: Path, workspace: Path
) -> None:
    refused, made = opened(owner, workspace, case.read_bytes())
    assert not refused, made
    assert (made["problem"], made["opening"], made["folder"]) == ({}, False, "made")
    folder = workspace / str(made["folder"])
    study = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    assert study["study"]["data"] == "data"
    assert sorted(path.name for path in folder.iterdir()) == ["case", "data", "lessons.toml", "study.toml"]
    assert (folder / "data" / "站点" / "dem.asc").read_bytes() == b"ncols 1\n"
    assert asked_by(folder / "study.toml").files.keys() == {"rain", "ground", "houses"}
    told = owner.get(f"/api/studies/{made['id']}/case").json()
    assert (told["name"], told["authors"], told["held"]["absent"]) == ("made", ["Wang"], [])
    assert [each["file"]["path"] for each in owner.get(f"/api/studies/{made['id']}/files").json()["files"]] == [
        "houses.csv", "storm.csv", "站点/dem.asc",
    ]  # fmt: skip
    assert owner.get(f"/api/uploads/{made['id']}").status_code == 404, "the upload is gone"


def test_every_value_of_the_case_is_held_against_a_run(owner: TestClient, case: Path, workspace: Path) -> None:
    _, made = opened(owner, workspace, case.read_bytes())
    runs = workspace / str(made["folder"]) / "runs"
    put_place(workspace / "other", entries=FREE)
    shutil.copytree(workspace / "other" / "runs", runs)
    url = f"/api/studies/{made['id']}/runs/001/case/told"
    told = owner.get(url).json()
    assert told["values"] > 5
    assert (told["same"], told["differing"]) == (told["values"], [])
    (table,) = (runs / "001" / "tables" / "units").glob("as_is.parquet")
    units = pd.read_parquet(table)
    name = next(each for each in units.columns if units[each].notna().all() and (units[each] != 0).all())
    units[name] *= 1.01
    units.to_parquet(table)
    told = owner.get(url).json()
    assert told["values"] - told["same"] == len(units)
    assert {each["indicator"]["en"] for each in told["differing"]} != set()
    first = told["differing"][0]
    assert first["computed"] == pytest.approx(first["told"] * 1.01)


def test_a_study_begun_otherwise_is_of_no_case(owner: TestClient, study: str, workspace: Path) -> None:
    put_place(workspace / "片区 一")
    assert owner.get(f"/api/studies/{study}/case").json() is None
    assert owner.get(f"/api/studies/{study}/runs/001/case/told").status_code == 404


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(100)])
def test_of_what_is_no_case_nothing_is_kept(owner: TestClient, workspace: Path, content: bytes) -> None:
    before = bytes_of(workspace / "片区 一")
    refused, made = opened(owner, workspace, content)
    assert refused == "case.no_archive"
    assert bytes_of(workspace / "片区 一") == before
    assert made["opening"], "it is told as what it is"
    assert "made.case.zip" in made["problem"]["en"]
    assert [each.name for each in (workspace / made["folder"]).iterdir()] == [".citybraid"]
    assert owner.delete(f"/api/studies/{made['id']}").status_code == 409, "its job waits"
    owner.delete(f"/api/studies/{made['id']}/jobs/{owner.get('/api/jobs').json()[0]['id']}")
    assert owner.delete(f"/api/studies/{made['id']}").status_code == 200
    assert owner.get("/api/trash").json() == []
    assert [each.name for each in workspace.iterdir() if not each.name.startswith(".")] == ["片区 一"]


def test_a_changed_part_is_refused(owner: TestClient, case: Path, workspace: Path) -> None:
    parts = parts_of(case)
    parts["results/indicators.csv"] = parts["results/indicators.csv"].replace(b"1", b"2")
    assert opened(owner, workspace, rewritten(case, parts, listed=False).read_bytes())[0] == "case.part_changed"


def test_a_case_brings_no_run_and_no_hidden_file(owner: TestClient, case: Path, workspace: Path) -> None:
    parts = parts_of(case) | {
        "study/runs/001/manifest.json": b"{}", "study/.citybraid/files.json": b"{}", "study/.hidden.toml": b"",
    }  # fmt: skip
    assert opened(owner, workspace, rewritten(case, parts).read_bytes())[0] == "web.cases.reserved"
    del parts["study/.hidden.toml"]
    refused, made = opened(owner, workspace, rewritten(case, parts).read_bytes())
    assert not refused
    folder = workspace / str(made["folder"])
    assert made["runs"] == []
    assert not (folder / "runs").exists()
    assert not (folder / ".citybraid" / "files.json").exists()
    assert (folder / "case" / "study" / "runs" / "001" / "manifest.json").is_file(), "kept aside, as a part of the case"


@pytest.mark.parametrize("place", ["runs/001/manifest.json", "case/x.csv", "Runs/x.csv", ".citybraid/x.csv"])
def test_inputs_that_would_fill_the_workspaces_own_folders_are_refused(
    owner: TestClient, case: Path, place: str, workspace: Path
) -> None:
    parts = parts_of(case)
    parts[f"study/{place}"] = parts.pop("inputs/storm.csv")
    card = json.loads(parts["case.json"])
    for each in card["inputs"]:
        for piece in each["pieces"]:
            piece["path"] = piece["path"].replace("storm.csv", place)
    parts["case.json"] = json.dumps(card).encode()
    parts["study/study.toml"] = parts["study/study.toml"].replace(b"storm.csv", place.encode())
    assert opened(owner, workspace, rewritten(case, parts).read_bytes())[0] == "web.cases.reserved"


def test_an_upload_of_two_files_and_one_without_room_are_refused(owner: TestClient, case: Path) -> None:
    upload = sent(owner, {"a.case.zip": case.read_bytes(), "b.csv": b"id\n1\n"})
    assert owner.post(f"/api/uploads/{upload}/case").json()["error"] == "web.cases.one_file"
    owner.delete(f"/api/uploads/{upload}")


def test_an_attempt_that_was_ended_is_taken_up_again(owner: TestClient, case: Path, workspace: Path) -> None:
    """What stands half laid out is no study; the next attempt begins anew, and one after the end changes nothing."""
    made = begun(owner, case.read_bytes())["study"]
    folder = workspace / made["folder"]

    class Ended(Exception):  # noqa: N818  (a kill, not an error)
        pass

    def end(_read: int, _of: int) -> None:
        raise Ended

    with pytest.raises(Ended):
        finish(folder, tell=end)
    assert owner.get(f"/api/studies/{made['id']}").json()["opening"]
    (folder / "data").mkdir()
    (folder / "data" / "half.csv").write_text("half", encoding="utf-8")
    told: list[tuple[int, int]] = []
    finish(folder, tell=lambda read, of: told.append((read, of)))
    assert not (folder / "data" / "half.csv").exists()
    assert told[-1][0] == told[-1][1] > 0
    assert [read for read, _ in told] == sorted(read for read, _ in told)
    before = bytes_of(folder)
    finish(folder, tell=lambda _read, _of: None)
    assert bytes_of(folder) == before
    assert sorted(path.name for path in folder.iterdir()) == ["case", "data", "lessons.toml", "study.toml"]


def test_a_case_that_has_no_room_is_refused(owner: TestClient, case: Path, workspace: Path) -> None:
    made = begun(owner, case.read_bytes())["study"]
    folder = workspace / made["folder"]
    about = folder / ".citybraid" / "opening" / "about.json"
    about.write_text(json.dumps({"room": 10, "name": "a"}), encoding="utf-8")
    with pytest.raises(CapacityError) as refused:
        finish(folder, tell=lambda _read, _of: None)
    assert refused.value.text == "case.no_room"
    assert not (folder / "study.toml").exists()


def test_a_case_file_is_handed_in_to_the_library_as_a_draft(owner: TestClient, case: Path, workspace: Path) -> None:
    """What another workspace has packed is published on this server, after the same review as its own."""
    path = f"/api/library/uploads/{sent(owner, {'made.case.zip': case.read_bytes()})}"
    made = owner.post(path, json={"by": "Wang"})
    assert made.status_code == 201, made.text
    assert (made.json()["name"], made.json()["state"]) == ("made", "draft")
    assert owner.post(path, json={"by": "Wang"}).status_code == 404, "the upload is gone"
    (waiting,) = owner.get("/api/library").json()["cases"]
    assert [(each["by"], each["version"]) for each in waiting["history"]] == [("Wang", 1)]
    bad = owner.post(f"/api/library/uploads/{sent(owner, {'a.case.zip': b'no archive'})}", json={"by": "Wang"})
    assert bad.json()["error"] == "case.no_archive"
    assert len(owner.get("/api/library").json()["cases"]) == 1


@pytest.mark.slow
def test_a_job_opens_the_case_with_progress(
    owner: TestClient, case: Path, workspace: Path, settings: Settings, app: FastAPI
) -> None:
    """A worker does it in a process of its own; the request only begins it."""
    told = begun(owner, case.read_bytes())
    assert (told["job"]["kind"], told["job"]["state"]) == ("open", "queued")
    assert Worker(settings, app.state.server.sessions, cores=1).once()
    job = owner.get(f"/api/studies/{told['study']['id']}/jobs/{told['job']['id']}").json()
    assert (job["state"], job["error"]) == ("done", {}), job
    assert owner.get(f"/api/studies/{told['study']['id']}").json()["title"]
    asked = {"kind": "open", "request": "again"}
    again = owner.post(f"/api/studies/{told['study']['id']}/jobs", json=asked)
    assert again.json()["error"] == "web.cases.no_opening"
    bad = begun(owner, b"no archive")
    assert Worker(settings, app.state.server.sessions, cores=1).once()
    job = owner.get(f"/api/studies/{bad['study']['id']}/jobs/{bad['job']['id']}").json()
    assert (job["state"], job["error"]["error"]) == ("failed", "case.no_archive")
    assert set(job["error"]["said"]) >= {"en", "zh"}

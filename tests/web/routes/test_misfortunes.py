"""What may go wrong with a workspace while it is open: its folder goes, its disk is full."""

import errno
import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from citybraid.web.access.owner import laptop_owner
from citybraid.web.database.tables import StudyRow
from citybraid.web.studies import listing, uploads
from tests.web.made import put_run

VALUES = {"run": "001", "other": "001", "alternative": "as_is", "language": "en"}


def address(path: str, study: str) -> str:
    """Return the address of a route with values that there are, 1 for others."""
    at = path.replace("{study}", study)
    while "{" in at:
        name = at[at.index("{") + 1 : at.index("}")]
        at = at.replace("{" + name + "}", VALUES.get(name, "1"))
    return at


@pytest.mark.parametrize("gone", ["study", "runs", "store"])
def test_a_folder_that_goes_while_it_is_open_is_told(
    app: FastAPI, owner: TestClient, study: str, workspace: Path, gone: str
) -> None:
    folder = workspace / "片区 一"
    put_run(folder)
    assert owner.get(f"/api/studies/{study}/runs/001/results").status_code == 200
    left = {"study": folder, "runs": folder / "runs", "store": folder / ".made"}[gone]
    shutil.rmtree(left)
    client = TestClient(app, base_url="http://127.0.0.1", cookies=owner.cookies, raise_server_exceptions=False)
    failed = []
    for path, methods in app.openapi()["paths"].items():
        if "get" in methods and path.startswith("/api/studies"):
            answer = client.get(address(path, study))
            if answer.status_code >= 500 and answer.json()["error"] == "web.defect":
                failed.append(path)
    assert failed == []


def test_a_run_that_has_lost_its_manifest_is_none_and_those_before_it_stay(
    owner: TestClient, study: str, workspace: Path
) -> None:
    folder = workspace / "片区 一"
    put_run(folder)
    (folder / "runs" / "002" / "report").mkdir(parents=True)
    (listed,) = owner.get("/api/studies").json()
    assert listed["runs"] == ["001"]
    assert owner.get(f"/api/studies/{study}/runs/latest/results").status_code == 200
    lost = owner.get(f"/api/studies/{study}/runs/002/results")
    assert (lost.status_code, lost.json()["error"]) == (404, "web.no_run")


def test_a_renamed_folder_is_told_by_its_name_and_all_is_there_again_when_it_is_back(
    owner: TestClient, study: str, workspace: Path
) -> None:
    folder = workspace / "片区 一"
    put_run(folder)
    folder.rename(workspace / "片区 二")
    for path in ("runs/001/results", "plan", "settings", "drafts", "intake"):
        answer = owner.get(f"/api/studies/{study}/{path}")
        assert (answer.status_code, answer.json()["error"]) == (404, "web.study_gone"), path
        assert "片区 一" in answer.json()["said"]["zh"]
    (workspace / "片区 二").rename(folder)
    assert owner.get(f"/api/studies/{study}/runs/001/results").status_code == 200


def test_a_renamed_folder_is_found_again_by_the_list_and_a_copy_is_another_study(
    owner: TestClient, study: str, workspace: Path
) -> None:
    def listed() -> dict[str, str]:
        return {each["folder"]: each["id"] for each in owner.get("/api/studies").json()}

    folder = workspace / "片区 一"
    assert listed() == {"片区 一": study}
    shutil.copytree(folder, workspace / "副本")
    both = listed()
    assert both["片区 一"] == study != both["副本"]
    folder.rename(workspace / "片区 二")
    (workspace / "副本").rename(workspace / "又一")
    assert listed() == {"片区 二": study, "又一": both["副本"]}
    assert owner.get(f"/api/studies/{study}/settings").status_code == 200


def test_a_folder_is_taken_up_while_others_write(
    app: FastAPI, owner: TestClient, study: str, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, sessions = listing.folders, app.state.server.sessions

    def written_meanwhile(folder: Path) -> list[str]:
        with sessions.begin() as another:
            another.get(StudyRow, study).version += 1
        return there(folder)

    assert len(owner.get("/api/studies").json()) == 1
    shutil.copytree(workspace / "片区 一", workspace / "副本")
    monkeypatch.setattr(listing, "folders", written_meanwhile)
    with sessions.begin() as session:
        listing.take_up_new(session, workspace, laptop_owner(session))
    assert len(owner.get("/api/studies").json()) == 2


def test_a_full_disk_is_told_and_what_had_come_stays(
    owner: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(
        app,
        base_url="http://127.0.0.1",
        cookies=owner.cookies,
        headers=dict(owner.headers),
        raise_server_exceptions=False,
    )
    upload = client.post("/api/uploads", json={"files": [{"path": "a.csv", "size": 10}]}).json()
    at = f"/api/uploads/{upload['id']}/0/files"
    assert client.put(at, content=b"12345").json()["received"] == 5

    def full(self: uploads.Receiving, block: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(uploads.Receiving, "take", full)
        answer = client.put(f"{at}?offset=5", content=b"67890")
    assert answer.status_code == 507
    assert answer.json()["error"] == "web.disk_is_full"
    assert "磁盘" in answer.json()["said"]["zh"]
    assert client.put(f"{at}?offset=5", content=b"67890").json()["received"] == 10, "it goes on where it stopped"


def test_a_database_whose_disk_is_full_is_told(
    owner: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(
        app,
        base_url="http://127.0.0.1",
        cookies=owner.cookies,
        headers=dict(owner.headers),
        raise_server_exceptions=False,
    )

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr("citybraid.web.access.keys.make", full)
    answer = client.post("/api/keys", json={"title": "x"})
    assert (answer.status_code, answer.json()["error"]) == (507, "web.disk_is_full")

import shutil
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from citybraid.study.open.pilots import DEMO
from citybraid.web.database.tables import Job, StudyRow
from tests.web.uploading import client_of


def test_studies_of_the_folder_are_listed_with_their_names(owner: TestClient) -> None:
    (each,) = owner.get("/api/studies").json()
    assert each["title"] == {"en": "Quarter <b>", "zh": "片区"}
    assert (each["folder"], each["role"], each["runs"], each["problem"]) == ("片区 一", "owner", [], {})


def test_a_study_that_is_put_into_the_folder_is_listed_at_the_next_look(owner: TestClient, workspace: Path) -> None:
    assert len(owner.get("/api/studies").json()) == 1
    shutil.copytree(workspace / "片区 一", workspace / "片区 二")
    assert [each["folder"] for each in owner.get("/api/studies").json()] == ["片区 一", "片区 二"]
    assert {each["role"] for each in owner.get("/api/studies").json()} == {"owner"}


def test_a_study_that_cannot_be_read_tells_why(owner: TestClient, workspace: Path, study: str) -> None:
    (workspace / "片区 一" / "study.toml").write_text("[study", encoding="utf-8")
    each = owner.get(f"/api/studies/{study}").json()
    assert set(each["problem"]) == {"en", "zh"}


def test_an_unknown_study_is_not_found(owner: TestClient) -> None:
    assert owner.get("/api/studies/0123").status_code == 404


def test_pilots_that_run_as_they_are_come_first_and_the_demo_before_all(owner: TestClient) -> None:
    told = [(each["name"], each["missing"]) for each in owner.get("/api/pilots").json()]
    assert told[0] == (DEMO, 0)
    lacking = [count > 0 for _, count in told]
    assert lacking == sorted(lacking)
    assert set(lacking) == {False, True}


def test_a_pilot_becomes_a_study_of_ones_own(owner: TestClient, workspace: Path) -> None:
    pilots = {each["name"]: each for each in owner.get("/api/pilots").json()}
    assert pilots["gothenburg"]["title"].keys() >= {"en", "zh"}
    made = owner.post("/api/studies", json={"pilot": "gothenburg", "title": "哥德堡 一"})
    assert (made.status_code, made.json()["title"]["zh"], made.json()["role"]) == (201, "哥德堡 一", "owner")
    assert made.json()["problem"] == {}
    assert (workspace / "哥德堡 一" / "storm_10_years.csv").is_file()
    again = owner.post("/api/studies", json={"pilot": "gothenburg", "title": "哥德堡 一"})
    assert again.json()["folder"] == "哥德堡 一 2"
    shutil.rmtree(workspace / "哥德堡 一 2")
    gone = next(each for each in owner.get("/api/studies").json() if each["folder"] == "哥德堡 一 2")
    assert "no longer in the workspace" in gone["problem"]["en"]
    after = owner.post("/api/studies", json={"pilot": "gothenburg", "title": "哥德堡 一"})
    assert (after.status_code, after.json()["folder"]) == (201, "哥德堡 一 3")
    assert owner.delete(f"/api/studies/{gone['id']}").status_code == 200
    assert owner.get("/api/trash").json() == []
    assert "哥德堡 一 2" not in {each["folder"] for each in owner.get("/api/studies").json()}
    assert owner.post("/api/studies", json={"pilot": "../x"}).status_code == 422


def test_a_deleted_study_can_be_put_back(owner: TestClient, workspace: Path, study: str, app: FastAPI) -> None:
    deleted = owner.delete(f"/api/studies/{study}").json()
    assert owner.get("/api/studies").json() == []
    assert not (workspace / "片区 一").exists()
    assert [each["id"] for each in owner.get("/api/trash").json()] == [deleted["id"]]
    with client_of(app, "other") as other:
        assert other.get("/api/trash").json() == []
        assert other.post(f"/api/trash/{deleted['id']}").status_code == 404
    assert owner.post("/api/trash/../x").status_code == 404
    back = owner.post(f"/api/trash/{deleted['id']}")
    assert (back.status_code, back.json()["folder"]) == (201, "片区 一")
    assert (workspace / "片区 一" / "study.toml").is_file()
    assert owner.get("/api/trash").json() == []


def test_a_study_with_work_under_way_is_not_deleted(owner: TestClient, study: str, app: FastAPI) -> None:
    with app.state.server.sessions.begin() as session:
        user = session.scalar(select(StudyRow.owner))
        session.add(Job(kind="run", study=study, user=user, request="r", options={}, state="running"))
    assert owner.delete(f"/api/studies/{study}").json()["error"] == "web.study_busy"

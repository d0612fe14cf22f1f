import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.core.text import LANGUAGES
from citybraid.web.access import logins
from citybraid.web.application.security import MARK
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.engine import open_database, sessions
from citybraid.web.database.tables import Job, Member, StudyRow, User
from tests.web.team import LOCAL


def ask(client: TestClient, study: str, **changed: Any) -> Any:
    asked = {"kind": "run", "options": {}, "request": uuid.uuid4().hex, **changed}
    return client.post(f"/api/studies/{study}/jobs", json=asked)


@pytest.fixture
def guest(app: FastAPI, settings: Settings) -> Iterator[TestClient]:
    """A person with an account and no study."""
    with sessions(open_database(settings)).begin() as session:
        user = User(name="guest", display="客人 <b>")
        session.add(user)
        session.flush()
        cookie = logins.log_in(session, user)
    with TestClient(app, base_url=LOCAL, headers={MARK: "1"}, cookies={logins.COOKIE: cookie}) as client:
        yield client


def let_in(settings: Settings, study: str, role: str) -> None:
    with sessions(open_database(settings)).begin() as session:
        guest = session.query(User).where(User.name == "guest").one()
        session.merge(Member(study=study, user=guest.id, role=role))


def test_a_job_waits_until_a_worker_takes_it(owner: TestClient, study: str) -> None:
    made = ask(owner, study, options={"baseline": True})
    assert made.status_code == 201
    job = made.json()
    assert (job["kind"], job["state"], job["options"], job["ahead"]) == ("run", "queued", {"baseline": True}, 0)
    assert owner.get(made.headers["location"]).json() == job
    later = ask(owner, study).json()
    assert later["ahead"] == 1
    assert [each["id"] for each in owner.get(f"/api/studies/{study}/jobs").json()] == [later["id"], job["id"]]
    assert [each["id"] for each in owner.get("/api/jobs").json()] == [later["id"], job["id"]]


def test_the_same_request_is_one_job(owner: TestClient, study: str) -> None:
    one, again = ask(owner, study, request="r1").json(), ask(owner, study, request="r1").json()
    assert one == again
    other = ask(owner, study, request="r1", kind="check")
    assert (other.status_code, other.json()["error"]) == (409, "web.jobs.request_reused")
    assert len(owner.get("/api/jobs").json()) == 1


def test_a_waiting_job_is_cancelled_at_once_and_stays_so(owner: TestClient, study: str) -> None:
    job = ask(owner, study).json()["id"]
    for _ in range(2):
        told = owner.delete(f"/api/studies/{study}/jobs/{job}").json()
        assert (told["state"], told["ended"] is None) == ("cancelled", False)


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"kind": "rm -rf"}, 404, "web.jobs.no_kind"),
        ({"options": {"baseline": "--out=/x"}}, 422, "web.jobs.wrong_options"),
        ({"options": {"--out": "x"}}, 422, "web.jobs.wrong_options"),
        ({"kind": "report", "options": {"run": "../../x"}}, 422, "web.jobs.wrong_options"),
        ({"kind": "report", "options": {"run": "001"}}, 404, "web.no_run"),
        ({"request": ""}, 422, "web.invalid_request"),
        ({"request": "x" * 65}, 422, "web.invalid_request"),
        ({"more": 1}, 422, "web.invalid_request"),
    ],
)
def test_wrong_requests_are_told_and_queue_nothing(
    owner: TestClient, study: str, changed: dict[str, Any], status: int, error: str
) -> None:
    answer = ask(owner, study, **changed)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()["said"]) == set(LANGUAGES)
    assert owner.get("/api/jobs").json() == []


def test_numbers_without_end_are_refused(owner: TestClient, study: str) -> None:
    body = '{"kind": "run", "request": "r", "options": {"baseline": NaN}}'
    answer = owner.post(f"/api/studies/{study}/jobs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422


def test_nothing_of_another_study_is_reached(
    owner: TestClient, guest: TestClient, settings: Settings, study: str
) -> None:
    job = ask(owner, study).json()["id"]
    with sessions(open_database(settings)).begin() as session:
        person = session.query(User).where(User.name == "guest").one()
        own = StudyRow(path="other", owner=person.id)
        session.add(own)
        session.flush()
        other = own.id
    assert guest.get("/api/jobs").json() == []
    assert guest.get(f"/api/studies/{study}/jobs").status_code == 404
    for place in (study, other):
        assert guest.get(f"/api/studies/{place}/jobs/{job}").status_code == 404
        assert guest.delete(f"/api/studies/{place}/jobs/{job}").status_code == 404
    assert ask(guest, study).status_code == 404
    assert owner.get(f"/api/studies/{study}/jobs/{job}").json()["state"] == "queued"


def test_readers_look_and_editors_act(owner: TestClient, guest: TestClient, settings: Settings, study: str) -> None:
    job = ask(owner, study).json()["id"]
    let_in(settings, study, "reviewer")
    assert guest.get(f"/api/studies/{study}/jobs/{job}").json()["state"] == "queued"
    assert ask(guest, study).status_code == 403
    assert guest.delete(f"/api/studies/{study}/jobs/{job}").status_code == 403
    let_in(settings, study, "editor")
    assert ask(guest, study).json()["user"] == "客人 <b>"


def test_the_queue_and_the_quota_have_ends(
    owner: TestClient, guest: TestClient, settings: Settings, study: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citybraid.web.jobs.queue.MOST_OPEN", 1)
    ask(owner, study, request="first")
    assert (ask(owner, study).status_code, ask(owner, study, request="first").status_code) == (429, 201)
    let_in(settings, study, "editor")
    with sessions(open_database(settings)).begin() as session:
        session.query(User).where(User.name == "guest").one().cores = 0
    assert ask(guest, study).json()["error"] == "web.jobs.no_cores"


def test_a_persons_jobs_and_the_owners_room_have_ends_and_the_log_tells_whose_runs(
    owner: TestClient, guest: TestClient, settings: Settings, study: str
) -> None:
    let_in(settings, study, "editor")
    with sessions(open_database(settings)).begin() as session:
        session.query(User).where(User.name == "guest").one().jobs = 1
    first = ask(guest, study, request="first").json()["id"]
    refused = ask(guest, study)
    assert (refused.status_code, refused.json()["error"]) == (429, "web.jobs.person_full")
    assert "1 job waiting" in refused.json()["said"]["en"]
    assert ask(guest, study, request="first").json()["id"] == first, "the same request asks for nothing more"
    assert ask(owner, study).status_code == 201, "others are not held up"
    owner.delete(f"/api/studies/{study}/jobs/{first}")
    assert ask(guest, study).status_code == 201
    told = [(row["action"], row["detail"]) for row in owner.get(f"/api/studies/{study}/audit").json()]
    assert told[:3:2] == [("job_asked", {"kind": "run"}), ("job_asked", {"kind": "run"})]
    assert told[1] == ("job_cancelled", {"kind": "run", "of": "guest"})
    (settings.folder / "片区 一" / "large.bin").write_bytes(b" " * (1 << 20))
    with sessions(open_database(settings)).begin() as session:
        session.get_one(User, session.get_one(StudyRow, study).owner).space_mib = 1
    refused = ask(guest, study)
    assert (refused.status_code, refused.json()["error"]) == (429, "web.quota_of_owner")


def test_a_long_queue_is_never_cut_before_what_runs(owner: TestClient, settings: Settings, study: str) -> None:
    from citybraid.web.jobs import queue

    first = ask(owner, study, request="first").json()["id"]
    ended = [ask(owner, study, kind="check").json()["id"] for _ in range(5)]
    for job in ended:
        owner.delete(f"/api/studies/{study}/jobs/{job}")
    with sessions(open_database(settings)).begin() as session:
        rows: list[Job] = queue.listed(session, [study], most=2)
    assert [row.id for row in rows] == [ended[-1], first]

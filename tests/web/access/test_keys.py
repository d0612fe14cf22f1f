"""Keys of the command line: what they open, when they end, who may have them."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from citybraid.web.access import keys, people
from citybraid.web.access.attempts import BY_NAME
from citybraid.web.access.logins import digest
from citybraid.web.access.refusals import Conflict, Refused
from citybraid.web.application.security import MARK
from citybraid.web.database.tables import Key, now
from tests.web.team import LOCAL, Team, made_team

OPEN = ("/api/drafts", "/api/uploads")
"""What a key opens."""
FREE = frozenset({"/api/health", "/api/door", "/api/texts/{language}", "/api/login", "/api/invitations/{token}"})
"""What anybody may ask for, without session or key; and leave a session that they do not have."""
REFUSED = frozenset({"web.not_logged_in", "web.invalid_request", "web.no_page", "web.no_upload"})


@pytest.fixture
def team(workspace: Path, bundle: Path) -> Team:
    return made_team(workspace, bundle)


def key_of(team: Team, name: str = "sam") -> str:
    with team.client(name) as client:
        made = client.post("/api/keys", json={"title": "laptop"})
        assert made.status_code == 201, made.json()
        return str(made.json()["secret"])


def with_key(team: Team, secret: str) -> TestClient:
    headers = {MARK: "1", "Authorization": f"Bearer {secret}"}
    return TestClient(team.app, base_url=LOCAL, headers=headers, raise_server_exceptions=False)


def test_a_key_hands_cases_in_and_opens_nothing_else(team: Team) -> None:
    secret = key_of(team, "olga")
    closed = 0
    with with_key(team, secret) as client:
        assert client.get("/api/drafts").json()["by"] == "olga"
        assert client.get("/api/uploads").json() == []
        for path, methods in team.app.openapi()["paths"].items():
            if path in FREE or (path.startswith(OPEN) and not path.endswith(("/study", "/case"))):
                continue
            at = path.replace("{study}", team.study)
            while "{" in at:
                at = f"{at[: at.index('{')]}1{at[at.index('}') + 1 :]}"
            for method in methods:
                if (method, path) == ("delete", "/api/session"):
                    continue
                told = client.request(method, at, json={}).json()["error"]
                assert told in REFUSED, (method, path, told)
                closed += told == "web.not_logged_in"
    assert closed > 60


def test_a_key_is_told_once_and_kept_as_its_digest(team: Team) -> None:
    secret = key_of(team)
    with team.client("sam") as client:
        (told,) = client.get("/api/keys").json()
        assert (told["title"], told["secret"], told["used"]) == ("laptop", "", None)
        with with_key(team, secret) as sending:
            sending.get("/api/drafts")
        assert client.get("/api/keys").json()[0]["used"] is not None
    with team.app.state.server.sessions() as session:
        rows = [str(vars(each)) for each in session.query(Key)]
    assert rows
    assert not any(secret in row for row in rows)


def test_a_key_ends_by_time_by_hand_and_with_its_person(team: Team) -> None:
    first, second, third = (key_of(team) for _ in range(3))
    sessions = team.app.state.server.sessions
    with team.client("sam") as client, team.client("rita") as other:
        ids = [each["id"] for each in client.get("/api/keys").json()]
        assert other.delete(f"/api/keys/{ids[0]}").status_code == 404, "a key of somebody else"
        assert client.delete(f"/api/keys/{digest(first)}").status_code == 204
    with sessions.begin() as session:
        row = session.get(Key, digest(second))
        assert row is not None
        row.expires = now() - timedelta(seconds=1)
    for secret in (first, second):
        with with_key(team, secret) as client:
            assert client.get("/api/drafts").json()["error"] == "web.wrong_key"
    with with_key(team, third) as client:
        assert client.get("/api/drafts").status_code == 200
        with sessions.begin() as session:
            person = people.person_named(session, "sam")
            assert person is not None
            person.disabled = True
        assert client.get("/api/drafts").status_code == 401


def test_guessing_keys_ends_after_some_failures(team: Team) -> None:
    secret = key_of(team)
    with with_key(team, "guessed") as client:
        for _ in range(BY_NAME):
            assert client.get("/api/drafts").status_code == 401
        assert client.get("/api/drafts").status_code == 429
    with with_key(team, secret) as client:
        assert client.get("/api/drafts").status_code == 429, "the address has to wait"


def test_keys_are_few_and_do_not_last_for_ever(team: Team) -> None:
    with team.app.state.server.sessions() as session:
        person = people.person_named(session, "sam")
        assert person is not None
        for lasts in (timedelta(0), keys.LONGEST + timedelta(days=1)):
            with pytest.raises(Refused):
                keys.make(session, person, "x", lasts=lasts)
        for number in range(keys.MOST):
            keys.make(session, person, f"k{number}")
        with pytest.raises(Conflict):
            keys.make(session, person, "one more")

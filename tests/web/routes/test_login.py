from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import pytest

from citybraid.web.access import attempts, people
from citybraid.web.database.tables import Audit, Invitation, Login, now
from tests.web.team import PASSWORD, Team, made_team


@pytest.fixture
def team(workspace: Path, bundle: Path) -> Team:
    return made_team(workspace, bundle)


def test_a_person_enters_by_the_password_alone(team: Team) -> None:
    with team.client() as client:
        assert client.post("/api/login", json={"name": "olga", "password": "wrong password!"}).status_code == 401
        assert client.post("/api/login", json={"name": "OLGA", "password": PASSWORD}).status_code == 204
        assert client.get("/api/session").json()["name"] == "olga"


def test_a_person_without_password_cannot_enter_by_one(team: Team) -> None:
    with team.client() as client:
        refused = client.post("/api/login", json={"name": "edgar", "password": "x"})
        unknown = client.post("/api/login", json={"name": "nobody", "password": "x"})
        assert (refused.status_code, refused.json()) == (401, unknown.json())


def test_guessing_ends_after_some_failures(team: Team) -> None:
    with team.client() as client:
        for _ in range(attempts.BY_NAME):
            assert client.post("/api/login", json={"name": "olga", "password": "x"}).status_code == 401
        answer = client.post("/api/login", json={"name": "olga", "password": PASSWORD})
        assert answer.status_code == 429
        assert str(int(attempts.WITHIN.total_seconds() // 60)) in answer.json()["said"]["en"]


def test_guessing_names_from_one_address_ends_too(team: Team) -> None:
    with team.client() as client:
        codes = [
            client.post("/api/login", json={"name": f"n{number}", "password": "x"}).status_code
            for number in range(attempts.BY_ADDRESS + 1)
        ]
    assert (codes[0], codes[-1]) == (401, 429)


def test_the_database_holds_no_cookie(team: Team) -> None:
    with team.client("olga") as client, team.app.state.server.sessions() as session:
        assert client.cookies["citybraid"] not in {each.id for each in session.query(Login)}


def test_every_login_begins_a_session_that_cannot_be_guessed(team: Team) -> None:
    with team.client() as client:
        cookies = set[str]()
        for _ in range(3):
            assert client.post("/api/login", json={"name": "olga", "password": PASSWORD}).status_code == 204
            cookies.add(client.cookies["citybraid"])
    assert len(cookies) == 3, "never the session that was there before"
    assert {len(urlsafe_b64decode(f"{each}=")) for each in cookies} == {32}, "256 random bits"


def test_a_session_ends_by_time(team: Team) -> None:
    with team.client("olga") as client:
        with team.app.state.server.sessions.begin() as session:
            session.query(Login).update({"expires": now() - timedelta(seconds=1)})
        assert client.get("/api/session").status_code == 401


def test_a_new_password_ends_every_session(team: Team) -> None:
    with team.client("olga") as one, team.client("olga") as other:
        changed = {"present": PASSWORD, "password": "eight loud herons"}
        assert one.put("/api/password", json={**changed, "present": "wrong"}).status_code == 401
        assert one.put("/api/password", json=changed).status_code == 204
        assert other.get("/api/session").status_code == 401


def test_an_account_tells_its_sessions_and_ends_the_others(team: Team) -> None:
    with team.client("olga") as one, team.client("olga") as other, team.client("edgar") as edgar:
        told = one.get("/api/account").json()
        assert (told["name"], told["password"], told["space_mib"], told["cores"]) == ("olga", True, None, None)
        assert [each["here"] for each in told["sessions"]].count(True) == 1
        assert len(told["sessions"]) == 2
        assert one.delete("/api/account/sessions").status_code == 204
        assert [each.get("/api/session").status_code for each in (one, other, edgar)] == [200, 401, 200]
        assert [each["here"] for each in one.get("/api/account").json()["sessions"]] == [True]
    with team.client() as stranger:
        assert stranger.get("/api/account").status_code == 401


def test_an_account_tells_its_quota_and_what_is_used(team: Team) -> None:
    with team.app.state.server.sessions.begin() as session:
        olga = people.person_named(session, "olga")
        assert olga is not None
        people.set_quota(olga, space_mib=7, cores=2, jobs=3)
    (team.app.state.server.settings.folder / "片区 一" / "big.bin").write_bytes(bytes(3 << 20))
    with team.client("olga") as client:
        told = client.get("/api/account").json()
    assert (told["space_mib"], told["cores"], told["jobs"], told["open_jobs"]) == (7, 2, 3, 0)
    assert told["used_mib"] == pytest.approx(3.0, abs=0.1)


def test_an_invitation_lets_one_person_in_once(team: Team) -> None:
    with team.client("olga") as owner, team.client() as guest, team.client() as late:
        made = owner.post(f"/api/studies/{team.study}/invitations", json={"role": "reviewer", "days": 1}).json()
        at = f"/api/invitations/{made['token']}"
        assert guest.get(at).json() == {
            "role": "reviewer", "folder": "片区 一", "title": {"en": "Quarter <b>", "zh": "片区"},
        }  # fmt: skip
        assert guest.post(at, json={"name": "专家 王", "password": "eight loud herons"}).status_code == 204
        assert [each["role"] for each in guest.get("/api/studies").json()] == ["reviewer"]
        assert late.post(at, json={"name": "late", "password": "eight loud herons"}).status_code == 404


def test_a_known_person_accepts_and_keeps_a_higher_role(team: Team) -> None:
    with team.client("olga") as owner, team.client("edgar") as edgar:
        made = owner.post(f"/api/studies/{team.study}/invitations", json={"role": "viewer"}).json()
        assert edgar.put(f"/api/invitations/{made['token']}").status_code == 204
        assert edgar.get(f"/api/studies/{team.study}").json()["role"] == "editor"


def test_an_invitation_ends_by_time_and_by_withdrawal(team: Team) -> None:
    with team.client("olga") as owner:
        at = f"/api/studies/{team.study}/invitations"
        first, second = (owner.post(at, json={"role": "viewer"}).json() for _ in range(2))
        with team.app.state.server.sessions.begin() as session:
            session.get(Invitation, first["id"]).expires = now()
        assert owner.delete(f"{at}/{second['id']}").status_code == 204
        for made in (first, second):
            assert owner.get(f"/api/invitations/{made['token']}").status_code == 404
        assert owner.get(at).json() == []


def test_what_people_do_is_audited_without_secrets(team: Team) -> None:
    with team.client() as client:
        client.post("/api/login", json={"name": "olga", "password": PASSWORD})
    with team.app.state.server.sessions() as session:
        rows = session.query(Audit).all()
    assert [each.action for each in rows] == ["login"]
    assert PASSWORD not in str([each.detail for each in rows])

from pathlib import Path

import pytest

from tests.web.team import Team, made_team

ROLES = {"olga": 4, "edgar": 3, "rita": 2, "victor": 1, "sam": 0, "": -1}


@pytest.fixture
def team(workspace: Path, bundle: Path) -> Team:
    return made_team(workspace, bundle)


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("at", ["members", "invitations", "audit"])
def test_people_of_a_study_are_its_owners_business(team: Team, name: str, at: str) -> None:
    expected = {4: 200, 0: 404, -1: 401}.get(ROLES[name], 403)
    with team.client(name) as client:
        assert client.get(f"/api/studies/{team.study}/{at}").status_code == expected


@pytest.mark.parametrize("name", ["edgar", "rita", "victor", "sam"])
def test_another_study_does_not_exist_for_those_without_a_role(team: Team, name: str) -> None:
    with team.client(name) as client:
        unknown = client.get("/api/studies/0123456789abcdef")
        other = client.get(f"/api/studies/{team.other}")
        assert (other.status_code, other.json()) == (404, unknown.json())
        assert team.other not in [each["id"] for each in client.get("/api/studies").json()]


def test_every_route_of_a_study_asks_for_a_role(team: Team) -> None:
    """No address below a study answers somebody without a role in it: insecure direct object references."""
    with team.client("sam") as client:
        for path, methods in team.app.openapi()["paths"].items():
            if not path.startswith("/api/studies/{study}"):
                continue
            at = path.replace("{study}", team.study)
            while "{" in at:
                at = f"{at[: at.index('{')]}1{at[at.index('}') + 1 :]}"
            for method in methods:
                answer = client.request(method, at, json={})
                assert answer.status_code in {404, 422}, (method, path)
                assert answer.status_code == 404 or answer.json()["error"] == "web.invalid_request", (method, path)


def test_roles_are_changed_and_taken(team: Team) -> None:
    at = f"/api/studies/{team.study}/members"
    with team.client("olga") as owner, team.client("victor") as victor:
        ids = {each["name"]: each["id"] for each in owner.get(at).json()}
        assert owner.put(f"{at}/{ids['victor']}", json={"role": "editor"}).status_code == 204
        assert victor.get(f"/api/studies/{team.study}").json()["role"] == "editor"
        assert owner.put(f"{at}/{ids['victor']}", json={"role": "king"}).status_code == 400
        assert owner.delete(f"{at}/{ids['victor']}").status_code == 204
        assert victor.get(f"/api/studies/{team.study}").status_code == 404
        assert owner.delete(f"{at}/{ids['victor']}").status_code == 404
        audited = owner.get(f"/api/studies/{team.study}/audit").json()
        assert audited[0]["detail"] == {"person": "victor"}, "by name, not by id"
        assert [each["action"] for each in audited] == [
            "member_removed", "role_changed",
        ]  # fmt: skip


def test_a_link_never_makes_an_owner(team: Team) -> None:
    with team.client("olga") as owner:
        answer = owner.post(f"/api/studies/{team.study}/invitations", json={"role": "owner"})
        assert answer.status_code == 400

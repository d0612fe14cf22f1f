"""What the server's description allows never fails it: requests made from its schema, by people in every role."""

from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.web.team import STUDY, Team, made_team

EXAMPLES = 4
"""Requests for each operation and person."""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    folder = tmp_path_factory.mktemp("team")
    (folder / "bundle" / "assets").mkdir(parents=True)
    (folder / "studies" / "one").mkdir(parents=True)
    (folder / "studies" / "one" / "study.toml").write_text(STUDY, encoding="utf-8")
    return made_team(folder / "studies", folder / "bundle")


@pytest.mark.parametrize("name", ["olga", "rita", "sam", ""])
def test_no_request_fails_the_server(team: Team, name: str) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", team.app)
    failed: list[str] = []
    with team.client(name) as client:
        for operation in schema.get_all_operations():
            failed += _failures(operation, client, team.study)
    assert failed == []


def _failures(described: Any, client: TestClient, study: str) -> list[str]:
    """Return what failed the server among requests that the schema allows."""
    failed: list[str] = []
    operation = described.ok()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        if "study" in (case.path_parameters or {}):
            case.path_parameters["study"] = study
        asked = case.as_transport_kwargs(base_url="http://127.0.0.1")
        asked = {name: asked[name] for name in ("params", "json", "data", "content") if asked.get(name) is not None}
        answer = client.request(case.method, case.formatted_path, **asked)
        if answer.status_code >= 500:
            failed.append(f"{case.method} {case.formatted_path} {asked}: {answer.status_code}")

    tried()
    return failed


@given(name=st.sampled_from(["' OR 1=1 --", '"; DROP TABLE users; --', "olga'/*", "%", "_lga", "\\"]))
@settings(max_examples=6, deadline=None)
def test_names_are_never_sql(name: str) -> None:
    """A name is a value: a stranger's never is anybody's."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from citybraid.web.access import people
    from citybraid.web.database.tables import Table, User

    engine = create_engine("sqlite://")
    Table.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(name="olga"))
        session.flush()
        assert people.person_named(session, name) is None
        assert people.add_person(session, name, None).name == name
        assert session.query(User).count() == 2

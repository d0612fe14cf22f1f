"""What the server's description allows never fails it, nor leaks a study: requests from its schema in every role."""

from itertools import cycle
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from citybraid.web.application import rates
from tests.web.made import put_run
from tests.web.team import STUDY, Team, made_team

EXAMPLES = 4
"""Requests for each operation and person: those of even number go to the study of all, the others to olga's own."""
RUN = "001"
SECRET = "Vault 7f3a9c"  # noqa: S105  (a title that nobody but its owner may read)
REFUSED = frozenset({401, 403, 404, 405, 411, 413, 422})
READING = frozenset({"GET", "HEAD"})
ASKING = frozenset({"/feasibility", "/whatif"})
"""Addresses that answer a question put in a body, and change nothing."""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    folder = tmp_path_factory.mktemp("team")
    (folder / "bundle" / "assets").mkdir(parents=True)
    for name in ("one", "secret"):
        study = folder / "studies" / name
        study.mkdir(parents=True)
        put_run(study, RUN)
    (folder / "studies" / "one" / "study.toml").write_text(STUDY, encoding="utf-8")
    team = made_team(folder / "studies", folder / "bundle")
    (folder / "studies" / "secret" / "study.toml").write_text(STUDY.replace("Quarter <b>", SECRET), encoding="utf-8")
    return team


class Asked(NamedTuple):
    """A request: its route, its address with what is sent to it, and the study that it asks for."""

    method: str
    route: str
    address: str
    sent: dict[str, Any]
    body: str
    study: str


@pytest.fixture(scope="module")
def drawn(team: Team) -> list[list[Asked]]:
    """The requests that the schema allows, by operation: drawn once, so that everybody asks the same."""
    import schemathesis  # by nobody else, and it takes a second

    schema = schemathesis.openapi.from_asgi("/api/openapi.json", team.app)
    return [
        [_asked(case, study) for case, study in zip(_drawn(described), cycle([team.study, team.other]))]
        for described in schema.get_all_operations()
    ]


def _asked(case: Any, study: str) -> Asked:
    for part, value in (("study", study), ("run", RUN)):
        if part in (case.path_parameters or {}):
            case.path_parameters[part] = value
    sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
    sent = {part: sent[part] for part in ("params", "json", "data", "content") if sent.get(part) is not None}
    return Asked(case.method, case.path, case.formatted_path, sent, str(case.body), study)


def _drawn(described: Any) -> list[Any]:
    cases: list[Any] = []

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=described.ok().as_strategy())
    def draw(case: Any) -> None:
        cases.append(case)

    draw()
    return cases


@pytest.mark.parametrize("name", ["victor", "rita", "edgar", "sam", "", "olga"])
def test_no_request_fails_the_server_or_leaks_another_study(
    team: Team, drawn: list[list[Asked]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(rates, "PERSON", 10**9)  # it asks faster than people may
    monkeypatch.setattr(rates, "ADDRESS", 10**9)
    failed, seen = list[str](), set[str]()
    with team.client(name) as client:
        for requests in drawn:
            failed += _failures(requests, client, (team, name), seen)
    assert all(drawn), "each operation is asked"
    assert failed == []
    of_run = {each for each in seen if each.startswith("/api/studies/{study}/runs/{run}/")}
    assert (len(of_run) > 5) == (name not in {"sam", ""}), "the requests reach a run"


def _failures(requests: list[Asked], client: TestClient, who: tuple[Team, str], seen: set[str]) -> list[str]:
    """Return what failed the server, or answered more than a person may know, among requests of an operation.

    Addresses that answered are added to `seen`.
    """
    failed: list[str] = []
    team, name = who
    for asked in requests:
        answer = client.request(asked.method, asked.address, **asked.sent)
        if answer.status_code == 200:
            seen.add(asked.route)
        told = f"{asked.method} {asked.address} {asked.sent}: {answer.status_code}"
        if answer.status_code >= 500 or (name != "olga" and _leaks(asked, answer, team, name)):
            failed.append(told)
    return failed


def _leaks(asked: Asked, answer: Any, team: Team, name: str) -> bool:
    """Tell whether an answer holds something of the study that only olga may see, or does what a role may not."""
    body = answer.text
    if SECRET in body or (team.other in body and team.other not in asked.address + asked.body):
        return True
    if not asked.route.startswith("/api/studies/{study}"):
        return False
    if asked.study == team.other or name in {"sam", ""}:
        return answer.status_code not in REFUSED
    changes = asked.method.upper() not in READING and not asked.route.endswith(tuple(ASKING))
    return name == "victor" and changes and answer.status_code not in REFUSED


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

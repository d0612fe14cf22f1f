"""A team's server with people in roles, for tests of access."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.web.access import logins, people
from citybraid.web.access.roles import Role
from citybraid.web.application.factory import create_app
from citybraid.web.application.security import MARK
from citybraid.web.configuration.settings import Mode, Settings
from citybraid.web.database.tables import StudyRow
from citybraid.web.studies.listing import take_up

PASSWORD = "seven quiet herons"  # noqa: S105  (of people who live in tests)
LOCAL = "http://127.0.0.1"
STUDY = """
[study]
name = "quarter"
title = { en = "Quarter <b>", zh = "片区" }
crs = "EPSG:32650"
region = "CN-ZJ-JX"
year = 2025
resolution = 10.0
"""


class Team(NamedTuple):
    """The app, and the ids of two studies: of the first everybody has a role, of the second only its owner."""

    app: FastAPI
    study: str
    other: str

    @contextmanager
    def client(self, name: str = "") -> Iterator[TestClient]:
        """Provide a client of a person, logged in; of a stranger without name."""
        with TestClient(self.app, base_url=LOCAL, headers={MARK: "1"}, raise_server_exceptions=False) as client:
            if name:
                with self.app.state.server.sessions.begin() as session:
                    person = people.person_named(session, name)
                    assert person is not None
                    client.cookies.set(logins.COOKIE, logins.log_in(session, person))
            yield client


def made_team(workspace: Path, bundle: Path, database: str = "") -> Team:
    """Return a team: olga owns both studies; edgar edits, rita reviews, victor views the first; sam is a stranger."""
    settings = Settings(folder=workspace, mode=Mode.TEAM, database=database)
    app = create_app(settings, bundle=bundle)
    with app.state.server.sessions.begin() as session:
        olga = people.add_person(session, "olga", PASSWORD)
        take_up(session, workspace, olga)
        session.add(StudyRow(path="secret", owner=olga.id))
        session.flush()
        first = session.query(StudyRow).filter(StudyRow.path != "secret").one().id
        second = session.query(StudyRow).filter(StudyRow.path == "secret").one().id
        for name, role in (("edgar", Role.EDITOR), ("rita", Role.REVIEWER), ("victor", Role.VIEWER)):
            people.give_role(session, first, people.add_person(session, name, None), role)
        people.add_person(session, "sam", None)
    return Team(app, first, second)

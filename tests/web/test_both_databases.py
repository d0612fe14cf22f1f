"""A team's server on PostgreSQL: people, invitations, tables, and backups from one kind of database to the other."""

from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi.testclient import TestClient

from citybraid.web.application.backup import backup, restore
from citybraid.web.application.factory import create_app
from citybraid.web.application.security import MARK
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.engine import WORDS_INDEX, open_database
from citybraid.web.database.tables import Table
from tests.web import postgres
from tests.web.team import LOCAL, PASSWORD, made_team

pytestmark = postgres.absent


@pytest.fixture
def database(postgresql: str) -> str:
    return postgres.new_database(postgresql)


def test_revisions_make_the_same_tables_there(settings: Settings, database: str) -> None:
    engine = open_database(replace(settings, database=database))
    with engine.connect() as connection:
        told = {"include_name": lambda name, kind, _within: (kind, name) != ("index", WORDS_INDEX)}
        assert compare_metadata(MigrationContext.configure(connection, opts=told), Table.metadata) == []
    engine.dispose()


def test_people_enter_are_invited_and_audited_there(workspace: Path, bundle: Path, database: str) -> None:
    team = made_team(workspace, bundle, database)
    with team.client("olga") as owner, team.client() as guest:
        made = owner.post(f"/api/studies/{team.study}/invitations", json={"role": "editor"}).json()
        accepted = guest.post(f"/api/invitations/{made['token']}", json={"name": "王", "password": "eight loud herons"})
        assert accepted.status_code == 204
        assert (
            guest.post(f"/api/invitations/{made['token']}", json={"name": "x", "password": PASSWORD}).status_code == 404
        )
        assert guest.post("/api/login", json={"name": "王", "password": "wrong"}).status_code == 401
        assert guest.post("/api/login", json={"name": "王", "password": "eight loud herons"}).status_code == 204
        acts = owner.get(f"/api/studies/{team.study}/audit").json()
        assert [each["action"] for each in acts] == ["invitation_accepted", "invited"]


@pytest.mark.parametrize("there", [True, False], ids=["to PostgreSQL", "from PostgreSQL"])
def test_a_backup_moves_between_kinds(
    workspace: Path, bundle: Path, database: str, tmp_path: Path, there: bool
) -> None:
    team = made_team(workspace, bundle, "" if there else database)
    with team.client("olga") as owner:
        owner.post(f"/api/studies/{team.study}/invitations", json={"role": "viewer"})
    settings: Settings = team.app.state.server.settings
    written = backup(settings, tmp_path / "b.tar.gz")
    moved = replace(settings, folder=tmp_path / "moved", database=database if there else "")
    assert restore(moved, tmp_path / "b.tar.gz") == written
    with TestClient(create_app(moved, bundle=bundle), base_url=LOCAL, headers={MARK: "1"}) as client:
        assert client.post("/api/login", json={"name": "olga", "password": PASSWORD}).status_code == 204
        made = client.post(f"/api/studies/{team.study}/invitations", json={"role": "viewer"})
        assert made.status_code == 201, "numbers of audit rows go on after those restored"

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, QueuePool

from citybraid.core.errors import InputError
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.engine import open_database
from citybraid.web.database.tables import Table


def test_revisions_make_the_tables_that_the_program_reads(settings: Settings) -> None:
    with open_database(settings).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_a_workspace_is_opened_again(settings: Settings) -> None:
    open_database(settings).dispose()
    open_database(settings).dispose()


def test_a_file_that_is_no_database_is_told(settings: Settings) -> None:
    settings.own.mkdir()
    (settings.own / "workspace.db").write_bytes(b"no database" * 100)
    with pytest.raises(InputError, match="cannot be opened"):
        open_database(settings)


def changed(settings: Settings, *statements: str) -> None:
    engine = open_database(settings)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["UPDATE alembic_version SET version_num = 'r9999'"], "newer citybraid"),
        (["DROP TABLE alembic_version"], "another program"),
        (["DROP TABLE votes"], "lacks votes.study, votes.comment"),
        (["ALTER TABLE jobs DROP COLUMN progress"], "lacks jobs.progress"),
    ],
)
def test_tables_of_another_state_are_told_at_the_start(
    settings: Settings, engines: list[Engine], statements: list[str], message: str
) -> None:
    changed(settings, *statements)
    with pytest.raises(InputError, match=message):
        open_database(settings)
    assert isinstance(engines[-1].pool, QueuePool)
    assert engines[-1].pool.checkedin() == 0, "no connection is left open"


def test_a_database_of_another_program_is_left_alone(settings: Settings) -> None:
    settings.own.mkdir()
    with sqlite3.connect(settings.own / "workspace.db") as other:
        other.execute("CREATE TABLE users (id TEXT)")
    other.close()
    with pytest.raises(InputError, match="another program"):
        open_database(settings)
    with sqlite3.connect(settings.own / "workspace.db") as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["users"]
    other.close()

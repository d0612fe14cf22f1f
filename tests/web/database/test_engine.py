import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

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

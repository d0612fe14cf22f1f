"""The database of a workspace: opened, brought to the newest tables, and its sessions."""

import logging
from contextlib import ExitStack
from importlib.resources import as_file, files
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from citybraid.core.errors import InputError
from citybraid.core.text import say
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.tables import Table

CONNECTIONS = 30
"""Requests that use the database at once; fewer than the threads that work on them."""
SPARE = 10
"""Further connections, for what is not a request."""
WORDS_INDEX = "case_words_trigrams"
TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS {WORDS_INDEX} ON case_words USING gin (folded gin_trgm_ops)",
)
"""What lets PostgreSQL find words of cases by trigrams."""
logger = logging.getLogger("citybraid.web")
REVISION = "alembic_version"
"""Table that tells which revision the others have."""
SHOWN = 5
"""Tables and columns that a message names."""
WAIT_MS = 10_000
"""How long a writer of the embedded database waits for another [ms]."""


def open_database(settings: Settings) -> Engine:
    """Open the database and bring its tables to the newest revision.

    Raises InputError where it cannot be reached, or its tables are not those that this program reads.
    """
    url = settings.database_url
    if url.startswith("sqlite"):
        settings.own.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undo:
        try:
            engine = create_engine(url, pool_pre_ping=True, pool_size=CONNECTIONS, max_overflow=SPARE)
            undo.callback(engine.dispose)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _set_pragmas)
            _refuse_foreign(engine)
            upgrade(engine)
            _refuse_other(engine)
            _index_words(engine)
        except CommandError as fault:
            raise InputError("web.database_newer") from fault
        except (SQLAlchemyError, ImportError) as fault:
            raise InputError("web.database_unreachable", why=type(fault).__name__) from fault
        undo.pop_all()
    return engine


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest revision."""
    with as_file(files("citybraid.web.database").joinpath("migrations")) as folder, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_foreign(engine: Engine) -> None:
    """Raise InputError for tables of another program: ours, once made, have their revision beside them."""
    names = set(inspect(engine).get_table_names())
    if names & set(Table.metadata.tables) and REVISION not in names:
        raise InputError("web.database_foreign", tables=sorted(names)[:SHOWN])


def _refuse_other(engine: Engine) -> None:
    """Raise InputError where tables or columns are missing that the program reads, whatever the revision says."""
    seen = inspect(engine)
    names = set(seen.get_table_names())
    lacking = [
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for known in ({each["name"] for each in seen.get_columns(table.name)} if table.name in names else set(),)
        for column in table.columns
        if column.name not in known
    ]
    if lacking:
        raise InputError("web.database_other", columns=lacking[:SHOWN])


def _index_words(engine: Engine) -> None:
    """Have PostgreSQL find words of cases by trigrams; where it cannot, tell that it looks through the texts."""
    if engine.dialect.name != "postgresql":
        return
    try:
        with engine.begin() as connection:
            for statement in TRIGRAMS:
                connection.exec_driver_sql(statement)
    except SQLAlchemyError as fault:
        logger.warning(say("web.no_trigrams", "en", why=type(fault.__cause__ or fault).__name__))


def has_trigrams(engine: Engine) -> bool:
    """Tell whether words of cases are found by trigrams in this database."""
    return any(each["name"] == WORDS_INDEX for each in inspect(engine).get_indexes("case_words"))


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the maker of sessions; values stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={WAIT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

"""The database of a workspace: opened, brought to the newest tables, and its sessions."""

from importlib.resources import as_file, files
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from citybraid.core.errors import InputError
from citybraid.web.configuration.settings import Settings

CONNECTIONS = 30
"""Requests that use the database at once; fewer than the threads that work on them."""
SPARE = 10
"""Further connections, for what is not a request."""
WAIT_MS = 10_000
"""How long a writer of the embedded database waits for another [ms]."""


def open_database(settings: Settings) -> Engine:
    """Open the database and bring its tables to the newest revision.

    Raises InputError where it cannot be reached.
    """
    url = settings.database_url
    if url.startswith("sqlite"):
        settings.own.mkdir(parents=True, exist_ok=True)
    try:
        engine = create_engine(url, pool_pre_ping=True, pool_size=CONNECTIONS, max_overflow=SPARE)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_pragmas)
        upgrade(engine)
    except (SQLAlchemyError, ImportError) as fault:
        raise InputError("web.database_unreachable", why=type(fault).__name__) from fault
    return engine


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest revision."""
    with as_file(files("citybraid.web.database").joinpath("migrations")) as folder, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the maker of sessions; values stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={WAIT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

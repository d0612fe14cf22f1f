"""A PostgreSQL of the test's own: started on a socket in a scratch folder, ended with the session of tests."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
"""Where Debian puts the programs of a server, the newest first."""
FOUND = next((path for path in PLACES if (path / "initdb").exists()), None)
PROGRAMS = Path(os.environ["POSTGRESQL_BIN"]) if "POSTGRESQL_BIN" in os.environ else FOUND
ACCOUNT = "postgres"
"""Account that Debian's package makes: the server refuses to run as root."""

absent = pytest.mark.skipif(PROGRAMS is None and os.environ.get("CI") != "true", reason="absent: no PostgreSQL server")
"""Mark of tests that need a server; on CI there is one."""


def server() -> Iterator[str]:
    """Start a server, give its address without the name of a database, and end it."""
    assert PROGRAMS is not None, "the CI installs postgresql"
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_root = os.getuid() == 0
    if as_root:
        shutil.chown(folder, ACCOUNT, ACCOUNT)

    def call(program: str, *words: str) -> None:
        command = [str(PROGRAMS / program), *words]
        subprocess.run(
            ["runuser", "-u", ACCOUNT, "--", *command] if as_root else command,
            check=True, capture_output=True, cwd=folder, timeout=600,
        )  # fmt: skip

    data = str(folder / "data")
    call("initdb", "-D", data, "-U", "citybraid", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c shared_buffers=16MB"
    call("pg_ctl", "-D", data, "-w", "-t", "500", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        yield f"postgresql+psycopg://citybraid@/{{name}}?host={folder}"
    finally:
        call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str) -> str:
    """Make an empty database and return its address."""
    name = f"w{uuid.uuid4().hex}"
    engine = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.format(name=name)

"""A GeoPackage as a database file: opened in place, opened in a temporary copy, or refused."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from citybraid.core.errors import InputError
from citybraid.sources.text.file_signature import require_magic

MAGIC = b"SQLite format 3\x00"
WRITES, READS, ROLLBACK = 18, 19, b"\x01"
"""Header bytes of the write and read version (SQLite file format, 1.3.4), and their value for rollback journals."""
MODULES = frozenset({"rtree", "fts3", "fts4", "fts5"})
"""Modules of virtual tables that index the file itself; others may access external data."""
LOG, JOURNAL = "-wal", "-journal"


@contextmanager
def readable_copy(path: Path) -> Iterator[Path]:
    """Yield the path of a GeoPackage that can be read without leaving files beside the user's.

    A file with a pending write-ahead log, as QGIS leaves it while it is open, is copied
    together with that log and read from the copy, which is removed afterwards.
    Raises InputError where the file is no database, is damaged, is half written by another program, or has virtual
    tables that access external data.
    """
    require_magic(path, MAGIC, "GeoPackage")
    _refuse_virtual(path)
    log = path.with_name(path.name + LOG)
    has_log = log.is_file() and log.stat().st_size > 0
    with path.open("rb") as stream:
        head = stream.read(READS + 1)
    if not has_log and head[WRITES : READS + 1] == ROLLBACK * 2:
        _refuse_half_written(path)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="geopackage-", ignore_cleanup_errors=True) as scratch:
        copy = Path(scratch) / path.name
        shutil.copyfile(path, copy)
        if has_log:
            shutil.copyfile(log, copy.with_name(copy.name + LOG))
        else:
            with copy.open("r+b") as stream:
                stream.seek(WRITES)
                stream.write(ROLLBACK * 2)
        yield copy


def _refuse_half_written(path: Path) -> None:
    """Raise InputError where another program is writing the file, or was stopped at it: its journal lies beside."""
    if not path.with_name(path.name + JOURNAL).is_file():
        return
    address = f"file:{quote(path.resolve().as_posix())}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0.0)) as database:
            database.execute("select count(*) from sqlite_master").fetchall()
    except sqlite3.Error as fault:
        raise InputError("intake.gpkg_half_written", name=path.name) from fault


def _refuse_virtual(path: Path) -> None:
    """Raise InputError for virtual tables that are not indexes of the file, and for a damaged database."""
    address = f"file:{quote(path.resolve().as_posix())}?mode=ro&immutable=1"
    query = "select name, sql from sqlite_master where sql like 'create virtual table%'"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            virtual_tables = database.execute(query).fetchall()
            contents = database.execute("select 1 from sqlite_master where name = 'gpkg_contents'").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:120]) from fault
    if not contents and not path.with_name(path.name + LOG).is_file():
        raise InputError("intake.disguised", name=path.name, format="GeoPackage", got="SQLite")
    for name, sql in virtual_tables:
        module = str(sql).casefold().rpartition(" using ")[2].split("(")[0].strip()
        if module not in MODULES:
            raise InputError("intake.gpkg_virtual", name=path.name, table=str(name)[:60], got=module[:40])

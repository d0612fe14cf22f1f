"""A GeoPackage as a database file: what may be opened as it lies, what only in a copy, what not at all."""

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
"""Bytes of the header that tell how changes are kept (SQLite file format, 1.3.4), and the value for a plain file."""
MODULES = frozenset({"rtree", "fts3", "fts4", "fts5"})
"""Virtual tables that are an index of the file itself; others may reach elsewhere."""
LOG = "-wal"


@contextmanager
def openable(path: Path) -> Iterator[Path]:
    """Yield a GeoPackage that can be read without a trace beside the user's file.

    A file whose changes still stand in a log beside it, as QGIS leaves it while it is
    open, is read in a copy together with that log; the copy is removed in the end.
    Raises InputError where the file is no database, is damaged, or holds virtual tables that reach outside it.
    """
    require_magic(path, MAGIC, "GeoPackage")
    _refuse_virtual(path)
    log = path.with_name(path.name + LOG)
    waiting = log.is_file() and log.stat().st_size > 0
    with path.open("rb") as stream:
        head = stream.read(READS + 1)
    if not waiting and head[WRITES : READS + 1] == ROLLBACK * 2:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="geopackage-", ignore_cleanup_errors=True) as scratch:
        copy = Path(scratch) / path.name
        shutil.copyfile(path, copy)
        if waiting:
            shutil.copyfile(log, copy.with_name(copy.name + LOG))
        else:
            with copy.open("r+b") as stream:
                stream.seek(WRITES)
                stream.write(ROLLBACK * 2)
        yield copy


def _refuse_virtual(path: Path) -> None:
    """Raise InputError for virtual tables of other modules than the file's own indexes, and for a damaged database."""
    address = f"file:{quote(path.resolve().as_posix())}?mode=ro&immutable=1"
    asked = "select name, sql from sqlite_master where sql like 'create virtual table%'"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            listed = database.execute(asked).fetchall()
            contents = database.execute("select 1 from sqlite_master where name = 'gpkg_contents'").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:120]) from fault
    if not contents and not path.with_name(path.name + LOG).is_file():
        raise InputError("intake.disguised", name=path.name, format="GeoPackage", got="SQLite")
    for name, sql in listed:
        module = str(sql).casefold().rpartition(" using ")[2].split("(")[0].strip()
        if module not in MODULES:
            raise InputError("intake.gpkg_virtual", name=path.name, table=str(name)[:60], got=module[:40])

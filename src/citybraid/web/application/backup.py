"""Backup of a server: its database's rows, the folders of its studies and its library of cases, and back again.

Rows are JSON lines by table, whatever the database, so that a backup of SQLite is restored into PostgreSQL and the
other way round. Tiles and sessions are left out, and values of runs unless they are asked for: a run computes them
again, but until then pages of results, maps and rehearsals have nothing to show.
"""

import json
import shutil
import tarfile
import uuid
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from citybraid.core.errors import InputError
from citybraid.web.configuration.settings import LIBRARY, OWN, Settings
from citybraid.web.database.engine import open_database
from citybraid.web.database.tables import Attempt, CaseWords, Key, Login, StudyRow, Table, Utc

VERSION = 1
ABOUT, ROWS, STUDIES = "about.json", "rows.jsonl", "studies"
STORE = "store"
"""Folder of the values of a study's runs, below its OWN."""
UNKEPT = frozenset({each.__tablename__ for each in (Login, Attempt, Key, CaseWords)})
"""Tables that a backup leaves out: whoever finds one cannot enter with it; words of cases are read again."""


class Counted(NamedTuple):
    """Rows and files of a backup."""

    rows: int
    files: int


def backup(settings: Settings, file: Path, *, values: bool = False) -> Counted:
    """Write a backup, with the values of runs or not, atomically.

    Raises InputError where the file exists or cannot be written.
    """
    if file.exists():
        raise InputError("web.backup_exists", file=file)
    draft = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    engine = open_database(settings)
    try:
        with Session(engine) as session, tarfile.open(draft, "w:gz", compresslevel=1) as archive:
            rows = list(_rows(session))
            _add(archive, ABOUT, json.dumps({"citybraid-backup": VERSION, "rows": len(rows)}))
            _add(archive, ROWS, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
            paths = [*session.scalars(select(StudyRow.path)), LIBRARY]
            files = sorted({each for path in paths for each in _kept(settings.folder / path, values=values)})
            for each in files:
                archive.add(each, f"{STUDIES}/{each.relative_to(settings.folder).as_posix()}", recursive=False)
        draft.replace(file)
    except OSError as fault:
        raise InputError("web.backup_unwritable", file=file, why=fault.strerror or str(fault)) from fault
    finally:
        draft.unlink(missing_ok=True)
        engine.dispose()
    return Counted(len(rows), len(files))


def restore(settings: Settings, file: Path) -> Counted:
    """Restore a backup into an empty folder and an empty database.

    Raises InputError where either holds something, or the file is no backup or is damaged; nothing is left then.
    """
    folder = settings.folder
    if folder.is_dir() and any(each.name != OWN for each in folder.iterdir()):
        raise InputError("web.restore_not_empty", folder=folder)
    draft = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    engine = open_database(settings)
    try:
        with Session(engine) as session, session.begin():
            if session.scalar(select(StudyRow.id).limit(1)) is not None:
                raise InputError("web.restore_not_empty", folder=folder)
            rows, files = _unpacked(file, draft)
            _put_rows(session, engine, rows)
            folder.mkdir(parents=True, exist_ok=True)
            for each in sorted((draft / STUDIES).iterdir()) if (draft / STUDIES).is_dir() else ():
                each.replace(folder / each.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        engine.dispose()
    return Counted(len(rows), files)


def _kept(folder: Path, *, values: bool) -> Iterator[Path]:
    """Yield the files of a study but those that can be computed again, unless they are values asked for; no links."""
    for each in sorted(folder.rglob("*")):
        parts = each.relative_to(folder).parts
        wanted = OWN not in parts or (values and parts[:2] == (OWN, STORE))
        if wanted and each.is_file() and not each.is_symlink():
            yield each


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    for table in Table.metadata.sorted_tables:
        if table.name not in UNKEPT:
            for row in session.execute(select(table)).mappings():
                yield {"table": table.name, "row": {name: _plain(value) for name, value in row.items()}}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content := text.encode())
    archive.addfile(entry, BytesIO(content))


def _unpacked(file: Path, draft: Path) -> tuple[list[dict[str, Any]], int]:
    """Unpack a backup below a draft folder and return its rows and the number of its studies' files."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            members = [each for each in archive.getmembers() if each.isfile()]
            archive.extractall(draft, members, filter="data")
        about = json.loads((draft / ABOUT).read_text(encoding="utf-8"))
        rows = [json.loads(line) for line in (draft / ROWS).read_text(encoding="utf-8").splitlines()]
        if about["citybraid-backup"] != VERSION or about["rows"] != len(rows):
            raise InputError("web.restore_version", file=file)
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as fault:
        raise InputError("web.restore_damaged", file=file) from fault
    return rows, len(members) - 2


def _put_rows(session: Session, engine: Engine, rows: list[dict[str, Any]]) -> None:
    tables = Table.metadata.tables
    try:
        for each in rows:
            table = tables[each["table"]]
            row = {name: _typed(table.columns[name].type, value) for name, value in each["row"].items()}
            session.execute(table.insert().values(**row))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise InputError("web.restore_rows") from fault
    if engine.dialect.name == "postgresql":
        for table in tables.values():
            for column in table.columns:
                if column.autoincrement is True:
                    last = select(func.coalesce(func.max(column), 1)).scalar_subquery()
                    session.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), last)))


def _typed(kind: object, value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(kind, Utc) and value is not None else value

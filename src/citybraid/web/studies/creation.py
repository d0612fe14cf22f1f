"""New studies: a copy of a pilot, or a draft for uploaded files; a folder appears in the workspace once it is whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy.orm import Session

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import CATALOGUE_LANGUAGES
from citybraid.sources.protocol.dataset import is_dataset
from citybraid.study.open.drafting import create_study, draft
from citybraid.study.open.pilots import DEMO, copy_pilot, pilots
from citybraid.study.open.schema import StudyFile, read
from citybraid.web.access.audit import record
from citybraid.web.access.refusals import Refused
from citybraid.web.database.tables import StudyRow, User, new_id
from citybraid.web.studies.contents import data_folder
from citybraid.web.studies.listing import STUDY, known_folders
from citybraid.web.studies.names import UNNAMED, folder_name, free_folder
from citybraid.web.studies.space import uploads_of
from citybraid.web.studies.study_file import read_text, write
from citybraid.web.studies.study_text import Change, changed, joined, parsed
from citybraid.web.studies.uploads import Upload, give_up

NAMED_LETTERS = 8
CREATED = "study.created"
"""What the audit calls a new study."""


@dataclass(frozen=True)
class Pilot:
    """A pilot: names, place and year, whether it is synthetic, what is real of it, files that must be brought."""

    name: str
    title: dict[str, str]
    region: str
    year: int
    synthetic: bool
    note: dict[str, str]
    missing: int
    makes: bool


@cache
def pilot_list() -> tuple[Pilot, ...]:
    """Return the pilots of the package that are one study; a special plan of several is none.

    The demo comes first, then those that have all of their files, last those for which files must be brought.
    """
    with as_file(files("citybraid").joinpath("pilots")) as folder:
        names = [name for name in pilots() if "study" in parsed(read_text(folder / name))]
        pilots_found = [_pilot(name, folder / name) for name in names]
        return tuple(sorted(pilots_found, key=lambda pilot: (pilot.missing > 0, pilot.name != DEMO, pilot.name)))


def _pilot(name: str, folder: Path) -> Pilot:
    settings = read(folder / STUDY)
    info = settings.study
    return Pilot(
        name, dict(info.title), info.region, info.year, info.synthetic, dict(info.note or {}),
        len(_missing(settings, folder)), bool(settings.generator),
    )  # fmt: skip


def _missing(settings: StudyFile, folder: Path) -> list[str]:
    """Return the files of a pilot that neither come with the program nor are made by it."""
    paths = [path for spec in settings.files.values() if not spec.made for path in spec.paths]
    made = bool(settings.generator) and not any(spec.made for spec in settings.files.values())
    return [path for path in paths if not is_dataset(folder / path) and not (made and path.startswith("data/"))]


def from_pilot(session: Session, workspace: Path, user: User, *, pilot: str, title: str) -> StudyRow:
    """Copy a pilot into a new folder of the workspace.

    Raises InputError for an unknown pilot.
    """
    if pilot not in {each.name for each in pilot_list()}:
        raise InputError("pilot.unknown", name=pilot, known=pilots())
    with made_apart(workspace, user) as folder:
        copy_pilot(pilot, folder)
        if title.strip():
            _entitle(folder, title)
        return enter(session, workspace, user, folder, folder_name(title or pilot))


def from_files(session: Session, workspace: Path, user: User, upload: Upload, *, title: str, crs: str) -> StudyRow:
    """Draft a study for the files of an upload, and move both into a new folder of the workspace.

    Raises Refused where files have not come whole, InputError where none of them can be read.
    """
    require_whole(upload)
    name = folder_name(title)
    with made_apart(workspace, user) as apart:
        folder = apart / name
        folder.mkdir(parents=True)
        upload.data.replace(folder / "data")
        try:
            create_study(folder, folder / "data", crs=crs, unread=True)
        except PlanError:
            (folder / "data").replace(upload.data)
            raise
        if title.strip() and title != name:
            _entitle(folder, title)
        _name_apart(folder)
        row = enter(session, workspace, user, folder, name)
    give_up(upload)
    return row


def require_whole(upload: Upload) -> None:
    """Raise Refused where files of an upload have not come whole."""
    if missing := upload.missing():
        raise Refused("web.upload_half", count=len(missing), first=missing[0])


def added(folder: Path, upload: Upload, text: str) -> tuple[str, dict[str, str]]:
    """Return a study file with the entries of an upload's files, and their names; nothing is moved yet.

    Guesses are made as for a new study; a file that the study has already keeps its entries.
    """
    content = parsed(text)
    crs = content.get("study", {}).get("crs", "")
    drafted = draft(upload.folder, upload.data, crs=str(crs))
    root = data_folder(folder, content)
    if not (folder / "data").resolve().is_relative_to(root.resolve()):
        raise Refused("web.data_elsewhere")
    prefix = (folder / "data").resolve().relative_to(root.resolve()).as_posix().removeprefix(".")
    have = {path for entry in content.get("files", {}).values() for path in _paths(entry)}
    entries = parsed(drafted.text).get("files", {})
    again = [name for name, entry in entries.items() if _moved(str(entry["path"]), prefix) in have]
    draft_text = drafted.text
    for name in again:
        draft_text = changed(draft_text, [Change(("files", name), None)])
    for name, entry in entries.items():
        if name not in again:
            path = _moved(str(entry["path"]), prefix)
            draft_text = changed(draft_text, [Change(("files", name, "path"), path)])
    return joined(text, draft_text)


def _paths(entry: object) -> list[str]:
    path = entry.get("path", "") if isinstance(entry, dict) else ""
    return [path] if isinstance(path, str) else [str(each) for each in path]


def _moved(path: str, prefix: str) -> str:
    """Return the path of a drafted file as the study will name it: drafts count from the upload's folder."""
    inner = path.removeprefix("data/")
    return f"{prefix}/{inner}" if prefix else inner


def move_in(upload: Upload, folder: Path) -> None:
    """Move the files of an upload into a study's folder of data, in the place of files of the same name."""
    for number, piece in enumerate(upload.pieces):
        if piece.wanted:
            place = (folder / "data").joinpath(*Path(piece.path).parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            upload.place(number).replace(place)
    give_up(upload)


@contextmanager
def made_apart(workspace: Path, user: User) -> Iterator[Path]:
    """Provide a folder outside of the studies that is removed at the end with what is left in it."""
    apart = uploads_of(workspace, user) / f"new-{new_id()}"
    apart.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield apart
    finally:
        shutil.rmtree(apart, ignore_errors=True)


def _entitle(folder: Path, title: str) -> None:
    words = dict.fromkeys(CATALOGUE_LANGUAGES, title.strip())
    write(folder / STUDY, changed(read_text(folder), [Change(("study", "title"), words)]))


def _name_apart(folder: Path) -> None:
    """Give a study a name of its own where its title gives none, so that cases of two are not versions of one."""
    if parsed(read_text(folder))["study"]["name"] == UNNAMED:
        name = f"{UNNAMED}-{new_id()[:NAMED_LETTERS]}"
        write(folder / STUDY, changed(read_text(folder), [Change(("study", "name"), name)]))


def enter(session: Session, workspace: Path, user: User, made: Path, name: str) -> StudyRow:
    """Move a made folder into the workspace and enter it in the database."""
    folder = free_folder(workspace, name, known=known_folders(session))
    row = StudyRow(path=folder.name, owner=user.id)
    session.add(row)
    session.flush()
    record(session, CREATED, user=user, study=row.id, detail={"folder": folder.name})
    made.replace(folder)
    return row

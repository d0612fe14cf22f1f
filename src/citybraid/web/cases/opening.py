"""A case of others opened as a study by a job: unpacked and checked by a fenced process, then laid out as studies are.

What a study reads stands where its file names it; everything else of the case is kept beside it in one folder, so that
a case can bring no run, store or hidden file that the workspace would take for its own.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sqlalchemy.orm import Session

from citybraid.commons.form.card import CARD, Card, read_card
from citybraid.commons.opening.opened import Tell, open_case
from citybraid.web.access.refusals import NotFound, Refused
from citybraid.web.cases.packed import SUFFIX
from citybraid.web.configuration.settings import OWN
from citybraid.web.database.tables import StudyRow, User
from citybraid.web.studies.contents import OUTPUTS
from citybraid.web.studies.creation import enter, made_apart, require_whole
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.names import CASE, OPENING, folder_name
from citybraid.web.studies.space import require_space, room_of
from citybraid.web.studies.study_file import read_text, write
from citybraid.web.studies.study_text import Change, changed
from citybraid.web.studies.uploads import Upload, give_up

DATA, BESIDE = "data", "inputs"
"""Folder of a study's inputs; the second where the case's study has files of its own in the first."""
FILE, ABOUT, UNPACKED, LAID = "case.zip", "about.json", "unpacked", "laid"
"""What stands in the folder of a case that is being opened: it, what is told of it, its parts, the study."""
RESERVED = OUTPUTS | {OWN}
"""Folders of a study that no case may fill."""


def from_upload(session: Session, workspace: Path, user: User, upload: Upload) -> StudyRow:
    """Begin to open the case of an upload as a new study; raises Refused where it is not one file, whole."""
    file, name = file_of(upload)
    row = begin(session, workspace, user, file, name=name)
    give_up(upload)
    return row


def file_of(upload: Upload) -> tuple[Path, str]:
    """Return the file of an upload and its name; raises Refused where it is not one file, whole."""
    require_whole(upload)
    wanted = [number for number, piece in enumerate(upload.pieces) if piece.wanted]
    if len(wanted) != 1:
        raise Refused("web.cases.one_file")
    return upload.place(wanted[0]), Path(upload.pieces[wanted[0]].path).name


def begin(session: Session, workspace: Path, user: User, file: Path, *, name: str) -> StudyRow:
    """Enter a study that a case of unknown origin is opened as; a job reads it.

    The file is linked or copied: a library may withdraw its own meanwhile.
    """
    require_space(session, workspace, user, 0)
    room = room_of(session, workspace, user)
    with made_apart(workspace, user) as apart:
        place = apart / OWN / OPENING
        place.mkdir(parents=True)
        try:
            os.link(file, place / FILE)
        except OSError:
            shutil.copyfile(file, place / FILE)
        (place / ABOUT).write_text(json.dumps({"room": room, "name": name}, ensure_ascii=False), encoding="utf-8")
        return enter(session, workspace, user, apart, folder_name(name.removesuffix(".zip").removesuffix(".case")))


def opening_of(study: Path) -> str:
    """Return the name of the file that a study is being opened from, "" where it is none."""
    try:
        return str(json.loads((study / OWN / OPENING / ABOUT).read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def finish(study: Path, *, tell: Tell) -> None:
    """Open the case that a study was begun with: unpacked by a fenced process, checked whole, laid out.

    What an earlier attempt left is removed first; the study file comes last, so that an attempt that was ended
    leaves no study. Raises InputError with what is wrong with the case, CapacityError where there is no room for it.
    """
    place = study / OWN / OPENING
    if not (study / STUDY).is_file():
        file = place / FILE
        if not file.is_file():
            raise NotFound("web.cases.no_opening")
        for left in [*(each for each in study.iterdir() if each.name != OWN), place / UNPACKED, place / LAID]:
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
        room = int(json.loads((place / ABOUT).read_text(encoding="utf-8"))["room"])
        checked = open_case(file, place / UNPACKED, tell=tell, room=room)
        _lay_out(place / UNPACKED, place / LAID, checked.card)
        for each in sorted((place / LAID).iterdir(), key=lambda path: path.name == STUDY):
            each.replace(study / each.name)
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()  # where nothing else stands beside


def _lay_out(unpacked: Path, study: Path, card: Card) -> None:
    """Move the parts of a case to where a study has them."""
    study.mkdir()
    named = {piece.path for each in card.inputs if each.packed for piece in each.pieces}
    own = [path for path in (unpacked / "study").rglob("*") if path.is_file()]
    for path in own:
        place = path.relative_to(unpacked / "study").as_posix()
        if "/" not in place or place in named:
            _require_free(place)
            _move(path, study / place)
    folder = BESIDE if (study / DATA).exists() else DATA
    for path in [each for each in (unpacked / BESIDE).rglob("*") if each.is_file()]:
        place = path.relative_to(unpacked / BESIDE).as_posix()
        _require_free(place)
        _move(path, study / folder / place)
    (study / folder).mkdir(exist_ok=True)
    unpacked.replace(study / CASE)
    write(study / STUDY, changed(read_text(study), [Change(("study", "data"), folder)]))


def _require_free(place: str) -> None:
    """Raise Refused for a path that the workspace uses for what it writes itself, or that hides."""
    parts = PurePosixPath(place).parts
    if parts[0].casefold() in RESERVED or any(part.startswith(".") for part in parts):
        raise Refused("web.cases.reserved", path=place)


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    path.replace(to)


def card_of(study: Path) -> Card | None:
    """Return the card of the case that a study was opened from, None where it is none."""
    path = study / CASE / CARD
    return read_card(path.read_bytes(), file=f"{study.name}{SUFFIX}") if path.is_file() else None

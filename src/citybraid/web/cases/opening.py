"""A case of others opened as a study: unpacked and checked by a fenced process, then laid out as studies are.

What a study reads stands where its file names it; everything else of the case is kept beside it in one folder, so that
a case can bring no run, store or hidden file that the workspace would take for its own.
"""

from pathlib import Path, PurePosixPath

from sqlalchemy.orm import Session

from citybraid.commons.form.card import CARD, Card, read_card
from citybraid.commons.opening.opened import check, open_case
from citybraid.web.access.refusals import Refused
from citybraid.web.cases.packed import SUFFIX
from citybraid.web.configuration.settings import OWN
from citybraid.web.database.tables import StudyRow, User
from citybraid.web.studies.contents import OUTPUTS
from citybraid.web.studies.creation import enter, made_apart, require_whole
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.names import CASE, folder_name
from citybraid.web.studies.space import require_space
from citybraid.web.studies.study_file import read_text, write
from citybraid.web.studies.study_text import Change, changed
from citybraid.web.studies.uploads import Upload, give_up

DATA, BESIDE = "data", "inputs"
"""Folder of a study's inputs; the second where the case's study has files of its own in the first."""
RESERVED = OUTPUTS | {OWN}
"""Folders of a study that no case may fill."""


def from_upload(session: Session, workspace: Path, user: User, upload: Upload) -> StudyRow:
    """Open the case of an upload as a new study; raises Refused where it is not one file, whole."""
    require_whole(upload)
    wanted = [number for number, piece in enumerate(upload.pieces) if piece.wanted]
    if len(wanted) != 1:
        raise Refused("web.cases.one_file")
    row = from_case(session, workspace, user, upload.place(wanted[0]))
    give_up(upload)
    return row


def from_case(session: Session, workspace: Path, user: User, file: Path) -> StudyRow:
    """Open a case of unknown origin as a new study of a person.

    Raises InputError with what is wrong with it, TooMany or CapacityError where there is no room for it.
    """
    checked = check(file)
    require_space(session, workspace, user, sum(part.bytes for part in checked.card.parts))
    with made_apart(workspace, user) as apart:
        unpacked, study = apart / "unpacked", apart / STUDY.removesuffix(".toml")
        open_case(file, unpacked)
        _lay_out(unpacked, study, checked.card)
        title = checked.card.title.get("zh") or checked.card.title.get("en") or checked.card.name
        return enter(session, workspace, user, study, folder_name(title))


def _lay_out(unpacked: Path, study: Path, card: Card) -> None:
    """Move the parts of a case to where a study has them."""
    study.mkdir()
    named = {piece.path for each in card.inputs if each.packed for piece in each.pieces}
    own = [path for path in (unpacked / "study").rglob("*") if path.is_file()]
    for path in own:
        said = path.relative_to(unpacked / "study").as_posix()
        if "/" not in said or said in named:
            _require_free(said)
            _move(path, study / said)
    folder = BESIDE if (study / DATA).exists() else DATA
    for path in [each for each in (unpacked / BESIDE).rglob("*") if each.is_file()]:
        said = path.relative_to(unpacked / BESIDE).as_posix()
        _require_free(said)
        _move(path, study / folder / said)
    (study / folder).mkdir(exist_ok=True)
    unpacked.replace(study / CASE)
    write(study / STUDY, changed(read_text(study), [Change(("study", "data"), folder)]))


def _require_free(said: str) -> None:
    """Raise Refused for a path that the workspace uses for what it writes itself, or that hides."""
    parts = PurePosixPath(said).parts
    if parts[0].casefold() in RESERVED or any(part.startswith(".") for part in parts):
        raise Refused("web.cases.reserved", path=said)


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    path.replace(to)


def card_of(study: Path) -> Card | None:
    """Return the card of the case that a study was opened from, None where it is none."""
    path = study / CASE / CARD
    return read_card(path.read_bytes(), file=f"{study.name}{SUFFIX}") if path.is_file() else None

"""The files of a study with what is known of each, and the study file: forms, checks, changes."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from citybraid.core.text import LANGUAGES
from citybraid.web.access.permits import Database, Editing, Permit, Viewing
from citybraid.web.access.refusals import NotFound, Refused
from citybraid.web.studies import columns, contents, drawings, removal
from citybraid.web.studies.entries import SHOWN, allowed, fields
from citybraid.web.studies.entries import Field as FormField
from citybraid.web.studies.study_file import Seen, Trouble, digest_of, read_text, rewrite, troubles
from citybraid.web.studies.study_text import Change, Line, changed, difference, parsed

router = APIRouter(tags=["files"])


class ListedFile(BaseModel):
    """A file of a study and the entries that read it."""

    file: contents.FileSeen
    entries: list[columns.EntrySeen]


class FilesState(BaseModel):
    """The files of a study, entries whose files are missing, and the roles that a file may have."""

    files: list[ListedFile]
    missing: list[columns.EntrySeen]
    roles: list[columns.RoleName]


class StudyFileState(BaseModel):
    """The study file: version and digest that a change must name, its text and content, forms, what is wrong."""

    version: int
    digest: str
    text: str
    content: dict[str, Any]
    fields: dict[str, list[FormField]]
    troubles: list[Trouble]
    written: list[Line]


class Entry(BaseModel):
    """An entry of the study file and its new value; null takes it away."""

    at: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=4)]
    value: Any


class Changes(BaseModel):
    """Changes of the study file, and what was seen of it."""

    version: int
    digest: str
    changes: Annotated[list[Entry], Field(min_length=1, max_length=200)]


class Checked(BaseModel):
    """What changes would write, and what would be wrong then; nothing is written."""

    written: list[Line]
    troubles: list[Trouble]


@router.get("/api/studies/{study}/files")
def files(permitted: Viewing) -> FilesState:
    """List the files of a study with role, layers, rows, CRS, encoding, columns, and how sure each is."""
    content = parsed(read_text(permitted.folder))
    entries = {name: each for name, each in content.get("files", {}).items() if isinstance(each, dict)}
    seen = contents.listed(permitted.folder, content)
    listed = [
        ListedFile(
            file=file,
            entries=[
                columns.entry_seen(name, entry, file)
                for name, entry in entries.items()
                if file.path in contents.entry_paths(entry)
            ],
        )
        for file in seen
    ]
    names = {entry.name for each in listed for entry in each.entries}
    missing = [columns.missing_entry(name, entry) for name, entry in entries.items() if name not in names]
    return FilesState(files=listed, missing=missing, roles=columns.role_names())


@router.get("/api/studies/{study}/settings")
def settings(permitted: Viewing) -> StudyFileState:
    """Return the study file: its text, the forms of what can be changed here, and what is wrong with it."""
    return _state(permitted, [])


@router.post("/api/studies/{study}/settings")
def check(permitted: Editing, wanted: Changes) -> Checked:
    """Tell what changes would write and what would be wrong then; nothing is written."""
    text = read_text(permitted.folder)
    after = changed(text, _allowed(permitted, text, wanted.changes))
    return Checked(written=difference(text, after), troubles=troubles(permitted.folder, after))


@router.patch("/api/studies/{study}/settings")
def change(permitted: Editing, wanted: Changes, session: Database) -> StudyFileState:
    """Write changes into the study file; comments and order stay."""

    def edit(text: str) -> str:
        return changed(text, _allowed(permitted, text, wanted.changes))

    about = [".".join(each.at) for each in wanted.changes]
    lines = rewrite(session, permitted, Seen(wanted.version, wanted.digest), edit, about=about)
    return _state(permitted, lines)


@router.get("/api/studies/{study}/files/{file}/layers")
def layers(permitted: Viewing, file: str) -> drawings.Drawing:
    """Return the layers of a drawing, with what is on each and the CRS that its coordinates may be in."""
    return drawings.drawing(_placed(permitted, file).path)


@router.get("/api/studies/{study}/files/{file}/picture", response_class=Response)
def picture(permitted: Viewing, file: str, language: str = "en") -> Response:
    """Return a picture of a drawing's layers (PNG)."""
    if language not in LANGUAGES:
        raise NotFound("web.no_language", code=language[:20], known=LANGUAGES)
    png = drawings.picture(_placed(permitted, file).path, language)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=60"})


@router.delete("/api/studies/{study}/files/{file}")
def remove(permitted: Editing, file: str, version: int, digest: str, session: Database) -> StudyFileState:
    """Take a file out of a study, with the entries that read it alone; it is kept in a folder beside the store."""
    placed = _placed(permitted, file)
    if not placed.inside:
        raise Refused("web.foreign_path", path=placed.said)

    def edit(text: str) -> str:
        written = changed(text, changes) if (changes := removal.without(parsed(text), placed)) else text
        removal.set_aside(permitted.folder, placed)
        return written

    return _state(permitted, rewrite(session, permitted, Seen(version, digest), edit))


def _placed(permitted: Permit, file: str) -> contents.Placed:
    place = contents.find(permitted.folder, parsed(read_text(permitted.folder)), file)
    if place is None:
        raise NotFound("web.no_file")
    return place


def _allowed(permitted: Permit, text: str, entries: list[Entry]) -> list[Change]:
    changes = [Change(tuple(each.at), each.value) for each in entries]
    return allowed(changes, lambda: contents.paths(contents.datasets(permitted.folder, parsed(text))))


def _state(permitted: Permit, written: list[Line]) -> StudyFileState:
    text = read_text(permitted.folder)
    return StudyFileState(
        version=permitted.study.version, digest=digest_of(text), text=text, content=parsed(text),
        fields={section: fields(section) for section in SHOWN}, troubles=troubles(permitted.folder, text),
        written=written,
    )  # fmt: skip

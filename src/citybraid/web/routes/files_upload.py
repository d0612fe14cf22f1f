"""Uploads: files are announced, sent in slices that can be resumed, and become a new study or part of one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field, StringConstraints
from starlette.requests import ClientDisconnect

from citybraid.core.text import LANGUAGES, say
from citybraid.sources.protocol.limits import Limits
from citybraid.web.access.permits import Asker, Database, Editing, Sender, Shared
from citybraid.web.routes.studies import StudyState, Title, of_owner
from citybraid.web.studies import creation, space, uploads
from citybraid.web.studies.study_file import Seen, rewrite

router = APIRouter(tags=["files"])


class Announced(BaseModel):
    """A file that will be sent: its path below the chosen folder, and its size [byte]."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    size: Annotated[int, Field(ge=0)]


class Announcement(BaseModel):
    """Files that will be sent."""

    files: Annotated[list[Announced], Field(min_length=1)]


class PieceState(BaseModel):
    """A file of an upload: its number, path and size [byte], how much has come, and why it is not wanted."""

    number: int
    path: str
    size: int
    received: int
    refused: dict[str, str]


class UploadState(BaseModel):
    """An upload: its id, its files, and the largest file that may be sent [MiB]."""

    id: str
    files: list[PieceState]
    file_mib: float


class Drafted(BaseModel):
    """Title of a new study, and its CRS where it is known."""

    title: Title
    crs: Annotated[str, StringConstraints(max_length=200)] = ""


class Addition(BaseModel):
    """An upload that becomes part of a study, and what was seen of the study file."""

    upload: str
    version: int
    digest: str


class Added(BaseModel):
    """Names of the entries that were written for the files, and the version of the study file."""

    entries: list[str]
    version: int


def opened(upload: str, user: Sender, shared: Shared) -> uploads.Upload:
    """Return an upload of the asker; raises NotFound where they have none of this id."""
    return uploads.opened(space.uploads_of(shared.settings.folder, user), upload)


Opened = Annotated[uploads.Upload, Depends(opened)]


@router.post("/api/uploads", status_code=201)
def announce(wanted: Announcement, user: Sender, session: Database, shared: Shared) -> UploadState:
    """Announce the files of an upload; the answer tells which of them are wanted."""
    workspace = shared.settings.folder
    named = [(each.path, each.size) for each in wanted.files]
    room = space.uploads_of(workspace, user)
    return _state(uploads.begin(room, named, lambda more: space.require_space(session, workspace, user, more)))


@router.get("/api/uploads")
def under_way(user: Sender, shared: Shared) -> list[UploadState]:
    """List one's own uploads under way, so that a sender that was interrupted finds its own again."""
    return [_state(each) for each in uploads.under_way(space.uploads_of(shared.settings.folder, user))]


@router.get("/api/uploads/{upload}")
def upload_state(upload: Opened) -> UploadState:
    """Return an upload, so that a sender knows where to go on."""
    return _state(upload)


@router.put("/api/uploads/{upload}/{number}/files")
async def send(upload: Opened, number: int, request: Request, offset: int = 0) -> PieceState:
    """Take the next bytes of a file, from `offset` on, which is what has come of it so far.

    A connection that ends early keeps what has come.
    """
    with upload.receiving(number, offset) as receiving:
        try:
            async for block in request.stream():
                await run_in_threadpool(receiving.take, block)
        except ClientDisconnect:
            pass
    return _piece(upload, number)


@router.delete("/api/uploads/{upload}", status_code=204)
def give_up(upload: Opened) -> None:
    """Remove an upload and all that has come of it."""
    uploads.give_up(upload)


@router.post("/api/uploads/{upload}/study", status_code=201)
def new_study(upload: Opened, wanted: Drafted, user: Asker, session: Database, shared: Shared) -> StudyState:
    """Draft a new study for the files of an upload; the study is the asker's."""
    workspace = shared.settings.folder
    row = creation.from_files(session, workspace, user, upload, title=wanted.title, crs=wanted.crs)
    return of_owner(row, user, shared, session)


@router.post("/api/studies/{study}/files/added", status_code=201)
def add(permitted: Editing, wanted: Addition, session: Database, shared: Shared) -> Added:
    """Move the files of an upload into a study, in the place of those of the same name, and write their entries."""
    room = space.uploads_of(shared.settings.folder, permitted.user)
    upload = uploads.opened(room, wanted.upload)
    creation.require_whole(upload)
    names: list[str] = []

    def change(text: str) -> str:
        written, added = creation.added(permitted.folder, upload, text)
        names.extend(added.values())
        creation.move_in(upload, permitted.folder)
        return written

    rewrite(session, permitted, Seen(wanted.version, wanted.digest), change)
    return Added(entries=names, version=permitted.study.version)


def _state(upload: uploads.Upload) -> UploadState:
    pieces = [_piece(upload, number) for number in range(len(upload.pieces))]
    return UploadState(id=upload.id, files=pieces, file_mib=Limits().file_mib)


def _piece(upload: uploads.Upload, number: int) -> PieceState:
    each = upload.pieces[number]
    messages = {code: say(each.refused, code, **(each.values or {})) for code in LANGUAGES} if each.refused else {}
    return PieceState(
        number=number, path=each.path, size=each.size, received=upload.received(number) if each.wanted else 0,
        refused=messages,
    )  # fmt: skip

"""Cases on their way into the library: listed, reviewed, published, withdrawn by those who keep the workspace."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from citybraid.web.access.permits import Asker, Shared
from citybraid.web.access.refusals import NotAllowed
from citybraid.web.cases import review
from citybraid.web.cases.review import QuestionState, VersionState
from citybraid.web.database.tables import User
from citybraid.web.routes.cases.packed import Author, HandedIn, named
from citybraid.web.routes.files_upload import Opened

router = APIRouter(prefix="/api/library", tags=["cases"])

Note = Annotated[str, StringConstraints(max_length=4000)]


def keeping(user: Asker) -> User:
    """Return the asker; raises NotAllowed where they do not keep the workspace."""
    if not user.admin:
        raise NotAllowed("web.cases.keepers_only")
    return user


Keeper = Annotated[User, Depends(keeping)]


class UnderWay(BaseModel):
    """Drafts and reviewed cases, those published or withdrawn, and the questions of the checklist."""

    cases: list[VersionState]
    settled: list[VersionState]
    questions: list[QuestionState]


class Reviewed(BaseModel):
    """A review: who, the answer to every question, and a note."""

    model_config = ConfigDict(extra="forbid")
    by: Author
    answers: Annotated[dict[str, bool], Field(max_length=50)]
    note: Note = ""


class Retracted(BaseModel):
    """Who withdraws a case, and why."""

    model_config = ConfigDict(extra="forbid")
    by: Author
    reason: Note


@router.get("")
def under_way(_keeper: Keeper, shared: Shared) -> UnderWay:
    """List the cases that wait, and those published or withdrawn, with their history; and the checklist."""
    folder = shared.settings.cases
    return UnderWay(
        cases=review.under_way(folder), settled=review.settled(folder), questions=review.questions()
    )  # fmt: skip


@router.post("/uploads/{upload}", status_code=201)
def publish_uploaded(upload: Opened, wanted: HandedIn, keeper: Keeper, shared: Shared) -> VersionState:
    """Hand in the case of an upload, from another workspace or command line, as a draft that others review."""
    return review.hand_in_upload(shared.settings.cases, upload, by=named(wanted.by, keeper, shared))


@router.post("/{name}/review")
def review_case(name: str, wanted: Reviewed, keeper: Keeper, shared: Shared) -> VersionState:
    """Answer the checklist of a draft: reviewed where every answer is yes, else returned to its authors."""
    return review.review(
        shared.settings.cases, name, wanted.answers, by=named(wanted.by, keeper, shared), note=wanted.note
    )


@router.post("/{name}/release")
def release_case(name: str, wanted: HandedIn, keeper: Keeper, shared: Shared) -> VersionState:
    """Publish a reviewed case."""
    return review.release(shared.settings.cases, name, by=named(wanted.by, keeper, shared))


@router.post("/{name}/retract")
def retract_case(name: str, wanted: Retracted, keeper: Keeper, shared: Shared) -> VersionState:
    """Withdraw a case: its file goes, a trace with the reason stays."""
    return review.retract(shared.settings.cases, name, by=named(wanted.by, keeper, shared), reason=wanted.reason)

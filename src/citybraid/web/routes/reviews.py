"""Comments on a run: read, added, answered, settled and voted on."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from citybraid.study.review.comment import LONGEST, Status
from citybraid.web.access.permits import Database, Reviewing, Viewing
from citybraid.web.reviews.comments import (
    CommentState,
    PlaceState,
    answered,
    entered,
    listed,
    one,
    places_of,
    search,
    vote,
)

router = APIRouter(tags=["review"])


class NewComment(BaseModel):
    """A comment: its text, and the code or address of what it is about; '' for the plan."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(max_length=LONGEST)]
    about: Annotated[str, Field(max_length=300)] = ""


class NewReply(BaseModel):
    """A reply: text, state, and the change that resolves the comment; '' leaves each as it is.

    `revision` is that of the comment which was read: where it has changed since, the reply is refused.
    """

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(max_length=LONGEST)] = ""
    status: Status | Literal[""] = ""
    change: Annotated[str, Field(max_length=300)] = ""
    revision: Annotated[str, Field(max_length=40)] = ""


class NewVote(BaseModel):
    """A vote: agreed, not agreed, or taken back."""

    model_config = ConfigDict(extra="forbid")
    value: Literal[-1, 0, 1]


@router.get("/api/studies/{study}/runs/{run}/comments")
def run_comments(run: str, permitted: Viewing, session: Database) -> list[CommentState]:
    """List the comments on a run, the oldest first."""
    return listed(session, permitted.study.id, permitted.user, places_of(permitted.folder, run))


@router.get("/api/studies/{study}/runs/{run}/comments/places")
def comment_places(run: str, permitted: Reviewing, text: Annotated[str, Query(max_length=80)] = "") -> list[PlaceState]:
    """Search what a comment may be about."""
    return search(places_of(permitted.folder, run), text)


@router.post("/api/studies/{study}/runs/{run}/comments", status_code=201)
def add_comment(run: str, wanted: NewComment, permitted: Reviewing, session: Database) -> CommentState:
    """Add a comment on a value, a map, a parcel, a factor, a clause, a place, or the plan."""
    places = places_of(permitted.folder, run)
    comment = entered(places, permitted.user, text=wanted.text, about=wanted.about)
    return one(session, permitted.study.id, permitted.user, places, comment)


@router.post("/api/studies/{study}/runs/{run}/comments/{comment}")
def answer_comment(run: str, comment: str, wanted: NewReply, permitted: Reviewing, session: Database) -> CommentState:
    """Reply to a comment, change its state, or name the change that resolves it."""
    places = places_of(permitted.folder, run)
    answer_kept = answered(
        places, permitted.user, permitted.role, comment, text=wanted.text, status=wanted.status, change=wanted.change,
        revision=wanted.revision,
    )  # fmt: skip
    return one(session, permitted.study.id, permitted.user, places, answer_kept)


@router.put("/api/studies/{study}/runs/{run}/comments/{comment}/vote")
def vote_comment(run: str, comment: str, wanted: NewVote, permitted: Reviewing, session: Database) -> CommentState:
    """Vote on a comment, or take the vote back."""
    places = places_of(permitted.folder, run)
    votes = vote(session, places, comment, study=permitted.study.id, user=permitted.user, value=wanted.value)
    return one(session, permitted.study.id, permitted.user, places, votes)

"""Comments on a run as pages take them: with what they are about in words, the change that resolves them, and votes."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from citybraid.core.errors import InputError
from citybraid.core.text import LANGUAGES
from citybraid.report.annex.implementation import about_text
from citybraid.report.annex.places import CLAUSE, FACTOR, PARCEL, PLACE, Places, places
from citybraid.report.chapter import Text, in_words
from citybraid.study.review.comment import Comment, Status
from citybraid.study.review.journal import add, answer, comments
from citybraid.study.run.run import Run
from citybraid.web.access.refusals import Conflict, NotAllowed, NotFound
from citybraid.web.access.roles import Role
from citybraid.web.database.tables import User, Vote
from citybraid.web.studies.runs import OPEN, open_run

Said = dict[str, str]
LETTERS_OF_AUTHOR = 100
MOST_FOUND = 30
"""Places that a search returns."""
EDITORS = frozenset({"closed"})
"""States that only an editor sets."""


class ReplyState(BaseModel):
    """A reply: when, by whom, its text, and the change that it names."""

    when: str
    author: str
    text: str
    change: str
    change_said: Said


class CommentState(BaseModel):
    """A comment with its replies, what it is about, and its votes; `mine` is the asker's."""

    id: str
    when: str
    author: str
    about: str
    about_said: Said
    kind: str
    text: str
    status: Status
    revision: str
    replies: list[ReplyState]
    up: int
    down: int
    mine: int


class PlaceState(BaseModel):
    """What a comment may be about: its address, and in words."""

    about: str
    said: Said


def places_of(study: Path, number: str) -> Places:
    """Return what comments on a run may be about, kept while the run's manifest stays."""
    folder = open_run(study, number).folder
    return _kept(study, folder.name, (folder / "manifest.json").stat().st_mtime_ns)


@lru_cache(maxsize=OPEN)
def _kept(study: Path, number: str, _changed: int) -> Places:
    return places(open_run(study, number))


def author_of(user: User) -> str:
    """Return the name under which a person comments."""
    return (user.display.strip() or user.name)[:LETTERS_OF_AUTHOR]


def listed(session: Session, study: str, user: User, places: Places) -> list[CommentState]:
    """Return the comments on a run, the oldest first."""
    entries = comments(places.view.run)
    return _states(session, study, user, places, entries)


def one(session: Session, study: str, user: User, places: Places, comment: Comment) -> CommentState:
    """Return one comment."""
    return _states(session, study, user, places, [comment])[0]


def _states(session: Session, study: str, user: User, places: Places, entries: Iterable[Comment]) -> list[CommentState]:
    votes: dict[str, list[Vote]] = {}
    for vote in session.scalars(select(Vote).where(Vote.study == study)):
        votes.setdefault(vote.comment, []).append(vote)
    return [_state(places, each, votes.get(each.id, []), user) for each in entries]


def _state(places: Places, comment: Comment, votes: Iterable[Vote], user: User) -> CommentState:
    cast = list(votes)
    return CommentState(
        id=comment.id, when=comment.when, author=comment.author, about=comment.about,
        about_said=said_about(places, comment.about), kind=kind_of(comment.about), text=comment.text,
        status=comment.status, revision=comment.revision,
        replies=[
            ReplyState(
                when=each.when, author=each.author, text=each.text, change=each.change,
                change_said=said_about(places, each.change) if each.change else {},
            )
            for each in comment.replies
        ],
        up=sum(each.value > 0 for each in cast), down=sum(each.value < 0 for each in cast),
        mine=next((each.value for each in cast if each.user == user.id), 0),
    )  # fmt: skip


def said_about(places: Places, about: str) -> Said:
    """Return in words what a comment is about; of a value also its alternative, and its unit or parcel."""
    parts = [about_text(places.codes, about), *_of_value(places, about)]
    return {language: " · ".join(in_words(each, language) for each in parts) for language in LANGUAGES}


def _of_value(places: Places, about: str) -> Iterator[Text]:
    """Yield the alternative of a value, and the unit or the parcel, that its code alone tells apart."""
    value = places.codes.by_text.get(about)
    if value is None:
        return
    alternative, place = value.address.alternative, value.address.place
    if alternative in places.view.run.alternatives:
        yield places.view.name(alternative)
    if place and place in places.codes.zones:
        yield places.unit_names.get(place, place)
    elif place in places.codes.parcels:
        yield places.view.parcel_name(place)


def kind_of(about: str) -> str:
    """Return the kind of what a comment is about: plan, value, map, parcel, factor, clause or place."""
    kind = about.partition(":")[0]
    named = {each.removesuffix(":") for each in ("map:", PARCEL, FACTOR, CLAUSE, PLACE)}
    return "plan" if not about else kind if kind in named else "value"


def address(places: Places, about: str) -> str:
    """Return the address of what a comment is about; raises InputError where the run has no such."""
    words = about.strip("[] ")
    try:
        return places[words] if words else ""
    except KeyError as fault:
        raise InputError("review.about_unknown", got=about[:80]) from fault


def search(places: Places, text: str) -> list[PlaceState]:
    """Return places that a text names in some language or by code: of values those of the whole area first."""
    wanted = text.strip().casefold()
    whole = sorted(dict.fromkeys(places.values()), key=lambda each: not each.endswith("/"))
    states: list[PlaceState] = []
    for about in whole:
        matching = said_about(places, about)
        if any(wanted in each.casefold() for each in (about, *matching.values())):
            states.append(PlaceState(about=about, said=matching))
        if len(states) == MOST_FOUND:
            break
    return states


def entered(places: Places, user: User, *, text: str, about: str) -> Comment:
    """Add a comment of a person; raises InputError for an empty text or what the run has not."""
    return add(places.view.run, text, author=author_of(user), about=address(places, about))


def answered(
    places: Places, user: User, role: Role, comment: str, *, text: str, status: Status | Literal[""], change: str,
    revision: str,
) -> Comment:  # fmt: skip
    """Reply to a comment, change its state, name the change that resolves it; what is left out stays.

    Raises:
        NotFound: there is no such comment.
        NotAllowed: an editor alone closes a comment, opens a closed one, or names a change.
        Conflict: somebody has answered meanwhile: `revision` is not the comment's.
        InputError: nothing is said or changed, or there is no such change.
    """
    run = places.view.run
    before = _known(run, comment)
    wanted = status or ("answered" if before.status == "open" and text.strip() else before.status)
    if role < Role.EDITOR and (change or (wanted != before.status and EDITORS & {wanted, before.status})):
        raise NotAllowed("web.review.editors", role=Role.EDITOR.word)
    if revision and revision != before.revision:
        raise Conflict("web.review.changed", id=comment)
    return answer(run, comment, text, author=author_of(user), status=wanted, change=change)


def _known(run: Run, comment: str) -> Comment:
    known: Mapping[str, Comment] = {each.id: each for each in comments(run)}
    if comment not in known:
        raise NotFound("web.review.no_comment", id=comment[:20])
    return known[comment]


def vote(session: Session, places: Places, comment: str, *, study: str, user: User, value: int) -> Comment:
    """Cast a person's vote on a comment: 1, -1, or 0 to take it back; raises NotFound where there is none such."""
    known = _known(places.view.run, comment)
    cast = session.get(Vote, (study, comment, user.id))
    if cast is None and value:
        session.add(Vote(study=study, comment=comment, user=user.id, value=value))
    elif cast is not None and value:
        cast.value = value
    elif cast is not None:
        session.delete(cast)
    session.flush()
    return known

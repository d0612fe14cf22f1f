"""Review of a run: reviewers' comments added, listed, exported and imported."""

import json as json_format
from collections.abc import Mapping
from pathlib import Path

import typer

from citybraid.cli import paper
from citybraid.core.errors import InputError
from citybraid.core.text import Phrase, say
from citybraid.study.review.comment import STATUSES, Comment, Status
from citybraid.study.review.exchange import import_rows, write_comments
from citybraid.study.review.journal import add as add_comment
from citybraid.study.review.journal import answer, comments
from citybraid.study.run.run import Run
from citybraid.web.foreign.apart import comment_rows

HEADS = ("id", "about", "author", "date", "text", "status", "replies")


def add(path: Path, text: str, *, author: str, about: str, answers: str, status: str, lang: str) -> None:
    """Add a comment, or a reply to one, and tell its id."""
    run = Run.open(path)
    if answers:
        comment = answer(run, answers, text, author=author, status=_status(status or "answered"), change=about)
    else:
        if status and _status(status) != "open":
            raise InputError("review.status_unknown", got=status, known=("open",))
        comment = add_comment(run, text, author=author, about=_place(run, about))
    paper.tell("review.added", lang, id=comment.id, status=Phrase(f"review.{comment.status}", {}))


def listed(path: Path, *, json: bool, lang: str) -> None:
    """Print the comments on a run."""
    run = Run.open(path)
    entries = comments(run)
    if json:
        rows = [{**each._asdict(), "replies": [reply._asdict() for reply in each.replies]} for each in entries]
        paper.line(json_format.dumps(rows, ensure_ascii=False))
        return
    if not entries:
        paper.tell("review.none", lang)
        return
    heads = [say(f"review.{name}", lang or "en") for name in HEADS]
    paper.table(paper.title("review.listed", lang, run=run.folder.name), heads, [_row(each, lang) for each in entries])


def _row(comment: Comment, lang: str) -> tuple[str, ...]:
    replies = "; ".join(
        f"{each.author}, {each.when[:10]}: {' → '.join(filter(None, (each.text, each.change)))}"
        for each in comment.replies
    )
    status = say(f"review.{comment.status}", lang or "en")
    return comment.id, comment.about, comment.author, comment.when[:10], comment.text, status, replies


def export(path: Path, file: Path, *, lang: str) -> None:
    """Write the comments on a run as a table."""
    paper.tell("review.exported", lang, count=write_comments(Run.open(path), file), file=file.name)


def take_in(path: Path, file: Path, *, lang: str) -> None:
    """Merge a table of comments, read by a process apart, into a run.

    Exit code 1 where a row is left because both sides changed it.
    """
    run = Run.open(path)
    merged = import_rows(run, comment_rows(file), file=file.name, places=_places(run))
    paper.tell("review.imported", lang, added=merged.added, replied=merged.replied)
    for each in merged.conflicts:
        paper.tell("review.conflict", lang, **each._asdict())
    if merged.conflicts:
        raise typer.Exit(1)


def _status(status: str) -> Status:
    known = next((each for each in STATUSES if each == status), None)
    if known is None:
        raise InputError("review.status_unknown", got=status, known=STATUSES)
    return known


def _place(run: Run, about: str) -> str:
    """Return the address of what a comment is about: of a code, an address itself, a map, or '' for the plan."""
    about = about.strip("[] ")
    if not about:
        return ""
    places = _places(run)
    if about not in places:
        raise InputError("review.about_unknown", got=about)
    return places[about]


def _places(run: Run) -> Mapping[str, str]:
    from citybraid.report.annex.places import places

    return places(run)

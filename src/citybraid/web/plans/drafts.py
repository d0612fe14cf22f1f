"""Drafts in the database: made, listed, renamed, deleted, and changed by one entry more, never over another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from citybraid.web.access.refusals import Conflict, NotFound, Refused
from citybraid.web.database.tables import Draft, PlanEdit, User, now
from citybraid.web.plans.changes import parcels_of, placement_of
from citybraid.web.plans.drawn import Drawn, drawn
from citybraid.web.plans.history import History, Kept, history

MOST_DRAFTS = 100
"""Drafts of a study [-]."""
MOST_ENTRIES = 5000
"""Changes and turns of a draft [-]."""


@dataclass(frozen=True)
class Logged:
    """An entry of a draft's log: its number, who made it, when, what."""

    number: int
    author: str
    at: str
    change: Kept


@dataclass(frozen=True)
class Open:
    """A draft with its log."""

    row: Draft
    log: tuple[Logged, ...]

    @property
    def history(self) -> History:
        """Which entries count."""
        return history((each.number, each.change) for each in self.log)

    @property
    def drawn(self) -> Drawn:
        """What the draft draws."""
        by_number = {each.number: each.change for each in self.log}
        return drawn(by_number[number] for number in self.history.counting)


class Behind(Conflict):
    """Others have changed the draft since the version that a change was made on: what, by whom, and whether it fits."""

    def __init__(self, version: int, meanwhile: Sequence[Logged], *, fits: bool) -> None:
        names = sorted({each.author for each in meanwhile})
        super().__init__("web.plan.behind", names=", ".join(names), count=len(meanwhile))
        self.more = {"version": version, "meanwhile": [vars(each) for each in meanwhile], "fits": fits}

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.more["version"], ())


def drafts(session: Session, study: str) -> list[Draft]:
    """Return the drafts of a study, the one changed last first."""
    return list(session.scalars(select(Draft).where(Draft.study == study).order_by(Draft.changed.desc(), Draft.id)))


def draft(session: Session, study: str, name: str) -> Draft:
    """Return a draft of a study by its id; raises NotFound where the study has none such."""
    row = session.get(Draft, name)
    if row is None or row.study != study:
        raise NotFound("web.plan.no_draft")
    return row


def opened(session: Session, row: Draft) -> Open:
    """Return a draft with its log."""
    draft_row = session.execute(
        select(PlanEdit, User).join(User, User.id == PlanEdit.author)
        .where(PlanEdit.draft == row.id).order_by(PlanEdit.number)
    )  # fmt: skip
    log = tuple(
        Logged(edit.number, user.display or user.name, edit.at.isoformat(), edit.change) for edit, user in draft_row
    )
    return Open(row, log)


def make(session: Session, study: str, *, name: str, title: dict[str, str], base: str) -> Draft:
    """Return a new draft; raises Conflict where the study has one of that name."""
    known = drafts(session, study)
    if len(known) >= MOST_DRAFTS:
        raise Refused("web.plan.many_drafts", most=MOST_DRAFTS)
    _refuse_taken(known, name)
    row = Draft(study=study, name=name, title=title, base=base)
    session.add(row)
    session.flush()
    return row


def copy(session: Session, source: Open, *, name: str, title: dict[str, str], user: User) -> Draft:
    """Return a copy of a draft with the changes that count; they are the copier's."""
    row = make(session, source.row.study, name=name, title=title, base=source.row.base)
    by_number = {each.number: each.change for each in source.log}
    for number, origin in enumerate(source.history.counting, start=1):
        session.add(PlanEdit(draft=row.id, number=number, author=user.id, change=dict(by_number[origin])))
    row.version = len(source.history.counting)
    session.flush()
    return row


def rename(session: Session, row: Draft, *, name: str, title: dict[str, str]) -> None:
    """Give a draft another name and title."""
    _refuse_taken([each for each in drafts(session, row.study) if each.id != row.id], name)
    row.name, row.title = name, title


def remove(session: Session, row: Draft) -> None:
    """Delete a draft with its log."""
    session.execute(delete(PlanEdit).where(PlanEdit.draft == row.id))
    session.delete(row)


def enter(session: Session, row: Draft, user: User, entry: dict[str, Any], *, version: int) -> Open:
    """Return the draft with one entry more, made on a version of it.

    Raises:
        Behind: others have changed the draft since; nothing was entered.
        Refused: there is nothing to undo or to make again.
    """
    raised = session.execute(
        update(Draft).where(Draft.id == row.id, Draft.version == version)
        .values(version=version + 1, changed=now()).execution_options(synchronize_session=False)
    )  # fmt: skip
    session.refresh(row)
    before = opened(session, row)
    if raised.rowcount != 1:  # type: ignore[attr-defined]  # the result of an update has it
        meanwhile = [each for each in before.log if each.number > version]
        raise Behind(row.version, meanwhile, fits=fits(entry, [each.change for each in meanwhile]))
    past = before.history
    if entry["kind"] == "undo" and not past.counting:
        raise Refused("web.plan.nothing_to_undo")
    if entry["kind"] == "redo" and not past.undone:
        raise Refused("web.plan.nothing_to_redo")
    if version >= MOST_ENTRIES:
        raise Refused("web.plan.many_changes", most=MOST_ENTRIES)
    session.add(PlanEdit(draft=row.id, number=version + 1, author=user.id, change=entry))
    session.flush()
    after = opened(session, row)
    row.undone = len(after.history.undone)
    return after


def fits(entry: Kept, others: Sequence[Kept]) -> bool:
    """Tell whether a change can be added to others' without asking: no turn, no parcel or placement in common."""
    if not others or any(each["kind"] in ("undo", "redo") for each in (entry, *others)):
        return False
    parcels, placement = parcels_of(entry), placement_of(entry)
    return not any(parcels & parcels_of(each) or (placement and placement == placement_of(each)) for each in others)


def _refuse_taken(known: Sequence[Draft], name: str) -> None:
    if any(each.name.casefold() == name.casefold() for each in known):
        raise Conflict("web.plan.name_taken", name=name)

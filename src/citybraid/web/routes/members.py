"""People of a study: members, their roles, invitations."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from citybraid.web.access import audit, people
from citybraid.web.access.permits import Database, Owning, address
from citybraid.web.access.refusals import NotFound, Refused
from citybraid.web.access.roles import Role, role_of
from citybraid.web.database.tables import Audit, Invitation, User

router = APIRouter(prefix="/api/studies/{study}", tags=["people"])

MOST_ROWS = 500


class MemberState(BaseModel):
    """A person of a study."""

    id: str
    name: str
    display: str
    role: str
    owner: bool


class RoleChange(BaseModel):
    """The role to give."""

    model_config = ConfigDict(extra="forbid")
    role: str = Field(max_length=12)


class InvitationAsked(RoleChange):
    """The role to give by a link, and how long it can be accepted [d]."""

    days: int = Field(14, ge=1, le=90)


class InvitationMade(BaseModel):
    """An invitation: its token is told once, when it is made."""

    id: str
    role: str
    expires: datetime
    token: str = ""


class AuditRow(BaseModel):
    """What was done, by whom, when."""

    at: datetime
    user: str
    action: str
    detail: dict[str, object]


@router.get("/members")
def members(permitted: Owning, session: Database) -> list[MemberState]:
    """List the people of a study, its owner first."""
    owner = session.get(User, permitted.study.owner)
    held = [] if owner is None else [_state(owner, Role.OWNER.word, owner=True)]
    return held + [_state(user, role) for user, role in people.members(session, permitted.study.id)]


@router.put("/members/{person}", status_code=204)
def change_role(person: str, given: RoleChange, permitted: Owning, request: Request, session: Database) -> None:
    """Give a member another role."""
    role, user = role_of(given.role), session.get(User, person)
    known = {each.id for each, _ in people.members(session, permitted.study.id)}
    if user is None or user.id not in known:
        raise NotFound("web.no_member")
    if role is None:
        raise Refused("web.role_not_given", role=given.role)
    people.give_role(session, permitted.study.id, user, role)
    _note(session, permitted, request, "role_changed", {"person": user.name, "role": role.word})


@router.delete("/members/{person}", status_code=204)
def remove_member(person: str, permitted: Owning, request: Request, session: Database) -> None:
    """Take a member's role away."""
    people.take_role(session, permitted.study.id, person)
    user = session.get(User, person)
    _note(session, permitted, request, "member_removed", {"person": person if user is None else user.name})


@router.get("/invitations")
def invitations(permitted: Owning, session: Database) -> list[InvitationMade]:
    """List the invitations that can still be accepted."""
    rows = people.open_invitations(session, permitted.study.id)
    return [InvitationMade(id=name, role=role, expires=until) for name, role, until in rows]


@router.post("/invitations", status_code=201)
def invite(given: InvitationAsked, permitted: Owning, request: Request, session: Database) -> InvitationMade:
    """Make a link that gives a role once."""
    lasts = timedelta(days=given.days)
    token = people.invite(session, permitted.study, permitted.user, given.role, lasts=lasts)
    session.flush()
    made = people.open_invitation(session, token)
    _note(session, permitted, request, "invited", {"role": made.role})
    return InvitationMade(id=made.id, role=made.role, expires=made.expires, token=token)


@router.delete("/invitations/{invitation}", status_code=204)
def withdraw(invitation: str, permitted: Owning, request: Request, session: Database) -> None:
    """Withdraw an invitation."""
    row = session.get(Invitation, invitation)
    if row is None or row.study != permitted.study.id or row.used is not None:
        raise NotFound("web.no_invitation")
    session.delete(row)
    _note(session, permitted, request, "invitation_withdrawn", {"role": row.role})


@router.get("/audit")
def audited(permitted: Owning, session: Database) -> list[AuditRow]:
    """Return what was done in a study, the last first."""
    rows = session.execute(
        select(Audit, User.name)
        .outerjoin(User, User.id == Audit.user)
        .where(Audit.study == permitted.study.id)
        .order_by(Audit.id.desc())
        .limit(MOST_ROWS)
    )
    return [AuditRow(at=row.at, user=name or "", action=row.action, detail=row.detail) for row, name in rows]


def _note(session: Database, permitted: Owning, request: Request, action: str, detail: dict[str, object]) -> None:
    audit.record(
        session, action, user=permitted.user, study=permitted.study.id, address=address(request), detail=detail
    )  # fmt: skip


def _state(user: User, role: str, *, owner: bool = False) -> MemberState:
    return MemberState(id=user.id, name=user.name, display=user.display or user.name, role=role, owner=owner)

"""People of a server: made by its keeper or by an invitation; their roles in studies."""

import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from citybraid.core.text import INVISIBLE
from citybraid.web.access import passwords
from citybraid.web.access.logins import digest
from citybraid.web.access.refusals import Conflict, NotFound, Refused
from citybraid.web.access.roles import Role, role_of
from citybraid.web.database.tables import Invitation, Login, Member, StudyRow, User, now

INVITED = timedelta(days=14)
"""How long an invitation can be accepted where it does not say."""
LONGEST = timedelta(days=90)
MOST_LETTERS = 120
"""Longest name."""


def clean_name(name: str) -> str:
    """Return a name as it is kept: normalised, without invisible characters; raises Refused where nothing is left."""
    kept = INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).strip()
    if not 1 <= len(kept) <= MOST_LETTERS:
        raise Refused("web.name_length")
    return kept


def add_person(session: Session, name: str, password: str | None, *, display: str = "", admin: bool = False) -> User:
    """Add a person; raises Conflict where the name is taken, Refused where the password is weak."""
    kept = clean_name(name)
    if person_named(session, kept) is not None:
        raise Conflict("web.name_taken", name=kept)
    hashed = None if password is None else passwords.hashed(password, kept)
    person = User(name=kept, display=clean_name(display) if display else "", password=hashed, admin=admin)
    session.add(person)
    session.flush()
    return person


def person_named(session: Session, name: str) -> User | None:
    """Return a person by name, whatever its letters' case."""
    return session.scalar(select(User).where(func.lower(User.name) == name.strip().lower()))


def set_password(session: Session, person: User, password: str) -> None:
    """Give a person a new password; their sessions end."""
    person.password = passwords.hashed(password, person.name)
    end_sessions(session, person)


def set_quota(
    person: User, *, space_mib: int | None, cores: int | None, jobs: int | None = None,
    job_minutes: int | None = None, job_mib: int | None = None,
) -> None:  # fmt: skip
    """Limit what a person's studies and uploads take [MiB], the cores of their runs, and their jobs that are open.

    `job_minutes` and `job_mib` limit the time [min] and the memory [MiB] of each job; one that is at work is ended by
    them too. None takes a limit away; of jobs it leaves that of everyone.
    """
    person.space_mib, person.cores, person.jobs = space_mib, cores, jobs
    person.job_minutes, person.job_mib = job_minutes, job_mib


def end_sessions(session: Session, person: User) -> None:
    """End every session of a person."""
    session.execute(delete(Login).where(Login.user == person.id))


def invite(session: Session, study: StudyRow, author: User, role: str, *, lasts: timedelta = INVITED) -> str:
    """Make an invitation into a study and return its token, which is kept nowhere.

    Raises Refused for a role that cannot be given by a link, or a time that is too long.
    """
    given = role_of(role)
    if given is None or given is Role.OWNER:
        raise Refused("web.role_not_given", role=role)
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused("web.invitation_time", days=LONGEST.days)
    token = secrets.token_urlsafe(24)
    session.add(
        Invitation(id=digest(token), study=study.id, role=given.word, author=author.id, expires=now() + lasts)
    )  # fmt: skip
    return token


def open_invitation(session: Session, token: str) -> Invitation:
    """Return an invitation that can be accepted; raises NotFound for one that is used, expired or none."""
    invitation = session.get(Invitation, digest(token), with_for_update=True)
    if invitation is None or invitation.used is not None or invitation.expires <= now():
        raise NotFound("web.no_invitation")
    return invitation


def accept(session: Session, invitation: Invitation, person: User) -> None:
    """Give a person the role of an invitation, unless they have a higher one; the link is used up.

    Raises NotFound where somebody else has just used it.
    """
    still_open = (Invitation.id == invitation.id, Invitation.used.is_(None))
    taken = session.execute(update(Invitation).where(*still_open).values(used=now(), user=person.id))
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # the result of an UPDATE counts its rows
        raise NotFound("web.no_invitation")
    give_role(session, invitation.study, person, role_of(invitation.role) or Role.VIEWER, only_higher=True)


def give_role(session: Session, study: str, person: User, role: Role, *, only_higher: bool = False) -> None:
    """Give a person a role in a study; `only_higher` never takes one away."""
    member = session.get(Member, (study, person.id))
    if member is None:
        session.add(Member(study=study, user=person.id, role=role.word))
    elif not only_higher or (role_of(member.role) or Role.VIEWER) < role:
        member.role = role.word


def take_role(session: Session, study: str, person: str) -> None:
    """Take a person's role in a study away; raises NotFound where they have none."""
    member = session.get(Member, (study, person))
    if member is None:
        raise NotFound("web.no_member")
    session.delete(member)


def members(session: Session, study: str) -> list[tuple[User, str]]:
    """Return the people of a study with their roles, by name."""
    rows = session.execute(
        select(User, Member.role).join(Member, Member.user == User.id).where(Member.study == study).order_by(User.name)
    )
    return [(user, role) for user, role in rows]


def open_invitations(session: Session, study: str) -> list[tuple[str, str, datetime]]:
    """Return the invitations that can still be accepted: id, role, end."""
    rows = session.scalars(
        select(Invitation).where(Invitation.study == study, Invitation.used.is_(None), Invitation.expires > now())
    )
    return [(each.id, each.role, each.expires) for each in rows]

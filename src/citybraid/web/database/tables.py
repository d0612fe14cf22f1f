"""Tables of the workspace: people, studies, jobs, plan edits, audit. Times are UTC; ids are random texts."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID = 32
"""Length of an id: 128 random bits in hexadecimal."""


class Utc(TypeDecorator[datetime]):
    """A time in UTC, also where the database keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a time without zone, which would be read as another."""
        if value is not None and value.tzinfo is None:
            message = "a time without zone"
            raise ValueError(message)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """Return a random id."""
    return uuid.uuid4().hex


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class Table(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Utc, dict[str, Any]: JSON}


class User(Table):
    """A person; without password for the owner of a laptop and for those who come by a provider of identities."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    display: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    admin: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(12), default="")
    space_mib: Mapped[int | None]
    cores: Mapped[int | None]
    jobs: Mapped[int | None]
    """Jobs of the person that may wait and run at once; None for as many as anyone's."""
    job_minutes: Mapped[int | None]
    """Time that one job of the person may take [min]; None for as long as it takes."""
    job_mib: Mapped[int | None]
    """Memory that one job of the person may hold [MiB]; None for as much as there is."""
    created: Mapped[datetime] = mapped_column(default=now)


class Login(Table):
    """A session of a person: digest of its cookie, when it ends."""

    __tablename__ = "logins"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]


class Key(Table):
    """A key with which a person's command line hands cases in: digest of its secret, when it ends and was last used."""

    __tablename__ = "keys"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]


class CaseWords(Table):
    """What the search of a library reads of its published cases, folded and as written; made anew with its `stamp`."""

    __tablename__ = "case_words"
    stamp: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    folded: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class StudyRow(Table):
    """A study of the workspace: its folder relative to the workspace's, and the version of its file."""

    __tablename__ = "studies"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=new_id)
    path: Mapped[str] = mapped_column(String(1024), unique=True)
    owner: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created: Mapped[datetime] = mapped_column(default=now)


class Member(Table):
    """Role of a person in a study."""

    __tablename__ = "members"
    study: Mapped[str] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))


class Invitation(Table):
    """A link that gives a role in a study once, until it expires: digest of its token."""

    __tablename__ = "invitations"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    study: Mapped[str] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    author: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    user: Mapped[str | None] = mapped_column(ForeignKey("users.id"))


class Job(Table):
    """Long work on a study: what is asked, who holds its lease, how far it is, what came of it."""

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    study: Mapped[str] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id"))
    request: Mapped[str] = mapped_column(String(64))
    """What the submitter calls this request; the same one twice is one job."""
    options: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default="queued")
    submitted: Mapped[datetime] = mapped_column(default=now)
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    lease: Mapped[datetime | None]
    cores: Mapped[int] = mapped_column(default=0)
    """Cores that it holds while it runs."""
    worked: Mapped[float] = mapped_column(default=0.0)
    """Time that workers have spent on it so far [s]."""
    cancel: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[dict[str, Any]] = mapped_column(default=dict)
    __table_args__ = (UniqueConstraint("study", "request"), Index("jobs_waiting", "state", "submitted"))


class Draft(Table):
    """An alternative as it is being drawn: its version rises with every change, `undone` tells how many are undone."""

    __tablename__ = "drafts"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=new_id)
    study: Mapped[str] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    title: Mapped[dict[str, Any]] = mapped_column(default=dict)
    base: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int] = mapped_column(default=0)
    undone: Mapped[int] = mapped_column(default=0)
    changed: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (UniqueConstraint("study", "name"),)


class PlanEdit(Table):
    """One change of a draft, in order: who, when, what."""

    __tablename__ = "plan_edits"
    draft: Mapped[str] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    change: Mapped[dict[str, Any]]


class Vote(Table):
    """A reader's agreement with a comment of a run's journal."""

    __tablename__ = "votes"
    study: Mapped[str] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    comment: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[int]


class Attempt(Table):
    """A failed attempt to enter, by name or by address."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Audit(Table):
    """What was done, by whom, when, from where; never changed."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user: Mapped[str | None] = mapped_column(String(ID))
    study: Mapped[str | None] = mapped_column(String(ID))
    action: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(String(64), default="")

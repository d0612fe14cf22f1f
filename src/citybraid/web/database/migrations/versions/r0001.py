"""Tables of the first release."""

import sqlalchemy as sa
from alembic import op

from citybraid.web.database.tables import Utc

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    _attempts()
    _audit()
    _users()
    _logins()
    _studies()
    _drafts()
    _invitations()
    _jobs()
    _members()
    _votes()
    _plan_edits()


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attempts_key"), "attempts", ["key"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=True),
        sa.Column("study", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("display", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("admin", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("space_mib", sa.Integer(), nullable=True),
        sa.Column("cores", sa.Integer(), nullable=True),
        sa.Column("created", Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("subject"),
    )


def _logins() -> None:
    op.create_table(
        "logins",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("created", Utc(timezone=True), nullable=False),
        sa.Column("expires", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_logins_user"), "logins", ["user"], unique=False)


def _studies() -> None:
    op.create_table(
        "studies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    op.create_index(op.f("ix_studies_owner"), "studies", ["owner"], unique=False)


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("base", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column("changed", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("study", "name"),
    )
    op.create_index(op.f("ix_drafts_study"), "drafts", ["study"], unique=False)


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("study", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("created", Utc(timezone=True), nullable=False),
        sa.Column("expires", Utc(timezone=True), nullable=False),
        sa.Column("used", Utc(timezone=True), nullable=True),
        sa.Column("user", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["users.id"]),
        sa.ForeignKeyConstraint(["study"], ["studies.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_invitations_study"), "invitations", ["study"], unique=False)


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("study", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("submitted", Utc(timezone=True), nullable=False),
        sa.Column("started", Utc(timezone=True), nullable=True),
        sa.Column("ended", Utc(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("lease", Utc(timezone=True), nullable=True),
        sa.Column("cores", sa.Integer(), nullable=False),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["study"], ["studies.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("study", "request"),
    )
    op.create_index(op.f("ix_jobs_study"), "jobs", ["study"], unique=False)
    op.create_index("jobs_waiting", "jobs", ["state", "submitted"], unique=False)


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("study", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["study"], ["studies.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("study", "user"),
    )


def _votes() -> None:
    op.create_table(
        "votes",
        sa.Column("study", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study"], ["studies.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("study", "comment", "user"),
    )


def _plan_edits() -> None:
    op.create_table(
        "plan_edits",
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["users.id"]),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft", "number"),
    )

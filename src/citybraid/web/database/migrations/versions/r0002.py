"""Keys of the command line, and the words of a library's cases."""

import sqlalchemy as sa
from alembic import op

from citybraid.web.database.tables import Utc

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("created", Utc(timezone=True), nullable=False),
        sa.Column("expires", Utc(timezone=True), nullable=False),
        sa.Column("used", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_keys_user"), "keys", ["user"], unique=False)
    op.create_table(
        "case_words",
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stamp", "name"),
    )

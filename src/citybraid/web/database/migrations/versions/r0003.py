"""Quota of the jobs of a person."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("users", sa.Column("jobs", sa.Integer(), nullable=True))

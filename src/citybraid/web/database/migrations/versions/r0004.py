"""Quotas of the time and the memory of a job, and the time that was spent on it."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("users", sa.Column("job_minutes", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("job_mib", sa.Integer(), nullable=True))
    op.add_column("jobs", sa.Column("worked", sa.Double(), nullable=False, server_default="0"))

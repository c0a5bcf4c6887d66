"""The first shape: events alone, with the number of the shape in the table ``board``."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "board",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("identifier", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("routine", sa.Text),
        sa.Column("step", sa.Integer),
        sa.Column("arrived", sa.Double, nullable=False),
        sa.Column("acknowledged", sa.Double),
        sa.UniqueConstraint("room", "id"),
    )

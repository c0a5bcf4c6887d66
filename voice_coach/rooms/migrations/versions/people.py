"""People, what was assigned to them, and how it went. Alembic keeps the number of the shape."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the tables of people."""
    with op.batch_alter_table("board") as board:
        board.drop_column("version")
    op.create_table(
        "person",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("person.number"), nullable=False, index=True),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("made", sa.Double, nullable=False),
        sa.Column("withdrawn", sa.Double),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "assignment", sa.Text, sa.ForeignKey("assignment.id"), nullable=False, index=True
        ),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("felt", sa.Text),
    )
    op.create_table("assigned_room", sa.Column("name", sa.Text, primary_key=True))

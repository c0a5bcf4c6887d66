"""Runs the migrations on the connection that it is given; Alembic loads this file."""

from __future__ import annotations

from alembic import context

from voice_coach.rooms.tables import TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    render_as_batch=True,  # SQLite changes few things in a table that is there
)
context.run_migrations()

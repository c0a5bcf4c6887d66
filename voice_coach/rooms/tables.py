"""The tables of a board's database, as the newest migration leaves them.

Times are seconds since 1970. Folder ``migrations`` brings an older database to this shape.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

TABLES = MetaData()

BOARD = Table("board", TABLES, Column("identifier", Text, nullable=False))
"""One row: the board's identifier at the broker."""
EVENTS = Table(
    "event",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("room", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("time", Double, nullable=False),
    Column("routine", Text),
    Column("step", Integer),
    Column("arrived", Double, nullable=False),
    Column("acknowledged", Double),
    UniqueConstraint("room", "id"),
)
"""How sessions ended in the rooms."""
PEOPLE = Table(
    "person",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)
"""People, by what the front desk calls them."""
ASSIGNMENTS = Table(
    "assignment",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("person", Integer, ForeignKey("person.number"), nullable=False, index=True),
    Column("room", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("made", Double, nullable=False),
    Column("withdrawn", Double),
)
"""Plans that were assigned to people; ``plan`` is the text of the file."""
RESULTS = Table(
    "result",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("assignment", Text, ForeignKey("assignment.id"), nullable=False, index=True),
    Column("event_type", Text, nullable=False),
    Column("time", Double, nullable=False),
    Column("felt", Text),
)
"""How it went, where a room shares that."""
ROOMS = Table("assigned_room", TABLES, Column("name", Text, primary_key=True))
"""The rooms whose plan the broker keeps: each is told anew, or taken away there."""

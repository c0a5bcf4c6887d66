"""What a board must not forget: the events of today, and which pain was acknowledged.

It is kept in a SQLite file of the user's. ``Store.keep`` returns when a change is on the disk, so
no event is confirmed to the broker that could still be lost.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from sqlalchemy import (
    Column,
    Double,
    Integer,
    MetaData,
    StaticPool,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from voice_coach.core.view import Outcome
from voice_coach.errors import CoachError
from voice_coach.private import private_database, private_folder
from voice_coach.rooms.board import Noted
from voice_coach.rooms.messages import RoomEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from voice_coach.rooms.board import Board

FILE = Path(platformdirs.user_data_dir("voice-coach", appauthor=False)) / "board.db"
"""The file of the board."""
VERSION = 1
"""The shape of the tables; a program that knows only an older one leaves them alone."""
PATIENCE = 2.0
"""Seconds to wait for another program that has the file."""

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

TABLES = MetaData()
BOARD = Table(
    "board",
    TABLES,
    Column("version", Integer, nullable=False),
    Column("identifier", Text, nullable=False),
)
"""One row: the shape of the tables, and the board's identifier at the broker."""
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
"""Times are seconds since 1970."""


class StoreUnavailable(CoachError):
    """What a board keeps cannot be read or written; the message is one sentence with a remedy."""


class Store:
    """An open database of a board."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Take the database, and its name for messages; raises ``StoreUnavailable``."""
        self._engine = engine
        self._name = name
        self.identifier = self._begin()
        """Under this name the broker knows the board, and keeps events for it."""

    def events(self) -> list[tuple[str, Noted]]:
        """Return the rooms and their events in the order of arrival; may raise."""
        with self._explained(), self._engine.connect() as connection:
            rows = connection.execute(select(EVENTS).order_by(EVENTS.c.arrived, EVENTS.c.number))
            return [(row.room, _noted(row)) for row in rows]

    def keep(self, before: Board, after: Board) -> None:
        """Write in what the events of `after` differ from those of `before`, all or nothing.

        Raises ``StoreUnavailable``.
        """
        put, drop = changes(before, after)
        if not put and not drop:
            return
        with self._explained(), self._engine.begin() as connection:
            for room, number in drop:
                connection.execute(delete(EVENTS).where(_is(room, number)))
            for room, noted in put:
                values = _values(noted)
                there = update(EVENTS).where(_is(room, noted.event.id)).values(**values)
                if not connection.execute(there).rowcount:
                    connection.execute(insert(EVENTS).values(room=room, **values))

    def forget_all(self) -> None:
        """Delete all that is kept; raises ``StoreUnavailable``."""
        with self._explained(), self._engine.begin() as connection:
            connection.execute(delete(EVENTS))
            connection.execute(delete(BOARD))

    def _begin(self) -> str:
        """Make the tables if there are none; return the board's identifier."""
        with self._explained(), self._engine.begin() as connection:
            TABLES.create_all(connection)
            row = connection.execute(select(BOARD)).first()
            if row is None:
                identifier = f"voice-coach-board-{secrets.token_hex(8)}"
                connection.execute(insert(BOARD).values(version=VERSION, identifier=identifier))
                return identifier
            newer = row.version > VERSION
        if newer:
            raise StoreUnavailable(
                f"{self._name} was written by a newer voice-coach: update this one."
            )
        return str(row.identifier)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn errors of the database into ``StoreUnavailable``."""
        try:
            yield
        except (ValueError, TypeError, OverflowError) as error:
            raise StoreUnavailable(
                f"{self._name} holds what is no event ({error}): move it away."
            ) from None
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            message = str(getattr(error, "orig", None) or error)
            remedy = (
                "close the other board; if there is none, its disk has no file locks, so let "
                "XDG_DATA_HOME name a folder on another disk"
                if "locked" in message
                else "see that it can be written and its disk has room, or move it away"
            )
            raise StoreUnavailable(
                f"What the board keeps in {self._name} cannot be used ({message}): {remedy}."
            ) from None


@contextmanager
def open_store(file: Path | None = None) -> Iterator[Store]:
    """Open a board's file, or begin one, for this program alone; raises ``StoreUnavailable``."""
    file = file or FILE
    private_folder(file.parent)
    private_database(file)
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=StaticPool,  # one connection: the file is locked for it
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    try:
        yield Store(engine, str(file))
    finally:
        engine.dispose()


def changes(before: Board, after: Board) -> tuple[list[tuple[str, Noted]], list[tuple[str, str]]]:
    """Give the events that are new or changed, and the ids of those that are gone, with rooms."""
    put: list[tuple[str, Noted]] = []
    drop: list[tuple[str, str]] = []
    for name, room in after.rooms.items():
        old = before.rooms[name].events if name in before.rooms else ()
        if room.events is old:
            continue
        had = {noted.event.id: noted for noted in old}
        put += [(name, noted) for noted in room.events if had.get(noted.event.id) != noted]
        drop += [(name, number) for number in had.keys() - {n.event.id for n in room.events}]
    return put, drop


def _prepare(connection: Any, _record: object) -> None:
    """Lock the file, overwrite what is deleted, and return from a write when it is on the disk."""
    with closing(connection.cursor()) as cursor:
        for pragma in ("locking_mode = EXCLUSIVE", "secure_delete = ON", "synchronous = EXTRA"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("BEGIN EXCLUSIVE")  # from here on the file is locked
        cursor.execute("COMMIT")


def _is(room: str, number: str) -> Any:
    return (EVENTS.c.room == room) & (EVENTS.c.id == number)


def _values(noted: Noted) -> dict[str, Any]:
    told = noted.event
    return {
        "id": told.id,
        "event_type": told.event_type.value,
        "time": (told.time - EPOCH).total_seconds(),
        "routine": told.routine,
        "step": told.step,
        "arrived": (noted.arrived - EPOCH).total_seconds(),
        "acknowledged": noted.acknowledged and (noted.acknowledged - EPOCH).total_seconds(),
    }


def _noted(row: Any) -> Noted:
    told = RoomEvent(
        event_type=Outcome(row.event_type),
        id=row.id,
        time=_time(row.time),
        routine=row.routine,
        step=row.step,
    )
    acknowledged = None if row.acknowledged is None else _time(row.acknowledged)
    return Noted(told, _time(row.arrived), acknowledged)


def _time(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)  # no system's function: some know no time before it

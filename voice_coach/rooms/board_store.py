"""What a board must not forget: how sessions ended lately, which pain was seen, and who does what.

``Store.keep`` returns when a change is on the disk, so no event is confirmed to the broker that
could still be lost.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from voice_coach.core.view import Outcome
from voice_coach.rooms.board import Noted
from voice_coach.rooms.database import from_seconds, open_database, to_seconds
from voice_coach.rooms.messages import RoomEvent
from voice_coach.rooms.people import People
from voice_coach.rooms.tables import BOARD, EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voice_coach.rooms.board import Board
    from voice_coach.rooms.database import Database
    from voice_coach.rooms.server import PostgreSQL


class Store:
    """What a board keeps in an open database."""

    def __init__(self, database: Database) -> None:
        """Take the database; raises ``StoreUnavailable``."""
        self._database = database
        self.people = People(database)
        self.identifier = self._begin()
        """Under this name the broker knows the board, and keeps events for it."""

    def events(self) -> list[tuple[str, Noted]]:
        """Return the rooms and their events in the order of arrival; may raise."""
        with self._database.begin() as connection:
            rows = connection.execute(select(EVENTS).order_by(EVENTS.c.arrived, EVENTS.c.number))
            return [(row.room, _noted(row)) for row in rows]

    def keep(self, before: Board, after: Board) -> None:
        """Write in what the events of `after` differ from those of `before`, all or nothing.

        Raises ``StoreUnavailable``.
        """
        put, drop = changes(before, after)
        if not put and not drop:
            return
        with self._database.begin() as connection:
            for room, number in drop:
                connection.execute(delete(EVENTS).where(_is(room, number)))
            for room, noted in put:
                values = _values(noted)
                there = update(EVENTS).where(_is(room, noted.event.id)).values(**values)
                if not connection.execute(there).rowcount:
                    connection.execute(insert(EVENTS).values(room=room, **values))

    def forget_all(self) -> None:
        """Delete all that is kept; raises ``StoreUnavailable``."""
        self.people.forget_all()
        with self._database.begin() as connection:
            connection.execute(delete(EVENTS))
            connection.execute(delete(BOARD))

    def _begin(self) -> str:
        """Return the board's identifier, a new one the first time."""
        with self._database.begin() as connection:
            known = connection.execute(select(BOARD.c.identifier)).scalar()
            if known is None:
                known = f"voice-coach-board-{secrets.token_hex(8)}"
                connection.execute(insert(BOARD).values(identifier=known))
            return str(known)


@contextmanager
def open_store(file: Path | None = None, server: PostgreSQL | None = None) -> Iterator[Store]:
    """Open what a board keeps, as ``open_database`` does."""
    with open_database(file, server) as database:
        yield Store(database)


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


def _is(room: str, number: str) -> Any:
    return (EVENTS.c.room == room) & (EVENTS.c.id == number)


def _values(noted: Noted) -> dict[str, Any]:
    told = noted.event
    return {
        "id": told.id,
        "event_type": told.event_type.value,
        "time": to_seconds(told.time),
        "routine": told.routine,
        "step": told.step,
        "arrived": to_seconds(noted.arrived),
        "acknowledged": noted.acknowledged and to_seconds(noted.acknowledged),
    }


def _noted(row: Any) -> Noted:
    told = RoomEvent(
        event_type=Outcome(row.event_type),
        id=row.id,
        time=from_seconds(row.time),
        routine=row.routine,
        step=row.step,
    )
    acknowledged = None if row.acknowledged is None else from_seconds(row.acknowledged)
    return Noted(told, from_seconds(row.arrived), acknowledged)

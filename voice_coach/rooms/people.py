"""People, the plans that are assigned to them, and how it went; kept in a board's database.

A person is what the front desk calls somebody: best no name. Of a plan, the text of its file is
kept. What is forgotten is deleted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from voice_coach.core.view import Feeling, Outcome
from voice_coach.rooms.database import from_seconds, to_seconds
from voice_coach.rooms.messages import Assignment, PlanResult, checksum
from voice_coach.rooms.tables import ASSIGNMENTS, PEOPLE, RESULTS, ROOMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from voice_coach.core.plan import Minutes
    from voice_coach.rooms.database import Database

MOST_RESULTS = 500
"""Results that are kept of an assignment, the newest: a year and more of one a day."""


@dataclass(frozen=True)
class Assigned:
    """A plan that was assigned to somebody, in a room."""

    told: Assignment
    room: str
    withdrawn: datetime | None = None
    """When it was taken back, or another took its place; None while it holds."""
    results: tuple[PlanResult, ...] = ()
    """How it went, in the order of time."""


@dataclass(frozen=True)
class Person:
    """Somebody, and all that is kept of them."""

    name: str
    assigned: tuple[Assigned, ...] = ()
    """In the order in which the plans were assigned."""


class People:
    """All people of a board; each method raises ``StoreUnavailable``."""

    def __init__(self, database: Database) -> None:
        """Take the open database."""
        self._database = database

    def assign(self, name: str, room: str, plan: str, minutes: Minutes, now: datetime) -> None:
        """Assign the plan with this text to somebody; a room has one, and a person has one."""
        with self._database.begin() as connection:
            person = _number(connection, name)
            same = (ASSIGNMENTS.c.person == person) | (ASSIGNMENTS.c.room == room)
            _withdraw(connection, same, now)
            connection.execute(
                insert(ASSIGNMENTS).values(
                    id=secrets.token_hex(8),
                    person=person,
                    room=room,
                    plan=plan,
                    sha256=checksum(plan),
                    minutes=minutes,
                    made=to_seconds(now),
                )
            )
            if connection.execute(select(ROOMS).where(ROOMS.c.name == room)).first() is None:
                connection.execute(insert(ROOMS).values(name=room))

    def withdraw(self, assignment: str, now: datetime) -> bool:
        """Take an assignment back; tell whether it held."""
        with self._database.begin() as connection:
            return _withdraw(connection, ASSIGNMENTS.c.id == assignment, now)

    def withdraw_older(self, than: datetime, now: datetime) -> bool:
        """Take back what was assigned so long ago; tell whether there was such."""
        with self._database.begin() as connection:
            return _withdraw(connection, ASSIGNMENTS.c.made < to_seconds(than), now)

    def forget(self, name: str) -> bool:
        """Delete all that is kept of somebody; tell whether there was such a person."""
        with self._database.begin() as connection:
            person = select(PEOPLE.c.number).where(PEOPLE.c.name == name).scalar_subquery()
            theirs = select(ASSIGNMENTS.c.id).where(ASSIGNMENTS.c.person == person)
            connection.execute(delete(RESULTS).where(RESULTS.c.assignment.in_(theirs)))
            connection.execute(delete(ASSIGNMENTS).where(ASSIGNMENTS.c.person == person))
            return bool(connection.execute(delete(PEOPLE).where(PEOPLE.c.name == name)).rowcount)

    def forget_all(self) -> None:
        """Delete all that is kept of anybody."""
        with self._database.begin() as connection:
            for table in (RESULTS, ASSIGNMENTS, PEOPLE):
                connection.execute(delete(table))

    def keep(self, room: str, result: PlanResult) -> bool:
        """Keep how it went in a room; tell whether that is news.

        A result of an assignment that nobody made for this room is none.
        """
        with self._database.begin() as connection:
            its = RESULTS.c.assignment == result.assignment
            known = select(ASSIGNMENTS.c.id).where(
                ASSIGNMENTS.c.id == result.assignment, ASSIGNMENTS.c.room == room
            )
            count = select(func.count()).select_from(RESULTS).where(its)
            twice = select(RESULTS.c.id).where(RESULTS.c.id == result.id)
            if (
                connection.execute(known).first() is None
                or connection.execute(twice).first() is not None
            ):
                return False
            if connection.execute(count).scalar_one() >= MOST_RESULTS:
                oldest = select(RESULTS.c.id).where(its).order_by(RESULTS.c.time).limit(1)
                connection.execute(delete(RESULTS).where(RESULTS.c.id == oldest.scalar_subquery()))
            connection.execute(
                insert(RESULTS).values(
                    id=result.id,
                    assignment=result.assignment,
                    event_type=result.event_type.value,
                    time=to_seconds(result.time),
                    felt=result.felt and result.felt.value,
                )
            )
            return True

    def all(self) -> tuple[Person, ...]:
        """Give everybody, in the order of their names."""
        with self._database.begin() as connection:
            results: dict[str, list[PlanResult]] = {}
            for row in connection.execute(select(RESULTS).order_by(RESULTS.c.time)):
                results.setdefault(row.assignment, []).append(_result(row))
            assigned: dict[int, list[Assigned]] = {}
            for row in connection.execute(select(ASSIGNMENTS).order_by(ASSIGNMENTS.c.made)):
                its = tuple(results.get(row.id, ()))
                assigned.setdefault(row.person, []).append(_assigned(row, its))
            people = connection.execute(select(PEOPLE).order_by(PEOPLE.c.name))
            return tuple(Person(row.name, tuple(assigned.get(row.number, ()))) for row in people)

    def for_rooms(self) -> Mapping[str, Assignment | None]:
        """Give what holds in each room that was ever assigned a plan; None: nothing does."""
        with self._database.begin() as connection:
            rooms: dict[str, Assignment | None] = dict.fromkeys(
                connection.execute(select(ROOMS.c.name)).scalars()
            )
            holds = select(ASSIGNMENTS).where(ASSIGNMENTS.c.withdrawn.is_(None))
            for row in connection.execute(holds):
                rooms[row.room] = _assigned(row).told
            return rooms


def _number(connection: Connection, name: str) -> int:
    """Give the number of somebody, who may be new."""
    named = select(PEOPLE.c.number).where(PEOPLE.c.name == name)
    if connection.execute(named).first() is None:
        connection.execute(insert(PEOPLE).values(name=name))
    return int(connection.execute(named).scalar_one())


def _withdraw(connection: Connection, which: Any, now: datetime) -> bool:
    holds = which & ASSIGNMENTS.c.withdrawn.is_(None)
    taken = update(ASSIGNMENTS).where(holds).values(withdrawn=to_seconds(now))
    return bool(connection.execute(taken).rowcount)


def _assigned(row: Any, results: tuple[PlanResult, ...] = ()) -> Assigned:
    told = Assignment(
        id=row.id,
        plan=row.plan,
        sha256=row.sha256,
        minutes=row.minutes,
        made=from_seconds(row.made),
    )
    withdrawn = None if row.withdrawn is None else from_seconds(row.withdrawn)
    return Assigned(told, row.room, withdrawn, results)


def _result(row: Any) -> PlanResult:
    return PlanResult(
        id=row.id,
        assignment=row.assignment,
        event_type=Outcome(row.event_type),
        time=from_seconds(row.time),
        felt=row.felt and Feeling(row.felt),
    )

"""A board at a broker: hears all rooms, acknowledges pain, starts routines, assigns plans.

The board itself is a value, ``Desk.board``. Messages and the page change it, one at a time. What it
must not forget is in the store before the broker is told that a message was taken.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from queue import SimpleQueue
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_coach.core.view import Outcome
from voice_coach.rooms.assignment import HOLDS, read_result
from voice_coach.rooms.board import (
    Board,
    Instant,
    Message,
    acknowledge,
    connect,
    disconnect,
    forget,
    hear,
    may_announce,
    may_start,
    recall,
)
from voice_coach.rooms.connection import Connection
from voice_coach.rooms.database import StoreUnavailable
from voice_coach.rooms.messages import COMING, Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paho.mqtt.client import Client, MQTTMessage
    from typing_extensions import Self

    from voice_coach.core.plan import Minutes
    from voice_coach.rooms.board_store import Store
    from voice_coach.rooms.messages import Assignment, PlanResult

TOLD = ("availability", "state", "event", "result")
ALL_ROOMS = tuple(f"voice-coach/+/{what}" for what in TOLD)
MOST_RESULTS = 100
"""Results that wait for a store that cannot be written."""
RETRY = 10.0
"""Seconds after which the board tries again to keep what it could not: meanwhile it hears."""


class Request(NamedTuple):
    """What is to be told to a room."""

    topic: str
    payload: str
    retain: bool = False


def _plan_for(room: str, told: Assignment | None) -> Request:
    """Give what the broker is to keep for a room; an empty payload takes away what it has."""
    payload = told.model_dump_json() if told else ""
    return Request(Topics(room).plan, payload, retain=True)


def _least(results: list[tuple[str, PlanResult]]) -> tuple[str, PlanResult]:
    """Give the oldest result without pain; where there is none, the oldest."""
    harmless = (each for each in results if each[1].event_type is not Outcome.PAIN)
    return next(harmless, results[0])


def this_instant() -> Instant:
    """Read the clocks of this computer."""
    return Instant(monotonic(), datetime.now().astimezone())


class Desk:
    """Follows all rooms at a broker, inside a ``with`` block."""

    def __init__(self, client: Client, store: Store) -> None:
        """Take a client that is not connected, and an open store; raises ``StoreUnavailable``."""
        self._store = store
        self._kept = recall(Board(), store.events())
        """What the store has."""
        self.board = self._kept
        """What is known now."""
        self.unkept = ""
        """Why something could not be kept; empty if all is."""
        self.people = store.people.all()
        """Everybody, with what they were assigned and how it went."""
        self._stale = False
        """Whether the store has news of people that could not be read yet."""
        self._plans: Mapping[str, Assignment | None] = {}
        """What the broker was told to keep for each room since it was reached; None: nothing."""
        self._results: list[tuple[str, PlanResult]] = []
        """What is not kept yet of how it went, and where."""
        self._retry = 0.0
        """When to try again to keep it, by ``time.monotonic``."""
        self._lock = Lock()
        self._requests: SimpleQueue[Request] = SimpleQueue()
        """What is to be told."""
        self._connection = Connection(
            client,
            arrive=self._introduce,
            turn=self._tell,
            take=self._take,
            lose=self._lost,
            rest=0.0,
        )

    @property
    def problem(self) -> str:
        """Why there is no connection; empty if there is one."""
        return self._connection.problem

    def __enter__(self) -> Self:
        """Begin to connect; returns at once."""
        self._connection.open()
        return self

    def __exit__(self, *_: object) -> None:
        """End the connection, within a few seconds."""
        self._connection.close()

    def acknowledge(self, room: str, number: str) -> bool:
        """Acknowledge the pain with this id in a room; tell whether there was such."""
        return self._change(acknowledge, room, number, this_instant())

    def start(self, room: str, choice: str) -> bool:
        """Ask a room to start a routine or plan; tell whether it can take that now."""
        can = may_start(self.board, room, this_instant())
        if can:
            self._requests.put(Request(Topics(room).start, choice))
        return can

    def announce(self, room: str) -> bool:
        """Let the coach say that somebody is coming; tell whether the room can take that now."""
        can = may_announce(self.board, room, this_instant())
        if can:
            self._requests.put(Request(Topics(room).coming, COMING))
        return can

    def assign(self, name: str, room: str, plan: str, minutes: Minutes) -> None:
        """Assign a plan to somebody in a room; raises ``StoreUnavailable``."""
        with self._lock:
            self._store.people.assign(name, room, plan, minutes, this_instant().time)
            self._follow_people()

    def withdraw(self, assignment: str) -> bool:
        """Take an assignment back; tell whether it held. Raises ``StoreUnavailable``."""
        with self._lock:
            held = self._store.people.withdraw(assignment, this_instant().time)
            self._follow_people()
            return held

    def forget_person(self, name: str) -> bool:
        """Delete all of somebody; tell whether they were known. Raises ``StoreUnavailable``."""
        with self._lock:
            known = self._store.people.forget(name)
            others = tuple(each for each in self.people if each.name != name)
            shown, self.people = others != self.people, others
            self._follow_people()
            return known or shown

    def forget(self) -> None:
        """Forget what is of past days, and take back plans that are not offered any more."""
        now = this_instant()
        self._change(forget, now)
        with self._lock, suppress(StoreUnavailable):  # then the next day
            if self._store.people.withdraw_older(now.time - HOLDS, now.time):
                self._follow_people()

    def _change(self, change: Callable[..., Board], *arguments: Any) -> bool:
        """Change what is known, from any thread; tell whether that made a difference."""
        with self._lock:
            before = self.board
            self.board = change(before, *arguments)
            self._keep()
            return self.board is not before

    def _keep(self) -> None:
        """Keep what has changed; what cannot be kept is shown nevertheless."""
        if monotonic() < self._retry:
            return
        try:
            self._store.keep(self._kept, self.board)
            self._kept = self.board
            while self._results:
                self._stale |= self._store.people.keep(*self._results[0])
                self._results.pop(0)
            if self._stale:
                self._read_people()
        except StoreUnavailable as trouble:
            self.unkept = str(trouble)
            self._retry = monotonic() + RETRY
        else:
            self.unkept = ""

    def _follow_people(self) -> None:
        """Show what has changed for people, and tell it to rooms: now, or once it can be read."""
        self._stale = True
        self._retry = 0.0
        self._keep()

    def _read_people(self) -> None:
        """Read what has changed for people; while there is no broker, rooms are told later."""
        self.people, plans = self._store.people.all(), self._store.people.for_rooms()
        before, self._plans, self._stale = self._plans, plans, False
        for room, told in plans.items():
            if room not in before or told != before[room]:
                self._requests.put(_plan_for(room, told))

    def _introduce(self, client: Client) -> None:
        self._change(connect, this_instant())
        self._waiting_requests()  # what was asked for before is too late
        for topics in ALL_ROOMS:
            client.subscribe(topics, qos=1)
        with self._lock:
            self._plans = {}  # the broker may have lost what it was told before
            self._follow_people()

    def _tell(self, client: Client) -> None:
        if self._stale:
            with self._lock:
                self._keep()
        for topic, payload, retain in self._waiting_requests():
            client.publish(topic, payload, qos=1, retain=retain)

    def _take(self, message: MQTTMessage) -> None:
        told = Message(message.topic, bytes(message.payload), message.retain)
        result = None if told.retained else read_result(told.topic, told.payload)
        if result is None:
            self._change(hear, told, this_instant())
            return
        with self._lock:
            self._results.append(result)
            self._keep()
            if len(self._results) > MOST_RESULTS:
                self._results.remove(_least(self._results))

    def _lost(self) -> None:
        self._change(disconnect, this_instant())

    def _waiting_requests(self) -> list[Request]:
        return [self._requests.get() for _ in range(self._requests.qsize())]

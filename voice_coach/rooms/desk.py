"""A board at a broker: hears all rooms, acknowledges pain, starts routines, announces somebody.

The board itself is a value, ``Desk.board``. Messages and the page change it, one at a time. What it
must not forget is in the store before the broker is told that a message was taken.
"""

from __future__ import annotations

from datetime import datetime
from queue import SimpleQueue
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Callable

    from paho.mqtt.client import Client, MQTTMessage
    from typing_extensions import Self

    from voice_coach.rooms.board_store import Store

ALL_ROOMS = tuple(f"voice-coach/+/{what}" for what in ("availability", "state", "event"))
RETRY = 10.0
"""Seconds after which the board tries again to keep what it could not: meanwhile it hears."""


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
        self._retry = 0.0
        """When to try again to keep it, by ``time.monotonic``."""
        self._lock = Lock()
        self._requests: SimpleQueue[tuple[str, str]] = SimpleQueue()
        """Topics and payloads that are to be told."""
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
            self._requests.put((Topics(room).start, choice))
        return can

    def announce(self, room: str) -> bool:
        """Let the coach say that somebody is coming; tell whether the room can take that now."""
        can = may_announce(self.board, room, this_instant())
        if can:
            self._requests.put((Topics(room).coming, COMING))
        return can

    def forget(self) -> None:
        """Forget what is of past days."""
        self._change(forget, this_instant())

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
        except StoreUnavailable as trouble:
            self.unkept = str(trouble)
            self._retry = monotonic() + RETRY
        else:
            self._kept = self.board
            self.unkept = ""

    def _introduce(self, client: Client) -> None:
        self._change(connect, this_instant())
        self._waiting_requests()  # what was asked for before is too late
        for topics in ALL_ROOMS:
            client.subscribe(topics, qos=1)

    def _tell(self, client: Client) -> None:
        for topic, payload in self._waiting_requests():
            client.publish(topic, payload, qos=1)

    def _take(self, message: MQTTMessage) -> None:
        told = Message(message.topic, bytes(message.payload), message.retain)
        self._change(hear, told, this_instant())

    def _lost(self) -> None:
        self._change(disconnect, this_instant())

    def _waiting_requests(self) -> list[tuple[str, str]]:
        return [self._requests.get() for _ in range(self._requests.qsize())]

"""A connection to a broker in a thread of its own, and the events that wait for the broker.

The thread tries again for as long as it is not connected. That of a room shares the interpreter
with the hearing, so it rests after each piece of work, and a flood of messages costs little.

An event is kept until the broker has confirmed it. If it was confirmed and the confirmation was
lost, it is told twice, with the same id.
"""

from __future__ import annotations

from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.client import Client, MQTTMessage

    from voice_coach.rooms.messages import PlanResult, RoomEvent

LOOK = 0.1
"""Seconds after which the thread looks for something new: as often as the runner makes a view."""
REST = 0.01
"""Seconds of rest after each piece of work: at most a hundred messages a second are read."""
RETRY = 0.5
"""Seconds between two attempts to connect: an event must be there two seconds after the broker."""
LAST_RETRY = 0.2
"""The same, while the program ends."""
LEAVING = 3.0
"""Seconds at the end in which the broker may confirm what it has not confirmed yet."""
MOST = 100
"""Events that are kept for a broker that is away; a session has one or two."""
UNCONFIRMED = 20
"""Events that are told before the first is confirmed."""
NO_ANSWER = "it does not answer"


class Outbox:
    """Events until the broker has confirmed them; when it is full, those of pain are last to go."""

    def __init__(self, most: int = MOST) -> None:
        """Take how many may wait."""
        self._most = most
        self._lock = Lock()
        self._events: list[tuple[str, RoomEvent | PlanResult]] = []
        self._unconfirmed: set[int] = set()
        """The numbers of messages with events that the broker has not confirmed."""

    def __len__(self) -> int:
        """Count the events that are not confirmed."""
        return len(self._events) + len(self._unconfirmed)

    def put(self, topic: str, event: RoomEvent | PlanResult) -> None:
        """Add an event; any thread may call it, and it returns at once."""
        with self._lock:
            if len(self._events) >= self._most:
                others = (e for e in self._events if e[1].event_type is not Outcome.PAIN)
                self._events.remove(next(others, self._events[0]))
            self._events.append((topic, event))

    def tell(self, client: Client) -> None:
        """Publish the events in order, as many as may be unconfirmed."""
        while len(self._unconfirmed) < UNCONFIRMED and (next_one := self._take()):
            topic, event = next_one
            told = client.publish(topic, event.model_dump_json(), qos=1)
            self._unconfirmed.add(told.mid)

    def confirm(self, number: int) -> None:
        """Forget the event in the message of this number, if one was."""
        self._unconfirmed.discard(number)

    def _take(self) -> tuple[str, RoomEvent | PlanResult] | None:
        with self._lock:
            return self._events.pop(0) if self._events else None


class Farewell(NamedTuple):
    """The retained message with which a connection ends in order."""

    topic: str
    payload: str


class Connection:
    """Keeps a client connected, from ``open`` to ``close``."""

    def __init__(
        self,
        client: Client,
        outbox: Outbox | None = None,
        farewell: Farewell | None = None,
        *,
        arrive: Callable[[Client], None],
        turn: Callable[[Client], None],
        take: Callable[[MQTTMessage], None],
        lose: Callable[[], None] = lambda: None,
        rest: float = REST,
    ) -> None:
        """Take a client that is not connected, and what is called in the thread of the connection.

        `arrive` is called at each new connection, `turn` some ten times a second or more while
        there is one, `take` with each message, and `lose` at the end of a connection. `rest` is the
        pause after each piece of work, in seconds.
        """
        self._client = client
        self._outbox = outbox
        self._farewell = farewell
        self._arrive = arrive
        self._turn = turn
        self._lose = lose
        self._rest = rest
        self._online = False
        self.problem = NO_ANSWER
        """Why there is no connection, or what the broker refused; empty if all is well."""
        self._closing = Event()
        self._deadline = 0.0
        self._thread = Thread(target=self._run, name="room", daemon=True)
        client.on_connect = self._connected
        client.on_message = lambda _client, _data, message: take(message)
        client.on_publish = self._confirmed

    @property
    def opened(self) -> bool:
        """Whether it was ever opened."""
        return self._thread.ident is not None

    def open(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """Tell what is left, and say farewell; within a few seconds, come what may."""
        self._deadline = monotonic() + LEAVING
        self._closing.set()
        self._thread.join(LEAVING + LAST_RETRY)

    def _run(self) -> None:
        while not self._done():
            try:
                self._stay_connected()
            except Exception as error:  # noqa: BLE001 - whatever a broken broker does, try again
                self.problem = getattr(error, "strerror", None) or str(error)
            if self._online:
                self._online = False
                self._lose()
            if self._closing.wait(RETRY):
                sleep(LAST_RETRY)

    def _done(self) -> bool:
        return self._closing.is_set() and (not self._outbox or monotonic() >= self._deadline)

    def _stay_connected(self) -> None:
        self._client.reconnect()
        while not self._client.loop(LOOK):
            if self._online:
                if self._outbox:
                    self._outbox.tell(self._client)
                self._turn(self._client)
            if self._done():
                self._leave()
                return
            if self._rest:  # even a sleep of no length would give the processor away
                sleep(self._rest)
        self.problem = self.problem or NO_ANSWER

    def _connected(self, client: Client, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            self.problem = str(reason)
            return
        self._arrive(client)
        self._online = True
        self.problem = ""

    def _confirmed(self, _client: Client, _data: Any, mid: int, reason: Any, _more: Any) -> None:
        if self._outbox is not None:
            self._outbox.confirm(mid)
        if reason.is_failure:
            self.problem = str(reason)

    def _leave(self) -> None:
        if self._online and self._farewell:
            topic, payload = self._farewell
            last = self._client.publish(topic, payload, qos=1, retain=True)
            while not last.is_published() and monotonic() < self._deadline:
                if self._client.loop(LOOK):
                    return
        self._client.disconnect()

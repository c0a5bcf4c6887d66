"""A room at a broker: shows sessions there, and is stopped, or begun, from there.

``show`` only stores the newest view and returns, so a session never waits for the broker. A thread
of its own connects, tells the newest state, and tries again for as long as it is not connected. It
shares the interpreter with the hearing, so it rests after each piece of work, and a flood of
messages costs little.

An event is kept until the broker has confirmed it. If it was confirmed and the confirmation was
lost, it is told twice, with the same id.

What comes from the broker decides nothing. "stop" is posted as the stop key is, and a start is what
a touch on a card of the home page is. A message that the broker had kept is ignored: else an old
"stop" would end every session.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from datetime import datetime, timezone
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.view import Outcome
from voice_coach.rooms.messages import (
    OFFLINE,
    ONLINE,
    STOP,
    Topics,
    discovery,
    event_of,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from paho.mqtt.client import Client, MQTTMessage
    from typing_extensions import Self

    from voice_coach.core.language import Language
    from voice_coach.core.view import View
    from voice_coach.rooms.messages import RoomEvent, RoomState

LOOK = 0.1
"""Seconds after which the thread looks for a new view: as often as the runner makes one."""
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
STOPPED = Heard(Command.STOP, source="network")


class Outbox:
    """Events that are to be told, in order; when it is full, those of pain are the last to go."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._events: list[RoomEvent] = []

    def __len__(self) -> int:
        """Count the events that wait."""
        return len(self._events)

    def put(self, event: RoomEvent) -> None:
        """Add an event; returns at once."""
        with self._lock:
            if len(self._events) >= self._most:
                others = (e for e in self._events if e.event_type is not Outcome.PAIN)
                self._events.remove(next(others, self._events[0]))
            self._events.append(event)

    def take(self) -> RoomEvent | None:
        """Take the oldest event; None if there is none."""
        with self._lock:
            return self._events.pop(0) if self._events else None


class Room:
    """Tells a broker about one room, inside a ``with`` block and from ``open`` on."""

    def __init__(self, name: str, client: Client, address: str) -> None:
        """Take the room's name, a client that is not connected, and the broker's address."""
        self._name = name
        self._topics = Topics(name)
        self._client = client
        self._address = address
        self._choices: Collection[str] = ()
        self._choose: Callable[[str], object] | None = None
        self._post: Callable[[Heard], None] | None = None
        self._view: View | None = None
        self._outcome: Outcome | None = None
        self._last: RoomEvent | None = None
        self._outbox = Outbox()
        self._unconfirmed: set[int] = set()
        """The numbers of messages with events that the broker has not confirmed."""
        self._told: RoomState | None = None
        self._online = False
        self._problem = NO_ANSWER
        self._closing = Event()
        self._deadline = 0.0
        self._thread = Thread(target=self._run, name="room", daemon=True)
        client.on_connect = self._connected
        client.on_message = self._take
        client.on_publish = self._confirmed

    @property
    def trouble(self) -> str:
        """One sentence about what the broker did not take; empty if there is none."""
        lost = len(self._outbox) + len(self._unconfirmed)
        if not (self._problem or lost):
            return ""
        what = f"{lost} event(s) of room {self._name}" if lost else f"Room {self._name}"
        why = f" ({self._problem})" if self._problem else ""
        return (
            f"{what} could not be told to the broker {self._address}{why}: see that it runs, and "
            "look at [mqtt] in your settings file."
        )

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Tell what is left, and that the room is gone; within a few seconds, come what may."""
        if self._thread.ident is None:
            return
        self._deadline = monotonic() + LEAVING
        self._closing.set()
        self._thread.join(LEAVING + LAST_RETRY)

    def open(
        self, choices: Collection[str] = (), choose: Callable[[str], object] | None = None
    ) -> None:
        """Begin to tell; with `choices`, a routine is begun by calling `choose`, which may refuse.

        `choose` is called in a thread of the room and must return at once.
        """
        if self._thread.ident is None:
            self._choices, self._choose = choices, choose
            self._thread.start()

    @contextmanager
    def session(self, _language: Language, post: Callable[[Heard], None]) -> Iterator[Self]:
        """Tell of a session, and hand "stop" to `post`, which must return at once."""
        self._outcome = self._last = None
        self.open()
        self._post = post
        try:
            yield self
        finally:
            self._post = None
            self._view = None

    def show(self, view: View) -> None:
        """Tell this from now on; returns at once."""
        if view.outcome is not self._outcome:
            self._outcome = view.outcome
            if view.outcome:
                now = datetime.now(timezone.utc)
                self._last = event_of(view, view.outcome, secrets.token_hex(8), now)
                self._outbox.put(self._last)
        self._view = view

    def _run(self) -> None:
        while not self._done():
            try:
                self._stay_connected()
            except Exception as error:  # noqa: BLE001 - whatever a broken broker does, try again
                self._problem = getattr(error, "strerror", None) or str(error)
            self._online = False
            if self._closing.wait(RETRY):
                sleep(LAST_RETRY)

    def _done(self) -> bool:
        owed = self._outbox or self._unconfirmed
        return self._closing.is_set() and (not owed or monotonic() >= self._deadline)

    def _stay_connected(self) -> None:
        self._client.reconnect()
        while not self._client.loop(LOOK):
            if self._online:
                self._tell()
            if self._done():
                self._leave()
                return
            sleep(REST)
        self._problem = self._problem or NO_ANSWER

    def _connected(self, client: Client, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            self._problem = str(reason)
            return
        for topic in (self._topics.stop, self._topics.start)[: 2 if self._choose else 1]:
            client.subscribe(topic, qos=1)
        device = json.dumps(discovery(self._name, self._choices))
        client.publish(self._topics.discovery, device, retain=True)
        self._told = None
        self._tell_state()  # first: with "online" the old one would count again
        client.publish(self._topics.availability, ONLINE, retain=True)
        self._online = True
        self._problem = ""

    def _tell(self) -> None:
        """Tell the events, and the state if it is another."""
        while len(self._unconfirmed) < UNCONFIRMED and (event := self._outbox.take()):
            told = self._client.publish(self._topics.event, event.model_dump_json(), qos=1)
            self._unconfirmed.add(told.mid)
        self._tell_state()

    def _tell_state(self) -> None:
        state = state_of(self._view, self._last)
        if state != self._told:
            self._client.publish(self._topics.state, state.model_dump_json(), retain=True)
            self._told = state

    def _confirmed(self, _client: Client, _data: Any, mid: int, reason: Any, _more: Any) -> None:
        self._unconfirmed.discard(mid)
        if reason.is_failure:
            self._problem = str(reason)

    def _leave(self) -> None:
        if self._online:
            last = self._client.publish(self._topics.availability, OFFLINE, qos=1, retain=True)
            while not last.is_published() and monotonic() < self._deadline:
                if self._client.loop(LOOK):
                    return
        self._client.disconnect()

    def _take(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        """Do what a message asks for, in the thread of the room."""
        if message.retain:
            return
        payload = message.payload.decode("ascii", "replace")
        post, choose = self._post, self._choose
        if message.topic == self._topics.stop and payload == STOP and post:
            post(STOPPED)
        if message.topic == self._topics.start and payload in self._choices and choose:
            choose(payload)

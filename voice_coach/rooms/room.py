"""A room at a broker: shows sessions there, and is stopped, or begun, from there.

``show`` only stores the newest view and returns, so a session never waits for the broker. The
thread of the connection tells the newest state.

What comes from the broker decides nothing. "stop" is posted as the stop key is, that somebody is
coming is posted for the session to say, a start is what a touch on a card of the home page is, and
an assigned plan is offered. Only such a plan may have been kept by the broker: an old "stop" would
end every session.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard, SomebodyComing
from voice_coach.core.plan import is_assigned
from voice_coach.errors import CoachError
from voice_coach.rooms.assignment import read_assignment
from voice_coach.rooms.connection import Connection, Farewell, Outbox
from voice_coach.rooms.messages import (
    COMING,
    OFFLINE,
    ONLINE,
    STOP,
    PlanResult,
    Topics,
    discovery,
    event_of,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from paho.mqtt.client import Client, MQTTMessage
    from typing_extensions import Self

    from voice_coach.core.assigned_plan import AssignedPlan
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.plan import Minutes
    from voice_coach.core.view import Outcome, View
    from voice_coach.rooms.messages import RoomEvent, RoomState

SIGN_OF_LIFE = 5.0
"""Seconds after which a room says "online" again. A broker that was killed has kept its old word,
and would take it for true however long the room is gone."""
COMING_EVERY = 1.0
"""Seconds after a "coming" in which another one is ignored: a flood must not fill a session's log.
The session itself says it once a minute at most."""
LONGEST_REASON = 300
"""Characters of what is wrong with a plan that came over the network."""
STOPPED = Heard(Command.STOP, source="network")


class Room:
    """Tells a broker about one room, inside a ``with`` block and from ``open`` on."""

    def __init__(self, name: str, client: Client, address: str, *, share: bool = False) -> None:
        """Take the room's name, a client that is not connected, and the broker's address.

        Only with `share` the person is asked whether it may be told how it goes with an assigned
        plan.
        """
        self._name = name
        self._address = address
        self.asks_consent = share
        self._plan = b""
        """The newest message with a plan; empty if there is none."""
        self._offered = ""
        """The number of the assignment that the session may offer; empty if it has none."""
        self._result: PlanResult | None = None
        """How it went, while the session may still say more about it."""
        self._topics = Topics(name)
        self._choices: Collection[str] = ()
        self._choose: Callable[[str], object] | None = None
        self._post: Callable[[Event], None] | None = None
        self._came = -COMING_EVERY
        """When "coming" was posted last, by ``time.monotonic``."""
        self._view: View | None = None
        self._outcome: Outcome | None = None
        self._last: RoomEvent | None = None
        self._told: RoomState | None = None
        self._alive = 0.0
        """When "online" was told, by ``time.monotonic``."""
        self._outbox = Outbox()
        self._connection = Connection(
            client,
            self._outbox,
            Farewell(self._topics.availability, OFFLINE),
            arrive=self._introduce,
            turn=self._tell,
            take=self._take,
        )

    @property
    def trouble(self) -> str:
        """One sentence about what the broker did not take; empty if there is none."""
        lost, problem = len(self._outbox), self._connection.problem
        if not (problem or lost):
            return ""
        what = f"{lost} event(s) of room {self._name}" if lost else f"Room {self._name}"
        why = f" ({problem})" if problem else ""
        return (
            f"{what} could not be told to the broker {self._address}{why}: see that it runs, and "
            "look at [mqtt] in your settings file."
        )

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Tell what is left, and that the room is gone; within a few seconds, come what may."""
        if self._connection.opened:
            self._connection.close()

    def open(
        self, choices: Collection[str] = (), choose: Callable[[str], object] | None = None
    ) -> None:
        """Begin to tell; with `choices`, a routine is begun by calling `choose`, which may refuse.

        `choose` is called in the thread of the connection and must return at once.
        """
        if not self._connection.opened:
            self._choices, self._choose = choices, choose
            self._connection.open()

    def offer(
        self, read: Callable[[str, Minutes], AssignedPlan], announce: Callable[[str], None]
    ) -> AssignedPlan | None:
        """Give the plan that the next session may offer; None if there is none.

        `read` looks over the text of a plan that is to take so many minutes, and raises
        ``CoachError`` where it may not be offered; `announce` is told why.
        """
        self._offered = ""
        if not (message := self._plan):
            return None
        try:
            told = read_assignment(message, datetime.now(timezone.utc))
            plan = read(told.plan, told.minutes)
        except CoachError as trouble:
            why = _printable(str(trouble)).rstrip(".")
            announce(f"A plan came from the board and is not offered: {why}.")
            return None
        self._offered = told.id
        return plan

    @contextmanager
    def session(self, _language: Language, post: Callable[[Event], None]) -> Iterator[Self]:
        """Tell of a session, and hand what is taken to `post`, which must return at once."""
        self._outcome = self._last = None
        self.open()
        self._post = post
        try:
            yield self
        finally:
            self._post = None
            self._view = None
            self._tell_result()
            self._offered = ""

    def show(self, view: View) -> None:
        """Tell this from now on; returns at once."""
        if view.outcome is not self._outcome:
            self._outcome = view.outcome
            if view.outcome:
                now = datetime.now(timezone.utc)
                self._last = event_of(view, view.outcome, secrets.token_hex(8), now)
                self._outbox.put(self._topics.event, self._last)
        self._follow_plan(view)
        self._view = view

    def _follow_plan(self, view: View) -> None:
        """Note how it goes with the assigned plan, and tell it once nothing more can be said."""
        done = is_assigned(view.routine_id) and view.outcome and view.consented
        if done and self._offered and self._last:
            self._result = PlanResult(
                id=self._last.id,
                assignment=self._offered,
                event_type=view.outcome,
                time=self._last.time,
                felt=view.felt,
            )
        elif self._result:  # another routine follows
            self._tell_result()

    def _tell_result(self) -> None:
        if self._result:
            self._outbox.put(self._topics.result, self._result)
        self._result = None

    def _introduce(self, client: Client) -> None:
        """Ask for what is taken, and tell all that holds."""
        topics = self._topics
        self._plan = b""  # the broker tells it again, unless it was withdrawn meanwhile
        taken = (topics.stop, topics.coming, topics.plan)
        for topic in (*taken, *([topics.start] if self._choose else [])):
            client.subscribe(topic, qos=1)
        device = json.dumps(discovery(self._name, self._choices))
        client.publish(self._topics.discovery, device, retain=True)
        self._told = None
        self._alive = -SIGN_OF_LIFE
        self._tell(client)

    def _tell(self, client: Client) -> None:
        """Tell the state if it is another than before, and that the room still lives."""
        state = state_of(self._view, self._last, startable=self._choose is not None)
        if state != self._told:  # first: with "online" the old one would count again
            client.publish(self._topics.state, state.model_dump_json(), retain=True)
            self._told = state
        if (now := monotonic()) >= self._alive + SIGN_OF_LIFE:
            client.publish(self._topics.availability, ONLINE, retain=True)
            self._alive = now

    def _take(self, message: MQTTMessage) -> None:
        """Do what a message asks for."""
        if message.topic == self._topics.plan:
            self._plan = bytes(message.payload)
            return
        if message.retain:
            return
        payload = message.payload.decode("ascii", "replace")
        post, choose = self._post, self._choose
        if message.topic == self._topics.stop and payload == STOP and post:
            post(STOPPED)
        now = monotonic()
        coming = message.topic == self._topics.coming and payload == COMING
        if coming and post and now >= self._came + COMING_EVERY:
            self._came = now
            post(SomebodyComing())
        if message.topic == self._topics.start and payload in self._choices and choose:
            choose(payload)


def _printable(reason: str) -> str:
    """Give the beginning of the first line, without what could steer a terminal."""
    return "".join(each for each in reason.splitlines()[0] if each.isprintable())[:LONGEST_REASON]

"""A room in which sessions are led in real time, one after the other, each until it hurts."""

from __future__ import annotations

import json
import random
import time
from contextlib import nullcontext
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

from trials.watched_session import Blank, RealTimeStudio, WatchedSession
from voice_coach.rooms.broker import Broker
from voice_coach.rooms.room import Room

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trials.network import Link
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Display
    from voice_coach.core.view import View

LENGTHS = (4, 7, 10, 13, 16)
"""After how many sentences it hurts: within the first minute. The safety note takes 40 s more."""
REST = 2.0
"""Seconds from one session to the next."""


class RoomOnTrial(Thread):
    """Leads sessions until `end`; without a link it tells nobody."""

    def __init__(
        self, name: str, link: Link | None, language: Language, alone: Mapping[int, object]
    ) -> None:
        """Take its link to the broker, and the cues of sessions that told nobody, by length."""
        super().__init__(name=name, daemon=True)
        self.end = 0.0
        """When no further session begins, in seconds since 1970."""
        self.pains: dict[str, float] = {}
        """When it hurt, by the ids of the events."""
        self.sessions = self.equal = 0
        """How many sessions there were, and in how many each cue came as in one alone."""
        self.held_up = self.late = 0.0
        """Seconds that it took at most to hand over a view, and that something came too late."""
        self._link, self._language, self._alone = link, language, alone
        self._drawn = random.Random(name)  # noqa: S311 - no secret

    @property
    def tells(self) -> bool:
        """Whether it tells a broker."""
        return self._link is not None

    def run(self) -> None:
        """Lead sessions."""
        if self._link is None:
            self._lead(None)
            return
        at = Broker(host=self._link.host, port=self._link.port)
        client = at.client(self.name)
        publish = client.publish

        def listen_in(topic: str, payload: Any, *rest: Any, **more: Any) -> Any:
            if topic.endswith("/event"):
                event = json.loads(payload)
                self.pains[event["id"]] = datetime.fromisoformat(event["time"]).timestamp()
            return publish(topic, payload, *rest, **more)

        client.publish = listen_in  # type: ignore[method-assign, assignment]
        with Room(self.name, client, str(at)) as room:
            room.open()
            self._lead(room)

    def _lead(self, room: Room | None) -> None:
        while time.time() < self.end:
            time.sleep(REST)
            enough, studio = self._drawn.choice(LENGTHS), RealTimeStudio()
            with room.session(self._language, print) if room else nullcontext(Blank()) as display:
                shown = _Timed(display)
                session = WatchedSession(self._language, shown, enough=enough, studio=studio)
            self.sessions += 1
            self.equal += session.cues == self._alone[enough]
            self.held_up = max(self.held_up, shown.longest)
            self.late = max(self.late, studio.latest)


class _Timed:
    """Hands views on, and measures how long that takes."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self.longest = 0.0

    def show(self, view: View) -> None:
        """Show it."""
        began = time.perf_counter()
        self._display.show(view)
        self.longest = max(self.longest, time.perf_counter() - began)

"""The line to a phone: sound and orders go out as frames, reports of what it heard come in.

A phone connects when somebody touches "start" on its page, and stays until it is hung up. There is
one phone at a time: two would hear each other. What goes out waits here until the server takes it;
a phone that takes nothing is hung up.
"""

from __future__ import annotations

import secrets
from collections import deque
from threading import Condition
from typing import TYPE_CHECKING, Protocol

from voice_coach.audio.phone_frames import Kind, Report, frame

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_WAITING = 400
"""Frames that may wait for a phone: ten seconds of sound."""


class Answerer(Protocol):
    """Takes what the phone sends during a session; called in the server's thread."""

    def take_report(self, report: Report) -> None:
        """Take what it heard and played."""

    def phone_lost(self, why: str) -> None:
        """Know that the phone gave up, in one of the words of ``LOST``."""


LOST = {
    "hidden": "The page was left or the phone's screen went off",
    "muted": "The phone's microphone was muted or taken away",
    "silent": "The phone heard nothing from the coach for half a second",
    "broken": "The phone's sound stopped",
    "second": "A second phone wanted to be microphone and loudspeaker",
    "network": "The phone sent nothing for half a second",
}
"""Why a phone can be lost, by the page's word for it, each the beginning of a sentence."""


class PhoneLine:
    """Joins a server, which knows the phone, and the stage of a session; each is a thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._line = ""
        """The secret name of the connected phone's line; empty while there is none."""
        self._waiting: deque[bytes] = deque()
        self._answerer: Answerer | None = None
        self._wake: Callable[[], None] = lambda: None

    # For the server

    def connect(self, wake: Callable[[], None]) -> str | None:
        """Connect a phone, and give the name of its line; None if there is another phone.

        `wake` is called, from any thread, when there is something to send.
        """
        with self._changed:
            if self._line and self._answerer:
                self._answerer.phone_lost("second")
                return None
            self._hang_up()
            # What a phone that vanished did not take is not for this one.
            self._waiting.clear()
            self._line, self._wake = secrets.token_urlsafe(16), wake
            self._changed.notify_all()
            return self._line

    def is_connected(self, line: str) -> bool:
        """Tell whether this line is the phone's."""
        return bool(line) and secrets.compare_digest(line.encode(), self._line.encode())

    def take_frames(self) -> bytes:
        """Take all that waits to be sent."""
        frames = []
        while self._waiting:
            frames.append(self._waiting.popleft())
        return b"".join(frames)

    def take_report(self, body: bytes) -> bool:
        """Pass on a report; tell whether it was one, and somebody wanted it."""
        report, answerer = Report.parse(body), self._answerer
        if report is None or answerer is None:
            return False
        answerer.take_report(report)
        return True

    def lose(self, why: str) -> bool:
        """Pass on that the phone gave up; tell whether the reason is known."""
        answerer = self._answerer
        if why in LOST and answerer:
            answerer.phone_lost(why)
        return why in LOST

    # For the stage

    def begin(self, answerer: Answerer, patience: float) -> bool:
        """Let a session begin on the phone; tell whether one connects within so many seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._line, patience):
                return False
            self._answerer = answerer
        self.send(frame(Kind.BEGIN))
        return True

    def send(self, message: bytes) -> None:
        """Send a frame; returns at once."""
        self._waiting.append(message)
        if len(self._waiting) > MOST_WAITING:
            self.hang_up()
        self._wake()

    def hang_up(self, *, lost: bool = False) -> None:
        """End the session on the phone, which closes its microphone; if `lost`, as a fault."""
        with self._changed:
            self._hang_up(lost=lost)

    def _hang_up(self, *, lost: bool = False) -> None:
        if self._line:
            self._waiting.append(frame(Kind.END, int(lost)))
            self._line, self._answerer = "", None
            self._wake()

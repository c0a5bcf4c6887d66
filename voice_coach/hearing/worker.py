"""Runs the second pass: in a thread, so that the stream never waits, or in the caller.

In a live session a thread decodes one request after another. Few may wait: if there are too many,
the oldest is dropped. The stream itself never waits.

Where the same sound must give the same events every time (the studio, tests, ``hear``), the caller
decodes at once, and the result becomes known after a fixed time of sound.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread
from typing import TYPE_CHECKING, Protocol

from voice_coach.background import let_others_go_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.hearing.second_pass import SecondPassRequest, SecondPassResult

    Decode = Callable[[SecondPassRequest], SecondPassResult]

INLINE_DELAY = 0.2
"""Seconds of sound after which an in-line result becomes known. The second pass took 0.16 s in the
median and 0.32 in one case of ten, for 241 candidates on two shared cores."""
WAITING = 2
"""Requests that may wait while one is decoded. If there is a third one, the oldest of them is
dropped: the later ones hold most of its sound."""
HANGS = 10.0
"""Seconds of sound for which one request may be decoded. After that the hearing counts as
failed."""


class SecondPassHangs(Exception):
    """The recogniser does not come back."""


@dataclass(frozen=True)
class Finished:
    """A request that is over."""

    request: SecondPassRequest
    result: SecondPassResult | None
    """None if it was dropped."""


class SecondPassWorker(Protocol):
    """Runs second passes in the order of their requests."""

    def submit(self, request: SecondPassRequest) -> None:
        """Take a request; never waits for another thread."""

    def poll(self, now: float) -> list[Finished]:
        """Give what is over by `now`, in seconds of sound, each request once."""


class InlineWorker:
    """Decodes at once, and gives the result a fixed time of sound later."""

    def __init__(self, decode: Decode, delay: float = INLINE_DELAY) -> None:
        self._decode = decode
        self._delay = delay
        self._finished: deque[Finished] = deque()

    def submit(self, request: SecondPassRequest) -> None:
        """Decode it."""
        self._finished.append(Finished(request, self._decode(request)))

    def poll(self, now: float) -> list[Finished]:
        """Give what has been decoded for long enough."""
        ready = []
        while self._finished and now >= self._finished[0].request.candidate.at + self._delay:
            ready.append(self._finished.popleft())
        return ready


class ThreadWorker:
    """Decodes in a thread, which lives only while there is something to decode."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode
        self._lock = Lock()
        self._waiting: deque[SecondPassRequest] = deque()
        self._current: SecondPassRequest | None = None
        self._watched: SecondPassRequest | None = None
        """The one that was decoded at the latest look."""
        self._watched_since = 0.0
        self._finished: list[Finished] = []
        self._broken: Exception | None = None

    def submit(self, request: SecondPassRequest) -> None:
        """Queue it; drop the oldest that waits if there are too many."""
        with self._lock:
            self._waiting.append(request)
            if len(self._waiting) > WAITING:
                self._finished.append(Finished(self._waiting.popleft(), None))
            if self._current is None:
                self._current = self._waiting.popleft()
                run = partial(self._run, self._current)
                Thread(target=run, name="second pass", daemon=True).start()

    def poll(self, now: float) -> list[Finished]:
        """Give what is over; raises what broke the decoding, or ``SecondPassHangs``."""
        with self._lock:
            if self._broken:
                raise self._broken
            if self._current is not self._watched:
                self._watched, self._watched_since = self._current, now
            if self._watched and now - self._watched_since > HANGS:
                raise SecondPassHangs
            finished, self._finished = self._finished, []
        return finished

    def _run(self, request: SecondPassRequest) -> None:
        let_others_go_first()
        while True:
            try:
                finished = Finished(request, self._decode(request))
            except Exception as error:  # noqa: BLE001 - it is raised again where it is missed
                self._broken = error
                return
            with self._lock:
                self._finished.append(finished)
                if not self._waiting:
                    self._current = None
                    return
                self._current = request = self._waiting.popleft()

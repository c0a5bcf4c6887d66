"""Lets a session speak while the speech model loads, and listen as soon as it is loaded.

What sounds meanwhile is kept and heard then, so nothing that is said is lost. A key or a click
waits for that too: the session is not led on before it listens. Pain and stop never wait.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from voice_coach.core.commands import URGENT
from voice_coach.core.events import Fault, Heard
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

    Call = Callable[[BlockListener], list[Event] | None]

SPARE = 0.5 * BLOCK / SAMPLE_RATE
"""Seconds of work on kept blocks before the next new block comes: half of a block's length. A
laptop needs 0.0034 s for a block, so it has caught up after half the time that loading took."""
LATE = 0.5
"""Seconds of kept sound that are allowed if there is no spare time. If more is kept, two blocks are
heard for each new one. A computer that is too slow even for that is reported."""
LONGEST = 10.0
"""Seconds of sound that are kept. Loading takes half a second on a laptop; a coach that has spoken
for so long without listening must not go on."""
TOO_LONG = (
    "The speech model is not loaded yet, so nobody listens: see what else this computer is doing, "
    "and start again."
)


class LoadingListener:
    """Keeps the sound until the listener is loaded, and then passes it on.

    If it cannot be loaded, that is a fault. As with any listener, one thread calls it.
    """

    def __init__(
        self, loading: Future[BlockListener], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._loading = loading
        self._clock = clock
        self._kept: deque[Call] = deque()
        self._failed = False

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS; None before it is known."""
        loaded = self._loading.done() and not self._loading.exception()
        return self._loading.result().level if loaded else None

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands, from the next block on."""
        self._kept.append(lambda listener: listener.listen(commands))

    def listen_for_breath(self, *, on: bool) -> None:
        """Report breaths, or no more, from the next block on."""
        self._kept.append(lambda listener: listener.listen_for_breath(on=on))

    def move_far_end(self, samples: int) -> None:
        """Tell that the far end comes so much later from the next block on."""
        self._kept.append(lambda listener: listener.move_far_end(samples))

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Keep or hear the next block of both; give what became known."""
        if self._failed:
            return []
        self._kept.append(lambda listener: listener.hear(microphone, far_end))
        if not self._loading.done():
            return self._fail(TOO_LONG) if len(self._kept) > _blocks(LONGEST) else []
        try:
            listener = self._loading.result()
        except CoachError as trouble:
            return self._fail(str(trouble))
        events: list[Event] = []
        began, made = self._clock(), 0
        while self._kept:
            events += self._kept.popleft()(listener) or []
            made += 1
            enough = 2 if len(self._kept) > _blocks(LATE) else 1
            if made >= enough and self._clock() - began > SPARE:
                break
        return events

    def _fail(self, reason: str) -> list[Event]:
        self._failed = True
        self._kept.clear()
        return [Fault("hearing", reason)]


def _blocks(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / BLOCK)


class HeldBack:
    """Posts what keys, clicks and a broker ask for: pain and stop at once, others after loading."""

    def __init__(self, post: Callable[[Event], None], loading: Future[BlockListener]) -> None:
        self._post = post
        self._lock = Lock()
        self._held: list[Event] | None = []
        """None once nothing is held back any more."""
        loading.add_done_callback(self._release)

    def __call__(self, event: Event) -> None:
        """Post it, now or then; returns at once, and any thread may call it."""
        with self._lock:
            urgent = isinstance(event, Heard) and event.command in URGENT
            if self._held is not None and not urgent:
                self._held.append(event)
                return
        self._post(event)

    def _release(self, _loading: Future[BlockListener]) -> None:
        with self._lock:
            held, self._held = self._held or [], None
            for event in held:
                self._post(event)

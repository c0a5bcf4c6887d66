"""The ear, and the thread it listens in.

Two streams bring sound in pieces of any length and at the device's own rate: what the microphone
hears, and the far end, which is what the loudspeaker was given. The ear gets both as blocks of
the coach's rate, in step: as each piece comes from the microphone, as much of the far end is
counted off to it, so that between a sound that was played and its echo lies one constant delay.

A coach that hears nothing cannot be stopped by voice, so an ear that breaks down or falls behind
says so.
"""

from __future__ import annotations

from collections import deque
from queue import SimpleQueue
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import numpy as np
import soxr

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

BLOCK = SAMPLE_RATE * 20 // 1000
"""Samples the ear is given at a time: 20 ms; smaller blocks gain the recogniser nothing."""
BACKLOG = 1.0
"""Seconds the ear may be behind the microphone; after more, "stop" would come too late."""
WHILE = 0.5
"""Seconds over which it is judged whether the far end is in step."""
PATIENCE = 1.0
"""Seconds the ear may take over its last blocks."""


class Ear(Protocol):
    """Turns what the microphone hears into events. Only ever called from one thread."""

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next BLOCK samples of the microphone and, of the same time, the far end."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """From the next block on report only these commands."""


class Hearing:
    """The thread in which the ear listens, and the queues that lead to it."""

    def __init__(self, ear: Ear, post: Callable[[Event], None]) -> None:
        self.captured = 0
        """Samples that came from the microphone, at its own rate."""
        self._ear = ear
        self._post = post
        self._queue: SimpleQueue[NDArray[np.float32] | None] = SimpleQueue()
        self._wishes: deque[AbstractSet[Command]] = deque()
        self._heard = 0
        self._broken = ""

    def begin(self, rate: int, lead: float) -> None:
        """Be ready for sound at `rate`, from a loudspeaker that keeps `lead` s of it in store."""
        self._rate = rate
        self._far_end = FarEnd(rate, lead)
        self._thread = Thread(target=self._run, name="hearing", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Hear what has come, and no more; an ear that hangs is left behind."""
        self._queue.put(None)
        self._thread.join(PATIENCE)

    def capture(self, piece: NDArray[np.float32]) -> None:
        """Copy what the microphone heard next. Never waits."""
        self._queue.put(np.column_stack((piece, self._far_end.take(len(piece)))))
        self.captured += len(piece)

    def follow(self, piece: NDArray[np.float32]) -> None:
        """Take what the loudspeaker was given next. Never waits."""
        self._far_end.put(piece)

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Let the ear report only these commands, from its next block on."""
        self._wishes.append(commands)

    def trouble(self) -> str:
        """Tell in one sentence why nobody listens; nothing while somebody does."""
        if not self._broken and self.captured - self._heard > BACKLOG * self._rate:
            return (
                "This computer is too slow to listen all the time: "
                "close other programs and start again."
            )
        return self._broken

    def _run(self) -> None:
        try:
            self._hear()
        except Exception as error:  # noqa: BLE001 - whatever broke, nobody listens any more
            self._broken = f"Listening broke down ({error!r}): start again."

    def _hear(self) -> None:
        resampler = None
        if self._rate != SAMPLE_RATE:
            resampler = soxr.ResampleStream(self._rate, SAMPLE_RATE, 2)
        rest = np.zeros((0, 2), np.float32)
        while (both := self._queue.get()) is not None:
            rest = np.concatenate((rest, resampler.resample_chunk(both) if resampler else both))
            while len(rest) >= BLOCK:
                while self._wishes:
                    self._ear.listen(self._wishes.popleft())
                for event in self._ear.hear(*rest[:BLOCK].T.copy()):
                    self._post(event)
                rest = rest[BLOCK:]
            self._heard += len(both)


class FarEnd:
    """Counts the far end off to the microphone; filled by one thread, emptied by another.

    Callbacks come late and in bursts, so some of the far end has to wait here: about half of what
    the loudspeaker keeps in store, which is never so much that an echo would come before its
    sound. What is missing for a moment is stood in for by silence and skipped when it comes, so
    that lateness shifts nothing. Only where the loudspeaker ran dry, or the microphone lost
    sound, is the middle of all that waited in a while out of place, and is put right.
    """

    def __init__(self, rate: int, lead: float) -> None:
        self._while = rate * WHILE
        self._wanted = lead * rate / 2
        self._pieces: deque[NDArray[np.float32]] = deque()
        self._waiting = np.zeros(0, np.float32)
        self._skip = 0
        """Samples to leave out when they come; below zero, samples of silence to put in."""
        self._levels: list[int] = []
        self._left = 0.0
        """Samples until the step is judged again; it is with the very first."""

    def put(self, piece: NDArray[np.float32]) -> None:
        """Take what the loudspeaker was given next."""
        self._pieces.append(piece)

    def take(self, frames: int) -> NDArray[np.float32]:
        """Give as many samples as the microphone heard meanwhile."""
        while self._pieces:
            self._waiting = np.concatenate((self._waiting, self._pieces.popleft()))
        if self._skip < 0:
            self._waiting = np.concatenate((np.zeros(-self._skip, np.float32), self._waiting))
            self._skip = 0
        skipped = min(self._skip, len(self._waiting))
        end = skipped + frames
        taken, self._waiting = self._waiting[skipped:end], self._waiting[end:]
        missing = frames - len(taken)
        self._skip += missing - skipped
        self._keep_step(frames)
        return np.concatenate((taken, np.zeros(missing, np.float32)))

    def _keep_step(self, frames: int) -> None:
        self._levels.append(len(self._waiting) - self._skip)
        self._left -= frames
        if self._left <= 0:
            surplus = median(self._levels) - self._wanted
            if abs(surplus) > self._wanted / 2:
                self._skip += round(surplus)
            self._levels.clear()
            self._left = self._while

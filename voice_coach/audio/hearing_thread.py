"""The hearing thread: it brings microphone and far end to the listener, block by block.

Sound comes in pieces of any length, from the microphone at its own rate. The listener gets both
streams as blocks of BLOCK samples at SAMPLE_RATE, aligned (see `audio.aligner`).

A coach that hears nothing cannot be stopped by voice. So a listener that breaks down, hangs or
falls behind is reported, and so is a microphone that cannot hear (see `audio.health`).
"""

from __future__ import annotations

from collections import deque
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import numpy as np
import samplerate

from voice_coach.audio.aligner import FarEndAligner
from voice_coach.audio.health import MicrophoneHealth
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

BACKLOG = 1.5
"""Seconds the listener may be behind the microphone; after more, "stop" would come too late. The
second pass over what sounds like pain takes more than a second on a slow computer."""
LAST_BLOCKS = 1.0
"""Seconds the listener may take over its last blocks."""
RESAMPLER = "sinc_medium"
"""The converter for a microphone at another rate: flat to 7 kHz, it holds back 3 ms and takes less
than 0.005 of a core. The best one holds back 9 ms; the fastest loses what is above 6 kHz."""


class BlockListener(Protocol):
    """Turns what the microphone hears into events. Only ever called from one thread."""

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS, after the echo canceller; any thread may ask."""

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next BLOCK samples of the microphone and, of the same time, the far end."""

    def move_far_end(self, samples: int) -> None:
        """From the next block on the far end comes so much later; below zero, sooner."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """From the next block on report only these commands."""

    def listen_for_breath(self, *, on: bool) -> None:
        """From the next block on report breaths, or no more."""


class ListenerAround:
    """Passes everything on to another listener: the base of those that do something with it."""

    def __init__(self, listener: BlockListener) -> None:
        self._listener = listener

    @property
    def level(self) -> float | None:
        """How loud the other one finds the person, in dBFS."""
        return self._listener.level

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Pass on the next block of both."""
        return self._listener.hear(microphone, far_end)

    def move_far_end(self, samples: int) -> None:
        """Tell that the far end comes so much later from the next block on."""
        self._listener.move_far_end(samples)

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands, from the next block on."""
        self._listener.listen(commands)

    def listen_for_breath(self, *, on: bool) -> None:
        """Report breaths, or no more, from the next block on."""
        self._listener.listen_for_breath(on=on)


class DeafListener:
    """Hears nothing, for sound that nobody is to answer."""

    level = None

    def hear(self, *_: NDArray[np.float32]) -> list[Event]:
        """Hear nothing."""
        return []

    def move_far_end(self, samples: int) -> None:
        """Take no notice."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Take no notice."""

    def listen_for_breath(self, *, on: bool) -> None:
        """Take no notice."""


class HearingThread:
    """Runs a listener in a thread of its own; only queues lead to it."""

    def __init__(self, listener: BlockListener, post: Callable[[Event], None]) -> None:
        self.captured = 0
        """Samples that came from the microphone, at SAMPLE_RATE."""
        self._listener = listener
        self._post = post
        self._queue: SimpleQueue[NDArray[np.float32] | int | None] = SimpleQueue()
        """Pairs of microphone and far end; by how many samples the far end comes later from there
        on; None at the end."""
        self._pending: deque[Callable[[], None]] = deque()
        self._heard = 0
        self._broken = ""

    def begin(self, rate: int, latency: float) -> None:
        """Be ready for a microphone at `rate`, and a loudspeaker that buffers `latency` seconds."""
        self._rate = rate
        self._resampler = samplerate.Resampler(RESAMPLER, 1) if rate != SAMPLE_RATE else None
        self._aligner = FarEndAligner(SAMPLE_RATE, latency)
        self._health = MicrophoneHealth(rate)
        self._thread = Thread(target=self._run, name="hearing", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Hear what has come, and no more; a listener that hangs is left behind."""
        self._queue.put(self._aligner.rest())
        self._queue.put(None)
        self._thread.join(LAST_BLOCKS)

    def capture(self, piece: NDArray[np.float32]) -> None:
        """Copy the next samples of the microphone. Never waits."""
        self._health.follow(piece)
        if self._resampler:
            piece = self._resampler.process(piece, SAMPLE_RATE / self._rate)
        self._queue.put(self._aligner.take(piece))
        if self._aligner.moved:
            self._queue.put(self._aligner.moved)
        self.captured += len(piece)

    def follow(self, piece: NDArray[np.float32]) -> None:
        """Take the next samples, at SAMPLE_RATE, that were rendered to be played. Never waits."""
        self._aligner.put(piece)

    def report_gap(self) -> None:
        """Take note that a stream lost samples just now; any thread may call it. Never waits."""
        self._aligner.report_gap()

    @property
    def level(self) -> float | None:
        """How loud the listener finds the person, in dBFS."""
        return self._listener.level

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands, from the next block on."""
        self._pending.append(partial(self._listener.listen, commands))

    def listen_for_breath(self, *, on: bool) -> None:
        """Report breaths, or no more, from the next block on."""
        self._pending.append(partial(self._listener.listen_for_breath, on=on))

    def trouble(self) -> str:
        """Tell in one sentence why nobody listens; nothing while somebody does."""
        if self._health.trouble:
            return self._health.trouble
        if not self._broken and self.captured - self._heard > BACKLOG * SAMPLE_RATE:
            return (
                "Listening hangs, or this computer is too slow for it: "
                "close other programs and start again."
            )
        return self._broken

    def _run(self) -> None:
        try:
            self._hear()
        except Exception as error:  # noqa: BLE001 - whatever broke, nobody listens any more
            self._broken = f"Listening broke down ({error!r}): start again."

    def _hear(self) -> None:
        rest = np.zeros((0, 2), np.float32)
        while (both := self._queue.get()) is not None:
            if isinstance(both, int):
                self._listener.move_far_end(both)
                continue
            rest = np.concatenate((rest, both))
            while len(rest) >= BLOCK:
                while self._pending:
                    self._pending.popleft()()
                for event in self._listener.hear(*rest[:BLOCK].T.copy()):
                    self._post(event)
                rest = rest[BLOCK:]
            self._heard += len(both)

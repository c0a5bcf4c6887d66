"""What the loudspeaker plays, sample by sample. Pure: it is told to render, and time is a count.

One voice at a time: clips wait in a queue and never overlap. A clip may carry the sample it must
start at and the last sample at which it may still start; one that comes too late is dropped
rather than spoken late. A cut takes effect with the next sample rendered, over a fade short
enough to be instant and long enough not to click.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_coach.core.events import ClipDropped, ClipFinished, ClipStarted
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voice_coach.core.events import Event

FADE = SAMPLE_RATE * 5 // 1000
"""Samples a cut takes to reach silence: 5 ms."""
GLIDE = SAMPLE_RATE * 20 // 1000
"""Samples a change of loudness by the whole of full scale takes: 20 ms."""


class Sound(Protocol):
    """A clip whose samples are at hand."""

    @property
    def seconds(self) -> float:
        """How long it takes to play."""

    @property
    def samples(self) -> NDArray[np.float32]:
        """16 kHz mono, from -1 to 1."""


@dataclass
class _Cue:
    say_id: int
    samples: NDArray[np.float32]
    at: int
    latest: int | None
    played: int = 0


class Mixer:
    """Renders the coach's side of the sound; not thread-safe, so that it needs no lock."""

    def __init__(self) -> None:
        self.position = 0
        """Samples rendered so far: the audio clock, in units of 1 / SAMPLE_RATE."""
        self._queue: deque[_Cue] = deque()
        self._fading = np.zeros(0, np.float32)
        self._gain = 1.0
        """What the loudness glides to."""
        self._glides_from = 1.0
        self._glides_since = 0
        """The sample at which the glide began: what is rendered follows from it alone, not from
        how many samples are asked for at a time."""
        self._events: list[Event] = []

    def play(
        self,
        say_id: int,
        samples: NDArray[np.float32],
        *,
        at: int | None = None,
        latest: int | None = None,
    ) -> None:
        """Queue `samples` to start at sample `at` (None: as soon as the queue gets there)."""
        self._queue.append(_Cue(say_id, samples, at or 0, latest))

    def cut(self) -> None:
        """Fade what sounds now to silence and forget all that waits."""
        if self._queue and (cue := self._queue[0]).played:
            tail = cue.samples[cue.played : cue.played + FADE]
            fading = np.zeros(FADE, np.float32)
            fading[: len(self._fading)] = self._fading
            fading[: len(tail)] += tail * np.linspace(1, 0, len(tail), dtype=np.float32)
            self._fading = fading
        self._queue.clear()

    def set_volume(self, decibels: float) -> None:
        """Glide to this gain; 0 dB plays clips as they are."""
        self._glides_from = float(self._gains(1)[0])
        self._glides_since = self.position
        self._gain = 10 ** (decibels / 20)

    def render(self, frames: int) -> NDArray[np.float32]:
        """Give the next `frames` samples for the loudspeaker and move the clock by as many."""
        block = np.zeros(frames, np.float32)
        fading, self._fading = self._fading[:frames], self._fading[frames:]
        block[: len(fading)] = fading
        self._fill(block)
        block *= self._gains(frames)
        np.clip(block, -1, 1, out=block)
        self.position += frames
        return block

    def take_events(self) -> list[Event]:
        """Give what began and ended since this was last asked, in order."""
        events, self._events = self._events, []
        return events

    def _fill(self, block: NDArray[np.float32]) -> None:
        offset = 0
        while self._queue and offset < len(block):
            cue = self._queue[0]
            now = self.position + offset
            if not cue.played:
                if cue.at > now:
                    offset += min(cue.at - now, len(block) - offset)
                    if offset == len(block):
                        return
                elif cue.latest is not None and now > cue.latest:
                    self._queue.popleft()
                    self._events.append(ClipDropped(cue.say_id))
                    continue
                self._events.append(ClipStarted(cue.say_id))
            part = cue.samples[cue.played : cue.played + len(block) - offset]
            block[offset : offset + len(part)] += part
            cue.played += len(part)
            offset += len(part)
            if cue.played == len(cue.samples):
                self._queue.popleft()
                self._events.append(ClipFinished(cue.say_id))

    def _gains(self, frames: int) -> NDArray[np.float32]:
        since = self.position - self._glides_since
        steps = np.arange(since, since + frames) / GLIDE
        gains = self._glides_from + np.clip(self._gain - self._glides_from, -steps, steps)
        return np.asarray(gains, np.float32)

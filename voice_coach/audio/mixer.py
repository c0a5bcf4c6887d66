"""What the loudspeaker plays, sample by sample. It is pure: time is a sample count.

Clips wait in a queue and never overlap. A clip may have a sample to start at, and a last sample at
which it may still start; a clip that is too late is dropped, never spoken late. A cut takes effect
with the next sample. Its fade is short enough to be instant and long enough not to click.

There are two softer ways to give way to a person. Ducked, everything goes on, 20 dB softer. Hushed,
the sound fades out and the queue stands still; ``resume`` then starts the interrupted clip again
from its last pause, because half a word helps nobody. A cue is not started again: it would be late.
A cut ends both, so what is said after it has full loudness.

A coach whose loop hangs must not talk on, so the mixer has a dead man's switch. Once held, it must
be held again and again. When it is left for as long as ``guard`` says, the mixer falls silent,
speaks the last words it was given, and takes nothing more before a cut.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, replace
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
"""Samples a change of the gain by 1 takes: 20 ms."""
FADE_OUT = SAMPLE_RATE * 30 // 1000
"""Samples a hush takes to reach silence: 30 ms, soft and yet within a syllable."""
RISE = SAMPLE_RATE * 100 // 1000
"""Samples until full loudness after a duck: 100 ms, so that it does not startle."""
DUCKED = 10 ** (-20 / 20)
"""The gain while ducked: -20 dB."""
PAUSE = SAMPLE_RATE * 80 // 1000
"""Samples of quiet between two clauses: 80 ms; the stop in a "t" or "p" is shorter."""
NO_ID = 0
"""The id of the last words, which no session asked for: no utterance has it."""
QUIET = 10 ** (-40 / 20)
"""What counts as quiet in a clip, as a share of its largest sample: -40 dB."""


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
    started: bool = False
    played: int = 0


class _Gain:
    """A gain that glides from one value to another.

    The gain of a sample depends on its number alone, not on the size of the blocks.
    """

    def __init__(self) -> None:
        self._from = self._to = 1.0
        self._since = 0
        self._scale = GLIDE

    def glide(self, to: float, at: int, scale: int) -> None:
        """Move to this value from sample `at` on; a change by 1 takes `scale` samples."""
        self._from = float(self.over(at, 1)[0])
        self._to = to
        self._since = at
        self._scale = scale

    def over(self, start: int, frames: int) -> NDArray[np.float32]:
        """Give the gains of so many samples."""
        since = start - self._since
        change = self._to - self._from
        if since >= abs(change) * self._scale:
            return np.full(frames, self._to, np.float32)
        steps = np.arange(since, since + frames) / self._scale
        gains = self._from + np.clip(change, -steps, steps)
        return np.asarray(gains, np.float32)


class Mixer:
    """Renders the coach's side of the sound; not thread-safe, so that it needs no lock."""

    def __init__(self) -> None:
        self.position = 0
        """Samples rendered so far: the audio clock, in units of 1 / SAMPLE_RATE."""
        self._queue: deque[_Cue] = deque()
        self._fading = np.zeros(0, np.float32)
        self._volume = _Gain()
        self._duck_gain = _Gain()
        """DUCKED while ducked, 0 while hushed, else 1."""
        self._stands_from: int | None = None
        """The sample from which the queue stands still; None while it is not hushed."""
        self._held_at: int | None = None
        """The sample at which the switch was last held; None if it never was."""
        self._left_for: int | None = None
        """Samples for which it may be left; None means for ever."""
        self._last_words = np.zeros(0, np.float32)
        self.dead = False
        """Whether the switch was left too long: until the next cut, only the last words sound."""
        self._events: list[Event] = []

    def copy(self) -> Mixer:
        """Give another mixer that renders the same from here on; both play the same clips."""
        other = copy.copy(self)
        vars(other).update(
            _queue=deque(replace(cue) for cue in self._queue),
            _volume=copy.copy(self._volume),
            _duck_gain=copy.copy(self._duck_gain),
            _events=[*self._events],
        )
        return other

    def guard(self, samples: int, last_words: NDArray[np.float32]) -> None:
        """Let the dead man's switch be left for so many samples, and then say the last words."""
        self._left_for = samples
        self._last_words = last_words

    def hold(self) -> None:
        """Hold the dead man's switch."""
        self._held_at = self.position

    def play(
        self,
        say_id: int,
        samples: NDArray[np.float32],
        *,
        at: int | None = None,
        latest: int | None = None,
    ) -> None:
        """Queue `samples` to start at sample `at` (None: as soon as the queue gets there)."""
        if self.dead:
            self._events.append(ClipDropped(say_id))
        else:
            self._queue.append(_Cue(say_id, samples, at or 0, latest))

    def cut(self) -> None:
        """Fade what sounds now to silence, forget all that waits, and end duck and hush.

        It also revives a mixer whose switch was left.
        """
        self.dead = False
        if self._queue and (cue := self._queue[0]).started:
            tail = cue.samples[cue.played : cue.played + FADE]
            tail = tail * self._duck_gain.over(self.position, len(tail))
            fading = np.zeros(FADE, np.float32)
            fading[: len(self._fading)] = self._fading
            fading[: len(tail)] += tail * np.linspace(1, 0, len(tail), dtype=np.float32)
            self._fading = fading
        self._queue.clear()
        self._duck_gain = _Gain()
        self._stands_from = None

    def set_volume(self, decibels: float) -> None:
        """Glide to this gain; 0 dB plays clips as they are."""
        self._volume.glide(10 ** (decibels / 20), self.position, GLIDE)

    def duck(self) -> None:
        """Go on 20 dB softer, within 20 ms."""
        self._duck_gain.glide(DUCKED, self.position, GLIDE)

    def hush(self) -> None:
        """Fade to silence within 30 ms, and let the queue stand still from then on."""
        if self._stands_from is None:
            self._duck_gain.glide(0, self.position, FADE_OUT)
            self._stands_from = self.position + FADE_OUT

    def resume(self) -> None:
        """End duck and hush; start the interrupted clip again from its last pause."""
        stood_still = self._stands_from is not None and self.position >= self._stands_from
        self._stands_from = None
        self._duck_gain.glide(1, self.position, GLIDE if stood_still else RISE)
        if not (stood_still and self._queue and self._queue[0].started):
            return
        cue = self._queue[0]
        if cue.latest is None:
            cue.played = _last_clause(cue.samples, cue.played)
        else:
            self._queue.popleft()
            self._events.append(ClipFinished(cue.say_id))

    def render(self, frames: int) -> NDArray[np.float32]:
        """Give the next `frames` samples for the loudspeaker and move the clock by as many."""
        self._check_switch()
        block = np.zeros(frames, np.float32)
        if self._stands_from is None:
            self._fill(block)
        else:
            self._fill(block[: max(0, self._stands_from - self.position)])
        block *= self._duck_gain.over(self.position, frames)
        fading, self._fading = self._fading[:frames], self._fading[frames:]
        block[: len(fading)] += fading
        block *= self._volume.over(self.position, frames)
        np.clip(block, -1, 1, out=block)
        self.position += frames
        return block

    def take_events(self) -> list[Event]:
        """Give what began and ended since this was last asked, in order."""
        events, self._events = self._events, []
        return events

    def _check_switch(self) -> None:
        if self.dead or self._held_at is None or self._left_for is None:
            return
        if self.position - self._held_at > self._left_for:
            self.cut()
            self.dead = True
            self._queue.append(_Cue(NO_ID, self._last_words, at=0, latest=None))

    def _fill(self, block: NDArray[np.float32]) -> None:
        offset = 0
        while self._queue and offset < len(block):
            cue = self._queue[0]
            now = self.position + offset
            if not cue.started:
                if self._stands_from is not None:
                    return
                if cue.at > now:
                    offset += min(cue.at - now, len(block) - offset)
                    if offset == len(block):
                        return
                elif cue.latest is not None and now > cue.latest:
                    self._queue.popleft()
                    self._events.append(ClipDropped(cue.say_id))
                    continue
                cue.started = True
                self._events.append(ClipStarted(cue.say_id))
            part = cue.samples[cue.played : cue.played + len(block) - offset]
            block[offset : offset + len(part)] = part
            cue.played += len(part)
            offset += len(part)
            if cue.played == len(cue.samples):
                self._queue.popleft()
                self._events.append(ClipFinished(cue.say_id))


def _last_clause(samples: NDArray[np.float32], played: int) -> int:
    """Give the sample from which to start a clip again: near the end of its last pause so far."""
    heard = np.abs(samples[:played])
    loud = np.flatnonzero(heard > QUIET * np.max(np.abs(samples), initial=0))
    edges = np.concatenate(([-1], loud, [played]))
    pauses = np.flatnonzero(np.diff(edges) > PAUSE)
    return int(edges[pauses[-1] + 1]) - PAUSE if len(pauses) else 0

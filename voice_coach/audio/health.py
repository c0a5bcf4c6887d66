"""Tells whether a microphone that gives samples could hear a person. It is pure.

A coach that hears nothing cannot be stopped by voice, and a microphone that cannot hear looks like
a person who is quiet. Four things are watched, on the samples as the device gave them:

- flat: a muted microphone, or one whose converter stands still, gives one value, or toggles its
  last bit. A working one always gives more noise than that.
- stuck: a driver that hangs gives the same samples again and again. No sound repeats exactly.
- clipping: most of the sound is cut off.
- gain: all frequencies become much softer at once, and stay so. No room does that.

Some drivers pass nothing except voices. They show it by flat pauses between words and sentences,
the coach's own too, and are accepted: the sound check tells whether the person is heard. Whether
noise is too loud for the person's voice is watched after the echo canceller, see `hearing.masking`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCKS_A_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

LASTS = 1.0
"""Seconds of flat or stuck samples after which a microphone counts as lost."""
LAST_BIT = 1.5 / 2**15
"""Range of the samples in a block up to which it is flat: one step of 16 bits, and what a resampler
makes of it."""
PAUSE = 0.1
"""Seconds of flat samples, followed by sound, that are a pause. The gaps of a wireless microphone
are shorter."""
PAUSED = 0.5
"""After this many seconds of pauses in all, the driver counts as one that passes only voices."""
OBSERVED = 10.0
"""Seconds after its first sound in which the kind of driver is found out."""
REMEMBERED = 0.5
"""Seconds of sound in which the latest block is searched: the longest buffer of a driver."""
FULL = 0.98
"""Samples from here on are cut off."""
CLIPPED = 0.1
"""A block with this share of samples cut off is not understood: speech is 12 dB too loud."""
CLIPPED_SECONDS, CLIPPED_SHARE = 1.5, 0.8
"""With this share of such blocks, in so many seconds, nobody is heard; a cry is shorter."""
BANDS = (150, 300, 500, 800, 1300, 2000, 3200, 5000, 7000)
"""Edges of the bands in Hz, about as wide as the ear's own."""
FLOOR_SECONDS, FLOOR_SHARE = 1.0, 0.2
"""This share of a band's blocks, in so many seconds, is below its noise floor."""
FLOOR_EVERY = 0.25
"""Seconds between two measurements of the floor."""
SUDDEN = 3
"""Measurements within which a gain falls, 0.75 s. Machines that run down take longer."""
FELL, EVENLY = 15.0, 6.0
"""Decibels by which the floor must fall below all that it was before, in each band, and by which
the bands may differ in that. Where a noise ends, the bands differ more. A gain of 5 % is -26 dB."""
STAYS = 4
"""Measurements for which it must stay there, a second."""


class MicrophoneHealth:
    """Watches one microphone, of which it is given one channel."""

    def __init__(self, rate: int) -> None:
        """Take its samples a second."""
        self.trouble = ""
        """In one sentence, why nobody can be heard; it stays. Empty while all is well."""
        self._size = rate // BLOCKS_A_SECOND
        self._rest = np.zeros(0, np.float32)
        self._flat = _FlatWatch()
        self._stuck = _StuckWatch(round(REMEMBERED * rate))
        self._clipped: deque[bool] = deque(maxlen=round(CLIPPED_SECONDS * BLOCKS_A_SECOND))
        self._gain = _GainWatch(rate, self._size)

    def follow(self, piece: NDArray[np.float32]) -> None:
        """Take its next samples."""
        self._rest = np.concatenate((self._rest, piece))
        while len(self._rest) >= self._size and not self.trouble:
            block, self._rest = self._rest[: self._size], self._rest[self._size :]
            self.trouble = self._judge(block)
        if self.trouble:
            self._rest = self._rest[:0]

    def _judge(self, block: NDArray[np.float32]) -> str:
        flat = bool(np.ptp(block) <= LAST_BIT)
        if self._flat.is_lost(flat=flat):
            return "The microphone was muted: switch it on, and start again."
        if self._stuck.is_lost(block, flat=flat):
            return (
                "The microphone repeats one sound for ever: unplug it and plug it in again, or "
                "choose another, and start again."
            )
        self._clipped.append(bool(np.mean(np.abs(block) >= FULL) > CLIPPED))
        full = len(self._clipped) == self._clipped.maxlen
        if full and np.mean(self._clipped) > CLIPPED_SHARE:
            return (
                "The microphone is driven so hard that nobody is understood: turn its level down "
                "in the system's sound settings, and start again."
            )
        if not flat and self._gain.has_fallen(block):
            return (
                "The microphone became much softer: turn its level up in the system's sound "
                "settings, and start again."
            )
        return ""


class _FlatWatch:
    """Tells a muted microphone from a driver that passes only voices."""

    def __init__(self) -> None:
        self._given = self._flat = self._paused = 0
        self._pauses = False

    def is_lost(self, *, flat: bool) -> bool:
        if not flat:
            self._given += 1
            if self._flat >= PAUSE * BLOCKS_A_SECOND:
                self._paused += self._flat
            self._pauses = self._pauses or self._paused > PAUSED * BLOCKS_A_SECOND
            self._flat = 0
            return False
        if not self._given:
            return False  # many begin with zeros
        self._given += 1
        self._flat += 1
        if self._flat <= LASTS * BLOCKS_A_SECOND or self._pauses:
            return False
        self._pauses = self._given < OBSERVED * BLOCKS_A_SECOND
        return not self._pauses


class _StuckWatch:
    """Looks for the latest block in what came before it, to the bit."""

    def __init__(self, remembered: int) -> None:
        self._before = np.zeros(remembered, np.float32)
        self._repeats = 0

    def is_lost(self, block: NDArray[np.float32], *, flat: bool) -> bool:
        self._repeats = self._repeats + 1 if not flat and self._holds(block) else 0
        self._before = np.concatenate((self._before[len(block) :], block))
        return self._repeats > LASTS * BLOCKS_A_SECOND

    def _holds(self, block: NDArray[np.float32]) -> bool:
        # A loud sample is rare, so few places are compared in full.
        landmark = int(np.argmax(np.abs(block)))
        after = len(block) - landmark
        places = np.flatnonzero(
            self._before[landmark : len(self._before) - after + 1] == block[landmark]
        )
        return any(
            np.array_equal(self._before[place : place + len(block)], block) for place in places[:8]
        )


class _GainWatch:
    """Tells a gain that fell from a noise that ended."""

    def __init__(self, rate: int, size: int) -> None:
        bins = np.fft.rfftfreq(size, 1 / rate)
        self._edges = np.searchsorted(bins, [edge for edge in BANDS if edge <= 0.45 * rate])
        self._window = np.hanning(size).astype(np.float32)
        self._levels: deque[NDArray[np.float64]] = deque(
            maxlen=round(FLOOR_SECONDS * BLOCKS_A_SECOND)
        )
        self._floors: deque[NDArray[np.float64]] = deque(maxlen=SUDDEN)
        """The latest ones, which may already have fallen."""
        self._lowest: NDArray[np.float64] | None = None
        """The lowest before those, in each band."""
        self._blocks = self._fallen = 0

    def has_fallen(self, block: NDArray[np.float32]) -> bool:
        power = np.abs(np.fft.rfft(self._window * np.nan_to_num(block))) ** 2
        self._levels.append(10 * np.log10(np.add.reduceat(power, self._edges)[:-1] + 1e-12))
        self._blocks += 1
        full = len(self._levels) == self._levels.maxlen
        if not full or self._blocks % int(FLOOR_EVERY * BLOCKS_A_SECOND):
            return False
        floor = np.quantile(np.array(self._levels), FLOOR_SHARE, axis=0)
        if self._lowest is not None and self._blocks > OBSERVED * BLOCKS_A_SECOND:
            fallen = self._lowest - floor
            if np.min(fallen) > FELL and np.ptp(fallen) < EVENLY:
                self._fallen += 1
                return self._fallen > STAYS
        self._fallen = 0
        if len(self._floors) == self._floors.maxlen:
            oldest = self._floors[0]
            self._lowest = oldest if self._lowest is None else np.minimum(self._lowest, oldest)
        self._floors.append(floor)
        return False

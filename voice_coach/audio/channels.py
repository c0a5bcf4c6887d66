"""The form of a device's sound: one channel of several, and another rate."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FRONT = 2
"""Channels of a loudspeaker that play the coach: left and right. The others, as of a surround
system, stay silent."""
MEMORY = 1.0
"""Seconds over which the power of a channel is averaged."""
STRONGER = 4.0
"""Times by which another channel must be stronger, in power, to be taken instead: 6 dB. A change
costs the echo canceller the path it has learnt."""


def fill(speaker: NDArray[np.float32], sound: NDArray[np.float32]) -> None:
    """Put sound of shape (n,) on the front channels of a buffer of shape (m, channels), m >= n."""
    speaker[:] = 0
    speaker[: len(sound), :FRONT] = sound[:, np.newaxis]


class StrongestChannel:
    """Takes from each piece of a microphone the channel that hears most.

    A microphone array, or a stereo device with one microphone, has channels that hear nothing.
    What is the same in all samples, a DC offset, does not count.
    """

    def __init__(self, rate: int) -> None:
        """Take the samples a second."""
        self._memory = MEMORY * rate
        self._powers: NDArray[np.float64] | None = None
        self._chosen = 0

    def of(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next samples, shape (n, channels); give those of one channel, shape (n,)."""
        if piece.shape[1] > 1 and len(piece):
            numbers = np.nan_to_num(piece, posinf=0.0, neginf=0.0)
            self._choose(np.var(numbers, axis=0, dtype=np.float64), len(piece))
        return piece[:, self._chosen]

    def _choose(self, powers: NDArray[np.float64], frames: int) -> None:
        if self._powers is None:
            self._powers = powers
        share = min(1.0, frames / self._memory)
        self._powers = self._powers + share * (powers - self._powers)
        strongest = int(np.argmax(self._powers))
        if self._powers[strongest] > STRONGER * self._powers[self._chosen]:
            self._chosen = strongest


class Upsampled:
    """What a mixer renders, for a loudspeaker that runs at another rate."""

    def __init__(self, render: Callable[[int], NDArray[np.float32]], rate: int) -> None:
        self._render = render
        self._ratio = rate / SAMPLE_RATE
        # The fastest converter is flat to 6 kHz and holds back 1.3 ms, in 0.06 ms of 10 that the
        # callback has; the best one holds back 9.
        self._resampler = samplerate.Resampler("sinc_fastest", 1)
        self._ready = np.zeros(0, np.float32)

    def __call__(self, frames: int) -> NDArray[np.float32]:
        """Give so many frames at the rate of the loudspeaker."""
        while (missing := frames - len(self._ready)) > 0:
            more = self._render(ceil(missing / self._ratio))
            more = self._resampler.process(more, self._ratio)
            self._ready = np.concatenate((self._ready, more))
        now, self._ready = self._ready[:frames], self._ready[frames:]
        return now

"""The way from the far end to the microphone, in 20 ms blocks, so that a loop can be closed.

The loudspeaker bends before the room rings: first the driver's distortion, then the little box's
lack of low and high tones, then devices and air. Beside that its clock may be slow, and the room
may change while somebody moves in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.speech.clips import speech_rms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Spectra = NDArray[np.complex64]

FADE = 25
"""Blocks in which one echo path becomes the next: half a second, as somebody moves."""
_TAPS = 16
"""Samples either side that an interpolation in time looks at."""
_HISTORY = SAMPLE_RATE
"""Samples of far end that are kept for a clock that is late."""


@dataclass(frozen=True)
class Conditions:
    """How hard the way is."""

    echo: float = 0.0
    """Echo against the person at the microphone, both rms of active speech, in dB."""
    strong: bool = False
    """Whether the loudspeaker distorts strongly; a little it always does."""
    moving: bool = False
    """Whether the echo path changes every few seconds."""
    drift: float = 0.0
    """By how much the loudspeaker's clock is slower than the microphone's, in ppm."""
    noise: float = -30.0
    """The room's noise against the person, in dB."""


class Loudspeaker:
    """A driver that bends, in a box that is too small.

    The bend is that of a saturated, slightly lopsided spring: tanh(d x + b), with its slope at
    rest made one. `strong` has some 15 dB less headroom than a good loudspeaker.
    """

    def __init__(self, rng: np.random.Generator, *, strong: bool) -> None:
        self._drive = rng.uniform(4, 7) if strong else rng.uniform(1.2, 2)
        self._bias = rng.uniform(0.1, 0.4) if strong else 0.05
        self.response = _band_pass(rng.uniform(150, 350), rng.uniform(5500, 7500))
        """Impulse response of the box."""

    def bend(self, samples: Samples) -> Samples:
        """Give what the driver makes of these."""
        rest = np.tanh(self._bias)
        slope = self._drive * (1 - rest**2)
        bent = (np.tanh(self._drive * samples + self._bias) - rest) / slope
        return np.asarray(bent, np.float32)


def _band_pass(low: float, high: float) -> Samples:
    """Make 512 samples of a second-order high-pass and low-pass at these Hz, by the bilinear rule.

    The coefficients are Butterworth's (R. Bristow-Johnson, "Audio EQ cookbook").
    """
    response = np.zeros(512)
    response[0] = 1.0
    for edge, sign in ((low, -1), (high, 1)):
        angle = 2 * np.pi * edge / SAMPLE_RATE
        alpha, cosine = np.sin(angle) / np.sqrt(2), np.cos(angle)
        outer = (1 - sign * cosine) / 2 / (1 + alpha)
        middle = sign * 2 * outer
        first, second = -2 * cosine / (1 + alpha), (1 - alpha) / (1 + alpha)
        passed = np.zeros(len(response) + 2)
        padded = np.concatenate((np.zeros(2), response))
        for n in range(2, len(passed)):
            passed[n] = (
                outer * (padded[n] + padded[n - 2])
                + middle * padded[n - 1]
                - first * passed[n - 1]
                - second * passed[n - 2]
            )
        response = passed[2:]
    return response.astype(np.float32)


class Echo:
    """Streams the far end to what the microphone hears of it, so that a loop can be closed."""

    def __init__(
        self,
        path: Samples,
        conditions: Conditions,
        *,
        loudspeaker: Loudspeaker,
        delay: float,
        rng: np.random.Generator,
    ) -> None:
        """Take the room's impulse response; `delay` in s. Its gain is one until `set_level`."""
        self._loudspeaker = loudspeaker
        self._conditions = conditions
        self._rng = rng
        self._delay = int(delay * SAMPLE_RATE)
        self._still = np.concatenate(
            (
                np.zeros(self._delay, np.float32),
                np.convolve(path, loudspeaker.response).astype(np.float32),
            )
        )
        self._clock = _SlowClock(conditions.drift)
        self._now = self._before = _partitions(self._still)
        self._played = np.zeros_like(self._now)
        """Spectra of what was played, the newest first: one for each partition of the path."""
        self._last = np.zeros(BLOCK, np.float32)
        self._gain = 1.0
        self._blocks = 0
        self._moved = -FADE
        """The block in which the echo path last changed."""
        self._next_move = self._pause()

    def set_level(self, reference: Samples, rms: float) -> None:
        """Make the echo of `reference`, which is some of the far end, as loud as `rms`."""
        size = 1 << (len(reference) + len(self._still)).bit_length()
        bent = np.fft.rfft(self._loudspeaker.bend(reference), size)
        echo = np.fft.irfft(bent * np.fft.rfft(self._still, size), size)[: len(reference)]
        self._gain = rms / speech_rms(echo.astype(np.float32))

    def hear(self, far_end: Samples) -> Samples:
        """Give the echo in the block in which the loudspeaker is given `far_end`."""
        if self._conditions.moving and self._blocks == self._next_move:
            self._move()
        since = self._blocks - self._moved
        self._blocks += 1
        fresh = self._loudspeaker.bend(self._clock.late(far_end))
        self._played[1:] = self._played[:-1]
        self._played[0] = np.fft.rfft(np.concatenate((self._last, fresh)))
        self._last = fresh
        echo = self._through(self._now)
        if since < FADE:
            share = (since + np.arange(BLOCK) / BLOCK) / FADE
            before = self._through(self._before)
            echo = (share * echo + (1 - share) * before).astype(np.float32)
        return np.asarray(self._gain * echo, np.float32)

    def _through(self, path: Spectra) -> Samples:
        """Convolve the last block with a path in partitions (overlap-save)."""
        return np.fft.irfft(np.sum(self._played * path, axis=0))[BLOCK:].astype(np.float32)

    def _move(self) -> None:
        """Change the reflections, 12 dB below the whole; the direct sound stays as it is."""
        direct = self._delay + SAMPLE_RATE * 3 // 1000
        changed = self._rng.standard_normal(len(self._still)).astype(np.float32)
        changed[:direct] = 0
        changed *= np.abs(_smooth(self._still))
        changed *= 10 ** (-12 / 20) * np.linalg.norm(self._still) / np.linalg.norm(changed)
        self._before = self._now
        self._now = _partitions(self._still + changed)
        self._moved = self._blocks
        self._next_move = self._blocks + self._pause()

    def _pause(self) -> int:
        return int(self._rng.uniform(3, 8) * SAMPLE_RATE / BLOCK)


class _SlowClock:
    """Gives the far end later and later (earlier for a negative drift), between the samples too.

    A windowed sine cardinal interpolates; half a second is kept ahead for a clock that is fast.
    """

    def __init__(self, drift: float) -> None:
        self._drift = drift * 1e-6
        self._late = 0.0 if drift >= 0 else _HISTORY / 2
        self._kept = np.zeros(_HISTORY, np.float32)
        self._position = 0

    def late(self, samples: Samples) -> Samples:
        if not self._drift:
            return samples
        self._kept = np.concatenate((self._kept[len(samples) :], samples))
        count = np.arange(len(samples))
        lateness = self._late + (self._position + count) * self._drift + _TAPS
        self._position += len(samples)
        where = len(self._kept) - len(samples) + count - lateness
        whole = np.floor(where).astype(int)
        taps = np.arange(1 - _TAPS, 1 + _TAPS)
        distance = taps[None, :] - (where - whole)[:, None]
        weights = np.sinc(distance) * np.cos(np.pi * distance / (2 * _TAPS)) ** 2
        found = self._kept[whole[:, None] + taps]
        return np.asarray(np.sum(weights * found, axis=1), np.float32)


def _smooth(samples: Samples) -> Samples:
    """Give the rms around each sample, over 4 ms."""
    around = np.convolve(samples**2, np.full(64, 1 / 64), "same")
    return np.asarray(np.sqrt(around), np.float32)


def _partitions(path: Samples) -> Spectra:
    """Cut an impulse response into blocks; give the spectrum of each, one row a block."""
    padded = np.concatenate((path, np.zeros(-len(path) % BLOCK, np.float32)))
    return np.fft.rfft(padded.reshape(-1, BLOCK), 2 * BLOCK).astype(np.complex64)

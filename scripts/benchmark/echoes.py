"""The way from the far end to the microphone, in 20 ms blocks.

In order: the driver's distortion, the small box's lack of low and high tones, devices and air. The
loudspeaker's clock may be slow, its delay may jump, and the room may change as somebody moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.studio import EchoPath
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.speech.clips import speech_rms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

FADE = 25
"""Blocks in which one echo path becomes the next: half a second, as somebody moves."""
_TAPS = 16
"""Samples either side that an interpolation in time looks at."""
_HISTORY = SAMPLE_RATE
"""Samples of far end that are kept for a clock that is late."""


@dataclass(frozen=True)
class Conditions:
    """How difficult the echo path is."""

    echo: float = 0.0
    """Echo against the person at the microphone, both rms of active speech, in dB."""
    strong: bool = False
    """Whether the loudspeaker distorts strongly; it always distorts a little."""
    moving: bool = False
    """Whether the echo path changes every few seconds."""
    drift: float = 0.0
    """By how much the loudspeaker's clock is slower than the microphone's, in ppm."""
    jump: float = 0.0
    """Seconds by which the delay jumps, there and back."""
    jump_every: float = 60.0
    """Seconds from one jump of the delay to the next."""
    noise: float = -30.0
    """The room's noise against the person, in dB."""


ECHOES = (10.0, 0.0, -10.0)
"""The echo against the person in dB."""
HARD = {
    "distorted": Conditions(10.0, strong=True),
    "moving": Conditions(10.0, moving=True),
    "100 ppm": Conditions(10.0, drift=100.0),
    "300 ppm": Conditions(10.0, drift=300.0),
    "delay jumps 100 ms": Conditions(10.0, jump=0.1),
}
"""The conditions in which echo cancellers fail."""


class Loudspeaker:
    """A loudspeaker with a driver that distorts, in a box that is too small.

    The distortion is that of a saturated, slightly asymmetric spring: tanh(d x + b), scaled to a
    slope of one at rest. `strong` has some 15 dB less headroom than a good loudspeaker.
    """

    def __init__(self, rng: np.random.Generator, *, strong: bool) -> None:
        self._drive = rng.uniform(4, 7) if strong else rng.uniform(1.2, 2)
        self._bias = rng.uniform(0.1, 0.4) if strong else 0.05
        self.response = _band_pass(rng.uniform(150, 350), rng.uniform(5500, 7500))
        """Impulse response of the box."""

    def distort(self, samples: Samples) -> Samples:
        """Give the samples as the driver distorts them."""
        rest = np.tanh(self._bias)
        slope = self._drive * (1 - rest**2)
        distorted = (np.tanh(self._drive * samples + self._bias) - rest) / slope
        return np.asarray(distorted, np.float32)


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
    """Streams the far end to what the microphone hears of it."""

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
        response = np.convolve(path, loudspeaker.response).astype(np.float32)
        jump = np.zeros(int(conditions.jump * SAMPLE_RATE), np.float32)
        self._still = np.concatenate((np.zeros(self._delay, np.float32), response, jump))
        self._late = np.concatenate((np.zeros(self._delay, np.float32), jump, response))
        self._path = EchoPath(self._still)
        self._clock = _SlowClock(conditions.drift)
        self._gain = 1.0
        self._blocks = self._jumps = 0
        self._next_move = self._pause()

    def set_level(self, reference: Samples, rms: float) -> None:
        """Make the echo of `reference`, which is some of the far end, as loud as `rms`."""
        size = 1 << (len(reference) + len(self._still)).bit_length()
        distorted = np.fft.rfft(self._loudspeaker.distort(reference), size)
        echo = np.fft.irfft(distorted * np.fft.rfft(self._still, size), size)[: len(reference)]
        self._gain = rms / speech_rms(echo.astype(np.float32))

    def hear(self, far_end: Samples) -> Samples:
        """Give the echo in the block in which the loudspeaker is given `far_end`."""
        if self._conditions.moving and self._blocks == self._next_move:
            self._move()
        every = round(self._conditions.jump_every * SAMPLE_RATE / BLOCK)
        if self._conditions.jump and self._blocks and self._blocks % every == 0:
            self._jumps += 1
            self._path.change(self._late if self._jumps % 2 else self._still)
        self._blocks += 1
        echo = self._path.hear(self._loudspeaker.distort(self._clock.late(far_end)))
        return np.asarray(self._gain * echo, np.float32)

    def _move(self) -> None:
        """Change the reflections, 12 dB below the whole; the direct sound stays as it is."""
        direct = self._delay + SAMPLE_RATE * 3 // 1000
        changed = self._rng.standard_normal(len(self._still)).astype(np.float32)
        changed[:direct] = 0
        changed *= np.abs(_smooth(self._still))
        changed *= 10 ** (-12 / 20) * np.linalg.norm(self._still) / np.linalg.norm(changed)
        self._path.change(self._still + changed, FADE)
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

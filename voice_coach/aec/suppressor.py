"""The residual-echo suppressor: takes out what the adaptive filter left.

The residual echo (tail, distortion, movement) is estimated as a ratio to the estimated echo. This
leakage is tracked in each bin; it falls at once and rises slowly, so that the person's voice does
not count as leakage. A Wiener gain takes that much out of the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.aec.frame import AecFrame
from voice_coach.core.ports import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float32]
    Spectrum = NDArray[np.complex64]

_BINS = BLOCK + 1
_WINDOW = np.sqrt(np.hanning(2 * BLOCK + 1)[:-1]).astype(np.float32)
_FULL_SCALE = 1.0 / (BLOCK * float(np.sum(_WINDOW**2)))
"""Makes the power of a bin a share of the mean square of the samples."""
_OVERSHOOT = 3.0
"""The suppressor takes out this many times the mean leakage, because residual echo fluctuates."""
_MIN_GAIN = 0.1
"""Lowest amplitude that passes, so that the person's voice gets no holes."""
_QUIET = 1e-6 * BLOCK / 2
"""Power of a bin below which there is no echo."""
_TINY = 1e-12
"""Keeps a division by silence finite."""


class Suppressor:
    """Works in half-overlapping windows of two blocks, so its output is one block late."""

    def __init__(self) -> None:
        self._heard = np.zeros(2 * BLOCK, np.float32)
        self._echo = np.zeros(2 * BLOCK, np.float32)
        self._tail = np.zeros(BLOCK, np.float32)
        self._gain = np.ones(_BINS, np.float32)
        self._leakage = _Leakage()
        self._coherence = _Coherence()
        self._energies = np.zeros(2)
        """Microphone and output, smoothed over the echo: for the ERLE."""

    def step(self, microphone: Reals, echo: Reals) -> AecFrame:
        """Take the next block of the microphone and its estimated echo; give the cleaned block."""
        self._heard = np.concatenate((self._heard[BLOCK:], microphone))
        self._echo = np.concatenate((self._echo[BLOCK:], echo))
        heard, estimate = _windowed(self._heard), _windowed(self._echo)
        output = heard - estimate
        heard_power, echo_power, output_power = map(_power, (heard, estimate, output))
        residual, smooth_output = self._leakage.residual(echo_power, output_power)
        gain = np.maximum(
            _MIN_GAIN, 1 - residual / (np.maximum(smooth_output, output_power) + _TINY)
        )
        self._gain += np.where(gain > self._gain, 0.5, 0.7) * (gain - self._gain)
        self._gain[residual < _QUIET / 100] = 1
        sound = (np.fft.irfft(output * self._gain) * _WINDOW).astype(np.float32)
        clean = self._tail + sound[:BLOCK]
        self._tail = sound[BLOCK:]
        return AecFrame(
            samples=clean,
            microphone=_FULL_SCALE * heard_power,
            echo=_FULL_SCALE * echo_power,
            output=_FULL_SCALE * output_power,
            residual=_FULL_SCALE * residual,
            coherence=self._coherence.step(output, estimate),
            erle=self._erle(heard_power, echo_power, output_power),
        )

    def _erle(self, heard: Reals, echo: Reals, output: Reals) -> float:
        if float(np.sum(echo)) > _QUIET * _BINS:
            fresh = np.array([np.sum(heard), np.sum(output)])
            self._energies += 0.02 * (fresh - self._energies)
        return 10 * float(np.log10((self._energies[0] + _TINY) / (self._energies[1] + _TINY)))


class _Leakage:
    """How much of the estimated echo's power the output holds, in each bin."""

    def __init__(self) -> None:
        self._echo = np.zeros(_BINS, np.float32)
        self._output = np.zeros(_BINS, np.float32)
        self._ratio = np.ones(_BINS, np.float32)

    def residual(self, echo: Reals, output: Reals) -> tuple[Reals, Reals]:
        """Give the residual echo's power, with the overshoot, and the output's smoothed power."""
        self._echo = np.maximum(echo, 0.6 * self._echo + 0.4 * echo)
        self._output += 0.4 * (output - self._output)
        ratio = self._output / (self._echo + _TINY)
        moved = np.where(ratio < self._ratio, 0.9 * self._ratio + 0.1 * ratio, 1.008 * self._ratio)
        loud = self._echo > _QUIET
        self._ratio = np.where(loud, np.clip(moved, 1e-4, 1), self._ratio).astype(np.float32)
        return _OVERSHOOT * self._ratio * self._echo, self._output


class _Coherence:
    """Magnitude-squared coherence of two spectra over the last few blocks."""

    def __init__(self) -> None:
        self._cross = np.zeros(_BINS, np.complex64)
        self._powers = np.zeros((2, _BINS), np.float32)

    def step(self, output: Spectrum, echo: Spectrum) -> Reals:
        self._cross = 0.7 * self._cross + output * np.conj(echo)
        self._powers = 0.7 * self._powers + _power(np.stack((output, echo)))
        coherence: Reals = _power(self._cross) / (self._powers[0] * self._powers[1] + _TINY)
        return coherence


def _windowed(blocks: Reals) -> Spectrum:
    return np.fft.rfft(blocks * _WINDOW).astype(np.complex64)


def _power(spectrum: Spectrum) -> Reals:
    power: Reals = spectrum.real**2 + spectrum.imag**2
    return power

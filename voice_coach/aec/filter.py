"""The adaptive filter: a partitioned-block frequency-domain Kalman filter.

Each partition holds 10 ms of the impulse response as a spectrum. Each of its bins is a state with
a covariance of its own. The step is large where the path is unknown, and small where the person or
a noise is louder than what is unknown (Enzner & Vary, "Frequency-domain adaptive Kalman filter for
acoustic echo control in hands-free telephones", Signal Processing 86, 2006; Kuech, Mabande &
Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP
2014). The filter spans half a second, so the delay of devices and air need not be known: the
partitions before it stay near zero.

A small loudspeaker that is driven hard also distorts, and no linear filter can undo that. One odd
curve before the filter models most of it: x + c x |x|, whose c is fitted to the filter's error
(the Hammerstein model; Stenger & Kellermann, "Adaptation of a memoryless preprocessor for
nonlinear acoustic echo cancelling", Signal Processing 80, 2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float32]
    Spectra = NDArray[np.complex64]

STEP = BLOCK // 2
"""Samples the filter advances at once; two short steps learn faster than a long one."""
PARTITIONS = 50
"""Steps of echo path that are modelled: 0.5 s, for a delay of 0.25 s and the reverberation."""
_FIRST_COVARIANCE = 0.05
"""Covariance of the unknown path in each bin of each partition, if the microphone were as loud as
the far end: no path can be louder than what the microphone records."""
_TRANSITION = 0.9985
"""Transition factor: share of the path's power that is the same a step later (A squared)."""
_CONVERGENCE, _SHIFTED = 200, 0.05
"""Steps of far-end speech, two seconds, in which a path converges, and the share of covariance that
each of them, less and less, shifts towards the partitions with energy (Duttweiler, "Proportionate
normalized least-mean-squares adaptation in echo cancelers", IEEE Trans. Speech and Audio
Processing 8, 2000, has steps in proportion to the path for the same reason)."""
_SETTLED = 50
"""Steps of far-end speech, half a second, after which the delay of the echo is known."""
_MOVED = 0.1
"""Covariance of a path that was shifted, as a share of its power."""
_RISE, _FALL = 0.5, 0.2
"""Share by which the power of all that is not echo follows in a step: up quickly, or the first
syllable of the person would be learnt as echo."""
_QUIET = 1e-6 * STEP
"""Power of a bin below which nothing is learnt."""
_TINY = 1e-12
"""Keeps a division by silence finite."""
_CURVE_LIMIT = 6.0
"""Largest curve that is accepted: half of full scale would come out four times as loud."""
_CURVE_FROM = 100
"""The curve is fitted if echo power over other power, summed over a second, is above this."""


class KalmanFilter:
    """Estimates the echo of each step; overlap-save, diagonal state covariance.

    Each partition is constrained to the length of a step by going through the time domain; every
    other partition in turn, which is as good and half the work.
    """

    def __init__(self) -> None:
        shape = (PARTITIONS, STEP + 1)
        self._far = np.zeros(shape, np.complex64)
        self._distorted = np.zeros(shape, np.complex64)
        """The nonlinear reference."""
        self.path = np.zeros(shape, np.complex64)
        """The estimated echo path: a spectrum for each partition."""
        self._covariance = np.full(shape, _FIRST_COVARIANCE, np.float32)
        self._near = np.full(STEP + 1, _QUIET, np.float32)
        self._nonlinearity = Nonlinearity()
        self._loudness = np.zeros(2)
        self._turn = 0
        self._age = 0
        """Steps of far-end speech since the path was reset; at most _CONVERGENCE."""

    @property
    def far_end_active(self) -> bool:
        """Whether an echo is expected in this step."""
        return _is_active(_power(self._far))

    @property
    def settled(self) -> bool:
        """Whether the delay of the echo is known."""
        return self._age >= _SETTLED

    def push(self, window: Reals) -> None:
        """Take the last two steps of the far end."""
        distorted = window * np.abs(window)
        for spectra, sound in (
            (self._far, window + self._nonlinearity.curve * distorted),
            (self._distorted, distorted),
        ):
            spectra[1:] = spectra[:-1]
            spectra[0] = np.fft.rfft(sound)

    def block_slip(self, window: Reals, steps: int) -> None:
        """Follow a far end that is read one step later (1, with its last `window`) or sooner (-1).

        A later one puts one more step of far end between now and what was pushed before.
        """
        if steps > 0:
            self.push(window)
        else:
            self._far[:-1] = self._far[1:]
            self._distorted[:-1] = self._distorted[1:]
        self.path = np.roll(self.path, steps, axis=0)
        self._covariance = np.roll(self._covariance, steps, axis=0)

    def echo(self) -> Reals:
        """Estimate the echo in this step of the microphone."""
        return _second_half(self.path, self._far)

    def learn(self, microphone: Reals, echo: Reals) -> bool:
        """Correct the path by the error of the estimate; tell whether the far end was active."""
        error = _spectrum(microphone - echo)
        power = _power(self._far)
        distorted = _second_half(self.path, self._distorted)
        self._nonlinearity.learn(_spectrum(echo), _spectrum(distorted), error, self._near + _QUIET)
        active = _is_active(power[0])
        if active:
            self._age = min(self._age + 1, _CONVERGENCE)
            loudness = np.array([2 * STEP * np.sum(microphone**2), np.sum(power[0])])
            self._loudness += 0.005 * (loudness - self._loudness)
        self._update(error, power, converging=active and self._age < _CONVERGENCE)
        return active

    def reset(self) -> None:
        """Learn the path from nothing."""
        self.path[:] = 0
        self._covariance[:] = _FIRST_COVARIANCE
        self._age = 0

    def shift(self, samples: int) -> None:
        """Move the path by so many samples: the echo comes later, or sooner below zero."""
        taps = np.fft.irfft(self.path)[:, :STEP].ravel()
        moved = np.zeros_like(taps)
        kept = max(0, len(taps) - abs(samples))
        moved[max(0, samples) :][:kept] = taps[max(0, -samples) :][:kept]
        parts = np.zeros((PARTITIONS, 2 * STEP), np.float32)
        parts[:, :STEP] = moved.reshape(PARTITIONS, STEP)
        self.path = np.fft.rfft(parts).astype(np.complex64)
        self._covariance = np.maximum(self._covariance, _MOVED * _power(self.path))

    def _update(self, error: Spectra, power: Reals, *, converging: bool) -> None:
        """Do one step of the Kalman filter: update, constrain, predict."""
        excess = np.abs(error) ** 2 - self._near
        self._near += np.where(excess > 0, _RISE, _FALL) * excess
        heard, played = self._loudness
        limit = 2 * _FIRST_COVARIANCE * heard / (played + _TINY) + _TINY
        covariance = np.minimum(self._covariance, limit)
        expected = 0.5 * np.sum(covariance * power, axis=0) + self._near + _QUIET
        gain = covariance / expected
        self.path += gain * np.conj(self._far) * error
        self._turn = 1 - self._turn
        taps = np.fft.irfft(self.path[self._turn :: 2])
        taps[:, STEP:] = 0
        self.path[self._turn :: 2] = np.fft.rfft(taps)
        strength = _power(self.path)
        strength = 0.5 * (strength + np.mean(strength, axis=1, keepdims=True))
        self._covariance *= _TRANSITION * (1 - 0.5 * gain * power)
        self._covariance += (1 - _TRANSITION) * strength + 1e-9
        if converging:
            self._shift_covariance(strength)

    def _shift_covariance(self, strength: Reals) -> None:
        """While converging, shift covariance towards the partitions with energy."""
        found, unknown = np.sum(strength, axis=0), np.sum(self._covariance, axis=0)
        proportionate = strength * np.maximum(1, unknown / (found + _TINY))
        share = _SHIFTED * (1 - self._age / _CONVERGENCE)
        self._covariance += np.where(found > 0, share * (proportionate - self._covariance), 0)


class Nonlinearity:
    """The loudspeaker's distortion: the factor c in x + c x |x|."""

    def __init__(self) -> None:
        self.curve = 0.0
        """Below zero where loud sounds are flattened."""
        self._squares = np.zeros((2, 2))
        self._products = np.zeros(2)

    def learn(self, echo: Spectra, distorted: Spectra, error: Spectra, near: Reals) -> None:
        """Fit the error by the echoes of x and of x |x|; spectra of one step.

        `near` is the power of what is not echo: where it is large, little is learnt.
        """
        both = np.stack((echo, distorted))
        weighted = both.conj() / near
        self._squares = 0.99 * self._squares + np.real(weighted @ both.T)
        self._products = 0.99 * self._products + np.real(weighted @ error)
        if self._squares[0, 0] > _CURVE_FROM * len(error):
            stiff = self._squares + 1e-3 * np.diag(np.diag(self._squares)) + 1e-9 * np.eye(2)
            missing = np.clip(np.linalg.solve(stiff, self._products)[1], -2, 2)
            self.curve = float(np.clip(self.curve + 0.05 * missing, -_CURVE_LIMIT, _CURVE_LIMIT))
            self._products *= 0.95


def _second_half(path: Spectra, far: Spectra) -> Reals:
    return np.fft.irfft(np.sum(path * far, axis=0))[STEP:].astype(np.float32)


def _spectrum(step: Reals) -> Spectra:
    return np.fft.rfft(np.concatenate((np.zeros(STEP, np.float32), step))).astype(np.complex64)


def _power(spectrum: Spectra) -> Reals:
    power: Reals = spectrum.real**2 + spectrum.imag**2
    return power


def _is_active(power: Reals) -> bool:
    """Whether spectra of the far end hold any sound, one or several together."""
    return bool(np.sum(power) > _QUIET * power.shape[-1])

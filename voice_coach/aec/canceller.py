"""The coach's own voice is taken out of what the microphone hears.

The echo is the far end (what the loudspeaker is given) filtered by loudspeaker, air and room. A
partitioned-block frequency-domain Kalman filter learns that path while it runs: each partition
holds 20 ms of the impulse response as a spectrum, each bin of it is a state with its own
variance, and the step is large where the path is unknown and small where the person or a noise
speaks louder than the doubt (Enzner & Vary, "Frequency-domain adaptive Kalman filter for acoustic
echo control in hands-free telephones", Signal Processing 86, 2006; Kuech, Mabande & Enzner,
"State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP 2014).
The filter spans half a second, so the delay of devices and air need not be known: the partitions
before it stay near zero.

What the filter leaves (tail, distortion, movement) is judged by its ratio to the echo estimate:
the leakage, tracked in each bin, falls at once and rises slowly, so that a person who speaks does
not count as leakage. A Wiener gain takes that much out of the output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.aec.delay import FARTHEST, DriftCompensator, Loudspeaker, jump
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float32]
    Spectrum = NDArray[np.complex64]

BLOCK = SAMPLE_RATE // 50
"""Samples in a block: 20 ms. The output lags the microphone by exactly one block."""
_BINS = BLOCK + 1
_WINDOW = np.sqrt(np.hanning(2 * BLOCK + 1)[:-1]).astype(np.float32)
_FULL_SCALE = 1.0 / (BLOCK * float(np.sum(_WINDOW**2)))
"""Makes the power of a bin a share of the mean square of the samples."""
_STEP = BLOCK // 2
"""Samples the filter advances at once; two short steps learn faster than a long one."""
_PARTITIONS = 50
"""Steps of echo path that are modelled: 0.5 s, for a delay of 0.25 s and the reverberation."""
_FIRST_DOUBT = 0.05
"""Variance of the unknown echo path in each bin of each partition, if the microphone were as loud
as the far end: no path can be louder than what the microphone hears."""
_MEMORY = 0.9985
"""Share of the echo path's power that is the same a step later (A squared)."""
_YOUNG, _GATHERED = 200, 0.05
"""Steps of the coach's speech, two seconds, for which a path is young, and the share of the doubt
in it that each of them, less and less, moves to where some echo has been found, for the rest is
soon found there (Duttweiler, "Proportionate normalized least-mean-squares adaptation in echo
cancelers", IEEE Trans. Speech and Audio Processing 8, 2000, has steps in proportion to the path for
the same reason)."""
_RISE, _FALL = 0.5, 0.2
"""Share by which the power of all that is not echo is brought up to date in a step: up quickly,
or the first syllable of the person would be learnt as echo."""
_ROUND = 50
"""Steps of the coach's speech between two looks at the clocks: half a second."""
_LOST = 1.2
"""Energy after cancelling over energy before, in about 0.2 s, that only a wrong path can give."""
_LOOK_BACK, _LOOK_EVERY = 8 * _STEP, 2
"""Samples in which a jump of the echo is looked for, and steps between two looks: few, for who
hears a voice in it makes the coach fainter, and what was louder before would hide it."""
_POOR = 0.1
"""Energy after cancelling over energy before, in those samples, from which on it is looked for."""
_SETTLED = 50
"""Steps of the coach's speech, half a second, before which a path is still being found: that it
seems to lie elsewhere is no jump."""
_KEPT_LOST = 16
"""Steps for which a path that is wrong is kept, for the echo may only have jumped."""
_MENDED = 10 * BLOCK
"""Samples that are heard otherwise once a jump is found: 0.2 s."""
_MOVED = 0.1
"""Doubt in a path that was moved, as a share of its power."""
_RELEARN = 200
"""Steps of the coach's speech, two seconds, after which a path that was moved or lost is learnt."""
_FAINT = 1e-6 * _STEP
"""Power of a bin below which nothing is heard or learnt."""
_OVERSHOOT = 3.0
"""The suppressor takes out this many times the mean leakage, for residual echo fluctuates."""
_TINY = 1e-12
"""Keeps a division by silence finite."""
_DEEPEST = 0.1
"""The suppressor lets at least this amplitude pass, so that the person is never cut to holes."""


@dataclass(frozen=True)
class AecFrame:
    """What a near-end detector may know of the last 40 ms.

    Arrays have BLOCK + 1 bins of 25 Hz; powers add up to mean squares of full scale.
    """

    microphone: Reals
    """Power of the microphone."""
    echo: Reals
    """Power of the estimated echo."""
    output: Reals
    """Power of the microphone less the estimated echo, before the suppressor."""
    residual: Reals
    """Power that the output may owe to the coach."""
    coherence: Reals
    """From 0 to 1: how far the output moves with the estimated echo, over about 80 ms."""
    erle: float
    """Echo return loss enhancement over the last second or so of echo, in dB."""
    relearning: bool = False
    """Whether the coach is heard over a path that has just jumped or was lost: what is left of the
    microphone may be its voice."""


class EchoCanceller:
    """Streams blocks of the microphone and the far end to the microphone without the coach.

    One stream a canceller: it carries the learnt echo path from block to block.
    """

    def __init__(self) -> None:
        self._echo_path = _EchoPath()
        self._suppressor = _Suppressor()
        self.measures = self._suppressor.measures
        """Of the block returned last."""
        self.mended: Reals | None = None
        """What was returned of late, that block at its end, as it should have been: in the block in
        which a jump of the echo was found."""

    def cancel(self, microphone: Reals, far_end: Reals) -> Reals:
        """Give the microphone of one block earlier without the echo of `far_end`.

        Both arrays are BLOCK samples of one clock: `far_end` is what the loudspeaker is given while
        `microphone` is recorded. A sample that is not a number counts as silence.
        """
        if len(microphone) != BLOCK or len(far_end) != BLOCK:
            raise ValueError(
                f"The echo canceller takes blocks of {BLOCK} samples, "
                f"not {len(microphone)} and {len(far_end)}: pad the last block with silence."
            )
        heard, played = _finite(microphone), _finite(far_end)
        echo = np.concatenate(
            [
                self._echo_path.step(heard[k : k + _STEP], played[k : k + _STEP])
                for k in range(0, BLOCK, _STEP)
            ]
        )
        output = self._suppressor.step(heard, echo, relearning=self._echo_path.relearning)
        self.measures = self._suppressor.measures
        mended = self._echo_path.mended
        self.mended = None if mended is None else mended[-_MENDED - BLOCK : -BLOCK]
        return output


class _EchoPath:
    """Estimates the echo of each step; overlap-save, diagonal state covariance.

    Each partition is held to the length of a step by going through the time domain; every other
    partition in turn, which is as good and half the work.
    """

    def __init__(self) -> None:
        shape = (_PARTITIONS, _STEP + 1)
        self._far = np.zeros(shape, np.complex64)
        self._bent = np.zeros(shape, np.complex64)
        self._path = np.zeros(shape, np.complex64)
        self._doubt = np.full(shape, _FIRST_DOUBT, np.float32)
        self._near = np.full(_STEP + 1, _FAINT, np.float32)
        self._clock = DriftCompensator(_STEP)
        self._loudspeaker = Loudspeaker()
        self._active = 0
        self._energies = np.zeros(2)
        self._loudness = np.zeros(2)
        self._turn = 0
        self._lately = np.zeros((2, FARTHEST + _LOOK_BACK), np.float32)
        """What the microphone heard and what echo was expected in it, for a while."""
        self._looked = 0
        self._found = 0
        """Samples by which the echo lay later when it last seemed to, since it was where it should
        be."""
        self._age = 0
        """Steps of the coach's speech from which the path has been learnt, _YOUNG at most."""
        self._wrong = 0
        """Steps for which the path has been wrong."""
        self._to_learn = 0
        """Steps of the coach's speech until a path that was moved or lost is trusted again."""
        self.mended: Reals | None = None
        """What the microphone heard of late without the echo, when that was found elsewhere."""

    @property
    def relearning(self) -> bool:
        """Whether an echo is expected over a path that is not to be trusted yet."""
        return self._to_learn > 0 and _is_heard(_power(self._far))

    def step(self, microphone: Reals, far_end: Reals) -> Reals:
        """Give the echo in this step of the microphone, and learn from what it misses."""
        self._move(self._clock.slip(far_end))
        self._push(self._clock.window())
        echo = _second_half(self._path, self._far)
        if self._is_elsewhere(microphone, echo):
            echo = _second_half(self._path, self._far)
        if self._is_lost(microphone, echo):
            # Meanwhile it is left alone.
            self._wrong += 1
            self._to_learn = _RELEARN
            if self._wrong <= _KEPT_LOST:
                return np.zeros_like(echo)
            self._path[:] = 0
            self._doubt[:] = _FIRST_DOUBT
            self._age = 0
            self._energies[:] = 0
            self._forget_lately()
            echo = np.zeros_like(echo)
        self._wrong = 0
        error = _spectrum(microphone - echo)
        power = _power(self._far)
        bent = _second_half(self._path, self._bent)
        self._loudspeaker.learn(_spectrum(echo), _spectrum(bent), error, self._near + _FAINT)
        if _is_heard(power[0]):
            self._active += 1
            self._age = min(self._age + 1, _YOUNG)
            self._to_learn = max(0, self._to_learn - 1)
            loudness = np.array([2 * _STEP * np.sum(microphone**2), np.sum(power[0])])
            self._loudness += 0.005 * (loudness - self._loudness)
        self._learn(error, power)
        if self._active >= _ROUND:
            self._clock.follow(self._path)
            self._active = 0
        return echo

    def _is_lost(self, microphone: Reals, echo: Reals) -> bool:
        """Tell whether cancelling has made it louder for a while: no person can do that."""
        fresh = np.array([np.sum(microphone**2), np.sum((microphone - echo) ** 2)])
        self._energies += 0.05 * (fresh - self._energies)
        return bool(self._energies[1] > _LOST * self._energies[0] + _FAINT)

    def _is_elsewhere(self, microphone: Reals, echo: Reals) -> bool:
        """Move the path to where the echo has jumped; tell whether it has."""
        self._lately = np.hstack((self._lately[:, _STEP:], np.stack((microphone, echo))))
        self._looked = (self._looked + 1) % _LOOK_EVERY
        self.mended = None
        heard, expected = self._lately[:, -_LOOK_BACK:]
        powers = np.sum(heard**2), np.sum(self._lately[1] ** 2)
        left = np.sum((heard - expected) ** 2)
        if left < _POOR * powers[0]:
            self._found = 0
            return False
        unclear = self._age < _SETTLED or min(powers) < _FAINT * _LOOK_BACK / _STEP
        if self._looked or unclear:
            return False
        found = jump(self._lately[0], self._lately[1], _LOOK_BACK)
        if not found:
            return False
        # A vowel fits itself some periods later, too, but hardly twice at the same place.
        certain = abs(found - self._found) <= 1
        self._found = found
        if certain:
            self.mended = _mended(self._lately[0], self._lately[1], found)
            self._shift(found)
        return certain

    def _shift(self, samples: int) -> None:
        taps = np.fft.irfft(self._path)[:, :_STEP].ravel()
        moved = np.zeros_like(taps)
        kept = len(taps) - abs(samples)
        moved[max(0, samples) :][:kept] = taps[max(0, -samples) :][:kept]
        parts = np.zeros((_PARTITIONS, 2 * _STEP), np.float32)
        parts[:, :_STEP] = moved.reshape(_PARTITIONS, _STEP)
        self._path = np.fft.rfft(parts).astype(np.complex64)
        self._doubt = np.maximum(self._doubt, _MOVED * _power(self._path))
        self._clock.forget()
        self._to_learn = _RELEARN
        self._energies[:] = 0
        self._forget_lately()

    def _forget_lately(self) -> None:
        self._lately[:] = 0
        self._found = 0

    def _push(self, window: Reals) -> None:
        bent = window * np.abs(window)
        for spectra, sound in (
            (self._far, window + self._loudspeaker.curve * bent),
            (self._bent, bent),
        ):
            spectra[1:] = spectra[:-1]
            spectra[0] = np.fft.rfft(sound)

    def _move(self, slip: int) -> None:
        if slip > 0:
            self._push(self._clock.window(1))
        elif slip < 0:
            self._far[:-1] = self._far[1:]
            self._bent[:-1] = self._bent[1:]
        if slip:
            self._path = np.roll(self._path, slip, axis=0)
            self._doubt = np.roll(self._doubt, slip, axis=0)

    def _learn(self, error: Spectrum, power: Reals) -> None:
        strange = np.abs(error) ** 2 - self._near
        self._near += np.where(strange > 0, _RISE, _FALL) * strange
        heard, played = self._loudness
        doubt = np.minimum(self._doubt, 2 * _FIRST_DOUBT * heard / (played + _TINY) + _TINY)
        expected = 0.5 * np.sum(doubt * power, axis=0) + self._near + _FAINT
        gain = doubt / expected
        self._path += gain * np.conj(self._far) * error
        self._turn = 1 - self._turn
        taps = np.fft.irfft(self._path[self._turn :: 2])
        taps[:, _STEP:] = 0
        self._path[self._turn :: 2] = np.fft.rfft(taps)
        strength = _power(self._path)
        strength = 0.5 * (strength + np.mean(strength, axis=1, keepdims=True))
        self._doubt *= _MEMORY * (1 - 0.5 * gain * power)
        self._doubt += (1 - _MEMORY) * strength + 1e-9
        if self._age < _YOUNG and _is_heard(power[0]):
            self._gather_doubt(strength)

    def _gather_doubt(self, strength: Reals) -> None:
        """Suspect the rest of a young path where the most of it has been found."""
        found, doubted = np.sum(strength, axis=0), np.sum(self._doubt, axis=0)
        likely = strength * np.maximum(1, doubted / (found + _TINY))
        share = _GATHERED * (1 - self._age / _YOUNG)
        self._doubt += np.where(found > 0, share * (likely - self._doubt), 0)


class _Suppressor:
    """Takes out what the filter left; half-overlapping windows, so one block late."""

    def __init__(self) -> None:
        self._heard = np.zeros(2 * BLOCK, np.float32)
        self._echo = np.zeros(2 * BLOCK, np.float32)
        self._tail = np.zeros(BLOCK, np.float32)
        self._echo_power = np.zeros(_BINS, np.float32)
        self._output_power = np.zeros(_BINS, np.float32)
        self._leakage = np.ones(_BINS, np.float32)
        self._gain = np.ones(_BINS, np.float32)
        self._energies = np.zeros(2)
        self._cross = np.zeros(_BINS, np.complex64)
        self._powers = np.zeros((2, _BINS), np.float32)
        nothing = np.zeros(_BINS, np.float32)
        self.measures = AecFrame(nothing, nothing, nothing, nothing, nothing, 0.0)

    def step(self, microphone: Reals, echo: Reals, *, relearning: bool) -> Reals:
        self._heard = np.concatenate((self._heard[BLOCK:], microphone))
        self._echo = np.concatenate((self._echo[BLOCK:], echo))
        heard, estimate = _windowed(self._heard), _windowed(self._echo)
        output = heard - estimate
        heard_power, echo_power, output_power = map(_power, (heard, estimate, output))
        residual = self._residual(echo_power, output_power)
        gain = np.maximum(
            _DEEPEST, 1 - residual / (np.maximum(self._output_power, output_power) + _TINY)
        )
        self._gain += np.where(gain > self._gain, 0.5, 0.7) * (gain - self._gain)
        self._gain[residual < _FAINT / 100] = 1
        self.measures = AecFrame(
            microphone=_FULL_SCALE * heard_power,
            echo=_FULL_SCALE * echo_power,
            output=_FULL_SCALE * output_power,
            residual=_FULL_SCALE * residual,
            coherence=self._coherence(output, estimate),
            erle=self._erle(heard_power, echo_power, output_power),
            relearning=relearning,
        )
        sound = (np.fft.irfft(output * self._gain) * _WINDOW).astype(np.float32)
        clean = self._tail + sound[:BLOCK]
        self._tail = sound[BLOCK:]
        return clean

    def _residual(self, echo: Reals, output: Reals) -> Reals:
        self._echo_power = np.maximum(echo, 0.6 * self._echo_power + 0.4 * echo)
        self._output_power += 0.4 * (output - self._output_power)
        ratio = self._output_power / (self._echo_power + _TINY)
        moved = np.where(
            ratio < self._leakage, 0.9 * self._leakage + 0.1 * ratio, 1.008 * self._leakage
        )
        loud = self._echo_power > _FAINT
        self._leakage = np.where(loud, np.clip(moved, 1e-4, 1), self._leakage).astype(np.float32)
        return _OVERSHOOT * self._leakage * self._echo_power

    def _coherence(self, output: Spectrum, echo: Spectrum) -> Reals:
        self._cross = 0.7 * self._cross + output * np.conj(echo)
        self._powers = 0.7 * self._powers + _power(np.stack((output, echo)))
        coherence: Reals = _power(self._cross) / (self._powers[0] * self._powers[1] + _TINY)
        return coherence

    def _erle(
        self,
        heard: Reals,
        echo: Reals,
        output: Reals,
    ) -> float:
        if float(np.sum(echo)) > _FAINT * _BINS:
            fresh = np.array([np.sum(heard), np.sum(output)])
            self._energies += 0.02 * (fresh - self._energies)
        return 10 * float(np.log10((self._energies[0] + _TINY) / (self._energies[1] + _TINY)))


def _mended(microphone: Reals, echo: Reals, samples: int) -> Reals:
    """Take the echo out of what was heard before it was known to lie so many samples later.

    Before it jumped it leaves less in its old place. Where it lies sooner, it was not yet expected
    in the last samples, and these are left out.
    """
    moved = np.roll(echo, samples)
    left = np.stack((microphone - echo, microphone - moved))
    if samples < 0:
        left[1, samples:] = 0
    else:
        left[1, :samples] = left[0, :samples]
    steps = left.reshape(2, -1, _STEP)
    better = np.argmin(np.sum(steps**2, axis=2), axis=0)
    mended: Reals = np.take_along_axis(steps, better[None, :, None], axis=0)[0].ravel()
    return mended


def _second_half(path: Spectrum, far: Spectrum) -> Reals:
    return np.fft.irfft(np.sum(path * far, axis=0))[_STEP:].astype(np.float32)


def _spectrum(step: Reals) -> Spectrum:
    return np.fft.rfft(np.concatenate((np.zeros(_STEP, np.float32), step))).astype(np.complex64)


def _windowed(blocks: Reals) -> Spectrum:
    return np.fft.rfft(blocks * _WINDOW).astype(np.complex64)


def _power(spectrum: Spectrum) -> Reals:
    power: Reals = spectrum.real**2 + spectrum.imag**2
    return power


def _is_heard(power: Reals) -> bool:
    """Whether spectra of the far end hold any sound, one or several together."""
    return bool(np.sum(power) > _FAINT * power.shape[-1])


def _finite(samples: Reals) -> Reals:
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)

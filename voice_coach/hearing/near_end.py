"""Whether the person makes a sound, and whether it is a voice.

After the echo canceller something of the coach is always left, and it must not hush the coach.
What tells it from the person, block by block: how much the canceller took away; how loud the rest
is against the floor of the last seconds; how loud against what usually leaks through of an echo
of this strength, in each band; whether the rest has the fine structure (the harmonics), the
shape and the phase of the echo. None of these is sure, so a small logistic regression weighs them
and their products to the logarithm of the odds that the person sounds, and the odds of successive
blocks are summed from the last moment that spoke against it (Page, "Continuous inspection
schemes", Biometrika 41, 1954): a clear sound passes in two or three blocks, a doubtful one must
last. One rule stands beside it, for a person much louder than the echo.

A voice shows in the same way: by its pitch (the peak of the autocorrelation, which breath, cough
and chair lack) and its weight at low frequencies.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Measures(Protocol):
    """What the echo canceller tells of a block: see `voice_coach.audio.echo.Measures`."""

    @property
    def microphone(self) -> NDArray[np.float32]:
        """Power in bins of 25 Hz, as all powers here."""

    @property
    def echo(self) -> NDArray[np.float32]:
        """Power of the estimated echo."""

    @property
    def output(self) -> NDArray[np.float32]:
        """Power of what is left."""

    @property
    def coherence(self) -> NDArray[np.float32]:
        """From 0 to 1: how far what is left moves with the estimated echo."""


@dataclass(frozen=True)
class Judgement:
    """The evidence after one more block."""

    sound: float
    """Summed log odds that the person makes any sound, from 0 to LIMIT."""
    voice: float
    """Summed log odds that this sound is a voice, from 0 to LIMIT."""

    @property
    def is_sound(self) -> bool:
        """Whether the person makes a sound: the coach should duck."""
        return self.sound > SOUND

    @property
    def is_voice(self) -> bool:
        """Whether the sound is a voice: the coach should fall silent."""
        return self.is_sound and self.voice > VOICE


LIMIT = 8.0
"""Largest sum of log odds: what is certain must be able to end."""
SOUND = 5.0
"""Summed log odds from which on the person is held to make a sound."""
VOICE = 5.0
"""Summed log odds from which on a sound is held to be a voice."""

_BLOCK_RATE = 50
"""Blocks a second."""
_BAND_EDGES = (100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700,
               3150, 3700, 4400, 5300, 6400, 7700)  # fmt: skip
"""Edges of the bands in Hz: the Bark scale (Zwicker 1961)."""
_EDGES = np.array(_BAND_EDGES) // 25
_BINS = 321
"""Bins of a power spectrum: 0 to 8000 Hz."""
_SPEECH = slice(19)
"""The bands from 100 to 6400 Hz, where a voice in a room is."""
_FINE = slice(8, 160)
"""The bins from 200 to 4000 Hz, where harmonics can be told apart."""
_TINY = 1e-14
"""Power that keeps logarithms finite: far below the noise of any microphone."""
_STEP_LIMIT = 3.0
"""Largest log odds that one block may add: no single block decides."""
_LOUD_RATIO, _LOUD_LEVEL, _LOUD_BLOCKS, _UNLIKE = -4.0, 12.0, 4, 0.3
"""The rule for a loud person: less than 4 dB was cancelled, and the rest has been 12 dB above
its floor for 80 ms, and has not the harmonics of an echo that is still to be learnt."""
_FIRST_LEAKAGE = -15.0
"""Output over echo in dB that is expected before anything is known."""
_WINDOW = np.hanning(2 * 320 + 1)[:-1]
_WINDOW_CORRELATION = np.correlate(_WINDOW, _WINDOW, "full")[639:] / np.sum(_WINDOW**2)
"""Autocorrelation of the window, by which that of a windowed sound is made right."""
_SOUND_MODEL = (
    np.array([-13.52, 8.894, 1.157, 0.7557, -19.91, 0.09732, 0.464, 0.1947]),
    np.array([10.07, 7.8, 3.159, 5.143, 6.626, 0.1214, 0.3873, 0.1622]),
    np.array([
        1.675, 4.06, 1.699, -0.2758, -0.3803, -1.52, -1.376, -1.09, -0.3317, 1.703, -0.03641,
        1.545, 0.9611, 0.6232, 0.3, 0.6828, -0.2683, -0.4558, -0.1694, -0.8629, -0.1665,
        0.7631, -0.626, 0.09447, -0.2617, -0.05081, 0.1421, 0.2556, -0.07071, -0.1811,
        -0.6188, -0.7586, -0.7307, -0.3222, -0.228, -0.3045, 0.4519, -0.04565, 0.2203,
        -0.3433, 0.08731, -0.3478, -0.1459, 0.177, -3.097,
    ]),
)  # fmt: skip
"""Means and deviations of the features; weights of the features, of their products by pairs, and of
1. Fitted to the coach alone and to people over him in simulated rooms with loudspeaker distortion,
movement and drift."""
_VOICE_MODEL = (
    np.array([0.551, -1.359, 3.599, -7.823]),
    np.array([0.1782, 9.281, 7.603, 5.091]),
    np.array([
        0.4808, 1.552, -1.045, -1.817, 0.09832, -0.3353, 0.2572, 0.3749, -0.563, 1.419, 0.276,
        0.385, 1.001, 0.3216, -1.249,
    ]),
)  # fmt: skip
"""The same for a voice, fitted to words against breaths, coughs, chairs and household noise."""


class NearEnd:
    """Streams measures of blocks to evidence about the person."""

    def __init__(self) -> None:
        self._sound_features = _SoundFeatures()
        self._voice_features = _VoiceFeatures()
        self._loud_for = 0
        self._sound = 0.0
        self._voice = 0.0

    def judge(self, output: NDArray[np.float32], measures: Measures) -> Judgement:
        """Weigh one more block: the canceller's output (320 samples) and its measures."""
        features = self._sound_features.of(measures)
        odds = _log_odds(features, _SOUND_MODEL)
        self._sound = float(np.clip(self._sound + min(odds, _STEP_LIMIT), 0, LIMIT))
        loud = features[0] > _LOUD_RATIO and features[1] > _LOUD_LEVEL and features[5] < _UNLIKE
        self._loud_for = self._loud_for + 1 if loud else 0
        if self._loud_for >= _LOUD_BLOCKS:
            self._sound = LIMIT
        odds = _log_odds(self._voice_features.of(output), _VOICE_MODEL)
        self._voice = float(np.clip(self._voice + min(odds, _STEP_LIMIT), 0, LIMIT))
        return Judgement(self._sound, self._voice)


class _SoundFeatures:
    """The numbers that tell the person's sound from what is left of the echo."""

    def __init__(self) -> None:
        bands = len(_EDGES) - 1
        self._powers = np.zeros((3, bands))
        self._floors: deque[NDArray[np.float64]] = deque(maxlen=5 * _BLOCK_RATE)
        self._floor = np.zeros(bands)
        self._blocks = 0
        self._decayed = np.zeros(bands)
        self._leakage = np.full(bands, _FIRST_LEAKAGE)
        self._whole_leakage = np.full(1, _FIRST_LEAKAGE)
        self._likeness = np.zeros(3)
        self._lasting = np.zeros(_BINS, np.float32)

    def of(self, measures: Measures) -> NDArray[np.float64]:
        spectra = (measures.microphone, measures.echo, measures.output)
        bands = np.stack([_bands(spectrum) for spectrum in spectra]) + _TINY
        self._powers += 0.4 * (bands - self._powers)
        heard, echo, output = self._powers
        self._follow_floor(bands[2])
        self._decayed = np.maximum(bands[1], 0.5 * self._decayed)
        floor, decayed = self._floor, self._decayed
        left = np.sum(output[_SPEECH])
        whole_floor, whole_echo = np.sum(floor[_SPEECH]), np.sum(decayed[_SPEECH])
        expected = self._expected(self._leakage, output, decayed, floor)
        whole_expected = self._expected(
            self._whole_leakage, np.array([left]), np.array([whole_echo]), np.array([whole_floor])
        )
        talking = float(np.sum(echo[_SPEECH]) > 2 * whole_floor)
        weight = np.sqrt(output[_SPEECH])
        self._lasting = 0.7 * self._lasting + measures.output
        coherence = _bands(measures.coherence * self._lasting) / (_bands(self._lasting) + _TINY)
        return np.array(
            [
                np.clip(_decibels(left / np.sum(heard[_SPEECH])), -30, 3),
                np.clip(_decibels(left / whole_floor), -5, 30),
                np.mean(np.clip(_decibels(output / expected), -10, 15)[_SPEECH]),
                np.clip(_decibels(left / whole_expected[0]), -10, 20),
                np.clip(self._whole_leakage[0], -35, 0),
                np.clip(self._fine_likeness(measures), -0.5, 1) * talking,
                _correlation(np.log(output[_SPEECH]), np.log(echo[_SPEECH])) * talking,
                np.sum(coherence[_SPEECH] * weight) / np.sum(weight) * talking,
            ]
        )

    def _follow_floor(self, output: NDArray[np.float64]) -> None:
        self._floors.append(output)
        if self._blocks % 10 == 0:
            self._floor = np.percentile(np.stack(self._floors), 10, axis=0)
        self._blocks += 1

    @staticmethod
    def _expected(
        leakage: NDArray[np.float64],
        output: NDArray[np.float64],
        echo: NDArray[np.float64],
        floor: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Give the power to be expected without the person; moves `leakage` (dB) to its median."""
        leaked = np.maximum(output - 1.5 * floor, _TINY)
        over = np.minimum(_decibels(leaked / echo) - leakage, 10)
        leakage += np.where(echo > 3 * floor, 0.02 * over, 0)
        return echo * 10 ** (leakage / 10) + 1.5 * floor

    def _fine_likeness(self, measures: Measures) -> float:
        """Correlate the fine structures of output and echo over some 60 ms."""
        output, echo = _fine(measures.output), _fine(measures.echo)
        fresh = np.array([np.mean(output * echo), np.mean(output**2), np.mean(echo**2)])
        self._likeness += 0.3 * (fresh - self._likeness)
        both, ours, theirs = self._likeness
        return float(both / np.sqrt(ours * theirs + 1e-9))


class _VoiceFeatures:
    """The numbers that tell a voice from a breath, a cough or a chair."""

    def __init__(self) -> None:
        self._recent = np.zeros(2 * 320, np.float32)
        self._pitch = 0.0
        self._floor: deque[float] = deque(maxlen=2 * _BLOCK_RATE)

    def of(self, output: NDArray[np.float32]) -> NDArray[np.float64]:
        self._recent = np.concatenate((self._recent[len(output) :], output))
        power = np.abs(np.fft.rfft(self._recent * _WINDOW, 4 * 320)) ** 2 + _TINY
        self._pitch += 0.5 * (_periodicity(power) - self._pitch)
        low, middle, high = (
            float(np.sum(power[start:end])) for start, end in ((8, 80), (80, 240), (240, 616))
        )
        tonal = power[8:160]
        flatness = _decibels(np.exp(np.mean(np.log(tonal))) / np.mean(tonal))
        return np.array(
            [
                self._pitch,
                np.clip(_decibels(low / (middle + high)), -25, 25),
                np.clip(_decibels(middle / high), -25, 25),
                np.clip(flatness, -30, 0),
            ]
        )


def _periodicity(power: NDArray[np.float64]) -> float:
    """Give the highest peak of the autocorrelation, 70 to 400 Hz, over its value at zero."""
    voiced = power.copy()
    voiced[:6] = 0
    voiced[120:] = 0
    correlation = np.fft.irfft(voiced)
    lags = slice(40, 229)
    return float(np.max(correlation[lags] / _WINDOW_CORRELATION[lags]) / correlation[0])


def _log_odds(features: NDArray[np.float64], model: tuple[NDArray[np.float64], ...]) -> float:
    """Weigh features, made to zero mean and unit variance, and all their products by pairs."""
    means, deviations, weights = model
    plain = (features - means) / deviations
    first, second = np.triu_indices(len(plain))
    return float(np.dot(weights, np.concatenate((plain, plain[first] * plain[second], [1.0]))))


def _bands(power: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.add.reduceat(power.astype(np.float64), _EDGES)[:-1]


def _decibels(ratio: ArrayLike) -> NDArray[np.float64]:
    decibels: NDArray[np.float64] = 10 * np.log10(np.asarray(ratio) + 1e-20)
    return decibels


def _fine(power: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the log spectrum less its mean over 400 Hz around."""
    logs = np.log10(power[: _FINE.stop + 40] + _TINY)
    around = np.convolve(np.pad(logs, 8, "edge"), np.full(17, 1 / 17), "valid")
    fine: NDArray[np.float64] = (logs - around)[_FINE]
    return fine


def _correlation(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    ours, theirs = ours - np.mean(ours), theirs - np.mean(theirs)
    scale = np.sqrt(np.mean(ours**2) * np.mean(theirs**2)) + 1e-9
    return float(np.mean(ours * theirs) / scale)

"""Whether the person makes a sound, whether it is a voice, and whether it is a cry without words.

After the echo canceller some residual echo is always left, and it must not hush the coach. Neither
must a breath, a cough, a chair, music, a television or running water. No single measure tells these
apart, so the network gets many, in bands of the Bark scale (Zwicker 1961): how much was cancelled;
how loud the output is compared with its floor of the last five seconds, with the median and the
loud level of this room for twenty seconds, and with the usual residual of such an echo; the
coherence of output and echo; its pitch; and, once the person is known, their loudness.

They go into a small recurrent network: one dense layer and one gated recurrent unit (Cho et al.
2014). For every block it gives the log odds of a sound, of a voice and of a cry. `scripts/train
near-end` fitted it to people who speak over the coach in simulated rooms, with distortion, movement
and clock drift; to synthetic breaths, coughs, laughs and knocks; and to rooms with music,
television, water or machines.

The log odds of successive blocks are summed, and the sum never falls below 0 (CUSUM: Page,
"Continuous inspection schemes", Biometrika 41, 1954). A clear sound passes the threshold in two or
three blocks, an unclear one only if it lasts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCKS_A_SECOND
from voice_coach.package_data import data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from voice_coach.aec.frame import AecFrame

    Vector = NDArray[np.float32]
    Bands = NDArray[np.float64]
    Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class VadScore:
    """What the network has found after one more block."""

    activity: float
    """CUSUM of the log odds that the person makes any sound, from 0 on."""
    speech: float
    """CUSUM of the log odds that they use their voice, from 0 on."""
    level: float
    """How loud the microphone is without the echo, in dB of full scale."""
    cry: float = 0.0
    """CUSUM of the log odds that they cry without words, from 0 on."""


SUM_LIMIT = 12.0
"""Largest CUSUM: it must be able to fall again soon after a clear sound."""
CRY = 6.0
"""CUSUM above which a voice is taken for a cry without words."""

EDGES = np.array((100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700,
                   3150, 3700, 4400, 5300, 6400, 7700)) // 25  # fmt: skip
"""First bins of the bands, and of what lies above them: the Bark scale."""
_SPEECH = slice(19)
"""The bands from 100 to 6400 Hz, where a voice in a room is."""
_FINE = slice(8, 160)
"""The bins from 200 to 4000 Hz, over which flatness is judged."""
_TINY = 1e-11
"""Power that keeps logarithms finite: far below the noise of any microphone."""
_ROOM_TONE = np.float32(10 ** (-65 / 10) / 321)
"""Power that is added to each bin: that of a quiet room, -65 dB of full scale in all, so that the
exact silence of a microphone that suppresses noise looks like one."""
_FLOOR_BLOCKS = 5 * BLOCKS_A_SECOND
_FLOOR_EVERY = 10
"""Blocks between two looks for the floor, which moves slowly."""
_PEAK_BLOCKS, _PEAKS = 5, 200
"""Blocks of which the loudest is kept in each band, and how many of these: 20 s."""
_QUANTILES = (50, 85)
"""Percentiles of these: the usual level of the room, and its loud level. Three seconds of speech in
twenty do not change them much."""
STEP_LIMIT = 3.0
"""Largest log odds that one block may add: no single block decides."""
_WINDOW = np.sqrt(np.hanning(641)[:-1])
_WINDOW_CORRELATION = np.correlate(_WINDOW, _WINDOW, "full")[639:] / np.sum(_WINDOW**2)
"""Autocorrelation of the canceller's window; that of a windowed sound is divided by it."""
_LAGS, _MIDDLE = slice(18, 229), 80
"""Periods of a voice in samples: 890 Hz, for cries are high, down to 70; and that of 200 Hz."""


class NearEndVad:
    """Takes one block after another, and tells of the person."""

    def __init__(self, weights: Weights | None = None) -> None:
        """Judge by these weights of the network; by those that the coach ships with if None."""
        self._features = VadFeatures()
        self._network = _Network(shipped_weights() if weights is None else weights)
        self._sums = np.zeros(3, np.float32)

    def judge(self, frame: AecFrame, person: float | None = None) -> VadScore:
        """Weigh one more block; `person` is the loudness of the person, see `VadFeatures.of`."""
        activity, speech, cry = self.weigh(self._features.of(frame, person))
        level = 10 * float(np.log10(np.sum(frame.output) + _TINY))
        return VadScore(activity, speech, level, cry)

    def weigh(self, features: Vector) -> tuple[float, float, float]:
        """Give the CUSUMs of sound, voice and cry after a block with these features."""
        odds = self._network.step(features)
        self._sums = np.clip(self._sums + np.minimum(odds, STEP_LIMIT), 0, SUM_LIMIT)
        activity, speech, cry = (float(each) for each in self._sums)
        return activity, speech, cry


def shipped_weights() -> Weights:
    """Give the weights that the coach ships with."""
    with (data_folder() / "vad.npz").open("rb") as file:
        return read_weights(file)


def read_weights(file: IO[bytes]) -> Weights:
    """Read the weights of the network, by name, as `scripts/train` writes them."""
    weights = np.load(file, allow_pickle=False)
    return {name: weights[name].astype(np.float32) for name in weights}


class VadFeatures:
    """The numbers the network is given of each block; it carries levels from block to block."""

    def __init__(self) -> None:
        bands = len(EDGES) - 1
        self._floors: deque[Bands] = deque(maxlen=_FLOOR_BLOCKS)
        self._floor = np.zeros(bands)
        self._peaks: deque[Bands] = deque(maxlen=_PEAKS)
        self._peak = np.full(bands, -np.inf)
        self._background = np.zeros((len(_QUANTILES), bands))
        self._blocks = 0
        self._lasting = np.zeros(321, np.float32)

    def of(self, frame: AecFrame, person: float | None = None) -> Vector:
        """Give the features of one block, all within a few units of zero.

        `person` is how loud the person was in the loudest block of something they said, in dB of
        full scale; None if they are not known yet.
        """
        heard, left = frame.microphone + _ROOM_TONE, frame.output + _ROOM_TONE
        powers = (heard, frame.echo, left, frame.residual)
        microphone, echo, output, residual = np.log10([_bands(power) for power in powers])
        self._follow(output)
        floor, (usual, loud) = self._floor, self._background
        self._lasting = frame.output + np.float32(0.6) * self._lasting
        coherence = _bands(frame.coherence * self._lasting) / _bands(self._lasting)
        near = np.maximum(frame.output - frame.residual, 0.01 * frame.output)
        whole = np.log10(
            np.sum(
                10 ** np.stack((output, microphone, residual, floor, usual, loud))[:, _SPEECH], 1
            )
        )
        periodicity, pitch = _pitch(frame.output)
        known = 0.0 if person is None else person / 10
        return np.concatenate(
            (
                np.clip(output - floor, -1, 4),
                np.clip(echo - floor, -2, 4),
                np.clip(microphone - floor, -1, 4),
                np.clip(output - microphone, -3, 0.5),
                np.clip(output - residual, -2, 4),
                np.clip(output - usual, -2, 3),
                np.clip(output - loud, -2, 3),
                coherence,
                (
                    np.clip(whole[0] - whole[1], -3, 0.3),
                    np.clip(whole[0] - whole[3], -1, 4),
                    np.clip(whole[0] - whole[2], -2, 4),
                    np.clip(whole[0] - whole[4], -2, 3),
                    np.clip(whole[0] - whole[5], -2, 3),
                    np.clip(whole[5] - whole[3], 0, 4),
                    periodicity,
                    pitch,
                    _pitch(near)[0],
                    _flatness(frame.output),
                    frame.erle / 10,
                    person is not None,
                    (person is not None) and np.clip(whole[0] - known, -3, 2),
                    (person is not None) and np.clip(whole[5] - known, -3, 2),
                ),
            )
        ).astype(np.float32)

    def _follow(self, output: Bands) -> None:
        """Follow each band's floor, and how loud it has been of late."""
        self._floors.append(output)
        self._peak = np.maximum(self._peak, output)
        if self._blocks % _PEAK_BLOCKS == 0:
            self._peaks.append(self._peak)
            self._peak = np.full_like(output, -np.inf)
        if self._blocks % _FLOOR_EVERY == 0:
            self._floor = np.maximum(np.percentile(np.stack(self._floors), 10, axis=0), -9)
            self._background = np.percentile(np.stack(self._peaks), _QUANTILES, axis=0)
        self._blocks += 1


class _Network:
    """One dense layer, one gated recurrent unit, and three outputs that see both."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._state = np.zeros(len(weights["recurrent"]), np.float32)

    def step(self, features: Vector) -> Vector:
        """Give the log odds of a sound, of a voice and of a cry in this block."""
        w = self._weights
        plain: Vector = (features - w["mean"]) / w["deviation"]
        dense = np.tanh(plain @ w["dense"] + w["dense_bias"])
        fresh = np.split(dense @ w["input"] + w["input_bias"], 3)
        held = np.split(self._state @ w["recurrent"], 3)
        reset, keep = _sigmoid(fresh[0] + held[0]), _sigmoid(fresh[1] + held[1])
        new = np.tanh(fresh[2] + reset * held[2])
        self._state = new + keep * (self._state - new)
        odds: Vector = np.concatenate((self._state, dense)) @ w["output"] + w["output_bias"]
        return odds


def _sigmoid(values: Vector) -> Vector:
    sigmoid: Vector = np.reciprocal(1 + np.exp(-values))
    return sigmoid


def _bands(power: Vector) -> NDArray[np.float64]:
    return np.add.reduceat(power.astype(np.float64), EDGES)[:-1] + _TINY


def _flatness(power: Vector) -> float:
    """Give the logarithm of the geometric over the arithmetic mean: 0 for a flat spectrum."""
    tonal = power[_FINE] + 1e-14
    return float(np.mean(np.log10(tonal)) - np.log10(np.mean(tonal)))


def _pitch(power: Vector) -> tuple[float, float]:
    """Give the highest peak of the autocorrelation at a voice's period, relative to that at zero.

    The second value is the peak's place in octaves from 200 Hz, times its height.
    """
    voiced = power.astype(np.float64)
    voiced[:4] = 0
    voiced[120:] = 0
    correlation = np.fft.irfft(voiced)
    if correlation[0] <= 0:
        return 0.0, 0.0
    peaks = correlation[_LAGS] / _WINDOW_CORRELATION[_LAGS]
    best = int(np.argmax(peaks))
    periodicity = float(np.clip(peaks[best] / correlation[0], 0, 1))
    return periodicity, periodicity * float(np.log2(_MIDDLE / (_LAGS.start + best)))

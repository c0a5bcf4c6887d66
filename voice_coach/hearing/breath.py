"""Whether the person's breath is heard, from when to when, while the coach may speak.

A breath is air without a voice, which begins once, flickers and fades. The detector takes what the
echo canceller tells of each block: how loud each band is above its floor and beside the echo, how
flat and how periodic the spectrum is, and how smoothly the loudness has moved in the last third of
a second: clothes on the microphone crackle, and words beat. One dense layer gives the log odds of
breath, and their sum since the last moment that spoke against it decides (Page, "Continuous
inspection schemes", Biometrika 41, 1954). `scripts/train breath` fits the weights.

It cannot tell a breath in from a breath out: who cues the breath knows which one is due. When it
has heard two breaths it knows how loud this person's are, and what is far softer no longer counts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import IO, TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCK_SECONDS
from voice_coach.package_data import data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from voice_coach.aec.frame import AecFrame

    Vector = NDArray[np.float32]
    Weights = Mapping[str, NDArray[np.float32]]

STEP_LIMIT = 1.0
"""Largest log odds that one block may add: a breath must last for some blocks."""
SUM_LIMIT = 8.0
"""Largest sum: what has ended must be able to fall below zero within a third of a second."""
STARTED = 6.0
"""Sum of log odds at which a breath has begun."""
PERHAPS = 1.0
"""Sum of log odds from which a block may be part of a breath."""
STEP_DOWN = -0.8
"""Lowest log odds that one block may add: a word of the coach must not end a breath."""
SHORTEST = 0.6
"""Seconds of a breath from which its loudness says how this person breathes."""
FAINTER = 15.0
"""Decibels below this person's breaths from which a sound is none of them."""
_EDGES = np.array((50, 150, 300, 600, 1000, 1600, 2400, 3400, 5000, 7500)) // 25
"""First bins of the bands, and of what lies above them."""
_TINY = 1e-11
"""Power that keeps logarithms finite: far below the noise of any microphone."""
_FLOOR_SECONDS = 12.0
"""Memory of the noise floor: longer than a breath, or the breath would become its own floor."""
_FLOOR_EVERY = 10
"""Blocks between two looks for the floor, which moves slowly."""
_SHORT = 16
"""Blocks, a third of a second, over which smoothness is judged."""
_FLAT = slice(8, 240)
"""The bins from 200 to 6000 Hz, over which flatness is judged."""
_LAGS = slice(40, 229)
"""Periods of a voice in samples: 400 down to 70 Hz."""


@dataclass(frozen=True)
class BreathChange:
    """A breath has begun or ended."""

    started: bool
    """Whether it began; else it ended."""
    ago: float
    """Seconds since it did: the decision needs some blocks."""
    confidence: float
    """From 0 to 1: the mean probability of breath over its blocks so far."""


class BreathDetector:
    """Follows one stream of sound, block by block."""

    def __init__(self, weights: Weights | None = None) -> None:
        """Judge by these weights; by those that the coach ships with if None."""
        self._features = BreathFeatures()
        self._weights = shipped_weights() if weights is None else weights
        self._follower = BreathFollower()

    @property
    def may_be_breath(self) -> bool:
        """Whether the latest block may be part of a breath."""
        return self._follower.may_be_breath

    def step(self, frame: AecFrame) -> BreathChange | None:
        """Take the next block; give what became known with it."""
        odds = log_odds(self._weights, self._features.of(frame)).item()
        return self._follower.step(odds, level_of(frame))


class BreathFollower:
    """Sums up the log odds of blocks to breaths."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._since_zero = 0
        self._since_peak = 0
        self._breathing = False
        self._odds: list[float] = []
        self._levels: list[float] = []
        self._persons: deque[float] = deque(maxlen=3)
        """Levels of the latest breaths."""

    @property
    def may_be_breath(self) -> bool:
        """Whether the latest block may be part of a breath."""
        return self._sum >= PERHAPS

    def step(self, odds: float, level: float) -> BreathChange | None:
        """Take a block's log odds and its level in dB; give what became known with it."""
        if len(self._persons) > 1 and level < median(self._persons) - FAINTER:
            odds = min(odds, STEP_DOWN)
        self._sum = min(max(self._sum + min(max(odds, STEP_DOWN), STEP_LIMIT), 0.0), SUM_LIMIT)
        if self._sum == 0.0:
            self._since_zero = 0
        else:
            self._since_zero += 1
        self._since_peak = 0 if odds > 0 else self._since_peak + 1
        if self._breathing:
            self._odds.append(odds)
            self._levels.append(level)
        if not self._breathing and self._sum >= STARTED:
            self._breathing = True
            self._odds, self._levels = [odds], [level]
            return BreathChange(True, self._since_zero * BLOCK_SECONDS, self._confidence())
        if self._breathing and self._sum == 0.0:
            self._breathing = False
            kept = self._odds[: len(self._odds) - self._since_peak]
            if len(kept) * BLOCK_SECONDS >= SHORTEST:
                self._persons.append(median(self._levels[: len(kept)]))
            return BreathChange(False, self._since_peak * BLOCK_SECONDS, self._confidence())
        return None

    def _confidence(self) -> float:
        return float(np.mean(1 / (1 + np.exp(-np.asarray(self._odds)))))


class BreathFeatures:
    """The numbers that are known of each block; it carries floors from block to block."""

    def __init__(self) -> None:
        self._past: deque[NDArray[np.float64]] = deque(
            maxlen=round(_FLOOR_SECONDS / BLOCK_SECONDS / _FLOOR_EVERY)
        )
        self._recent: deque[NDArray[np.float64]] = deque(maxlen=_FLOOR_EVERY)
        self._loudness: deque[float] = deque(maxlen=_SHORT)
        self._tones: deque[float] = deque(maxlen=_SHORT)
        self._floor = np.zeros(len(_EDGES) - 1)
        self._slow = np.zeros(2)
        self._blocks = 0

    def of(self, frame: AecFrame) -> Vector:
        """Give the features of one block, all within a few units of zero."""
        output, echo, microphone, residual = (
            np.log10(_bands(power))
            for power in (frame.output, frame.echo, frame.microphone, frame.residual)
        )
        floor = self._follow_floor(output)
        whole = [
            float(np.log10(np.sum(10**part)))
            for part in (output, microphone, residual, floor, echo)
        ]
        loud = float(np.clip(whole[0] - whole[3], -1, 4))
        flat, tone = _flatness(frame.output), _periodicity(frame.output)
        self._loudness.append(loud)
        self._tones.append(tone)
        if self._blocks == 1:
            self._slow[:] = loud
        self._slow += (loud - self._slow) * BLOCK_SECONDS / np.array((0.3, 1.5))
        steps = np.diff(self._loudness) if len(self._loudness) > 1 else np.zeros(1)
        return np.concatenate(
            (
                np.clip(output - floor, -1, 4),
                np.clip(output - np.mean(output), -3, 3),
                np.clip(output - residual, -2, 4),
                np.clip(echo - floor, -2, 4),
                (
                    loud,
                    float(np.clip(whole[0] - whole[1], -3, 0.3)),
                    float(np.clip(whole[0] - whole[2], -2, 4)),
                    float(np.clip(whole[4] - whole[3], -2, 5)),
                    flat,
                    tone,
                    float(np.mean(self._tones)),
                    float(np.max(self._tones)),
                    5 * float(np.std(steps)),
                    2 * float(np.std(self._loudness)),
                    10 * float(np.mean(steps)),
                    *(loud - self._slow),
                    frame.erle / 10,
                ),
            )
        ).astype(np.float32)

    def _follow_floor(self, output: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the level that each band had for the quietest tenth of the last seconds."""
        self._recent.append(output)
        if self._blocks % _FLOOR_EVERY == 0:
            self._past.append(np.mean(np.stack(self._recent), axis=0))
            self._floor = np.maximum(np.percentile(np.stack(self._past), 10, axis=0), -9)
        self._blocks += 1
        return self._floor


def level_of(frame: AecFrame) -> float:
    """Give the level of a block without the echo, in dB."""
    return 10 * float(np.log10(np.sum(frame.output) + _TINY))


def log_odds(weights: Weights, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the log odds of breath for features (..., features), in natural logarithms."""
    plain = (features - weights["mean"]) / weights["deviation"]
    hidden = np.tanh(plain @ weights["dense"] + weights["dense_bias"])
    odds: NDArray[np.float32] = hidden @ weights["output"] + weights["output_bias"]
    return odds


def shipped_weights() -> Weights:
    """Give the weights that the coach ships with."""
    with (data_folder() / "breath.npz").open("rb") as file:
        return read_weights(file)


def read_weights(file: IO[bytes]) -> Weights:
    """Read the weights, by name, as `scripts/train breath` writes them."""
    weights = np.load(file, allow_pickle=False)
    return {name: weights[name].astype(np.float32) for name in weights}


def _bands(power: Vector) -> NDArray[np.float64]:
    return np.add.reduceat(power.astype(np.float64), _EDGES)[:-1] + _TINY


def _flatness(power: Vector) -> float:
    """Give the logarithm of the geometric over the arithmetic mean: 0 for a flat spectrum."""
    tonal = power[_FLAT] + 1e-14
    return float(np.mean(np.log10(tonal)) - np.log10(np.mean(tonal)))


def _periodicity(power: Vector) -> float:
    """Give the highest peak of the autocorrelation at a voice's period, over that at zero."""
    voiced = power.astype(np.float64)
    voiced[:4] = 0
    voiced[120:] = 0
    correlation = np.fft.irfft(voiced)
    return float(np.max(correlation[_LAGS]) / (correlation[0] + 1e-15))

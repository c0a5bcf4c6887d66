"""Acoustic echo cancellation: takes the coach's own voice out of the microphone.

The echo is the far end (what the loudspeaker is given) filtered by loudspeaker, air and room. A
high-pass removes offset and rumble (`high_pass`). These follow: clock-drift compensation of the far
end (`drift`), the adaptive filter (`filter`), the search for delay jumps (`delay`) and the
residual-echo suppressor (`suppressor`). One block in, one ``AecFrame`` out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.aec.delay import DelayTracker
from voice_coach.aec.drift import FASTEST, DriftCompensator
from voice_coach.aec.filter import STEP, KalmanFilter
from voice_coach.aec.frame import AecFrame
from voice_coach.aec.high_pass import HighPass
from voice_coach.aec.suppressor import Suppressor
from voice_coach.core.ports import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float32]

__all__ = ["AecFrame", "EchoCanceller"]

_PATCHED = 10 * BLOCK
"""Samples that are cancelled again once a delay jump is found: 0.2 s."""
_DRIFT_EVERY = 50
"""Steps of far-end speech between two looks at the clocks: half a second."""
_DRIFTED = round(FASTEST * _DRIFT_EVERY * STEP)
"""Samples by which the clocks may move the echo between two looks. A jump no larger than that is
their drift, and the next look measures it; the path is as good as before."""
_RECONVERGENCE = 200
"""Steps of far-end speech, two seconds, after which a path that jumped or was lost is trusted."""
_KEPT_DIVERGED = 16
"""Steps for which a diverged path is kept, because the echo may only have jumped."""
_DIVERGED = 1.2
"""If energy after cancelling over energy before, in about 0.2 s, is above this, the path is wrong:
no voice has this effect."""
_FAR, _EXPLAINED = 160, 0.7
"""Samples, 10 ms, that clocks cannot move a far end by: it was moved after an echo that jumped. If
more than this share of the microphone's energy was left by then, the path did not follow the jump,
and what it holds is worthless."""
_QUIET = 1e-6 * STEP
"""Energy of a step below which nothing is judged."""


class EchoCanceller:
    """Streams blocks of microphone and far end to blocks without the coach.

    A canceller serves one stream: it keeps the learnt echo path from block to block.
    """

    def __init__(self) -> None:
        self._high_pass = HighPass()
        self._estimator = _EchoEstimator()
        self._suppressor = Suppressor()

    def move_far_end(self, samples: int) -> None:
        """Take note that the far end comes so much later from the next block on.

        Below zero it comes sooner. The learnt path is moved by as much; best in a pause of the far
        end, for what was played before is not moved.
        """
        self._estimator.move_far_end(samples)

    def process(self, microphone: Reals, far_end: Reals) -> AecFrame:
        """Give the microphone of one block earlier without the echo of `far_end`.

        Both arrays are BLOCK samples of one clock: `far_end` is what the loudspeaker is given while
        `microphone` is recorded. A sample that is not a number counts as silence.

        Raises ``ValueError`` for another number of samples.
        """
        if len(microphone) != BLOCK or len(far_end) != BLOCK:
            raise ValueError(
                f"The echo canceller takes blocks of {BLOCK} samples, "
                f"not {len(microphone)} and {len(far_end)}: pad the last block with silence."
            )
        heard, played = self._high_pass.filter(_finite(microphone)), _finite(far_end)
        echo, patched = self._estimator.estimate(heard, played)
        frame = self._suppressor.step(heard, echo)
        return replace(
            frame,
            reconverging=self._estimator.reconverging,
            trusted=self._estimator.trusted,
            patched=patched,
        )


class _EchoEstimator:
    """The adaptive filter with what keeps it right: clocks, delay jumps, divergence."""

    def __init__(self) -> None:
        self._filter = KalmanFilter()
        self._clock = DriftCompensator(STEP)
        self._delay = DelayTracker(STEP)
        self._energies = np.zeros(2)
        """Energy of the microphone and after cancelling, smoothed over about 0.2 s."""
        self._sounding = np.zeros(2)
        """The same over half a second in which the coach speaks."""
        self._diverged = 0
        """Steps for which the path has been wrong."""
        self._active = 0
        """Steps of far-end speech since the last look at the clocks."""
        self._untrusted = 0
        """Steps of far-end speech until a path that jumped or was lost is trusted again."""

    @property
    def trusted(self) -> bool:
        """Whether the path has neither jumped nor been lost of late."""
        return self._untrusted == 0

    @property
    def reconverging(self) -> bool:
        """Whether an echo is expected over a path that is not trusted yet."""
        return not self.trusted and self._filter.far_end_active

    def move_far_end(self, samples: int) -> None:
        """Move the path, so that the echo comes when it came before, or learn it anew."""
        heard, left = self._sounding
        if abs(samples) > _FAR and left > _EXPLAINED * heard:
            self._filter.reset()
            self._distrust()
        else:
            self._filter.shift(-samples)
        self._clock.forget()

    def estimate(self, microphone: Reals, far_end: Reals) -> tuple[Reals, Reals | None]:
        """Give the echo in this block and, where a jump was found, the patched history."""
        echoes, patched = [], None
        for start in range(0, BLOCK, STEP):
            part = slice(start, start + STEP)
            echo, found = self._step(microphone[part], far_end[part])
            echoes.append(echo)
            # The suppressor is one block late, and the history must end with its block.
            patched = found[-_PATCHED - BLOCK : -BLOCK] if found is not None else None
        return np.concatenate(echoes), patched

    def _step(self, microphone: Reals, far_end: Reals) -> tuple[Reals, Reals | None]:
        if steps := self._clock.block_slip(far_end):
            self._filter.block_slip(self._clock.window(1), steps)
        self._filter.push(self._clock.window())
        echo = self._filter.echo()
        jump = self._delay.step(microphone, echo, settled=self._filter.settled)
        if jump:
            self._filter.shift(jump.samples)
            if abs(jump.samples) > _DRIFTED:
                self._clock.forget()
                self._distrust()
            echo = self._filter.echo()
        patched = jump.patched if jump else None
        energies = _energies(microphone, echo)
        if self._is_diverged(energies):
            self._diverged += 1
            self._untrusted = _RECONVERGENCE
            echo = np.zeros_like(echo)
            if self._diverged <= _KEPT_DIVERGED:
                return echo, patched
            self._filter.reset()
            self._distrust()
            energies[1] = energies[0]
        self._diverged = 0
        if self._filter.learn(microphone, echo):
            self._active += 1
            self._sounding += 0.02 * (energies - self._sounding)
            self._untrusted = max(0, self._untrusted - 1)
        if self._active >= _DRIFT_EVERY:
            self._clock.follow(self._filter.path)
            self._active = 0
        return echo, patched

    def _distrust(self) -> None:
        self._untrusted = _RECONVERGENCE
        self._energies[:] = 0
        self._delay.forget()

    def _is_diverged(self, energies: Reals) -> bool:
        """Tell whether cancelling has made the sound louder for a while."""
        self._energies += 0.05 * (energies - self._energies)
        return bool(self._energies[1] > _DIVERGED * self._energies[0] + _QUIET)


def _energies(microphone: Reals, echo: Reals) -> Reals:
    """Give the energy of the microphone, and what is left without the echo."""
    return np.array([np.sum(microphone**2), np.sum((microphone - echo) ** 2)])


def _finite(samples: Reals) -> Reals:
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)

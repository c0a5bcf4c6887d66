"""Delay jumps: the delay of the echo changes from one moment to the next.

A busy computer leaves gaps in what it plays or records. After each gap the echo comes some
milliseconds earlier or later. The learnt path is still right, except for its delay. The estimated
echo is cross-correlated with the microphone over all delays. If it fits far better at another
delay, that is the new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float32]

FARTHEST = 4000
"""Largest jump that is searched for, in samples: 250 ms, the longest delay that is modelled."""
SEARCH_STEPS, SEARCH_EVERY = 8, 2
"""Steps of sound that are searched for a jump, and steps between two searches. They are few because
a voice in the output ducks the coach, and the louder sound from before would hide the jump."""
_POOR = 0.1
"""A jump is searched for if energy after cancelling over energy before, in those steps, is above
this."""
_FITS = 0.9
"""Least correlation at which an echo counts as found."""
_BETTER = 0.3
"""The residual at the new delay may be at most this share of the residual at the old one."""
_QUIET = 1e-6
"""Mean power of a sample below which there is nothing to search."""
_TOLERANCE = 1
"""Samples by which two searches for one jump may differ."""


@dataclass(frozen=True)
class DelayJump:
    """A jump that was found."""

    samples: int
    """By how much later the echo comes; below zero, sooner."""
    patched: Reals
    """The latest microphone samples without the echo, cancelled at the new delay where that
    fits."""


class DelayTracker:
    """Watches microphone and estimated echo for a jump.

    Args:
        step: samples in each step.

    """

    def __init__(self, step: int) -> None:
        self._step = step
        self._window = SEARCH_STEPS * step
        self._history = np.zeros((2, FARTHEST + self._window), np.float32)
        """Microphone and estimated echo."""
        self._turn = 0
        self._found = 0
        """The jump that the last search found; 0 if the delay was right since."""

    def step(self, microphone: Reals, echo: Reals, *, settled: bool) -> DelayJump | None:
        """Take the next step of both; give a jump once two searches agree on it.

        While the path is not `settled`, it still converges, and no jump is reported.
        """
        self._history = np.hstack((self._history[:, self._step :], np.stack((microphone, echo))))
        self._turn = (self._turn + 1) % SEARCH_EVERY
        heard, expected = self._history[:, -self._window :]
        powers = np.sum(heard**2), np.sum(self._history[1] ** 2)
        left = np.sum((heard - expected) ** 2)
        if left < _POOR * powers[0]:
            self._found = 0
            return None
        if self._turn or not settled or min(powers) < _QUIET * self._window:
            return None
        found = jump(self._history[0], self._history[1], self._window)
        if not found:
            return None
        # A vowel also fits itself some periods later, but hardly twice at the same place.
        agreed = abs(found - self._found) <= _TOLERANCE
        self._found = found
        if not agreed:
            return None
        patched = _patched(self._history[0], self._history[1], found, self._step)
        return DelayJump(found, patched)

    def forget(self) -> None:
        """Start afresh: the path has changed."""
        self._history[:] = 0
        self._found = 0


def jump(microphone: Reals, echo: Reals, size: int) -> int:
    """Tell by how many samples the echo comes later than estimated; 0 if that is not clear.

    Both hold the last `size` samples and the FARTHEST before them. The person's speech correlates
    with no delay, so it does not move the best one.
    """
    later, found = _best_fit(microphone[-size:], echo)
    sooner, found_sooner = _best_fit(echo[-size:], microphone)
    return later if found >= found_sooner else -sooner


def _best_fit(piece: Reals, whole: Reals) -> tuple[int, float]:
    """Tell how many samples from its end `piece` is in `whole`, and how well it fits there.

    Both are 0 if that is not clear, or if it fits as well at the end.
    """
    size = len(whole)
    products = np.fft.irfft(np.fft.rfft(whole) * np.conj(np.fft.rfft(piece, size)), size)
    sums = np.concatenate(([0.0], np.cumsum(np.square(whole, dtype=np.float64))))
    powers = float(np.sum(piece**2)) * (sums[len(piece) :] - sums[: -len(piece)])
    fits = products[: len(powers)] / np.sqrt(powers + 1e-12)
    best = int(np.argmax(fits))
    left, left_here = 1 - fits[best] ** 2, 1 - fits[-1] ** 2
    if fits[best] > _FITS and left < _BETTER * left_here:
        return len(powers) - 1 - best, float(fits[best])
    return 0, 0.0


def _patched(microphone: Reals, echo: Reals, samples: int, step: int) -> Reals:
    """Cancel the latest samples again, with an echo that comes so many samples later.

    Before the jump the old place leaves less. Where the echo lies sooner, it was not yet expected
    in the last samples, and these are left out.
    """
    moved = np.roll(echo, samples)
    left = np.stack((microphone - echo, microphone - moved))
    if samples < 0:
        left[1, samples:] = 0
    else:
        left[1, :samples] = left[0, :samples]
    steps = left.reshape(2, -1, step)
    better = np.argmin(np.sum(steps**2, axis=2), axis=0)
    patched: Reals = np.take_along_axis(steps, better[None, :, None], axis=0)[0].ravel()
    return patched

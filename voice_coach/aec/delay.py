"""The far end as it leaves the loudspeaker: at the pace of the microphone's clock, and bent.

Where loudspeaker and microphone are two devices, their clocks differ by some millionths, and the
echo comes later (or sooner) by one sample every second or so. An adaptive filter cannot follow
that at high frequencies, but it shows it: a growing delay turns the phase of the learnt echo path,
the more the higher the frequency. From that turn, over half a second of speech, follows the
difference of the clocks, and the far end is read through an interpolator that moves at just this
rate, so that to the filter the path stands still. (Pawig, Enzner & Vary, "Adaptive sampling rate
correction for acoustic echo control in voice-over-IP", IEEE Trans. Signal Processing 58, 2010,
correct the rate for the same reason; the measure used here is the learnt path's own phase.)

A busy computer leaves gaps in what it plays or hears, and from each gap on the echo lies some
milliseconds elsewhere at once. What was learnt still holds, but for its place: the estimated echo
is laid against the microphone at all delays, and where it fits far better, there it is.

A small loudspeaker driven hard also bends the sound, which no filter can undo. One odd curve
before the filter takes most of it: x + c x |x|, whose c is fitted to what the filter leaves
(the Hammerstein model; Stenger & Kellermann, "Adaptation of a memoryless preprocessor for
nonlinear acoustic echo cancelling", Signal Processing 80, 2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH = 8
"""Samples the interpolator (a windowed sinc) looks to either side."""
_HEADROOM = 40.0
"""Samples the far end is read late from the start, so that the echo can come sooner by as many
before the reading point must slip by a block; well under the shortest delay of a device, 5 ms."""
_FASTEST = 3e-4
"""Largest difference of clocks that is believed; cheap sound devices stay within 1e-4."""
_EASE = 0.3
"""Share of each newly measured difference that is taken over."""
FARTHEST = 4000
"""Largest jump that is looked for, in samples: 250 ms, the longest delay that is modelled."""
_FITS = 0.9
"""Correlation from which on an echo is where it is looked for."""
_BETTER = 0.3
"""What is left there may be so much of what is left without a jump."""
_BENT_MOST = 6.0
"""Largest curve that is believed: half of full scale would come out four times as loud."""
_ENOUGH = 100
"""Echo power over other power, summed over a second, from which on the curve is fitted."""


class DriftCompensator:
    """Blocks of the far end, as the microphone's clock would have counted them.

    Args:
        block: samples in each block.

    """

    def __init__(self, block: int) -> None:
        self.rate = 0.0
        """How much later the echo comes, in samples a sample."""
        self._block = block
        self._lag = _HEADROOM
        self._heard = np.zeros(5 * block + 4 * REACH, np.float32)
        self._path: NDArray[np.complex64] | None = None
        self._since = 0

    def slip(self, far_end: NDArray[np.float32]) -> int:
        """Take in the next block; tell by how many blocks the reading point jumps: -1, 0 or 1.

        With a slip of 1 an echo path seems one block longer from now on, with -1 one shorter.
        """
        self._heard = np.concatenate((self._heard[self._block :], far_end))
        self._lag += self.rate * self._block
        self._since += 1
        slip = int(self._lag >= 1.5 * self._block) - int(self._lag < REACH)
        self._lag -= slip * self._block
        if slip and self._path is not None:
            self._path = np.roll(self._path, slip, axis=0)
        return slip

    def window(self, blocks_ago: int = 0) -> NDArray[np.float32]:
        """Give two blocks of samples, ending at the reading point or some blocks before it."""
        size = 2 * self._block
        lag = self._lag + blocks_ago * self._block
        whole = int(lag)
        end = len(self._heard) - whole + REACH
        piece = self._heard[end - size - 2 * REACH : end]
        now = np.convolve(piece, _interpolator(lag - whole), "valid")[:size]
        if not self.rate:
            return now.astype(np.float32)
        begun = np.convolve(piece, _interpolator(lag - whole - self.rate * size), "valid")[:size]
        share = np.linspace(0, 1, size)
        return (begun + share * (now - begun)).astype(np.float32)

    def follow(self, path: NDArray[np.complex64]) -> None:
        """Correct the rate by how the learnt echo path (partitions, bins) has turned since last."""
        if self._path is not None:
            turned = np.sum(path * np.conj(self._path), axis=0)
            omega = np.pi * np.arange(len(turned)) / (len(turned) - 1)
            weight = np.abs(turned) * omega
            later = -float(np.sum(weight * np.angle(turned)) / (np.sum(weight * omega) + 1e-12))
            change = np.clip(later / (self._since * self._block), -_FASTEST, _FASTEST)
            self.rate = float(np.clip(self.rate + _EASE * change, -_FASTEST, _FASTEST))
        self._path = path.copy()
        self._since = 0

    def forget(self) -> None:
        """Do not compare the path with what it was: it has moved for another reason."""
        self._path = None


class Loudspeaker:
    """Learns by how much the loudspeaker bends what it is given."""

    def __init__(self) -> None:
        self.curve = 0.0
        """The c in x + c x |x|; negative where loud sounds are flattened."""
        self._squares = np.zeros((2, 2))
        self._products = np.zeros(2)

    def learn(
        self,
        echo: NDArray[np.complex64],
        bent: NDArray[np.complex64],
        error: NDArray[np.complex64],
        near: NDArray[np.float32],
    ) -> None:
        """Fit what is left by the echoes of x and of x |x|; spectra of one step.

        `near` is the power of what is not echo: where it is large, little is learnt.
        """
        both = np.stack((echo, bent))
        weighted = both.conj() / near
        self._squares = 0.99 * self._squares + np.real(weighted @ both.T)
        self._products = 0.99 * self._products + np.real(weighted @ error)
        if self._squares[0, 0] > _ENOUGH * len(error):
            stiff = self._squares + 1e-3 * np.diag(np.diag(self._squares)) + 1e-9 * np.eye(2)
            missing = np.clip(np.linalg.solve(stiff, self._products)[1], -2, 2)
            self.curve = float(np.clip(self.curve + 0.05 * missing, -_BENT_MOST, _BENT_MOST))
            self._products *= 0.95


def jump(microphone: NDArray[np.float32], echo: NDArray[np.float32], size: int) -> int:
    """Tell by how many samples the echo lies later than it is estimated; 0 if that is not clear.

    Of both the last `size` and the FARTHEST samples before them are known. A person who speaks
    fits nowhere, and leaves the best place where it is.
    """
    later, found = _fitting(microphone[-size:], echo)
    sooner, found_sooner = _fitting(echo[-size:], microphone)
    return later if found >= found_sooner else -sooner


def _fitting(piece: NDArray[np.float32], whole: NDArray[np.float32]) -> tuple[int, float]:
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


def _interpolator(fraction: float) -> NDArray[np.float64]:
    """Taps that delay by `fraction` of a sample, for `numpy.convolve`."""
    offset = np.arange(-REACH, REACH + 1) - fraction
    taps: NDArray[np.float64] = np.sinc(offset) * (
        0.5 + 0.5 * np.cos(np.pi * offset / (REACH + 1.5))
    )
    return taps

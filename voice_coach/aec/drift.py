"""Clock-drift compensation: the far end at the pace of the microphone's clock.

If loudspeaker and microphone are two devices, their clocks differ by some millionths, and the echo
comes later (or sooner) by one sample about every second. An adaptive filter cannot follow that at
high frequencies, but its state shows it: a growing delay turns the phase of the learnt echo path,
and turns it more at higher frequencies. The turn over half a second of speech gives the difference
of the clocks. The far end is then read through an interpolator that moves at this rate, so the path
stands still for the filter. (Pawig, Enzner & Vary, "Adaptive sampling rate correction for acoustic
echo control in voice-over-IP", IEEE Trans. Signal Processing 58, 2010, correct the rate for the
same reason; the measure used here is the phase of the learnt path.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH = 8
"""Samples the interpolator (a windowed sinc) reads on either side."""
_HEADROOM = 40.0
"""The far end is read this many samples late from the start. So the echo can come sooner by as many
before the reading point must move by a block. It is well under the shortest delay of a device, 5
ms."""
FASTEST = 5e-4
"""Largest clock difference that is believed. Cheap sound devices stay within 1e-4 each, so two of
them within 2e-4; 300 ppm are tested."""
_ADAPTATION = 0.6
"""Share of each newly measured difference that is adopted. With 0.3 a difference of 300 ppm took
ten seconds of speech to be found, with 0.6 it takes four, and is steady then."""


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
        self._far_end = np.zeros(5 * block + 4 * REACH, np.float32)
        self._path: NDArray[np.complex64] | None = None
        self._since = 0

    def block_slip(self, far_end: NDArray[np.float32]) -> int:
        """Take in the next block; tell by how many blocks the reading point jumps: -1, 0 or 1.

        After a block slip of 1 an echo path seems one block longer, after -1 one shorter.
        """
        self._far_end = np.concatenate((self._far_end[self._block :], far_end))
        self._lag += self.rate * self._block
        self._since += 1
        steps = int(self._lag >= 1.5 * self._block) - int(self._lag < REACH)
        self._lag -= steps * self._block
        if steps and self._path is not None:
            self._path = np.roll(self._path, steps, axis=0)
        return steps

    def window(self, blocks_ago: int = 0) -> NDArray[np.float32]:
        """Give two blocks of samples, ending at the reading point or some blocks before it."""
        size = 2 * self._block
        lag = self._lag + blocks_ago * self._block
        whole = int(lag)
        end = len(self._far_end) - whole + REACH
        piece = self._far_end[end - size - 2 * REACH : end]
        now = np.convolve(piece, _interpolator(lag - whole), "valid")[:size]
        if not self.rate:
            return now.astype(np.float32)
        begun = np.convolve(piece, _interpolator(lag - whole - self.rate * size), "valid")[:size]
        share = np.linspace(0, 1, size)
        return (begun + share * (now - begun)).astype(np.float32)

    def follow(self, path: NDArray[np.complex64]) -> None:
        """Correct the rate by how the learnt path (partitions, bins) has turned since last."""
        if self._path is not None:
            later = _lateness(np.sum(path * np.conj(self._path), axis=0))
            change = np.clip(later / (self._since * self._block), -FASTEST, FASTEST)
            self.rate = float(np.clip(self.rate + _ADAPTATION * change, -FASTEST, FASTEST))
        self._path = path.copy()
        self._since = 0

    def forget(self) -> None:
        """Do not compare the path with what it was: it has moved for another reason."""
        self._path = None


def _lateness(turned: NDArray[np.complex64]) -> float:
    """Tell by how many samples later a path lies, by its spectrum times the one before conjugated.

    A delay turns each bin in proportion to its frequency, and the higher ones by more than half a
    turn. Each bin's turn against its neighbour is never so large, so it gives the whole samples;
    with these taken back, the turns themselves give the rest.
    """
    omega = np.pi * np.arange(len(turned)) / (len(turned) - 1)
    coarse = -float(np.angle(np.sum(turned[1:] * np.conj(turned[:-1])))) / float(omega[1])
    rest = turned * np.exp(1j * omega * coarse)
    weight = np.abs(rest) * omega
    fine = -float(np.sum(weight * np.angle(rest)) / (np.sum(weight * omega) + 1e-12))
    return coarse + fine


def _interpolator(fraction: float) -> NDArray[np.float64]:
    """Taps that delay by `fraction` of a sample, for `numpy.convolve`."""
    offset = np.arange(-REACH, REACH + 1) - fraction
    taps: NDArray[np.float64] = np.sinc(offset) * (
        0.5 + 0.5 * np.cos(np.pi * offset / (REACH + 1.5))
    )
    return taps

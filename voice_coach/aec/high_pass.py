"""A high-pass of 40 Hz: a DC offset, rumble and steps of the sound card are no sound.

A second-order Butterworth filter by the bilinear transform (Oppenheim & Schafer, "Discrete-Time
Signal Processing", chapter 7). A block is filtered at once: its output is linear in its samples
and in the two numbers that the filter carries over, so two matrices do it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

CUTOFF = 40.0
"""Hz; the deepest voice has its pitch at 70, and is lowered by 0.4 dB there."""


class HighPass:
    """Filters blocks of BLOCK samples."""

    def __init__(self) -> None:
        self._carried = np.zeros(2)

    def filter(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the next block without what lies below the cutoff."""
        joined: NDArray[np.float64] = np.concatenate((block, self._carried))
        self._carried = _CARRY @ joined
        filtered: NDArray[np.float64] = _OUTPUT @ joined
        return filtered.astype(np.float32)


def _matrices() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what turns a block and the carried state into the output and into the next state."""
    k = np.tan(np.pi * CUTOFF / SAMPLE_RATE)
    norm = 1 / (1 + np.sqrt(2) * k + k * k)
    b0, b1, b2 = norm, -2 * norm, norm
    a1, a2 = 2 * (k * k - 1) * norm, (1 - np.sqrt(2) * k + k * k) * norm
    # Transposed direct form II, run on unit vectors: one column for each input.
    inputs = np.eye(BLOCK + 2)
    first, second = inputs[BLOCK], inputs[BLOCK + 1]
    output = []
    for sample in inputs[:BLOCK]:
        filtered = b0 * sample + first
        first, second = b1 * sample - a1 * filtered + second, b2 * sample - a2 * filtered
        output.append(filtered)
    return np.stack(output), np.stack((first, second))


_OUTPUT, _CARRY = _matrices()

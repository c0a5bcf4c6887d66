"""What the echo canceller tells of one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float32]


@dataclass(frozen=True)
class AecFrame:
    """One block of the microphone without the echo, and how that was reached.

    Spectral arrays cover the last two blocks (40 ms) and have BLOCK + 1 bins of 25 Hz. Powers add
    up to mean squares of full scale.
    """

    samples: Reals
    """The microphone of one block earlier without the echo: BLOCK samples."""
    microphone: Reals
    """Power of the microphone."""
    echo: Reals
    """Power of the estimated echo."""
    output: Reals
    """Power of the microphone less the estimated echo, before the suppressor."""
    residual: Reals
    """Power of the output that may be residual echo."""
    coherence: Reals
    """From 0 to 1: magnitude-squared coherence of output and estimated echo, over about 80 ms."""
    erle: float
    """Echo return loss enhancement over the last second or so of echo, in dB."""
    reconverging: bool = False
    """Whether the coach is audible and its echo path has just jumped or was lost: the output may
    still hold the coach's voice."""
    trusted: bool = True
    """Whether the echo path is trusted: it has not jumped and was not lost within the coach's last
    two seconds of speech, however long ago these were."""
    patched: Reals | None = None
    """The latest output samples, this block at their end, as they should have been. Given with the
    block in which a delay jump is found, else None."""

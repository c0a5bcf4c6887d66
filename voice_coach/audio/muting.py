"""Tells when a microphone was muted. It is pure: it counts the samples it is given.

A working microphone always gives some noise, if only the last bit of its converter. A muted one, by
a switch or in the system's settings, gives exact zeros, which the coach would take for a quiet
person. But some drivers pass nothing except voices. They show it early, by zeros in each pause, and
are accepted: the sound check tells whether the person is heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MUTED = 1.0
"""Seconds of exact zeros after which a microphone counts as muted."""
PAUSE = 0.5
"""Seconds of exact zeros, followed by sound, that show a driver which passes only voices."""
OBSERVED = 10.0
"""Seconds after its first sound in which the kind of driver is found out."""


class Muting:
    """Watches one microphone."""

    def __init__(self, rate: int) -> None:
        """Take its samples a second."""
        self.muted = False
        """Whether it was muted; it stays so."""
        self._rate = rate
        self._given = 0
        self._zeros = 0
        self._pauses = False

    def follow(self, piece: NDArray[np.float32]) -> None:
        """Take its next samples."""
        if np.any(piece):
            self._given += len(piece)
            self._pauses = self._pauses or self._zeros > PAUSE * self._rate
            self._zeros = 0
            return
        if not self._given:
            return  # many begin with zeros
        self._given += len(piece)
        self._zeros += len(piece)
        if self._zeros > MUTED * self._rate and not self._pauses:
            self._pauses = self._given < OBSERVED * self._rate
            self.muted = not self._pauses

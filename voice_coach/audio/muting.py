"""Tells when a microphone was muted. Pure: it is shown what the microphone gives, and counts.

A real microphone always gives something, were it the last bit of its converter. One that was muted,
by a switch or in the system's settings, gives exact zeros, and a coach would take them for a
person who is quiet. But some drivers let nothing through except voices. They show that early, by
zeros in each pause, and are left alone: that the person is heard is what the sound check is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MUTED = 1.0
"""Seconds of exact zeros from which on a microphone counts as muted."""
PAUSE = 0.5
"""Seconds of them after which it must not give anything again, if it is one that never pauses."""
GETTING_KNOWN = 10.0
"""Seconds from its first sound on in which it is only found out what it is like."""


class Muting:
    """Follows one microphone."""

    def __init__(self, rate: int) -> None:
        """Take how many samples it gives a second."""
        self.muted = False
        """Whether it was muted: that stays so."""
        self._rate = rate
        self._given = 0
        self._zeros = 0
        self._pauses = False

    def follow(self, piece: NDArray[np.float32]) -> None:
        """Look at what it gives next."""
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
            self._pauses = self._given < GETTING_KNOWN * self._rate
            self.muted = not self._pauses

"""Finds how late the echo of a phone's sound is, and delays the far end to come shortly before it.

From a browser's loudspeaker to its microphone it takes 0.1 to 0.5 s, and no browser knows how long.
The canceller models 0.25 s. So the delay is measured, as long as the coach speaks, by generalised
cross-correlation with phase transform (Knapp & Carter, IEEE Trans. ASSP 24(4), 1976).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.hearing_thread import ListenerAround
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core.events import Event

    Samples = NDArray[np.float32]

WINDOW = 2 * SAMPLE_RATE
"""Samples that are compared: the longest delay is a quarter of them."""
LONGEST = SAMPLE_RATE // 2
"""Samples of the longest delay that is looked for."""
EVERY = 25
"""Blocks between two looks: 0.5 s, at 4 ms of work each."""
SOUNDING = 1e-3
"""Rms of the far end from which the coach counts as speaking: 40 dB below its speech."""
CLEAR = 8.0
"""Times by which the peak stands out of the rms of all delays; noise reaches 5 in so many."""
SAME = SAMPLE_RATE // 200
"""Samples by which two looks in a row may differ and still agree: 5 ms."""
EARLY = SAMPLE_RATE // 33
"""Samples by which the far end is to come before its echo: 30 ms, for a path earlier than the
loudest one."""
LATEST = SAMPLE_RATE // 8
"""Samples by which it may come before its echo: 125 ms leave as much for the room. More is mended,
and so is less than ``SOONEST``. The listener is told, but what was played just before a change is
not moved with it, so each costs the canceller a moment."""
SOONEST = SAMPLE_RATE // 100


class EchoDelay(ListenerAround):
    """Delays the far end for a listener; called from one thread."""

    def __init__(self, listener: BlockListener) -> None:
        super().__init__(listener)
        self.delay = 0
        """Samples by which the far end is delayed."""
        self._microphone = np.zeros(WINDOW, np.float32)
        self._far_end = np.zeros(WINDOW, np.float32)
        self._blocks = 0
        self._found: int | None = None
        """The delay of the echo at the last look; None if it was not clear."""

    def hear(self, microphone: Samples, far_end: Samples) -> list[Event]:
        """Pass on the next block, with the far end of so much earlier."""
        self._microphone = np.concatenate((self._microphone[BLOCK:], microphone))
        self._far_end = np.concatenate((self._far_end[BLOCK:], far_end))
        self._blocks += 1
        if self._blocks % EVERY == 0:
            self._look()
        end = WINDOW - self.delay
        return super().hear(microphone, self._far_end[end - BLOCK : end])

    def _look(self) -> None:
        found = echo_delay(self._microphone, self._far_end)
        agreed = None not in (found, self._found) and abs(found - self._found) <= SAME  # type: ignore[operator]
        self._found = found
        if found is not None and agreed and not SOONEST <= found - self.delay <= LATEST:
            later = max(0, found - EARLY) - self.delay
            self.delay += later
            self.move_far_end(later)


def echo_delay(microphone: Samples, far_end: Samples) -> int | None:
    """Give by how many samples the echo is later than its sound; None where that is not clear."""
    if np.sqrt(np.mean(far_end**2)) < SOUNDING:
        return None
    cross = np.fft.rfft(microphone, 2 * WINDOW) * np.conj(np.fft.rfft(far_end, 2 * WINDOW))
    size = np.abs(cross)
    fit = np.fft.irfft(cross / (size + 1e-6 * np.max(size) + 1e-12))[:LONGEST]
    peak = int(np.argmax(fit))
    return peak if fit[peak] > CLEAR * np.sqrt(np.mean(fit**2)) else None

"""Aligns the far end with the microphone, so that an echo has one constant delay.

The loudspeaker and the microphone are two streams whose callbacks come late and in bursts. For each
piece from the microphone the aligner counts off as many samples of the far end, which is what the
loudspeaker was given. The echo canceller needs the delay between the two to stay constant: a jump
costs it the echo path it has learnt.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW = 0.5
"""Seconds over which the lead of the far end is measured; its median is free of late callbacks."""
DRIFT_LIMIT = 0.9
"""Change of the lead that is corrected when no gap is known, as a share of the wanted lead. It is
large because a correction costs the canceller the path it has learnt."""
PAUSE, PAUSE_LIMIT = 0.25, 0.25
"""The same limit in a pause of the coach, and the seconds of silence that are one: there the echo
has faded, and a correction that the canceller is told of costs nothing."""
GAP_LIMIT = 0.25
"""The same limit after a known gap: a wait of the microphone, or a gap that PortAudio reported."""
NO_FAR_END = 0.25
"""Seconds the microphone waits for its far end. After that, the loudspeaker gives nothing."""


class FarEndAligner:
    """Pairs microphone and far-end samples; one thread calls ``put``, another calls ``take``.

    A store of far-end samples absorbs late callbacks. It holds about half of what the loudspeaker
    buffers, so an echo never comes before its sound. When the store is empty, the microphone waits:
    either the loudspeaker's callback is late, or the loudspeaker had no samples to play. Once the
    loudspeaker has been given twice its buffer, samples that are still missing were never played,
    and silence takes their place where the gap was. (If the microphone did not wait, the sound
    after the gap would be paired with silence, and its echo would pass as somebody's voice.)

    When the lead of the far end changes without such a wait, as when two clocks drift apart or the
    microphone loses samples, the median lead over ``WINDOW`` tells, and the lead is put back, in a
    pause of the coach if there is one in time.
    """

    def __init__(self, rate: int, latency: float) -> None:
        """Take the sample rate in Hz and the seconds of sound that the loudspeaker buffers."""
        self._window = rate * WINDOW
        self._pause = rate * PAUSE
        self._longest_wait = rate * NO_FAR_END
        self._buffered = rate * latency
        self._wanted = round(self._buffered / 2)
        self._pieces: deque[NDArray[np.float32]] = deque()
        self._far_end = np.zeros(0, np.float32)
        self._microphone = np.zeros(0, np.float32)
        self._skip = 0
        """Far-end samples to leave out when they come."""
        self._given: int | None = None
        """Samples given to the loudspeaker while the microphone waits; None while it does not."""
        self._usual: float = self._wanted
        """Median lead when it was last measured. A gap is corrected to this lead, because then
        the delay of the echo is the same as before."""
        self._reported = False
        """Whether a gap was reported since the last ``take``."""
        self._gap_windows = 0
        """Windows still to be judged at ``GAP_LIMIT``: two after a report, for another gap may
        come within the first."""
        self.moved = 0
        """Samples by which the far end comes later from the next ``take`` on, because the lead was
        put back; below zero, sooner."""
        self._silent = 0
        """Samples of silence at the end of what the loudspeaker was given."""
        self._leads: list[int] = []
        self._left = 0.0
        """Samples until the lead is measured again; the first time is at the first sample."""

    def put(self, piece: NDArray[np.float32]) -> None:
        """Take the next samples that the loudspeaker was given, shape (n,)."""
        self._pieces.append(piece)

    def take(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next samples of the microphone, shape (n,); give the pairs that are complete.

        The result has the shape (m, 2): microphone, far end.
        """
        self.moved = 0
        given = 0
        while self._pieces:
            far_end = self._pieces.popleft()
            given += len(far_end)
            sound = np.flatnonzero(far_end)
            self._silent = (
                len(far_end) - 1 - sound[-1] if len(sound) else self._silent + len(far_end)
            )
            self._far_end = np.concatenate((self._far_end, far_end))
        skipped = min(self._skip, len(self._far_end))
        self._skip -= skipped
        self._far_end = self._far_end[skipped:]
        self._microphone = np.concatenate((self._microphone, piece))
        if self._given is not None:
            self._given += given
            self._end_wait()
        elif self._reported and not self._gap_windows:
            self._measure_afresh()
        if self._reported:
            self._gap_windows = 2
            self._reported = False
        pairs = self._pairs(0 if self._given is not None else len(self._microphone))
        if self._given is None and self._silent > self._pause:
            self._put_back(PAUSE_LIMIT)
        return pairs

    def report_gap(self) -> None:
        """Take note that a stream lost samples just now; any thread may call it.

        From the next ``take`` on, the lead is measured afresh and corrected already at
        ``GAP_LIMIT``. A report without a real gap changes nothing: the lead is what it was.
        """
        self._reported = True

    def rest(self) -> NDArray[np.float32]:
        """Give the pairs that still wait for their far end, which will not come."""
        missing = max(0, len(self._microphone) - len(self._far_end))
        self._far_end = np.concatenate((self._far_end, np.zeros(missing, np.float32)))
        return self._pairs(len(self._microphone))

    @property
    def _lead(self) -> int:
        """Samples by which the far end is ahead of the microphone."""
        return len(self._far_end) - self._skip - len(self._microphone)

    def _pairs(self, most: int) -> NDArray[np.float32]:
        frames = min(most, len(self._far_end))
        pairs = np.column_stack((self._microphone[:frames], self._far_end[:frames]))
        self._microphone, self._far_end = self._microphone[frames:], self._far_end[frames:]
        if self._given is None:
            self._watch_lead(frames)
        return pairs

    def _watch_lead(self, frames: int) -> None:
        if len(self._microphone):
            self._given = 0
            self._leads.clear()
            return
        self._leads.append(self._lead)
        self._left -= frames
        if self._left > 0:
            return
        lead = median(self._leads)
        if self._gap_windows and abs(lead - self._usual) > GAP_LIMIT * self._wanted:
            self._shift(self._usual - lead)
        else:
            self._usual = lead
            self._put_back(DRIFT_LIMIT)
        self._gap_windows = max(0, self._gap_windows - 1)
        self._measure_afresh()

    def _end_wait(self) -> None:
        """Let the microphone wait no longer, if it is clear what it waits for."""
        if self._given:
            self._leads.append(self._lead)
        no_far_end = len(self._microphone) > self._longest_wait
        if not no_far_end and (not self._given or self._given < 2 * self._buffered):
            return
        lead = self._lead if no_far_end else median(self._leads)
        missing = max(self._usual, self._wanted / 2) - lead
        if abs(missing) > GAP_LIMIT * self._wanted:
            self._shift(missing)
        self._given = None
        self._measure_afresh()

    def _put_back(self, limit: float) -> None:
        """Put the lead back if it has changed by more than this share of the wanted one."""
        missing = round(self._wanted - self._usual)
        if abs(missing) > limit * self._wanted:
            self._shift(missing)
            self.moved = missing
            self._usual = self._wanted
            self._measure_afresh()

    def _shift(self, samples: float) -> None:
        """Put so many samples of silence before the far end; below zero, leave so many out."""
        self._skip += max(0, -round(samples))
        silence = np.zeros(max(0, round(samples)), np.float32)
        self._far_end = np.concatenate((silence, self._far_end))

    def _measure_afresh(self) -> None:
        self._leads.clear()
        self._left = self._window

"""Tells whether a stream is lost, and counts the gaps that PortAudio reports in it.

A lost device raises no error: its callbacks just cease. PortAudio reports a gap in the status flags
of the next callback (portaudio.h, ``PaStreamCallbackFlags``): ``paInputOverflow`` where samples of
the microphone were discarded, ``paOutputUnderflow`` where the loudspeaker had none to play,
``paPrimingOutput`` where samples only fill the buffer. The flags do not tell how long a gap is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from voice_coach.core.events import SoundGaps

if TYPE_CHECKING:
    from collections.abc import Sequence

STALL = 0.5
"""Seconds without a callback after which a device counts as lost."""
START = 2.0
"""Seconds more that a device may take to begin; wireless ones take one or two."""
REPORT_EVERY = 1.0
"""Seconds between two reports of gaps: a busy computer has many, and the log is for reading."""


class StatusFlags(Protocol):
    """The status flags of one callback, as sounddevice gives them."""

    input_overflow: bool
    output_underflow: bool
    priming_output: bool


class StreamHealth:
    """Watches one stream: its callback reports flags, another thread asks whether it is lost."""

    def __init__(self, name: str) -> None:
        """Take what the stream is called in a message."""
        self.name = name
        self.gaps = SoundGaps()
        """All that was reported so far."""
        self._samples = 0
        self._moved = self._asked = 0.0
        self._ended = False

    def begin(self, now: float) -> None:
        """Expect the first sample from `now` on, in seconds."""
        self._moved = now + START
        self._asked = now

    def end(self) -> None:
        """Know that the stream has ended by itself."""
        self._ended = True

    def note(self, flags: StatusFlags | None) -> bool:
        """Count the flags of one callback; tell whether samples were lost just before it."""
        if not flags:
            return False
        lost = SoundGaps(
            int(flags.input_overflow), int(flags.output_underflow), int(flags.priming_output)
        )
        self.gaps = _add(self.gaps, lost)
        return bool(lost.overflows or lost.underflows)

    def is_stalled(self, samples: int, now: float) -> bool:
        """Tell whether the device is lost, after so many samples in all, at `now` in seconds."""
        if samples != self._samples:
            self._samples = samples
            self._moved = now
        elif now - self._asked > STALL:
            # Nobody asked for so long: this program stood still, perhaps the whole computer.
            self._moved = max(self._moved, now)
        self._asked = now
        return self._ended or now - self._moved > STALL


class GapReporter:
    """Sums up the gaps of several streams, for the log."""

    def __init__(self, streams: Sequence[StreamHealth]) -> None:
        self._streams = streams
        self._told = SoundGaps()
        self._next = 0.0

    def total(self) -> SoundGaps:
        """Give all gaps of all streams so far."""
        return _add(*(stream.gaps for stream in self._streams))

    def news(self, now: float) -> SoundGaps | None:
        """Give the gaps since the last report, if there are any and a report is due."""
        total = self.total()
        if total == self._told or now < self._next:
            return None
        told, self._told, self._next = self._told, total, now + REPORT_EVERY
        return SoundGaps(
            total.overflows - told.overflows,
            total.underflows - told.underflows,
            total.priming - told.priming,
        )


def _add(*gaps: SoundGaps) -> SoundGaps:
    return SoundGaps(
        sum(each.overflows for each in gaps),
        sum(each.underflows for each in gaps),
        sum(each.priming for each in gaps),
    )

"""What a phone and the coach send each other: frames of a header and samples.

All numbers are little-endian. To the phone, a header of three 32-bit numbers: what kind of frame it
is, the first sample it is for, and how many 16-bit samples follow. From the phone, a report: the
first sample, how many samples it had nothing to play for so far, how many samples follow; and then
what its microphone heard, and what it played at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADER = Struct("<3I")
FULL_SCALE = 32767
"""The 16-bit number that stands for 1."""
LONGEST_REPORT = 32_000
"""Samples in a report, at most: two seconds."""


class Kind(IntEnum):
    """The kinds of frames to the phone; ``static/phone_frames.js`` has the same numbers."""

    BEAT = 0
    """Nothing but that the coach is there."""
    BEGIN = 1
    """A session begins: count samples from 0, and report."""
    SOUND = 2
    """Play these samples, in place of what was to be played there."""
    LAST_WORDS = 3
    """Keep these samples, and play them when the coach is lost."""
    END = 4
    """The session is over: close the microphone. If the first sample is 1, it ended in a fault that
    the phone has to tell."""


def frame(kind: Kind, first: int = 0, samples: NDArray[np.float32] | None = None) -> bytes:
    """Write a frame to the phone, with samples from -1 to 1."""
    if samples is None:
        return HEADER.pack(kind, first, 0)
    numbers = np.rint(np.clip(samples, -1, 1) * FULL_SCALE).astype("<i2")
    return HEADER.pack(kind, first, len(numbers)) + numbers.tobytes()


@dataclass(frozen=True)
class Report:
    """What a phone heard and played."""

    first: int
    """The number of its first sample since the session began."""
    missed: int
    """Samples so far for which it had nothing to play."""
    microphone: NDArray[np.float32]
    """Shape (n,), from -1 to 1."""
    played: NDArray[np.float32]
    """Shape (n,): what it played while it heard that."""

    @classmethod
    def parse(cls, body: bytes) -> Report | None:
        """Read a report; None if it is none."""
        if len(body) < HEADER.size:
            return None
        first, missed, count = HEADER.unpack_from(body)
        if count > LONGEST_REPORT or len(body) != HEADER.size + 4 * count:
            return None
        numbers = np.frombuffer(body, "<i2", offset=HEADER.size) / FULL_SCALE
        microphone, played = numbers.astype(np.float32).reshape(2, count)
        return cls(first, missed, microphone, played)

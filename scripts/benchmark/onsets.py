"""When words began in a recording, against when they were to begin: the lateness of each cue.

Where a recording began, and how much silence a word has at its head, is not known; both are the
same every time a word is said. So a cue's lateness is told against the median of its own word, and
the clock's drift is the slope of all that over the time.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from benchmark.intervals import Z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

QUIET = 1e-3
"""Amplitude below which nothing sounds."""
SILENCE = 0.25
"""Seconds of quiet before a sound that begins."""
NEAR = 0.4
"""Seconds around its planned time in which a cue's sound is looked for."""

FEWEST = 5
"""Cues without which no slope is told."""


def onsets(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Give the seconds at which a sound begins after silence."""
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    if not len(loud):
        return np.zeros(0)
    first = np.diff(loud, prepend=-rate) > SILENCE * rate
    return loud[first] / rate


def lateness(
    planned: Sequence[tuple[float, str]], found: NDArray[np.float64]
) -> tuple[list[float], list[float]]:
    """Give when each cue was planned, and by how many seconds it came late against its median.

    `planned` holds each cue's time on a clock of its own, and its words. Cues without a sound near
    them are left out; there must not be many.
    """
    if not planned or not len(found):
        return [], []
    times = np.array([at for at, _ in planned])

    def hits(offset: float) -> int:
        return int(np.sum(np.min(np.abs(found[:, None] - times - offset), axis=0) < NEAR / 2))

    offset = max((onset - times[0] for onset in found), key=hits)
    by_word: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for at, word in planned:
        nearest = float(found[np.argmin(np.abs(found - at - offset))])
        if abs(nearest - at - offset) < NEAR:
            by_word[word].append((at, nearest - at - offset))
    late = sorted(
        (at, delay - float(np.median([each for _, each in said])))
        for said in by_word.values()
        for at, delay in said
    )
    return [at for at, _ in late], [delay for _, delay in late]


def drift(planned: Sequence[float], late: Sequence[float]) -> tuple[float, float]:
    """Give by how many seconds the cues run away in an hour, and how far that may be off (95 %)."""
    if len(planned) < FEWEST:
        return math.nan, math.nan
    slope, spread = np.polyfit(planned, late, 1, cov=True)
    return 3600 * float(slope[0]), 3600 * Z * float(np.sqrt(spread[0, 0]))

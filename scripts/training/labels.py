"""What the network is told of each block: whether somebody is heard, and whether that counts.

A sound is heard where it stands out, in a quarter of the bands of hearing, from everything else in
the room but the coach, and is not just the ringing of what was. Between that and nothing lies what
may be judged either way: its weight is zero. So is that of the closure within a word ("sto-p"),
which is part of a voice and yet silence.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCK
from voice_coach.hearing.vad import EDGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Flags = NDArray[np.bool_]
    Levels = NDArray[np.float64]

CLEAR, LOST = 6.0, 0.0
"""Decibels above the rest of the room from which on a band is heard, and up to which it is not."""
ENOUGH, FEW = 5, 1
"""Bands that must be heard, and up to which a sound is not: a voice is heard through the rush of a
shower by its low bands alone."""
RINGING, OVER = -22.0, -38.0
"""Decibels against the loudest within `AROUND` from which on a sound is heard as such, and up to
which nothing of it is left."""
AROUND = 25
"""Blocks: half a second."""
CLOSURE = 8
"""Blocks that a word's closure lasts at most: 0.16 s."""


def heard(sound: Samples, rest: Samples) -> tuple[Flags, Flags]:
    """Tell of each block whether `sound` is heard beside the `rest`, and whether that is certain.

    Blocks are as the canceller's measures are: what ends with a block, over two of them.
    """
    level = levels(sound)
    clear = _bands(sound) - _bands(rest)
    padded = np.pad(level, AROUND, constant_values=-np.inf)
    loudest = np.max(np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1), axis=1)
    is_heard = (np.sum(clear > CLEAR, axis=1) >= ENOUGH) & (level - loudest > RINGING)
    is_not = (np.sum(clear > LOST, axis=1) <= FEW) | (level - loudest < OVER)
    return is_heard, is_heard | (is_not & ~_closures(is_heard))


def _bands(samples: Samples) -> Levels:
    """Give the level of each block and the one before in the bands of hearing, in dB."""
    padded = np.concatenate((np.zeros(BLOCK, np.float32), samples))
    both = np.lib.stride_tricks.sliding_window_view(padded, 2 * BLOCK)[::BLOCK]
    power = np.abs(np.fft.rfft(both * np.sqrt(np.hanning(2 * BLOCK)))) ** 2
    bands = np.add.reduceat(power, EDGES, axis=1)[:, :-1]
    return np.asarray(10 * np.log10(bands + 1e-9))


def levels(samples: Samples) -> Levels:
    """Give the level of each block and the one before, in dB of full scale, at least -120."""
    squares = np.mean(samples.astype(np.float64).reshape(-1, BLOCK) ** 2, axis=1)
    both = (squares + np.concatenate(([0.0], squares[:-1]))) / 2
    return np.asarray(10 * np.log10(both + 1e-12))


def _closures(flags: Flags) -> Flags:
    """Find the gaps of at most `CLOSURE` blocks."""
    closures = np.zeros_like(flags)
    found = np.flatnonzero(flags)
    for before, after in pairwise(found):
        if after - before <= CLOSURE + 1:
            closures[before + 1 : after] = True
    return closures

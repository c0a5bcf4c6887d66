"""A microphone with a clock of its own, which can be spoilt: it lives, and cannot hear.

It takes what sounds in the room and writes it into the pipe from which the sound server reads. How
fast samples come is up to the writer, so a clock that drifts is real for every part of the coach.
"""

from __future__ import annotations

import fcntl
import os
from threading import Thread
from typing import IO, TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 48_000
"""Samples a second that the room gives."""
PIPE = 1 << 14
"""Bytes that wait in the pipe at most, 85 ms: what waited longer would be an echo of its own."""
Spoilt = Literal["", "constant", "last_bit", "repeat", "hum"]
"""What it gives instead of the room."""


class Microphone:
    """Writes the room into a pipe until the room ends."""

    def __init__(self, room: IO[bytes], pipe: Path, drift: float) -> None:
        """Take the room's samples, float32, and by how many millionths its clock is too fast."""
        self.spoilt: Spoilt = ""
        self.background = np.zeros(1, np.float32)
        """What it hears besides the room, at RATE, over and over."""
        self._room = room
        self._pipe = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE)
        self._clock = Clock(drift)
        self._number = 0
        """Samples that were given."""
        self._rng = np.random.default_rng(1)
        self._repeated = self._rng.normal(0, 0.01, RATE // 50).astype(np.float32)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait until it has ended; the room must have."""
        self._thread.join()
        self._room.close()
        os.close(self._pipe)

    def _run(self) -> None:
        rest = b""
        while piece := os.read(self._room.fileno(), 1 << 16):
            whole = (len(rest) + len(piece)) // 4 * 4
            samples = np.frombuffer((rest + piece)[:whole], np.float32)
            rest = (rest + piece)[whole:]
            heard = self._clock.resample(samples)
            at = (self._number + np.arange(len(heard))) % len(background := self.background)
            given = self._spoil(heard + background[at])
            self._number += len(given)
            try:
                os.write(self._pipe, given.tobytes())
            except BlockingIOError:
                pass  # nobody listens
            except BrokenPipeError:
                return

    def _spoil(self, heard: Samples) -> Samples:
        if not self.spoilt:
            return heard
        at = self._number + np.arange(len(heard))
        make: dict[Spoilt, Callable[[], NDArray[np.floating]]] = {
            "constant": lambda: np.full(len(at), 5 / 2**15),
            "last_bit": lambda: self._rng.integers(0, 2, len(at)) / 2**15,
            "repeat": lambda: self._repeated[at % len(self._repeated)],
            "hum": lambda: 0.95 * np.sin(2 * np.pi * 50 * at / RATE),
        }
        return make[self.spoilt]().astype(np.float32)


class Clock:
    """Samples as a clock counts them that is faster than another by so many millionths.

    Between two samples it takes the cubic through four. At 48 kHz that is true to -62 dB at 3 kHz
    and to -37 dB at 7 kHz, where speech has little.
    """

    def __init__(self, drift: float) -> None:
        self._step = 1 / (1 + drift * 1e-6)
        self._next = 1.0
        """Where the next sample lies in what is kept."""
        self._kept = np.zeros(1, np.float32)

    def resample(self, samples: Samples) -> Samples:
        """Give what it would have counted meanwhile."""
        self._kept = np.concatenate((self._kept, samples))
        count = max(0, int(np.ceil((len(self._kept) - 2 - self._next) / self._step)))
        places = self._next + self._step * np.arange(count)
        whole = places.astype(int)
        share = places - whole
        a, b, c, d = (self._kept[whole + offset] for offset in (-1, 0, 1, 2))
        cubic = 2 * b + share * (
            c - a + share * (2 * a - 5 * b + 4 * c - d + share * (3 * (b - c) + d - a))
        )
        after = self._next + self._step * count
        used = int(after) - 1
        self._kept, self._next = self._kept[used:], after - used
        halved: Samples = (cubic / 2).astype(np.float32)
        return halved

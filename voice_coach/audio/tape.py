"""Keeps the sound of a session, for whoever asks for it: microphone left, loudspeaker right.

It stands around the ear and hands on all that passes. A thread of its own writes, so a disk that is
slow, full or gone costs the tape and nothing else.
"""

from __future__ import annotations

import wave
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE, Trouble
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray
    from typing_extensions import Self

    from voice_coach.audio.ear import Ear
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

LONGEST = 3600
"""Seconds of one tape: 230 MB; then it ends."""
PATIENCE = 5.0
"""Seconds the last of it may take to be written."""
PIECE = 50
"""Blocks that are written at once: a second."""


class TapeUnavailable(Trouble):
    """The sound is not kept whole; the message is one sentence."""


class Tape:
    """A WAV file that grows while an ear hears."""

    def __init__(self, path: Path) -> None:
        self.trouble: TapeUnavailable | None = None
        """Why not all is kept; None if it is."""
        self._path = path
        self._queue: Queue[NDArray[np.float32] | None] = Queue()
        self._thread = Thread(target=self._write, name="tape", daemon=True)

    def around(self, ear: Ear) -> Ear:
        """Give an ear that hears what `ear` does, and keeps it."""
        return _TapedEar(ear, self._keep)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write what waits to be written, if the disk takes it in time."""
        self._queue.put(None)
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            self.trouble = TapeUnavailable(f"The disk with {self._path} does not answer.")

    def _keep(self, piece: NDArray[np.float32]) -> None:
        if self._thread.is_alive():  # what a tape that has ended is given would fill the memory
            self._queue.put(piece)

    def _write(self) -> None:
        try:
            private_folder(self._path.parent)
            with private_file(self._path).open("wb") as file, wave.open(file, "wb") as sound:
                sound.setnchannels(2)
                sound.setsampwidth(2)
                sound.setframerate(SAMPLE_RATE)
                self._fill(sound)
        except OSError as error:
            self.trouble = TapeUnavailable(
                f"The sound cannot be kept in {self._path} ({error.strerror or error}): "
                "make room and make its folder writable."
            )

    def _fill(self, sound: wave.Wave_write) -> None:
        pieces: list[NDArray[np.float32]] = []
        going_on = True
        while going_on:
            piece = self._queue.get()
            going_on = piece is not None and sound.getnframes() < LONGEST * SAMPLE_RATE
            if piece is not None:
                pieces.append(piece)
            if pieces and (len(pieces) >= PIECE or not going_on):
                samples = np.clip(np.concatenate(pieces), -1, 1) * 32767
                sound.writeframes(samples.astype("<i2").tobytes())
                pieces.clear()


class _TapedEar:
    def __init__(self, ear: Ear, keep: Callable[[NDArray[np.float32]], None]) -> None:
        self._ear = ear
        self._keep = keep

    @property
    def level(self) -> float | None:
        return self._ear.level

    def listen(self, commands: AbstractSet[Command]) -> None:
        self._ear.listen(commands)

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        self._keep(np.stack((microphone, far_end), axis=1))
        return self._ear.hear(microphone, far_end)

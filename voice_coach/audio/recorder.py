"""Records the sound of a session, if it is asked for: microphone left, loudspeaker right.

The recorder wraps the listener and passes everything on. It writes in a thread of its own, so a
slow, full or lost disk costs the recording and nothing else.
"""

from __future__ import annotations

import wave
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.hearing_thread import ListenerAround
from voice_coach.background import BackgroundWriter
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from typing_extensions import Self

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core.events import Event

LONGEST = 3600
"""Seconds of one recording: 230 MB; then it ends."""
PIECE = 50
"""Blocks that are written at a time: a second."""


class AudioRecorderUnavailable(CoachError):
    """The sound is not kept whole; the message is one sentence."""


class AudioRecorder:
    """A WAV file that grows while a listener hears."""

    def __init__(self, path: Path) -> None:
        self.trouble: AudioRecorderUnavailable | None = None
        """Why not all is kept; None if it is."""
        self._path = path
        self._writer = BackgroundWriter("audio recorder", self._write)

    def around(self, listener: BlockListener) -> BlockListener:
        """Give a listener that records, and passes everything on to `listener`."""
        return _RecordedListener(listener, self._writer.put)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write what waits to be written, if the disk takes it in time."""
        if not self._writer.close():
            self.trouble = AudioRecorderUnavailable(f"The disk with {self._path} does not answer.")

    def _write(self, blocks: Iterator[NDArray[np.float32]]) -> None:
        try:
            private_folder(self._path.parent)
            with private_file(self._path).open("wb") as file, wave.open(file, "wb") as sound:
                sound.setnchannels(2)
                sound.setsampwidth(2)
                sound.setframerate(SAMPLE_RATE)
                self._fill(sound, blocks)
        except OSError as error:
            self.trouble = AudioRecorderUnavailable(
                f"The sound cannot be kept in {self._path} ({error.strerror or error}): "
                "make room and make its folder writable."
            )

    def _fill(self, sound: wave.Wave_write, blocks: Iterator[NDArray[np.float32]]) -> None:
        while piece := list(islice(blocks, PIECE)):
            samples = np.clip(np.concatenate(piece), -1, 1) * 32767
            sound.writeframes(samples.astype("<i2").tobytes())
            if sound.getnframes() >= LONGEST * SAMPLE_RATE:
                return


class _RecordedListener(ListenerAround):
    def __init__(
        self, listener: BlockListener, keep: Callable[[NDArray[np.float32]], None]
    ) -> None:
        super().__init__(listener)
        self._keep = keep

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        self._keep(np.stack((microphone, far_end), axis=1))
        return super().hear(microphone, far_end)

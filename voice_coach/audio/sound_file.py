"""Writes a rendered routine as a file: WAV itself, FLAC, MP3 and Ogg through soundfile.

The file appears when it is complete and replaces one of that name. Until then nothing is touched,
so a full disk or an interruption does not cost what was there.
"""

from __future__ import annotations

import io
import os
import sys
import wave
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from voice_coach.audio import chapters as marks
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.audio.chapters import Chapter

KINDS = (".wav", ".flac", ".mp3", ".ogg")
"""How the name of a file may end, and what is written then."""

PIECE = SAMPLE_RATE
"""Samples written at a time: libsndfile 1.2.2 crashes when it is given minutes of Ogg at once."""


class Unwritable(CoachError):
    """A sound file cannot be written; the message says which, why and what to do."""


@contextmanager
def sound_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` at the end of the ``with``, or else never was.

    Raises ``Unwritable`` at once if nothing of that name or kind can be written here.
    """
    if kind(path) != ".wav":
        _soundfile()
    if path.is_dir():
        raise Unwritable(f"{path} is a folder; name a file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise Unwritable(
            f"{path} cannot be written: {error.strerror or error}; nothing was changed"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def kind(path: Path) -> str:
    """Give the one of ``KINDS`` that `path` is, or raise ``Unwritable``."""
    if (suffix := path.suffix.lower()) in KINDS:
        return suffix
    *others, last = KINDS
    raise Unwritable(
        f"{path} tells no kind of sound; end its name in {', '.join(others)} or {last}"
    )


def encoded(samples: NDArray[np.float32], chapters: Sequence[Chapter], suffix: str) -> bytes:
    """Give the whole content of a file of one of ``KINDS``; `samples` are at SAMPLE_RATE."""
    if suffix == ".wav":
        return marks.in_wav(_wav(samples), chapters, SAMPLE_RATE)
    file = io.BytesIO()
    wanted = {"samplerate": SAMPLE_RATE, "channels": 1, "format": suffix.removeprefix(".").upper()}
    with _soundfile().SoundFile(file, "w", **wanted) as writer:
        for at in range(0, len(samples), PIECE):
            writer.write(samples[at : at + PIECE])
    sound = file.getvalue()
    if suffix == ".mp3":
        return marks.in_mp3(sound, chapters, len(samples) / SAMPLE_RATE)
    return marks.in_flac(sound, chapters) if suffix == ".flac" else marks.in_ogg(sound, chapters)


def _wav(samples: NDArray[np.float32]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _soundfile() -> Any:
    try:
        import soundfile  # noqa: PLC0415 - an extra; a .wav needs none
    except (ImportError, OSError):
        raise Unwritable(
            "Only .wav can be written without the soundfile library; install it: "
            f"{sys.executable} -m pip install soundfile"
        ) from None
    return soundfile

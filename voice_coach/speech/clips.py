"""A sentence is rendered once, trimmed and levelled like all others, and kept.

Every clip is finished the same way, whatever engine spoke it. It starts 10 ms before the first
sound and ends 60 ms after the last, so that a cue's onset is exactly when it was planned and the
end of a clip is the end of speech. It is brought to one loudness, so that no sentence is lost
beneath the others, and so that the echo of the coach's voice in the microphone, which hearing
must see through, is the same for all.

A clip is whole 16-bit samples from the start: what is kept on disk and what is played the first
time are the same numbers. Files are named after all that decides their sound and sealed with a
digest, so that a damaged file counts as no file. A disk that is full or read-only costs only time.
Of more than ``LIMIT`` bytes those that were not used for longest are deleted.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import stat
import struct
import tempfile
import time
import wave
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError
from voice_coach.plain_files import read_plain
from voice_coach.private import private_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOG = logging.getLogger(__name__)

CACHE = Path(platformdirs.user_cache_dir("voice-coach", appauthor=False))
"""Where rendered clips are kept; all of it can be deleted at any time."""

FORMAT = 2
"""Raise it when clips are rendered, finished or kept in another way: no old file is read then."""

LEAD = SAMPLE_RATE * 10 // 1000
"""Samples before the first sound: 10 ms, so that a soft consonant keeps its beginning."""
TAIL = SAMPLE_RATE * 60 // 1000
"""Samples after the last sound: 60 ms, so that the last word dies away."""
FRAME = SAMPLE_RATE * 20 // 1000
"""Samples over which loudness is judged: 20 ms, about one syllable's core."""

SPEECH_LEVEL = 10 ** (-23 / 20)
"""RMS of the speech in a clip: 23 dB below full scale, the loudness broadcasters agreed on.

Measured peaks of sentences lie 11-18 dB above it: these reach it unclipped, and there is room left
for a person who asks for a louder voice. Of the Spanish clips 2 % have a vowel that is louder, and
are up to 1.6 dB softer for it.
"""
PEAK_LEVEL = 10 ** (-3 / 20)
"""Highest sample of any clip: the echo canceller cannot remove what a loudspeaker distorts."""
ACTIVE = 10 ** (-20 / 10)
"""A frame with less than this part of the strongest frame's power is a pause, not speech."""
SOUND = 10 ** (-50 / 20)
"""A sample above this part of the peak belongs to the sentence; below it is silence."""
MUTE = 10 ** (-60 / 20)
"""A rendering whose peak is no higher than this is silence."""

LIMIT = 300_000_000
"""Bytes of clips that are kept: all routines at one rate take about 40 MB, and there are some rates
and voices."""
KEPT_SHARE = 0.9
"""Share of the limit that is kept when it is reached, so that clips are seldom counted."""
LARGEST = 20_000_000
"""Bytes that a clip's file may have: ten minutes, longer than any sentence."""
USED_AGAIN = 24 * 3600
"""Seconds after which a clip that is used is marked as used again; at once would wear the disk."""

SEAL = b"seal" + struct.pack("<I", hashlib.sha256().digest_size)
"""Head of the last chunk of a kept file: a name and a length, as in any RIFF chunk."""
SEALED = len(SEAL) + hashlib.sha256().digest_size
"""Bytes of that chunk."""


class VoiceUnavailable(CoachError):
    """The coach cannot speak; the message is one sentence for the person."""


@dataclass(frozen=True, eq=False)
class SpeechClip:
    """A sentence that can be played."""

    text: str
    samples: NDArray[np.float32]
    """SAMPLE_RATE a second, one channel, -1 to 1; never written to."""

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return len(self.samples) / SAMPLE_RATE

    @classmethod
    def from_pcm(cls, text: str, pcm: NDArray[np.int16]) -> SpeechClip:
        """Make the clip of finished 16-bit samples."""
        samples = np.divide(pcm, 32768, dtype=np.float32)
        samples.flags.writeable = False
        return cls(text, samples)


def finished(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Trim, level and round what an engine rendered; empty if there is nothing to hear in it."""
    peak = float(np.max(np.abs(samples), initial=0))
    if peak <= MUTE:
        return np.zeros(0, np.int16)
    sounding = np.flatnonzero(np.abs(samples) > peak * SOUND)
    start, end = int(sounding[0]) - LEAD, int(sounding[-1]) + 1 + TAIL
    speech = np.pad(samples[max(start, 0) : end], (max(-start, 0), max(end - len(samples), 0)))
    gain = min(SPEECH_LEVEL / speech_rms(speech), PEAK_LEVEL / peak)
    pcm: NDArray[np.int16] = np.rint(speech * (gain * 32768)).astype(np.int16)
    return pcm


def speech_rms(samples: NDArray[np.float32]) -> float:
    """Give the root mean square of the frames that hold speech; pauses do not count."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    return float(np.sqrt(np.mean(power[power >= ACTIVE * np.max(power)])))


def clip_key(voice: str, text: str, rate: int) -> str:
    """Name a clip after all that decides how it sounds: engine and voice, text, words a minute."""
    return hashlib.sha256(f"{FORMAT}\n{voice}\n{rate}\n{text}".encode()).hexdigest()


class ClipStore:
    """Finished clips on disk, as WAV files that any player plays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._warned = False
        self._size: int | None = None
        """Bytes in the folder; None before they are counted."""

    def load(self, key: str) -> NDArray[np.int16] | None:
        """Give the samples kept under `key`, or None; a damaged file is removed."""
        path = self._path(key)
        try:
            content = read_plain(path, LARGEST)
        except OSError:
            return None
        wav, seal = content[:-SEALED], content[-SEALED:]
        if seal != _seal(key, wav):
            LOG.warning("the kept clip %s is damaged and will be rendered again", path)
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):  # the disk may be read-only
            if time.time() - path.stat().st_mtime > USED_AGAIN:
                os.utime(path)
        with wave.open(io.BytesIO(wav)) as sound:
            return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.int16)

    def save(self, key: str, pcm: NDArray[np.int16]) -> None:
        """Keep these samples under `key`; where that is impossible, warn once and go on."""
        try:
            content = _sealed_wav(key, pcm)
            self._write(self._path(key), content)
            self._make_room(len(content))
        except OSError as error:
            if not self._warned:
                self._warned = True
                LOG.warning(
                    "rendered speech cannot be kept in %s (%s): the coach works,"
                    " but will start more slowly next time",
                    self._folder,
                    error.strerror or error,
                )

    def _make_room(self, added: int) -> None:
        """Delete what was not used for longest, if there is too much."""
        if self._size is not None:
            self._size += added
        if self._size is None or self._size > LIMIT:
            with os.scandir(self._folder) as entries:
                files = [(e.stat(follow_symlinks=False), Path(e.path)) for e in entries]
            files = [(status, path) for status, path in files if stat.S_ISREG(status.st_mode)]
            self._size = sum(status.st_size for status, _ in files)
            if self._size <= LIMIT:
                return
            for status, path in sorted(files, key=lambda file: file[0].st_mtime):
                if self._size <= LIMIT * KEPT_SHARE:
                    break
                path.unlink(missing_ok=True)
                self._size -= status.st_size

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.wav"

    def _write(self, path: Path, content: bytes) -> None:
        # Written aside and renamed: no reader ever sees half a file.
        private_folder(self._folder)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            try:
                part.write(content)
                part.close()
                Path(part.name).replace(path)
            except OSError:
                with suppress(OSError):
                    Path(part.name).unlink()
                raise


def clip_store() -> ClipStore:
    """Open the store of rendered clips."""
    return ClipStore(CACHE / "clips")


def _sealed_wav(key: str, pcm: NDArray[np.int16]) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes(pcm.astype("<i2").tobytes())
    wav = bytearray(buffer.getvalue())
    # The seal is one more chunk, which players pass over; RIFF's own length must count it.
    wav[4:8] = struct.pack("<I", len(wav) - 8 + SEALED)
    return bytes(wav) + _seal(key, bytes(wav))


def _seal(key: str, wav: bytes) -> bytes:
    return SEAL + hashlib.sha256(key.encode() + wav).digest()

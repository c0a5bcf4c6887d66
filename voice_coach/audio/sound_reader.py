"""Reads sound files of any common kind, as the coach hears: one channel at SAMPLE_RATE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import miniaudio
import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError
from voice_coach.plain_files import read_plain

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


LARGEST = 500_000_000
"""Bytes that a sound file may have: all of it is held in memory."""
LONGEST = 4 * 3600
"""Seconds that a sound may last: a small file may hold much silence."""
MOST_SAMPLES = 350_000_000
"""Samples of all channels that it may have: an hour of two channels at 48 kHz. They need 1.4 GB."""
LARGEST_RATIO = 256
"""By how much the converter can raise a rate."""


class Unreadable(CoachError):
    """A sound file cannot be read; the message says which, why and what to do."""


def read_sound(path: Path) -> NDArray[np.float32]:
    """Read WAV, FLAC, MP3 or Ogg Vorbis at any rate; channels are averaged.

    Gives samples from -1 to 1 at SAMPLE_RATE; raises ``Unreadable``.
    """
    try:
        encoded = read_plain(path, LARGEST)
        # Asked for the file's own rate and channels; the resampler here is the better one.
        info = miniaudio.get_file_info(str(path))
        if info.duration > LONGEST:
            raise Unreadable(f"{path} is longer than {LONGEST // 3600} hours: cut it.")
        if info.num_frames * info.nchannels > MOST_SAMPLES:
            raise Unreadable(f"{path} needs too much memory: cut it, or give it one channel.")
        sound = miniaudio.decode(
            encoded, miniaudio.SampleFormat.FLOAT32, info.nchannels, info.sample_rate
        )
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}; name a sound file.") from None
    except (miniaudio.DecodeError, ValueError):
        raise Unreadable(
            f"{path} is no WAV, FLAC, MP3 or Ogg Vorbis file, or a damaged one: convert it to WAV."
        ) from None
    samples = np.frombuffer(sound.samples, np.float32).reshape(-1, sound.nchannels).mean(axis=1)
    ratio = SAMPLE_RATE / sound.sample_rate
    if ratio > LARGEST_RATIO:
        raise Unreadable(
            f"{path} has {sound.sample_rate} samples a second, too few for speech: record it anew."
        )
    if ratio != 1:
        samples = samplerate.resample(samples, ratio)
    finite: NDArray[np.float32] = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    return finite.astype(np.float32)

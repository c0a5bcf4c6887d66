"""The loudspeaker alone: plays a finished sound and hears nothing."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import samplerate

from voice_coach.audio.channels import fill
from voice_coach.audio.sound_system import (
    NoSoundDevice,
    accepted_format,
    find_loudspeaker,
    open_stream,
    within,
)
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.audio.sound_system import Found

LATENCY = 0.2
"""Seconds of sound that are buffered: nobody is answered here, so gaps are worse than delay."""
OPENING, CLOSING = 5.0, 1.0
"""Seconds the sound system may take to open the loudspeaker, and to close it."""
STALL = 3.0
"""Seconds without a callback after which the loudspeaker counts as lost."""


def loudspeaker_present() -> Found:
    """Give the loudspeaker that would be used; raises NoSoundDevice if there is none."""
    return within(OPENING, find_loudspeaker)


def play(samples: NDArray[np.float32]) -> None:
    """Play `samples`, which are at SAMPLE_RATE, to their end; raises NoSoundDevice.

    An interruption from the keyboard silences it at once and is passed on.
    """
    loudspeaker = loudspeaker_present()
    form = within(OPENING, accepted_format, loudspeaker, loudspeaker.rate)
    sound = samplerate.resample(samples, form.rate / SAMPLE_RATE)
    alive, over = Event(), Event()
    played = 0

    def callback(speaker: NDArray[np.float32], frames: int, *_: object) -> None:
        nonlocal played
        part = sound[played : played + frames]
        fill(speaker, part)
        played += frames
        alive.set()
        if played >= len(sound):
            over.set()

    stream = within(OPENING, open_stream, loudspeaker, form, LATENCY, callback, over.set)
    end = stream.abort
    try:
        while not over.is_set():
            if not alive.wait(STALL):
                raise NoSoundDevice(
                    "The loudspeaker stopped: see that it is plugged in and switched on, "
                    "and start again."
                )
            alive.clear()
        end = stream.stop
    finally:
        within(CLOSING, end)
        within(CLOSING, stream.close)

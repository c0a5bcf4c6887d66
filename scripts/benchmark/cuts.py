"""Cuts a tone on the live stage again and again, and prints when each cut was asked for.

Given how often. The times are those of ``time.monotonic``, which all processes share.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from voice_coach.audio.device import Device
from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.mixer import Mixer
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import SpeechClip

SECONDS = 1.0
"""The tone's length."""
PLACES = (0.3, 0.7)
"""Seconds into it at which it is cut, at least and at most."""


def main(times: int) -> None:
    """Play and cut."""
    rng = np.random.default_rng(1)
    tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE)
    clip = SpeechClip("tone", tone.astype(np.float32))
    with Device(Mixer(), DeafListener()) as device:
        now = 0.0
        for number in range(times):
            device.play(number, clip, at=now)
            until = now + rng.uniform(*PLACES)
            while now < until:
                _, now = device.wait(until)
            device.cut()
            sys.stdout.write(f"{time.monotonic()}\n")
            until = now + SECONDS
            while now < until:
                _, now = device.wait(until)


if __name__ == "__main__":
    main(int(sys.argv[1]))

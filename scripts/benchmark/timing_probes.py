"""Programs whose sound is timed, each in a process of its own: session, tutorial or cuts.

    ROUTINE FOLDER          a session as ``voice-coach run`` leads it
    tutorial FILE S TIMES   as tutorials keep time: a sentence, then sleep for the rest of S seconds
    cuts TIMES              cuts a tone again and again, and prints when each cut was asked for

The file holds samples (16 kHz mono float32). Times are those of ``time.monotonic``, which all
processes share.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE

SECONDS = 1.0
"""The tone's length."""
PLACES = (0.3, 0.7)
"""Seconds into it at which it is cut, at least and at most."""


def session(routine: str) -> None:
    """Lead a session."""
    from voice_coach.app import (  # noqa: PLC0415 - the other probes need none of it
        LiveOptions,
        run_live,
    )
    from voice_coach.catalogue import read_language  # noqa: PLC0415
    from voice_coach.core.config import SessionConfig  # noqa: PLC0415

    config = SessionConfig(language=read_language(), routine=routine)
    run_live(config, LiveOptions(), announce=print, leave=os.abort)


def tutorial(file: str, seconds: str, times: str) -> None:
    """Play a sentence, wait for its end, sleep for the rest of the breath."""
    import sounddevice  # noqa: PLC0415 - it needs a sound system

    clip = np.fromfile(file, np.float32)
    for _ in range(int(times)):
        sounddevice.play(clip, SAMPLE_RATE)
        sounddevice.wait()
        time.sleep(float(seconds) - len(clip) / SAMPLE_RATE)


def cuts(times: int) -> None:
    """Play and cut."""
    from voice_coach.audio.device import Device  # noqa: PLC0415 - it needs a sound system
    from voice_coach.audio.hearing_thread import DeafListener  # noqa: PLC0415
    from voice_coach.audio.mixer import Mixer  # noqa: PLC0415
    from voice_coach.speech.clips import SpeechClip  # noqa: PLC0415

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
    match sys.argv[1:]:
        case ["tutorial", file, seconds, times]:
            tutorial(file, seconds, times)
        case ["cuts", times]:
            cuts(int(times))
        case [routine, _folder]:
            session(routine)

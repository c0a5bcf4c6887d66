"""Words and rooms for the recognisers: speech of eSpeak NG, and the noise of an empty room."""

from __future__ import annotations

import numpy as np
from benchmark.synthesisers import speak

from voice_coach.core.ports import SAMPLE_RATE


def say(text, voice="en-us"):
    """Make speech of `text`, without the silence round it."""
    samples = speak("espeak", voice, text, rate=150, pitch=50)
    loud = np.flatnonzero(np.abs(samples) > 1e-3)
    return samples[loud[0] : loud[-1] + 1]


def room(seconds, loudness=3e-4):
    """Make the sound of an empty room."""
    noise = np.random.default_rng(0).standard_normal(round(seconds * SAMPLE_RATE))
    return (noise * loudness).astype(np.float32)

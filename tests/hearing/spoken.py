"""Words and rooms for the recognisers: speech of eSpeak NG, and the noise of an empty room."""

from __future__ import annotations

import io
import subprocess
import wave

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE


def say(text, voice="en-us"):
    """Make speech of `text`, without the silence round it."""
    command = ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(spoken)) as sound:
        rate = sound.getframerate()
    samples = np.frombuffer(spoken[44:], "<i2").astype(np.float32) / 32768
    samples = samplerate.resample(samples, SAMPLE_RATE / rate)
    loud = np.flatnonzero(np.abs(samples) > 1e-3)
    return samples[loud[0] : loud[-1] + 1]


def room(seconds, loudness=3e-4):
    """Make the sound of an empty room."""
    noise = np.random.default_rng(0).standard_normal(round(seconds * SAMPLE_RATE))
    return (noise * loudness).astype(np.float32)

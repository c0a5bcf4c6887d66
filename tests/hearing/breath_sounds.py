"""Sounds for the breath detector, each of so many seconds and so loud."""

from __future__ import annotations

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE


def still(seconds, level=0.0003):
    """Give the noise of a quiet room."""
    noise = np.random.default_rng(1).standard_normal(round(seconds * SAMPLE_RATE))
    return (level * noise).astype(np.float32)


def air(seconds, onset, lasts, level):
    """Give one breath out, which rises in a fifth of a second and fades slowly."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE - onset
    rise, fall = np.clip(time / 0.2, 0, 1), np.clip((lasts - time) / (0.6 * lasts), 0, 1)
    noise = np.random.default_rng(2).standard_normal(len(time))
    spectrum = np.fft.rfft(noise)
    frequency = np.fft.rfftfreq(len(time), 1 / SAMPLE_RATE)
    mouth = sum(1 / (1 + ((frequency - centre) / 350) ** 2) for centre in (600, 1500, 2700))
    coloured = np.fft.irfft(spectrum * mouth, len(time))
    shaped = coloured / np.std(coloured) * np.sin(np.pi / 2 * rise) * np.sin(np.pi / 2 * fall)
    return (level * shaped).astype(np.float32)


def beeps(seconds, level):
    """Give tones with harmonics that come and go like syllables."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = 140 + 30 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 20))
    syllables = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1) * (
        np.sin(2 * np.pi * 0.4 * time) > -0.5
    )
    return (level * voice * syllables).astype(np.float32)


def crackle(seconds, level):
    """Give cloth on the microphone: short strokes and clicks."""
    rng = np.random.default_rng(3)
    size = round(seconds * SAMPLE_RATE)
    strokes = np.repeat(rng.exponential(1, size // 1600 + 1) ** 2, 1600)[:size]
    strokes *= np.repeat(rng.random(size // 800 + 1) < 0.5, 800)[:size]
    sound = rng.standard_normal(size) * strokes
    return (level * sound / np.std(sound)).astype(np.float32)

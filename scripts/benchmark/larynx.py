"""A voice made of its parts: vocal cords with a pitch, and a mouth whose resonances move.

Source and filter are those of Fant ("Acoustic theory of speech production", 1960). It sings, and it
cries without words; speech comes from the synthesisers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Generator = np.random.Generator

VOWELS = {
    "a": (750.0, 1200.0, 2500.0, 3600.0),
    "e": (530.0, 1850.0, 2500.0, 3500.0),
    "i": (290.0, 2250.0, 2900.0, 3600.0),
    "o": (460.0, 850.0, 2450.0, 3400.0),
    "u": (320.0, 800.0, 2250.0, 3300.0),
    "uh": (600.0, 1170.0, 2400.0, 3500.0),
    "r": (480.0, 1350.0, 1690.0, 3300.0),
    "m": (260.0, 1050.0, 2200.0, 3200.0),
}
"""First four formants in Hz of an adult (Peterson & Barney, JASA 24, 1952, rounded)."""
_FRAME, _HOP = 512, 128
_WIDTHS = np.array((90.0, 110.0, 170.0, 250.0))
"""Widths of the formants in Hz."""


@dataclass(frozen=True)
class Cords:
    """How the vocal cords swing."""

    jitter: float = 0.01
    """Share by which the pitch wanders."""
    breath: float = 0.05
    """Air beside the tone, as a share of its amplitude."""
    roughness: float = 0.0
    """From 0 to 1: how deeply a slower swing, and chance, modulate the loudness."""
    slope: float = 1.0
    """The n-th harmonic has the amplitude n to the minus this; a pressed voice has less."""


def voice(pitch: Reals, vowels: Sequence[str], size: float, cords: Cords, rng: Generator) -> Reals:
    """Sound a voice: one `pitch` in Hz a sample, and `vowels` that follow one another evenly.

    `size` scales the formants: 1 for a man, 1.15 for a woman, 1.4 for a child.
    """
    samples = len(pitch)
    wander = _smooth_noise(samples, 25.0, rng) * cords.jitter
    phase = 2 * np.pi * np.cumsum(pitch * (1 + wander)) / SAMPLE_RATE
    highest = np.max(pitch)
    harmonics = range(1, max(2, int(7000 / highest)))
    source = np.asarray(sum(np.sin(k * phase) / k**cords.slope for k in harmonics))
    if cords.roughness:
        # Subharmonics and chaos are what makes a scream rough (Arnal et al., Current Biology 25,
        # 2015: modulation between 30 and 150 Hz).
        slow = np.sin(phase / 2) + np.sin(phase * rng.uniform(0.1, 0.3))
        chance = _smooth_noise(samples, 150.0, rng)
        source *= 1 + cords.roughness * (0.4 * slow + 0.4 * chance)
        source += cords.roughness * 0.5 * rng.standard_normal(samples)
    source += cords.breath * rng.standard_normal(samples) * np.std(source)
    return _through_mouth(source, [size * np.array(VOWELS[v]) for v in vowels])


def glide(points: Sequence[float], samples: int) -> Reals:
    """Give a line through points at even distances, geometric, for pitches."""
    where = np.linspace(0, len(points) - 1, samples)
    return np.exp(np.interp(where, np.arange(len(points)), np.log(points)))


def swell(samples: int, rise: float, fall: float) -> Reals:
    """Give the loudness of a sound that rises and falls in so many seconds, without a corner."""
    time = np.arange(samples) / SAMPLE_RATE
    up = np.clip(time / rise, 0, 1)
    down = np.clip((samples / SAMPLE_RATE - time) / fall, 0, 1)
    return np.asarray(np.sin(np.pi / 2 * up) ** 2 * np.sin(np.pi / 2 * down) ** 2)


def _smooth_noise(samples: int, rate: float, rng: Generator) -> Reals:
    corners = np.arange(0, samples + SAMPLE_RATE / rate, SAMPLE_RATE / rate)
    return np.interp(np.arange(samples), corners, rng.standard_normal(len(corners)))


def _through_mouth(source: Reals, formants: Sequence[Reals]) -> Reals:
    """Pass the source through resonances that glide from one vowel to the next."""
    window = np.sqrt(np.hanning(_FRAME + 1)[:-1])
    padded = np.concatenate((source, np.zeros(_FRAME)))
    starts = np.arange(0, len(source), _HOP)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[starts] * window
    where = np.linspace(0, len(formants) - 1, len(starts))
    centres = np.stack(
        [np.interp(where, np.arange(len(formants)), [f[k] for f in formants]) for k in range(4)], 1
    )
    frequency = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE)
    strengths = np.array((1.0, 0.6, 0.35, 0.2))[:, None]
    distance = (frequency - centres[..., None]) / _WIDTHS[:, None]
    gain = np.sum(strengths / np.sqrt(1 + distance**2), axis=1)
    shaped = np.fft.irfft(np.fft.rfft(frames) * gain) * window
    sound = np.zeros(len(padded))
    for start, frame in zip(starts, shaped, strict=True):
        sound[start : start + _FRAME] += frame
    return sound[: len(source)]

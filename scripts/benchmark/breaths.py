"""Breaths of all lengths and ways, and clothes that rustle on the microphone. All of it made here.

A breath is turbulent air: noise through a mouth, lips or a nose, whose loudness changes slowly and
flickers by some decibels. Where it blows at the microphone there is wind as well: gusts below some
200 Hz, often louder than all else. The ways that a detector is tuned on and those it is reported on
differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmark.rooms import Part

    Reals = NDArray[np.float64]
    Generator = np.random.Generator

WAYS: dict[Part, tuple[str, ...]] = {
    "tune": ("bumps", "bumps", "lips", "nose"),
    "report": ("mouth", "hiss"),
}
"""How air may sound; of each part its own."""
WIND: dict[Part, float] = {"tune": 0.5, "report": 0.4}
"""In how many breaths there is wind."""
ONSET_SHARE = 0.2
"""A breath counts as begun where its amplitude reaches this share of its largest, 14 dB below:
before that nobody hears it."""


@dataclass(frozen=True)
class Breath:
    """A breath of such a length, as one sound."""

    seconds: float
    seed: int
    part: Part
    inward: bool = False
    kind: str = "long breath"

    def make(self) -> NDArray[np.float32]:
        """Make it: 16 kHz samples of standard deviation one."""
        rng = np.random.default_rng(self.seed)
        return breath(self.seconds, rng, self.part, inward=self.inward).astype(np.float32)


def breath(seconds: float, rng: Generator, part: Part, *, inward: bool = False) -> Reals:
    """Make one breath of such a length, at any level; one in is brighter than one out."""
    size = round(seconds * SAMPLE_RATE)
    way = str(rng.choice(WAYS[part]))
    air = _coloured(rng.standard_normal(size), way, 1.35 if inward else 1.0, rng)
    corners = np.arange(0, size + SAMPLE_RATE, SAMPLE_RATE // 2)
    wander = np.interp(np.arange(size), corners, rng.uniform(-1, 1, len(corners)))
    slow = _loudness(size, rng, inward=inward) * (1 + 0.2 * wander)
    sound = _flickering(air, rng, float(rng.uniform(0.5, 4.5))) * slow
    sound /= np.std(sound) + 1e-12
    if not inward and rng.random() < WIND[part]:
        sound += 10 ** (rng.uniform(-6, 24) / 20) * wind(size, rng) * slow
    return np.asarray(sound / (np.std(sound) + 1e-12))


def wind(size: int, rng: Generator) -> Reals:
    """Blow at a microphone: low gusts that come and go several times a second."""
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    cut, corner, steep = rng.uniform(20, 120), rng.uniform(80, 350), rng.uniform(2, 4)
    amplitude = 1 / (1 + (frequency / corner) ** steep) / (1 + (cut / (frequency + 1)) ** 2)
    blown = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * amplitude, size)
    blown = _flickering(blown, rng, float(rng.uniform(1, 4)))
    return np.asarray(blown / (np.std(blown) + 1e-12))


def onset(sound: Reals) -> tuple[float, float]:
    """Give when a breath is audible, from and to, in seconds of the sound; see `ONSET_SHARE`."""
    width = SAMPLE_RATE // 10
    power = np.convolve(np.square(sound), np.full(width, 1 / width), "same")
    audible = np.flatnonzero(power > ONSET_SHARE**2 * np.max(power))
    return float(audible[0] / SAMPLE_RATE), float(audible[-1] / SAMPLE_RATE)


def rustle(seconds: float, rng: Generator, part: Part) -> Reals:
    """Rub cloth on the microphone: short strokes of noise, each with its own colour, and crackles.

    In one part the strokes are few and heavy, in the other many and light.
    """
    size = round(seconds * SAMPLE_RATE)
    sound = np.zeros(size)
    heavy = part == "tune"
    at = 0
    while at < size:
        length = int(rng.uniform(*((0.08, 0.5) if heavy else (0.04, 0.25))) * SAMPLE_RATE)
        stroke = np.asarray(rng.standard_normal(length))
        spectrum = np.fft.rfft(stroke)
        frequency = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
        corner = rng.uniform(300, 3000) if heavy else rng.uniform(800, 5000)
        stroke = np.fft.irfft(spectrum / (1 + (frequency / corner) ** 2), length)
        corners = np.arange(0, length + 320, 160)
        grain = np.interp(np.arange(length), corners, rng.exponential(1, len(corners)))
        stroke *= grain * np.hanning(length) * rng.uniform(0.3, 1)
        kept = stroke[: size - at]
        sound[at : at + len(kept)] += kept / (np.std(stroke) + 1e-12)
        at += int(length * rng.uniform(0.3, 1.5))
    crackles = rng.integers(0, size, int(seconds * rng.uniform(2, 20)))
    sound[crackles] += rng.uniform(-6, 6, len(crackles))
    return np.asarray(sound / np.std(sound))


def moving(seconds: float, rng: Generator, part: Part) -> Reals:
    """Let somebody move: steps or knees on the floor, and clothes that brush past, not touched."""
    size = round(seconds * SAMPLE_RATE)
    sound = 0.3 * rustle(seconds, rng, part) * _bursts(size, rng)
    at = int(rng.uniform(0, 0.5) * SAMPLE_RATE)
    pace = rng.uniform(0.35, 0.6) if part == "tune" else rng.uniform(0.6, 1.1)
    while at < size:
        time = np.arange(int(rng.uniform(0.1, 0.3) * SAMPLE_RATE)) / SAMPLE_RATE
        low = rng.uniform(40, 220)
        step = np.sin(2 * np.pi * low * time) * np.exp(-time / rng.uniform(0.02, 0.06))
        sole = rng.standard_normal(len(time)) * np.exp(-time / rng.uniform(0.01, 0.08))
        tread = rng.uniform(1, 4) * (step + rng.uniform(0.1, 0.8) * sole)
        kept = tread[: size - at]
        sound[at : at + len(kept)] += kept
        at += int(pace * rng.uniform(0.8, 1.3) * SAMPLE_RATE)
    return np.asarray(sound / np.std(sound))


def rush(size: int, rng: Generator) -> Reals:
    """Run water, air, wind or traffic of any colour, whose loudness wanders slowly or fast."""
    low = rng.random() < 0.25
    air = wind(size, rng) if low else _coloured(rng.standard_normal(size), "bumps", 1.0, rng)
    loudness = np.zeros(size)
    for rate in (0.3, 1.0, 3.0, 8.0):
        corners = np.arange(0, size + 2 * SAMPLE_RATE / rate, SAMPLE_RATE / rate)
        wander = np.interp(np.arange(size), corners, rng.standard_normal(len(corners)))
        loudness += rng.uniform(0, 1.2) * wander
    sound = air / np.std(air) * 10 ** (loudness / 20)
    for at in rng.integers(0, size, int(size / SAMPLE_RATE * rng.uniform(0, 30))):
        time = np.arange(int(rng.uniform(0.01, 0.05) * SAMPLE_RATE)) / SAMPLE_RATE
        tone = np.sin(2 * np.pi * rng.uniform(300, 4500) * (time + 4 * time**2))
        drop = rng.uniform(0.3, 2.5) * tone * np.exp(-time / 0.008)
        kept = drop[: size - at]
        sound[at : at + len(kept)] += kept
    return np.asarray(sound / np.std(sound))


def _flickering(sound: Reals, rng: Generator, decibels: float) -> Reals:
    """Let the loudness move by so much, as a standard deviation, from 3 to 40 times a second."""
    loudness = np.zeros(len(sound))
    for rate in (3.0, 8.0, 18.0, 40.0):
        corners = np.arange(0, len(sound) + 2 * SAMPLE_RATE / rate, SAMPLE_RATE / rate)
        loudness += np.interp(np.arange(len(sound)), corners, rng.standard_normal(len(corners)))
    return np.asarray(sound * 10 ** (decibels * loudness / np.std(loudness) / 20))


def _bursts(size: int, rng: Generator) -> Reals:
    """Come and go, in parts of a second."""
    corners = np.arange(0, size + SAMPLE_RATE, int(rng.uniform(0.15, 0.5) * SAMPLE_RATE))
    return np.interp(np.arange(size), corners, rng.exponential(1, len(corners)))


def _loudness(size: int, rng: Generator, *, inward: bool) -> Reals:
    """Rise, stay and fall; a breath in is loudest late, one out early, and often at once."""
    time = np.arange(size) / SAMPLE_RATE
    seconds = size / SAMPLE_RATE
    rise = rng.uniform(0.02, 0.25) * seconds if not inward else rng.uniform(0.3, 0.6) * seconds
    rise = min(rise, 0.7 if not inward else 1.2)
    fall = min(seconds - rise, rng.uniform(0.3, 0.8) * seconds)
    up = np.clip(time / rise, 0, 1)
    down = np.clip((seconds - time) / fall, 0, 1)
    return np.asarray(np.sin(np.pi / 2 * up) * np.sin(np.pi / 2 * down) ** rng.uniform(0.7, 1.6))


def _coloured(air: Reals, way: str, bright: float, rng: Generator) -> Reals:
    frequency = np.fft.rfftfreq(len(air), 1 / SAMPLE_RATE)
    amplitude = _COLOURS[way](np.maximum(frequency, 20.0) / bright, rng)
    return np.fft.irfft(np.fft.rfft(air) * amplitude, len(air))


def _resonances(frequency: Reals, centres: Reals, width: float) -> Reals:
    return np.asarray(np.sum(1 / (1 + ((frequency[:, None] - centres) / width) ** 2), axis=1))


def _bumps(frequency: Reals, rng: Generator) -> Reals:
    """Air through any mouth: a slope with a few broad bumps anywhere."""
    octaves = np.log2(frequency / 1000)
    level = -rng.uniform(0, 4) * np.abs(octaves)
    for _ in range(rng.integers(2, 6)):
        level += rng.uniform(2, 10) * np.exp(
            -(((octaves - rng.uniform(-2, 2.8)) / rng.uniform(0.15, 0.6)) ** 2)
        )
    return np.asarray(10 ** (level / 20))


def _lips(frequency: Reals, rng: Generator) -> Reals:
    """Blow through pursed lips."""
    return 0.1 + _resonances(frequency, rng.uniform((700, 2500), (1800, 5500)), 900.0)


def _nose(frequency: Reals, rng: Generator) -> Reals:
    """Breathe through the nose: low resonances, and a hiss far above them."""
    low = _resonances(frequency, rng.uniform((250, 900), (450, 1400)), 250.0)
    return low + rng.uniform(0.1, 0.6) * _resonances(frequency, np.array([5000.0]), 2000.0)


def _mouth(frequency: Reals, rng: Generator) -> Reals:
    """Sigh through an open mouth: the formants of a neutral vowel, made broad by the air."""
    centres = rng.uniform((400, 1000, 2300, 3700), (800, 1800, 3000, 4300))
    return 0.05 + _resonances(frequency, centres, rng.uniform(250, 450))


def _hiss(frequency: Reals, rng: Generator) -> Reals:
    """Let air out between the teeth, or softly, nearly without colour."""
    corner = rng.uniform(500, 4000)
    return np.asarray(1 / np.sqrt(1 + (corner / frequency) ** 2) / (1 + (frequency / 6500) ** 4))


_COLOURS = {"bumps": _bumps, "lips": _lips, "nose": _nose, "mouth": _mouth, "hiss": _hiss}

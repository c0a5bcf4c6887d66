"""Cries without words: synthetic ones to fit to, and acted real ones in a folder to measure with.

People in sudden pain do not say "it hurts" first. Such a cry begins within a few hundredths of a
second, lies higher than speech, glides, and is often rough (Arnal et al., "Human screams occupy a
privileged niche in the communication soundscape", Current Biology 25, 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmark.larynx import Cords, glide, swell, voice
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Generator = np.random.Generator


@dataclass(frozen=True)
class _Kind:
    """What a kind of cry may be; ranges are drawn from evenly."""

    vowels: tuple[tuple[str, ...], ...]
    seconds: tuple[float, float]
    pitch: tuple[float, float]
    """In Hz, of a man; a woman's is 1.7 times as high."""
    shape: tuple[tuple[float, ...], ...]
    """How the pitch moves, as multiples of it."""
    roughness: tuple[float, float]
    rise: tuple[float, float] = (0.01, 0.06)
    """Seconds of the onset."""


CRIES = {
    "aah": _Kind((("a",), ("uh", "a"), ("a", "uh")), (0.35, 1.2), (200, 420),
                 ((0.8, 1.15, 1, 0.75), (1.1, 1, 0.8), (0.9, 1.2, 1.2, 0.9)), (0.1, 0.6)),
    "scream": _Kind((("a",), ("a", "e"), ("e", "i")), (0.5, 1.8), (420, 750),
                    ((0.7, 1, 1.05, 0.9), (0.9, 1.1, 1, 1.05, 0.7)), (0.3, 1.0)),
    "groan": _Kind((("o",), ("uh", "o"), ("m",), ("uh", "m")), (0.5, 1.8), (95, 190),
                   ((1.1, 1.15, 0.9, 0.75), (0.9, 1, 0.95, 0.8)), (0.2, 0.8), (0.03, 0.15)),
    "ow": _Kind((("a", "a", "u"), ("a", "o", "u")), (0.25, 0.9), (180, 400),
                ((1, 1.25, 0.8), (1.2, 1.1, 0.75)), (0.0, 0.5)),
    "argh": _Kind((("a", "a", "r"), ("uh", "r"), ("a", "r", "r")), (0.35, 1.2), (140, 330),
                  ((0.9, 1.15, 0.95, 0.8), (1.1, 1, 0.85)), (0.4, 1.0)),
    "yelp": _Kind((("a",), ("e", "a"), ("a", "uh")), (0.14, 0.32), (280, 520),
                  ((0.75, 1.15, 0.85), (0.9, 1.2, 1.1)), (0.0, 0.5), (0.01, 0.03)),
    "grunt": _Kind((("uh",), ("o",), ("uh", "m")), (0.15, 0.4), (110, 240),
                   ((1.1, 1.1, 0.8), (0.9, 1.1, 0.85)), (0.3, 0.9), (0.008, 0.03)),
}  # fmt: skip


@dataclass(frozen=True)
class Cry:
    """One cry of a kind."""

    kind: str
    seed: int

    def make(self) -> NDArray[np.float32]:
        """Make it: 16 kHz samples at any level."""
        rng = np.random.default_rng([sorted(CRIES).index(self.kind), self.seed])
        return _cry(CRIES[self.kind], rng).astype(np.float32)


def _cry(kind: _Kind, rng: Generator) -> NDArray[np.float64]:
    samples = int(rng.uniform(*kind.seconds) * SAMPLE_RATE)
    woman = rng.random() < 0.5
    base = float(np.exp(rng.uniform(*np.log(kind.pitch)))) * (1.7 if woman else 1.0)
    shape = np.array(kind.shape[rng.integers(len(kind.shape))]) ** rng.uniform(0.7, 1.5)
    pitch = np.minimum(
        glide(tuple(base * shape * rng.uniform(0.95, 1.05, len(shape))), samples), 1200
    )
    cords = Cords(
        jitter=float(rng.uniform(0.01, 0.04)),
        breath=float(rng.uniform(0.02, 0.3)),
        roughness=float(rng.uniform(*kind.roughness)),
        slope=float(rng.uniform(0.4, 1.1)),
    )
    vowels = kind.vowels[rng.integers(len(kind.vowels))]
    size = float(rng.uniform(1.1, 1.25) if woman else rng.uniform(0.95, 1.08))
    sound = voice(pitch, vowels, size, cords, rng)
    return sound * swell(
        samples, rng.uniform(*kind.rise), min(rng.uniform(0.1, 0.5), samples / SAMPLE_RATE / 2)
    )


@dataclass(frozen=True)
class Singing:
    """Somebody who hums or sings a few tones to themselves."""

    seed: int

    def make(self) -> NDArray[np.float32]:
        """Make it: 16 kHz samples at any level."""
        rng = np.random.default_rng([len(CRIES), self.seed])
        root, tones = rng.uniform(110, 330), []
        for _ in range(rng.integers(3, 9)):
            samples = int(rng.uniform(0.2, 0.8) * SAMPLE_RATE)
            time = np.arange(samples) / SAMPLE_RATE
            vibrato = 1 + 0.02 * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * time)
            pitch = root * 2 ** (rng.choice((0, 2, 4, 5, 7, 9, 12)) / 12) * vibrato
            vowels = [str(v) for v in rng.choice(("m", "a", "u", "o", "e"), 2)]
            cords = Cords(breath=0.1, slope=float(rng.uniform(0.8, 1.4)))
            size = 1.0 if root < 200 else 1.15
            tones.append(voice(pitch, vowels, size, cords, rng) * swell(samples, 0.05, 0.08))
        return np.concatenate(tones).astype(np.float32)

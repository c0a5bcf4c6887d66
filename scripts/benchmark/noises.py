"""Sounds that are no speech: breaths, coughs, laughs, chairs, and a household. All of it made here.

Throat and mouth are a source (air or vocal cords) through moving resonances; things are bursts
through resonances that decay. None is a recording, so none need be kept or licensed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmark.rooms import pink
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Generator = np.random.Generator

BODY = ("breath out", "breath in", "cough", "throat", "laugh")
THINGS = ("chair", "thump", "door", "clap", "keyboard")
STEADY = ("hum", "water", "music")


@dataclass(frozen=True)
class Noise:
    """One sound of a kind."""

    kind: str
    seed: int

    def make(self) -> NDArray[np.float32]:
        """Make it: 16 kHz samples at any level."""
        rng = np.random.default_rng([*self.kind.encode(), self.seed])
        return _MAKERS[self.kind](rng).astype(np.float32)


def _time(seconds: float) -> Reals:
    return np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _swell(size: int, rise: float) -> Reals:
    """Go up for this share of the time and down for the rest, without a corner."""
    place = np.linspace(0, 1, size)
    share = np.where(place < rise, place / rise, (1 - place) / (1 - rise))
    return np.sin(np.pi / 2 * share) ** 2


def _mouth(source: Reals, starts: Reals, ends: Reals, width: float) -> Reals:
    """Pass `source` through resonances (Hz, `width` Hz wide) that glide from starts to ends."""
    frame, hop = 512, 128
    window = np.sqrt(np.hanning(frame + 1)[:-1])
    frequency = np.fft.rfftfreq(frame, 1 / SAMPLE_RATE)
    padded = np.concatenate((source, np.zeros(frame)))
    shaped = np.zeros(len(padded))
    for at in range(0, len(source), hop):
        centres = starts + (ends - starts) * at / len(source)
        gain = np.sum(1 / (1 + ((frequency[:, None] - centres) / width) ** 2), axis=1)
        spectrum = np.fft.rfft(padded[at : at + frame] * window)
        shaped[at : at + frame] += np.fft.irfft(spectrum * gain) * window
    return shaped[: len(source)]


def _cords(size: int, pitch: float, rng: Generator) -> Reals:
    """Make the pulses of vocal cords, in Hz, falling by a fifth and jittering by 3 %."""
    corners = np.arange(0, size + 800, 800)
    walk = np.interp(np.arange(size), corners, rng.standard_normal(len(corners)))
    frequency = pitch * np.linspace(1.05, 0.85, size) * (1 + 0.03 * walk)
    phase = 2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE
    harmonics = range(1, int(5000 / pitch))
    return np.asarray(sum(np.sin(k * phase) / k for k in harmonics))


def _formants(rng: Generator) -> Reals:
    return np.array([rng.uniform(400, 800), rng.uniform(1000, 1800), rng.uniform(2300, 3000), 4000])


def _breath_out(rng: Generator) -> Reals:
    time = _time(rng.uniform(0.8, 3.0))
    air = rng.standard_normal(len(time)) * _swell(len(time), 0.25)
    return _mouth(air, _formants(rng), 0.8 * _formants(rng), 350)


def _breath_in(rng: Generator) -> Reals:
    time = _time(rng.uniform(0.8, 2.0))
    air = rng.standard_normal(len(time)) * _swell(len(time), 0.6)
    return _mouth(air, 1.3 * _formants(rng), 1.6 * _formants(rng), 500)


def _cough(rng: Generator) -> Reals:
    """Burst, then decaying noise, then a voiced tail; one to three times."""
    coughs = []
    for _ in range(rng.integers(1, 4)):
        time = _time(rng.uniform(0.25, 0.4))
        air = rng.standard_normal(len(time)) * np.exp(-time / 0.06)
        air[: SAMPLE_RATE // 100] *= 3
        voice = _cords(len(time), rng.uniform(100, 250), rng)
        voice *= 0.4 * _swell(len(time), 0.6) * (time > 0.08)
        coughs += [_mouth(air + voice, _formants(rng), _formants(rng), 300)]
        coughs += [np.zeros(int(rng.uniform(0.1, 0.3) * SAMPLE_RATE))]
    return np.concatenate(coughs)


def _throat(rng: Generator) -> Reals:
    """Push a rough voice through a nearly closed mouth, once or twice."""
    parts = []
    for _ in range(rng.integers(1, 3)):
        time = _time(rng.uniform(0.25, 0.5))
        rough = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * rng.uniform(25, 40) * time))
        source = _cords(len(time), rng.uniform(80, 160), rng) * rough
        source += 0.5 * rng.standard_normal(len(time))
        parts += [_mouth(source * _swell(len(time), 0.4), _formants(rng), _formants(rng), 250)]
        parts += [np.zeros(int(rng.uniform(0.05, 0.15) * SAMPLE_RATE))]
    return np.concatenate(parts)


def _laugh(rng: Generator) -> Reals:
    """Repeated voiced pulses, four to six a second, each begun with air."""
    pitch, formants, beat = rng.uniform(130, 320), _formants(rng), rng.uniform(0.16, 0.24)
    syllables = []
    for number in range(rng.integers(3, 8)):
        time = _time(beat)
        voiced = time > 0.35 * beat
        source = _cords(len(time), pitch * 0.96**number, rng) * voiced
        source += rng.standard_normal(len(time)) * np.where(voiced, 0.1, 0.5)
        source *= _swell(len(time), 0.6) * 0.9**number
        syllables.append(_mouth(source, formants, formants, 150))
    return np.concatenate(syllables)


def _ringing(rng: Generator, low: float, high: float, decay: float, modes: int) -> Reals:
    """Let a thing ring: so many decaying tones between these Hz; `decay` in s to 1/e."""
    time = _time(6 * decay)
    tones = rng.uniform(low, high, modes)
    phases = rng.uniform(0, 2 * np.pi, modes)
    rings = np.sin(2 * np.pi * tones[:, None] * time + phases[:, None])
    return np.asarray(np.sum(rings, axis=0) * np.exp(-time / decay))


def _chair(rng: Generator) -> Reals:
    """Stick and slip: quick knocks, of changing pace, through the wood."""
    time = _time(rng.uniform(0.3, 1.2))
    pace = rng.uniform(60, 180) * (1 + 0.3 * np.sin(2 * np.pi * rng.uniform(1, 3) * time))
    knocks = np.diff(np.floor(np.cumsum(pace) / SAMPLE_RATE), prepend=0.0)
    knocks *= rng.uniform(0.4, 1, len(time))
    wood = _ringing(rng, 200, 2500, 0.006, 8)
    scrape = np.convolve(knocks, wood)[: len(time)] + 0.3 * rng.standard_normal(len(time))
    return scrape * _swell(len(time), 0.2)


def _thump(rng: Generator) -> Reals:
    return _ringing(rng, 50, 300, rng.uniform(0.03, 0.08), 6)


def _door(rng: Generator) -> Reals:
    slam = _ringing(rng, 60, 900, 0.07, 20)
    latch = 0.3 * _ringing(rng, 1000, 4000, 0.01, 6)
    slam[: len(latch)] += latch
    return slam


def _clap(rng: Generator) -> Reals:
    time = _time(0.08)
    return _mouth(
        rng.standard_normal(len(time)) * np.exp(-time / 0.008), *2 * (np.array([1200.0]),), 800
    )


def _keyboard(rng: Generator) -> Reals:
    keys = []
    for _ in range(rng.integers(4, 14)):
        keys += [_ringing(rng, 1500, 6000, 0.004, 8) * rng.uniform(0.5, 1)]
        keys += [np.zeros(int(rng.uniform(0.06, 0.2) * SAMPLE_RATE))]
    return np.concatenate(keys)


def _hum(rng: Generator) -> Reals:
    """Run a fridge or a fan: mains harmonics in pink noise."""
    time = _time(10)
    mains = sum(np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 9))
    return np.asarray(mains + pink(len(time), rng), np.float64)


def _water(rng: Generator) -> Reals:
    time = _time(10)
    gurgle = 1 + 0.3 * np.interp(time, np.arange(0, 10.1, 0.05), rng.standard_normal(202))
    return (
        _mouth(
            rng.standard_normal(len(time)), np.array([1500.0, 3500]), np.array([1800.0, 3000]), 1500
        )
        * gurgle
    )


def _music(rng: Generator) -> Reals:
    """Chords of plucked tones on a scale of five, without a voice."""
    song = np.zeros(10 * SAMPLE_RATE)
    scale = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
    for beat in np.arange(0, 9, rng.uniform(0.3, 0.6)):
        time = _time(1.0)
        for tone in rng.choice(scale, 3, replace=False):
            plucked = sum(np.sin(2 * np.pi * tone * k * time) / k**1.5 for k in range(1, 7))
            start = int(beat * SAMPLE_RATE)
            song[start : start + len(time)] += plucked * np.exp(-time / 0.4)
    return song


_MAKERS: dict[str, Callable[[Generator], Reals]] = {
    "breath out": _breath_out,
    "breath in": _breath_in,
    "cough": _cough,
    "throat": _throat,
    "laugh": _laugh,
    "chair": _chair,
    "thump": _thump,
    "door": _door,
    "clap": _clap,
    "keyboard": _keyboard,
    "hum": _hum,
    "water": _water,
    "music": _music,
}

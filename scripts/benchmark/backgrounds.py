"""Sounds of a home, in the background: music, television, water, machines, other people.

All of it is made here or spoken by the synthesisers. What is tuned on and what is reported on
differ in kind: other instruments, tempi, machines and speakers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import samplerate

from benchmark import synthesisers
from benchmark.conversation import SENTENCES
from benchmark.larynx import Cords, swell, voice
from benchmark.rooms import pink
from benchmark.voices import SoundStore, draw_utterance, voices
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from benchmark.rooms import Part

    Reals = NDArray[np.float64]
    Generator = np.random.Generator

DECAY = {"tune": 0.5, "report": 1.1}
"""Seconds in which a plucked tone falls to a third."""
TEMPI = {"tune": (66.0, 112.0), "report": (116.0, 168.0)}
"""Beats a minute."""
METRE = {"tune": 4, "report": 3}
SCALES = {"tune": (0, 2, 4, 7, 9), "report": (0, 2, 3, 5, 7, 8, 10)}
"""Steps of the scale in semitones: five tones of a major one, or a minor one."""


def background(kind: str, seconds: float, rng: Generator, part: Part) -> NDArray[np.float32]:
    """Make so many seconds of one of `KINDS`: 16 kHz, one channel, rms one.

    The same `rng` gives the same sound; a fresh one gives another piece, machine or talk.
    """
    size = round(seconds * SAMPLE_RATE)
    made = _MAKERS[kind](size, rng, part)[:size]
    return np.asarray(made / (np.sqrt(np.mean(made**2)) + 1e-12), np.float32)


def _music(size: int, rng: Generator, part: Part) -> Reals:
    """Play chords, a bass, a tune and a beat; the pattern of each bar comes back with changes."""
    beat = 60 / rng.uniform(*TEMPI[part])
    root = 110 * 2 ** (rng.integers(0, 12) / 12)
    scale = np.concatenate([np.array(SCALES[part]) + 12 * octave for octave in range(3)])
    song = np.zeros(size + 8 * SAMPLE_RATE)
    drums = rng.random() < 0.7
    instruments = [int(rng.integers(3)) for _ in range(3)]
    pattern = rng.integers(0, len(scale) - 6, 8)
    for bar in range(int(size / SAMPLE_RATE / beat / METRE[part]) + 1):
        degree = pattern[bar % 4]
        for step in range(2 * METRE[part]):
            at = int((METRE[part] * bar + step / 2) * beat * SAMPLE_RATE)
            if at >= size:
                break
            if step == 0:
                chord = scale[[degree, degree + 2, degree + 4]]
                for tone in chord:
                    _add(
                        song,
                        at,
                        0.5
                        * _tone(
                            root * 2 ** (tone / 12), METRE[part] * beat, instruments[0], part, rng
                        ),
                    )
                _add(
                    song,
                    at,
                    0.8
                    * _tone(root / 2 * 2 ** (chord[0] / 12), 2 * beat, instruments[1], part, rng),
                )
            if rng.random() < 0.6:
                tone = scale[min(pattern[(bar + step) % 8] + 3, len(scale) - 1)]
                _add(
                    song,
                    at,
                    0.6
                    * _tone(
                        2 * root * 2 ** (tone / 12),
                        beat * rng.uniform(0.4, 1.2),
                        instruments[2],
                        part,
                        rng,
                    ),
                )
            if drums:
                _add(song, at, _drum(step, part, rng))
    return song


def _add(song: Reals, at: int, sound: Reals) -> None:
    kept = sound[: len(song) - at]
    song[at : at + len(kept)] += kept


def _tone(frequency: float, seconds: float, instrument: int, part: Part, rng: Generator) -> Reals:
    """Sound one tone: plucked, blown or bowed in one part; struck, sawn or organ in the other."""
    time = np.arange(int((seconds + 0.3) * SAMPLE_RATE)) / SAMPLE_RATE
    most = max(1, int(7000 / frequency))
    turns = 2 * np.pi * frequency * time
    if instrument == 0:
        struck = part == "report"
        partials = (1, 2.76, 5.4, 8.9) if struck else range(1, min(most, 9) + 1)
        sound = sum(np.sin(k * turns) / k**1.3 for k in partials if k <= most)
        return np.asarray(sound * np.exp(-time / DECAY[part]) * swell(len(time), 0.004, 0.1))
    if instrument == 1:
        vibrato = 0.012 * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * time) * (part == "tune")
        turns = 2 * np.pi * frequency * np.cumsum(1 + vibrato) / SAMPLE_RATE
        harmonics = range(1, min(most, 14) + 1, 2 if part == "tune" else 1)
        sound = sum(np.sin(k * turns) / k for k in harmonics)
        return np.asarray(sound * swell(len(time), 0.05, 0.25))
    detuned = (0.997, 1.0, 1.004) if part == "tune" else (0.5, 1.0, 1.5, 2.0)
    sound = sum(np.sin(k * d * turns) / k**1.5 for d in detuned for k in range(1, min(most, 6) + 1))
    return np.asarray(0.5 * sound * swell(len(time), 0.12 if part == "tune" else 0.02, 0.28))


def _drum(step: int, part: Part, rng: Generator) -> Reals:
    """Beat: a drum on the strong beats, a snare on the others, a cymbal in between."""
    time = np.arange(int(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    noise = rng.standard_normal(len(time))
    if step % 2:
        return np.asarray(0.25 * np.diff(noise, prepend=0.0) * np.exp(-time / 0.03))
    if step % 4 == 0:
        falls = 50 + 90 * np.exp(-time / 0.03)
        return np.asarray(
            2 * np.sin(2 * np.pi * np.cumsum(falls) / SAMPLE_RATE) * np.exp(-time / 0.1)
        )
    ring = np.sin(2 * np.pi * (180 if part == "tune" else 240) * time)
    return np.asarray((0.7 * noise + ring) * np.exp(-time / (0.07 if part == "tune" else 0.04)))


def _song(size: int, rng: Generator, part: Part) -> Reals:
    """Sing to the music: vowels on a tune, with vibrato, and a hiss before some."""
    music = _music(size, rng, part)
    low = part == "tune"
    root, stature = (rng.uniform(110, 180), 1.0) if low else (rng.uniform(210, 330), 1.2)
    vowels = ("a", "o", "i", "u") if low else ("e", "uh", "a", "m", "i")
    sung, at = np.zeros(len(music)), 0
    while at < size:
        for _ in range(rng.integers(4, 10)):  # a line of the song, and a rest
            length = int(rng.choice((0.25, 0.35, 0.5, 0.9)) * SAMPLE_RATE)
            time = np.arange(length) / SAMPLE_RATE
            vibrato = 0.025 * np.sin(2 * np.pi * rng.uniform(4.8, 6.2) * time)
            pitch = root * 2 ** (rng.choice(SCALES[part]) / 12) * (1 + vibrato * (length > 6000))
            cords = Cords(breath=0.05, slope=float(rng.uniform(0.8, 1.3)))
            tone = voice(
                pitch, [str(v) for v in rng.choice(vowels, 2)], stature, cords, rng
            ) * swell(length, 0.04, 0.08)
            if rng.random() < 0.4:
                hiss = np.diff(rng.standard_normal(1200), prepend=0.0) * np.hanning(1200)
                _add(sung, at, 0.3 * hiss * np.std(tone))
            _add(sung, at, tone)
            at += length
            if at >= size:
                break
        at += int(rng.uniform(0.4, 2.5) * SAMPLE_RATE)
    return music / np.std(music[:size]) + rng.uniform(0.8, 2) * sung / np.std(sung[:size])


def _television(size: int, rng: Generator, part: Part) -> Reals:
    """Speak over music that comes and goes, from a box without low tones."""
    corners = np.arange(0, size + 4 * SAMPLE_RATE, 4 * SAMPLE_RATE)
    fader = np.interp(np.arange(size), corners, rng.choice((0.05, 0.3, 0.8), len(corners)))
    music = _music(size, rng, part)[:size]
    mixed = _talk(size, rng, part, gap=0.4) + fader * music / np.std(music)
    spectrum = np.fft.rfft(mixed)
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    low = rng.uniform(120, 250)
    return np.fft.irfft(spectrum * frequency**2 / (frequency**2 + low**2), size)


def _talk(size: int, rng: Generator, part: Part, gap: float) -> Reals:
    """Let two people say one sentence after another, with such pauses at most, in seconds."""
    everybody, store = voices(part, synthesisers.engines()), SoundStore()
    people = [everybody[k] for k in rng.choice(len(everybody), 2)]
    track, at = np.zeros(size), 0
    while at < size:
        spoken = store.samples(draw_utterance(str(rng.choice(SENTENCES)), people, rng))
        _add(track, at, spoken.astype(np.float64))
        at += len(spoken) + int(rng.uniform(0.05, gap) * SAMPLE_RATE)
    return track


def _talkers(size: int, rng: Generator, part: Part) -> Reals:
    """Let three pairs talk at once, each with pauses to listen."""
    return np.asarray(sum(rng.uniform(0.4, 1) * _talk(size, rng, part, gap=2.5) for _ in range(3)))


def _child(size: int, rng: Generator, part: Part) -> Reals:
    """Chatter with a small head, sing to oneself and squeal."""
    scale = rng.uniform(1.2, 1.35)
    spoken = _talk(int(size * scale) + 1, rng, part, gap=1.5)
    track = np.asarray(samplerate.resample(spoken, 1 / scale), np.float64)[:size]
    at = int(rng.uniform(1, 6) * SAMPLE_RATE)
    while at < size - 2 * SAMPLE_RATE:
        length = int(rng.uniform(0.3, 1.2) * SAMPLE_RATE)
        steps = rng.uniform(380, 520) * np.array(rng.choice((1, 1.12, 1.25, 1.5), 6))
        pitch = np.repeat(steps, -(-length // 6))[:length]
        tone = voice(
            pitch, [str(v) for v in rng.choice(("a", "i", "e"), 2)], 1.4, Cords(breath=0.1), rng
        )
        _add(track, at, rng.uniform(0.5, 1.2) * tone / np.std(tone) * swell(length, 0.05, 0.1))
        at += length + int(rng.uniform(3, 10) * SAMPLE_RATE)
    return track


def _water(size: int, rng: Generator, part: Part) -> Reals:
    """Run a shower, or a tap into a basin: a rush that swells slowly, and drops that ring."""
    shower = part == "tune"
    centre, width = (
        (rng.uniform(2500, 5000), 4000.0) if shower else (rng.uniform(700, 1600), 1500.0)
    )
    rush = _coloured(size, rng, lambda f: 1 / (1 + ((f - centre) / width) ** 2))
    rush *= 1 + 0.25 * _slow(size, 0.7 if shower else 3.0, rng)
    drops = np.zeros(size)
    for at in rng.integers(0, size, int(size / SAMPLE_RATE * rng.uniform(4, 30))):
        time = np.arange(int(rng.uniform(0.01, 0.05) * SAMPLE_RATE)) / SAMPLE_RATE
        low = rng.uniform(900, 4500) if shower else rng.uniform(350, 1500)
        rising = 2 * np.pi * low * (time + 4 * time**2)
        _add(drops, int(at), rng.uniform(0.3, 2.5) * np.sin(rising) * np.exp(-time / 0.008))
    return rush / np.std(rush) + drops


def _fan(size: int, rng: Generator, part: Part) -> Reals:
    """Turn blades in a rush of air, or hum like a cooker hood whose air pulsates."""
    time = np.arange(size) / SAMPLE_RATE
    blades = rng.uniform(60, 130) if part == "tune" else 100.0
    wobble = 0.003 * _slow(size, 0.5, rng)
    phase = 2 * np.pi * blades * np.cumsum(1 + wobble) / SAMPLE_RATE
    tone = sum(rng.uniform(0.2, 1) * np.sin(k * phase) / k for k in range(1, 9))
    air = pink(size, rng).astype(np.float64)
    if part == "report":
        air *= 1 + 0.2 * np.sin(2 * np.pi * rng.uniform(0.2, 0.6) * time)
    return np.asarray(air + rng.uniform(0.1, 0.6) * tone)


def _vacuum(size: int, rng: Generator, part: Part) -> Reals:
    """Whine and roar; the pitch follows the load of the floor."""
    load = _slow(size, 0.8, rng)
    whine = rng.uniform(250, 550) if part == "tune" else rng.uniform(650, 1000)
    phase = 2 * np.pi * whine * np.cumsum(1 + 0.03 * load) / SAMPLE_RATE
    motor = sum(
        rng.uniform(0.2, 1) * np.sin(k * phase) / k**0.7 for k in range(1, int(7000 / whine))
    )
    roar = _coloured(size, rng, lambda f: 1 / np.sqrt(1 + (f / 1200) ** 2))
    roar *= 1 + 0.15 * _slow(size, 2.0, rng)
    return np.asarray(roar / np.std(roar) + rng.uniform(0.2, 0.8) * motor / np.std(motor))


def _coloured(size: int, rng: Generator, amplitude: Callable[[NDArray[np.floating]], Any]) -> Reals:
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    return np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * amplitude(frequency), size)


def _slow(size: int, rate: float, rng: Generator) -> Reals:
    """Wander around zero, about so many turns a second, within one."""
    corners = np.arange(0, size + SAMPLE_RATE / rate, SAMPLE_RATE / rate)
    return np.interp(np.arange(size), corners, rng.uniform(-1, 1, len(corners)))


_MAKERS: dict[str, Callable[[int, Generator, Part], Reals]] = {
    "music": _music,
    "song": _song,
    "television": _television,
    "water": _water,
    "fan": _fan,
    "vacuum": _vacuum,
    "talkers": _talkers,
    "child": _child,
}
KINDS = tuple(_MAKERS)
LIVED_IN = (
    *(("music", level) for level in (-12.0, -6.0, -20.0)),
    *(("television", level) for level in (-12.0, -20.0)),
    *(("water", level) for level in (-3.0, -12.0, 3.0)),
    ("song", -12.0),
    ("fan", -12.0),
    ("vacuum", -3.0),
    ("talkers", -12.0),
    ("child", -12.0),
)
"""Kinds of background, and their loudness against the person in dB."""

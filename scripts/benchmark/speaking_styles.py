"""Speaking styles that no synthesiser offers, made of what one rendered.

A voice in pain is pressed, one in haste is short, one that lies on its face is faint. Each style
takes and gives 16 kHz samples; loudness is left to the scene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Style = Callable[[Samples, np.random.Generator], Samples]

_FRAME = 512
_HOP = 128
_WINDOW = np.sqrt(np.hanning(_FRAME + 1)[:-1])


def strained(samples: Samples, rng: np.random.Generator) -> Samples:
    """Press the voice: more high tones, a pitch that trembles, and creak.

    Jitter and shimmer are those of a pressed voice: some 2 % of pitch, slow; the creak is a
    modulation of loudness at about half the pitch.
    """
    time = np.arange(len(samples))
    tremble = np.cumsum(_wander(len(samples), 8.0, rng)) * 0.02
    warped = np.interp(time + tremble - tremble[0], time, samples)
    creak = np.sin(2 * np.pi * rng.uniform(45, 80) * time / SAMPLE_RATE + rng.uniform(0, 6.3))
    depth = 0.35 * np.clip(_wander(len(samples), 4.0, rng) + 0.5, 0, 1)
    return _tilted(warped * (1 + depth * creak), 3.0)


def hurried(samples: Samples, rng: np.random.Generator) -> Samples:
    """Say it in two thirds to four fifths of the time, at the same pitch.

    Overlapping frames are joined where they resemble each other most (WSOLA: Verhelst & Roelands,
    ICASSP 1993).
    """
    speed = rng.uniform(1.25, 1.5)
    step, overlap, slack = 320, 160, 120
    window = np.hanning(2 * overlap + 1)
    rising, falling = window[:overlap], window[overlap : 2 * overlap]
    padded = np.concatenate((samples, np.zeros(step + overlap + slack, np.float32)))
    joined = padded[: step + overlap]
    at = step * speed
    while at + slack < len(samples):
        end = joined[-overlap:]
        start = max(int(at) - slack, 0)
        likeness = np.correlate(padded[start : int(at) + slack + overlap], end, "valid")
        best = start + int(np.argmax(likeness))
        frame = padded[best : best + step + overlap]
        crossed = end * falling + frame[:overlap] * rising
        joined = np.concatenate((joined[:-overlap], crossed.astype(np.float32), frame[overlap:]))
        at += step * speed
    return joined


def quiet(samples: Samples, rng: np.random.Generator) -> Samples:
    """Speak softly: the glottis closes gently, so high tones are fainter.

    Who speaks 8 dB softer lowers 1.5 to 3 kHz by 8 dB more than the low tones (Nordenberg &
    Sundberg, "Effect on LTAS of vocal loudness variation", 2004).
    """
    return _tilted(samples, -rng.uniform(2, 3), most=9.0)


def whispered(samples: Samples, rng: np.random.Generator) -> Samples:
    """Put noise in the place of the vocal cords' tone; the mouth shapes it as before."""

    def shape(spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
        envelope = _envelope(np.abs(spectrum))
        noise = rng.standard_normal((2, len(spectrum)))
        return np.asarray(envelope * (noise[0] + 1j * noise[1]))

    return _tilted(_framewise(samples, shape), 3.0)


def breathy(samples: Samples, rng: np.random.Generator) -> Samples:
    """Let air through the voice: half as much of a whisper beside it."""
    air = whispered(samples, rng)
    air *= 0.5 * np.linalg.norm(samples) / (np.linalg.norm(air) + 1e-9)
    return (_tilted(samples, -2.0) + air).astype(np.float32)


STYLES: dict[str, Style] = {
    "strained": strained,
    "hurried": hurried,
    "quiet": quiet,
    "whispered": whispered,
    "breathy": breathy,
}
"""By name; plain speech is none of them."""


def _tilted(samples: NDArray[np.floating], slope: float, *, most: float = 18.0) -> Samples:
    """Change the spectrum by `slope` dB an octave above 300 Hz, up to `most` dB."""
    spectrum = np.fft.rfft(samples)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 300) / 300)
    gain = 10 ** (np.clip(slope * octaves, -most, most) / 20)
    return np.fft.irfft(spectrum * gain, len(samples)).astype(np.float32)


def _wander(size: int, rate: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Make a smooth random walk around zero, about `rate` turns a second, of deviation one."""
    points = max(int(size / SAMPLE_RATE * rate), 1) + 3
    steps = rng.standard_normal(points)
    return np.interp(np.linspace(1, points - 2, size), np.arange(points), steps)


def _envelope(magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the magnitude less its harmonics: the mean over 400 Hz around each bin."""
    width = 13
    padded = np.pad(magnitude, width // 2, "edge")
    return np.convolve(padded, np.full(width, 1 / width), "valid")


def _framewise(
    samples: Samples, change: Callable[[NDArray[np.complex128]], NDArray[np.complex128]]
) -> Samples:
    """Change the spectra of overlapping frames and add them up again."""
    padded = np.concatenate((np.zeros(_FRAME), samples, np.zeros(_FRAME)))
    changed = np.zeros(len(padded))
    for start in range(0, len(padded) - _FRAME, _HOP):
        frame = np.fft.rfft(padded[start : start + _FRAME] * _WINDOW)
        changed[start : start + _FRAME] += np.fft.irfft(change(frame)) * _WINDOW
    return changed[_FRAME : _FRAME + len(samples)].astype(np.float32)

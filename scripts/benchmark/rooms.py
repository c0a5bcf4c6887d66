"""Boxes: what air and walls do to a sound on its way to the microphone.

The image method of pyroomacoustics computes what the walls add (Allen & Berkley, "Image method for
efficiently simulating small-room acoustics", JASA 65, 1979). Without that package the walls are
decaying noise behind the direct sound, the usual model of a diffuse room (Schroeder 1965).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

import numpy as np

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import speech_rms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

Part = Literal["tune", "report"]
"""Voices and rooms to tune on, and others to report on."""
PARTS: tuple[Part, ...] = ("tune", "report")
ROOMS = 12
"""Rooms in each part."""
IMAGES = find_spec("pyroomacoustics") is not None
"""Whether the image method is there."""
LONGEST = int(0.45 * SAMPLE_RATE)
"""Samples of an impulse response that are kept, the delay of the devices apart."""


def missing() -> list[str]:
    """Say in one line what is simplified without the image method."""
    if IMAGES:
        return []
    return [
        "pyroomacoustics is not installed (pip install pyroomacoustics): rooms are diffuse noise."
    ]


Point = tuple[float, float, float]
Paths = tuple["Samples", "Samples", "Samples"]
"""Impulse responses to the microphone: of the loudspeaker, of the person, of others."""


@dataclass(frozen=True)
class Box:
    """A room with four walls, and where everybody is in it; metres and seconds."""

    size: Point
    reverberation: float
    """RT60: the time in which sound decays by 60 dB."""
    microphone: Point
    loudspeaker: Point
    person: Point
    others: Point
    delay: float
    """From the far end to the loudspeaker plus from the microphone to the listener."""


def draw_room(part: Part, index: int) -> Box:
    """Give one of the `ROOMS` rooms of this part: the same for the same index."""
    rng = np.random.default_rng([PARTS.index(part), index % ROOMS])
    size = (rng.uniform(3, 6.5), rng.uniform(2.8, 5), rng.uniform(2.3, 2.9))
    microphone = (rng.uniform(1.2, size[0] - 1.2), rng.uniform(1, size[1] - 1), rng.uniform(0.1, 1))

    def near(low: float, high: float) -> Point:
        """Give a point at such a distance, in metres, within the room."""
        step = rng.standard_normal(3) * (1, 1, 0.3)
        step *= rng.uniform(low, high) / np.linalg.norm(step)
        x, y, z = np.clip(np.add(microphone, step), 0.1, np.subtract(size, 0.1))
        return float(x), float(y), float(z)

    return Box(
        size=size,
        reverberation=rng.uniform(0.2, 0.5),
        microphone=microphone,
        loudspeaker=near(0.2, 0.8),
        person=near(0.5, 1.5),
        others=near(2, 4),
        delay=rng.uniform(0.02, 0.12),
    )


@cache
def paths(room: Box) -> Paths:
    """Compute the impulse responses of `room`, each of energy one and beginning at once."""
    sources = (room.loudspeaker, room.person, room.others)
    responses = _images(room, sources) if IMAGES else [_diffuse(room, at) for at in sources]
    echo, person, others = (_trimmed(response) for response in responses)
    return echo, person, others


def _images(room: Box, sources: tuple[Point, ...]) -> list[Samples]:
    import pyroomacoustics  # noqa: PLC0415 - optional, and slow to load

    absorption, order = pyroomacoustics.inverse_sabine(room.reverberation, room.size)
    box = pyroomacoustics.ShoeBox(
        room.size,
        fs=SAMPLE_RATE,
        materials=pyroomacoustics.Material(absorption),
        max_order=min(order, 30),  # later images are below the noise
    )
    box.add_microphone(room.microphone)
    for source in sources:
        box.add_source(source)
    box.compute_rir()
    return [np.asarray(response, np.float32) for response in box.rir[0]]


def _diffuse(room: Box, source: Point) -> Samples:
    distance = float(np.linalg.norm(np.subtract(source, room.microphone)))
    rng = np.random.default_rng([round(1000 * abs(x)) for x in source])
    time = np.arange(int(room.reverberation * SAMPLE_RATE)) / SAMPLE_RATE
    ringing = rng.standard_normal(len(time)) * 10 ** (-3 * time / room.reverberation)
    # As loud together as the direct sound at the distance where both are equal in such a room.
    volume = float(np.prod(room.size))
    critical = 0.057 * np.sqrt(volume / room.reverberation)
    ringing *= distance / critical / np.linalg.norm(ringing)
    ringing[0] = 1.0
    return ringing.astype(np.float32)


def _trimmed(response: Samples) -> Samples:
    """Leave out the way through the air; what is tiny before the first sound is its ringing."""
    first = int(np.argmax(np.abs(response) > 0.1 * np.max(np.abs(response))))
    kept = response[max(first - 8, 0) :][:LONGEST]
    return np.asarray(kept / np.linalg.norm(kept), np.float32)


def through(path: Samples, sound: Samples) -> Samples:
    """Give `sound` as it arrives, with the ringing after it, as loud as it was while it speaks."""
    size = 1 << (len(sound) + len(path)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(path, size)
    arrived = np.fft.irfft(spectrum, size)[: len(sound) + len(path) - 1].astype(np.float32)
    return np.asarray(arrived * (speech_rms(sound) / speech_rms(arrived)), np.float32)


class Microphone:
    """Adds the room's noise, pink as rooms are, and the converter's limits."""

    def __init__(self, rms: float, rng: np.random.Generator) -> None:
        self._noise = rms * pink(30 * SAMPLE_RATE, rng)
        self._position = 0

    def hear(self, sound: Samples) -> Samples:
        """Give what is recorded of this block."""
        places = np.arange(self._position, self._position + len(sound))
        self._position += len(sound)
        return np.clip(sound + self._noise.take(places, mode="wrap"), -1, 1).astype(np.float32)


def pink(size: int, rng: np.random.Generator) -> Samples:
    """Make noise of rms one that falls by 3 dB an octave above 30 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(size))
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(frequency, 30)), size)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float32)

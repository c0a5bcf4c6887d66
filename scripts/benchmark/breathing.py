"""How somebody breathes under a partner's hands: after the coach's cues, in a way of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from benchmark.breaths import breath, moving, onset, rustle
from benchmark.noises import Noise
from benchmark.rooms import through
from benchmark.simulated_room import LEVEL
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

WAYS = ("regular", "irregular", "held", "panting", "talking", "coughing", "silent")
RECORDED = "recorded"
"""Regular, with the breaths of real people, as long as these were."""

BREATHES_IN = 1.0
"""Seconds at least from the end of one breath out to the next."""


class Draw(Protocol):
    """What chooses: Python's generator of random numbers, or numpy's."""

    def random(self) -> float:
        """Give a number from 0 to 1."""

    def uniform(self, low: float, high: float, /) -> float:
        """Give a number from `low` to `high`."""


def breaths_in(way: str, draw: Draw) -> list[tuple[float, float]]:
    """Give when an audible breath in begins after its cue, and for how long, in seconds.

    Every other breath in is heard.
    """
    if way == "silent" or draw.random() >= 0.5:
        return []
    return [(draw.uniform(0.3, 0.8), draw.uniform(1, 2.2))]


def breaths_out(way: str, draw: Draw) -> list[tuple[float, float]]:
    """Give the same of the breaths out that follow one cue: one, several or none."""
    begins, lasts = draw.uniform(0.4, 1.0), draw.uniform(4.5, 5.5)
    match way:
        case "slow":
            lasts = draw.uniform(10, 11)
        case "irregular":
            begins, lasts = draw.uniform(0.1, 2.5), draw.uniform(1.2, 8)
        case "held" if draw.random() < 0.6:
            begins += draw.uniform(3, 6)
        case "panting":
            return [(begins + number, 0.6) for number in range(5)]
        case "coughing" if draw.random() < 0.5:
            return []
        case "silent":
            return []
    return [(begins, lasts)]


class BreathOut(NamedTuple):
    """A breath out, in seconds of the track."""

    began: float
    """From when on they breathe; a made-up breath may begin too softly to be heard."""
    audible: float
    """From when on it is audible."""
    ended: float
    """When it is no longer audible."""

    @property
    def seconds(self) -> float:
        """For how long it is audible."""
        return self.ended - self.audible


@dataclass
class Person:
    """Breathes as the cues ask for, and makes other sounds as well."""

    way: str
    path: Samples
    """From their mouth to the microphone."""
    rng: np.random.Generator
    level: float
    """How loud their breaths are, in dB against their voice."""
    recordings: tuple[Samples, ...] = ()
    """Breaths out of real people to take in place of made ones."""
    track: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    breaths: list[BreathOut] = field(default_factory=list)
    """The breaths out so far."""

    def follow(self, cue: str, at: float) -> None:
        """Do what this cue makes them do, from this second on."""
        if cue.startswith("Breathe in"):
            for begins, seconds in breaths_in(self.way, self.rng):
                made = breath(seconds, self.rng, "report", inward=True)
                self._add(at + begins, made, self.level - 3)
            if self.way == "talking":
                laugh = Noise("laugh", int(self.rng.integers(1 << 30))).make()
                self._add(at + self.rng.uniform(0.5, 2), laugh, self.level)
            return
        out = breaths_out(self.way, self.rng)
        if out and self.breaths and at + out[0][0] < self.breaths[-1].ended + BREATHES_IN:
            return  # no air yet: the last breath out ended too late
        for begins, seconds in out:
            made = self._breath_out(seconds)
            since, until = onset(made)
            began = at + begins
            self.breaths.append(BreathOut(began, began + since, began + until))
            self._add(began, made, self.level)
        if not out:
            self._make_something_else(at + self.rng.uniform(0.4, 1.0))

    def sound(self, start: int) -> Samples:
        """Give what arrives at the microphone in the block that begins at this sample."""
        block = np.zeros(BLOCK, np.float32)
        part = self.track[start : start + BLOCK]
        block[: len(part)] = part
        return block

    def _breath_out(self, seconds: float) -> NDArray[np.float64]:
        if not self.recordings:
            return breath(seconds, self.rng, "report")
        sound = self.recordings[self.rng.integers(len(self.recordings))]
        return np.asarray(sound / np.std(sound), np.float64)

    def _make_something_else(self, at: float) -> None:
        """Cough, or rustle, move or do nothing, where a breath is asked for."""
        draw = self.rng
        kind = str(draw.choice(("cough", "throat")))
        sounds = (
            Noise(kind, int(draw.integers(1 << 30))).make(),
            rustle(float(draw.uniform(0.5, 2)), draw, "report"),
            moving(float(draw.uniform(1, 3)), draw, "report"),
        )
        number = 0 if self.way == "coughing" else int(draw.integers(1, 4))
        if number < len(sounds):
            self._add(at, sounds[number], self.level)

    def _add(self, at: float, sound: NDArray[np.floating], level: float) -> None:
        arrived = through(self.path, sound.astype(np.float32))
        first = round(at * SAMPLE_RATE)
        missing = first + len(arrived) - len(self.track)
        if missing > 0:
            self.track = np.concatenate((self.track, np.zeros(missing, np.float32)))
        loud = np.float32(LEVEL * 10 ** (level / 20))
        self.track[first : first + len(arrived)] += loud * arrived

"""One scene the near-end network is fitted to, or tried on: who does what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmark.backgrounds import background

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from benchmark.echoes import Conditions
    from benchmark.rooms import Box, Part
    from benchmark.voices import Sound
    from numpy.typing import NDArray

SECONDS = 36.0
"""Length of a scene for the fit: some six events, and as much of the room as the features know."""
SETTLED = 4.0
"""Seconds of the coach after which the canceller knows the echo path."""
SPEECH = "speech"
"""The kind of an event that is words."""
CRY, SINGING = "cry", "singing"
"""Kinds of an event that are a voice without words; other kinds are those of `benchmark.noises`."""
VOICED = frozenset({SPEECH, CRY, SINGING})


@dataclass(frozen=True)
class SoundEvent:
    """One sound somebody makes."""

    sound: Sound
    kind: str
    gap: float
    """Seconds after the one before is over."""
    level: float
    """Loudness against the person's in dB, both rms of active speech at the microphone."""


@dataclass(frozen=True)
class BackgroundSound:
    """A sound in the background of a scene, such as music; the VAD must not notice it."""

    kind: str
    """One of `benchmark.backgrounds.KINDS`."""
    level: float
    """Loudness against the person's in dB, rms at the microphone."""
    seed: int
    part: Part = "tune"
    start: float = 0.0
    """Second of the scene in which it begins."""

    def make(self, seconds: float) -> NDArray[np.float32]:
        """Make the whole scene's sound of it: 16 kHz, rms one while it sounds."""
        rng = np.random.default_rng(self.seed)
        sound = background(self.kind, seconds - self.start, rng, self.part)
        return np.pad(sound, (round(seconds * SAMPLE_RATE) - len(sound), 0))


@dataclass(frozen=True)
class TrainingScene:
    """All that is fixed before a scene is recorded."""

    seed: int
    """Draws what is left open: the coach's sentences, the loudspeaker, the noise."""
    row: str
    """What is tried in it; empty for the fit."""
    room: Box
    conditions: Conditions
    seconds: float = SECONDS
    coach: bool = True
    """Whether the coach speaks."""
    earliest: float = SETTLED
    """Seconds before the first event."""
    yields: bool = False
    """Whether the coach ducks or falls silent over each event, as it does in a session."""
    begun: float = 0.0
    """Share of the first event that is over when the scene begins."""
    gain: float = 0.0
    """Of the microphone, in dB."""
    events: tuple[SoundEvent, ...] = ()
    background: tuple[SoundEvent, ...] = ()
    """From across the room; nobody shall be noticed for it."""
    surroundings: tuple[BackgroundSound, ...] = ()
    walls: bool = True
    """Whether they are heard."""
    person: float | None = None
    """How loud the person is thought to be at their loudest, in dB against what they are; None if
    nothing is known of it."""

"""All that passed through a coach's ear: the sound it was given and what it made of it."""

from __future__ import annotations

import json
import time
import wave
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.ear import BLOCK
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.audio.ear import Ear
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

    Samples = NDArray[np.float32]

QUIET = 10 ** (-50 / 20)
"""Rms of full scale below which nobody speaks: 27 dB below the coach's speech."""


@dataclass(frozen=True)
class Noted:
    """One thing the ear made of what it heard."""

    at: float
    """When it did, by ``time.monotonic``."""
    second: float
    """How many seconds of sound it had heard by then."""
    kind: str
    """"duck", "hush", "resume", or a command."""
    tier: str = ""
    phrase: str = ""


@dataclass
class Tape:
    """What was kept of a session, without the sound itself."""

    seconds: float = 0.0
    """How long the ear heard."""
    spoken: float = 0.0
    """Seconds of it in which the coach spoke."""
    processor: float = 0.0
    """Seconds of processor time the hearing thread took."""
    noted: list[Noted] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path) -> Tape:
        """Read what a session left in `folder`."""
        kept = json.loads((folder / "tape.json").read_text(encoding="utf-8"))
        return cls(**{**kept, "noted": [Noted(**each) for each in kept["noted"]]})

    def count(self, *kinds: str) -> int:
        """Tell how often any of these was noted."""
        return sum(each.kind in kinds for each in self.noted)


class TapedEar:
    """The coach's ear, and a tape that runs beside it."""

    def __init__(self, ear: Ear, folder: Path) -> None:
        self._ear = ear
        self._folder = folder
        self._tape = Tape()
        self._microphone: list[Samples] = []
        self._far_end: list[Samples] = []

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Pass it on."""
        self._ear.listen(commands)

    def hear(self, microphone: Samples, far_end: Samples) -> list[Event]:
        """Keep both, and what the ear makes of them."""
        self._microphone.append(microphone)
        self._far_end.append(far_end)
        events = self._ear.hear(microphone, far_end)
        second = len(self._far_end) * BLOCK / SAMPLE_RATE
        self._tape.noted += [_noted(event, second) for event in events]
        # Of the calling thread alone, and it is the hearing thread that calls.
        self._tape.processor = time.thread_time()
        return events

    def save(self) -> None:
        """Write the tape, and the sound as ``voice-coach hear`` takes it."""
        self._tape.seconds = len(self._far_end) * BLOCK / SAMPLE_RATE
        loud = [np.sqrt(np.mean(block**2)) > QUIET for block in self._far_end]
        self._tape.spoken = sum(loud) * BLOCK / SAMPLE_RATE
        text = json.dumps(asdict(self._tape), indent=1)
        (self._folder / "tape.json").write_text(text, encoding="utf-8")
        _write(self._folder / "microphone.wav", self._microphone)
        _write(self._folder / "far-end.wav", self._far_end)


def _noted(event: Event, second: float) -> Noted:
    now = time.monotonic()
    match event:
        case Noticed(kind):
            return Noted(now, second, kind)
        case Heard():
            return Noted(now, second, event.command.value, event.tier, event.phrase)
        case _:
            raise TypeError(f"An ear gives no {event!r}.")


def _write(path: Path, blocks: list[Samples]) -> None:
    samples = np.clip(np.concatenate([np.zeros(0, np.float32), *blocks]), -1, 1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())

"""Logs what a listener was given and what it reported, for trials of the real process."""

from __future__ import annotations

import json
import time
import wave
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.hearing_thread import ListenerAround
from voice_coach.core.commands import URGENT
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

    Samples = NDArray[np.float32]

QUIET = 10 ** (-50 / 20)
"""Rms of full scale below which nobody speaks: 27 dB below the coach's speech."""
END_WORDS = frozenset(command.value for command in URGENT)
"""The commands that end a routine."""


@dataclass(frozen=True)
class ListenerEntry:
    """One thing the listener reported, or was told to report."""

    at: float
    """When, by ``time.monotonic``."""
    second: float
    """Seconds of sound it had heard by then."""
    kind: str
    """ "duck", "hush", "resume" or "command". "listen" is what it was told to report, and "move" by
    how many samples the far end comes later from here on."""
    words: str = ""
    """The command, the commands, or the number."""
    tier: str = ""
    phrase: str = ""

    @property
    def ends(self) -> bool:
        """Whether it ends the routine."""
        return self.tier == "confirmed" and self.words in END_WORDS

    @property
    def gives_way(self) -> bool:
        """Whether it silences the coach."""
        return self.kind == "hush" or self.words in END_WORDS


@dataclass(frozen=True)
class ListenerLog:
    """The log of a session, without its sound."""

    seconds: float
    """Seconds of sound in all."""
    spoken: float
    """Seconds of it in which the coach spoke."""
    processor: float
    """Seconds of processor time the hearing thread took."""
    entries: list[ListenerEntry] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path) -> ListenerLog:
        """Read what a session left in `folder`."""
        kept = json.loads((folder / "listener.json").read_text(encoding="utf-8"))
        return cls(**{**kept, "entries": [ListenerEntry(**each) for each in kept["entries"]]})

    def until(self, moment: float) -> ListenerLog:
        """Give the part before a moment, by ``time.monotonic``."""
        return replace(self, entries=[each for each in self.entries if each.at < moment])

    def count(self, kind: str) -> int:
        """Tell how often this was noted."""
        return sum(each.kind == kind for each in self.entries)

    @property
    def ends(self) -> int:
        """How many commands that end a routine were confirmed."""
        return sum(each.ends for each in self.entries)

    @property
    def questions(self) -> int:
        """How many were only possible, so that the coach asks."""
        return sum(each.tier == "possible" for each in self.entries)

    @property
    def commands(self) -> int:
        """How many other commands there were."""
        return self.count("command") - self.ends - self.questions


class LoggingListener(ListenerAround):
    """A listener that logs what another one is given and reports."""

    def __init__(self, listener: BlockListener, folder: Path) -> None:
        super().__init__(listener)
        self._folder = folder
        self._microphone: list[Samples] = []
        self._far_end: list[Samples] = []
        self._entries: list[ListenerEntry] = []
        self._processor = 0.0

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Pass it on."""
        self._note("listen", ", ".join(sorted(command.value for command in commands)))
        super().listen(commands)

    def move_far_end(self, samples: int) -> None:
        """Pass it on."""
        self._note("move", str(samples))
        super().move_far_end(samples)

    def hear(self, microphone: Samples, far_end: Samples) -> list[Event]:
        """Keep both, and what the listener reports."""
        self._microphone.append(microphone)
        self._far_end.append(far_end)
        events = super().hear(microphone, far_end)
        for event in events:
            match event:
                case Noticed(kind):
                    self._note(kind)
                case Heard():
                    self._note("command", event.command.value, event.tier, event.phrase)
        # Of the calling thread alone, and it is the hearing thread that calls.
        self._processor = time.thread_time()
        return events

    def save(self) -> None:
        """Write the log, and the sound as ``voice-coach hear`` takes it."""
        loud = [np.sqrt(np.mean(block**2)) > QUIET for block in self._far_end]
        block = BLOCK / SAMPLE_RATE
        log = ListenerLog(len(loud) * block, sum(loud) * block, self._processor, self._entries)
        text = json.dumps(asdict(log), indent=1)
        (self._folder / "listener.json").write_text(text, encoding="utf-8")
        _write(self._folder / "microphone.wav", self._microphone)
        _write(self._folder / "far-end.wav", self._far_end)

    def _note(self, kind: str, words: str = "", tier: str = "", phrase: str = "") -> None:
        second = len(self._far_end) * BLOCK / SAMPLE_RATE
        self._entries.append(ListenerEntry(time.monotonic(), second, kind, words, tier, phrase))


def _write(path: Path, blocks: list[Samples]) -> None:
    samples = np.clip(np.concatenate([np.zeros(0, np.float32), *blocks]), -1, 1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())

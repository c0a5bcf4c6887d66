"""What came of a scene: plain values that cross processes and make the table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voice_coach.core.commands import URGENT

OURS = "voice-coach"
"""The contender that is measured; the others are peers."""
END_WORDS = frozenset(command.value for command in URGENT)
"""The commands that end a routine."""
LOST = 9.5
"""Seconds after its start when a cry that nobody heard is given up."""
SAME_END = 2.0
"""Seconds in which what ends the routine again ends it no second time."""
AT_ONCE = 0.7
"""Seconds after a cry's end by which the coach must be silent."""
IN_TIME = 2.0
"""Seconds after an utterance's end within which a command of it counts as heard."""


@dataclass(frozen=True)
class Hit:
    """A command as the ear gave it."""

    time: float
    command: str
    tier: str
    """"confirmed" or "possible"."""
    score: float
    """How sure the ear was; two for certain and one for suspected where it gives no margin."""


@dataclass
class Outcome:
    """What came of one happening; times are in seconds of the scene."""

    label: str
    means: str
    """The command it gave; empty for none."""
    voice: str
    groups: frozenset[str]
    start: float
    end: float
    ducked: float | None = None
    """When the coach was 20 dB softer, or silent."""
    silent: float | None = None
    """When the coach was silent."""
    asked: float | None = None
    """When the question began."""
    ended: float | None = None
    tier: str = ""
    """What ended the routine: "confirmed", "answered" or "unanswered"."""
    repeats: list[float] = field(default_factory=list)
    """When it was said again."""

    @property
    def first_try(self) -> float:
        """Until when only what was said once can have been heard."""
        return min(self.repeats, default=float("inf"))


@dataclass
class Report:
    """What came of one scene, to one contender's ear."""

    row: str
    seed: int
    coach: bool
    obeyed: bool
    echo: float
    contender: str = ""
    seconds: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    ducks: list[float] = field(default_factory=list)
    hushes: list[float] = field(default_factory=list)
    false_questions: list[float] = field(default_factory=list)
    false_ends: list[float] = field(default_factory=list)
    """Of these routines that nobody wanted to end."""
    erle: list[float] = field(default_factory=list)
    """Echo return loss enhancement in dB, every second."""

    def heard(self, outcome: Outcome, seconds: float = IN_TIME) -> list[Hit]:
        """Give what was heard from an utterance's start until `seconds` after its end."""
        until = min(outcome.end + seconds, outcome.first_try)
        return [hit for hit in self.hits if outcome.start < hit.time <= until]

    def silent_after(self, outcome: Outcome) -> float:
        """Give seconds from a cry's start to silence; where nobody is obeyed, until it is heard."""
        at = outcome.silent if self.obeyed else self._would_end(outcome)
        return math.inf if at is None else at - outcome.start

    def ended_after(self, outcome: Outcome) -> float:
        """Give seconds from a cry's start to the routine's end."""
        at = outcome.ended if self.obeyed else self._would_end(outcome)
        return math.inf if at is None else at - outcome.start

    def missed(self, outcome: Outcome) -> bool:
        """Tell whether a cry over the coach did not silence it in time."""
        return outcome.start + self.silent_after(outcome) > outcome.end + AT_ONCE

    def count_false_ends(self) -> int:
        """Count the ends that nobody wanted; for who never ends, the moments it would have."""
        if self.obeyed:
            return len(self.false_ends)
        times = [hit.time for hit in self.hits if hit.command in END_WORDS]
        before = [-math.inf, *times]
        return sum(b - a > SAME_END for a, b in zip(before, times, strict=False))

    def _would_end(self, outcome: Outcome) -> float | None:
        """Give when an ear that moved nothing would have ended the routine on this."""
        times = (hit.time for hit in self.hits if hit.command in END_WORDS)
        until = outcome.start + LOST
        return next((time for time in times if outcome.start < time <= until), None)

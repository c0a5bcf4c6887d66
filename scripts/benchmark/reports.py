"""The results of a scene: plain values that pass between processes and make the table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voice_coach.core.commands import URGENT

OURS = "voice-coach"
"""The contender that is measured; the others are baselines."""
END_WORDS = frozenset(command.value for command in URGENT)
"""The commands that end a routine."""
LOST = 9.5
"""Seconds after its start at which a cry counts as not heard."""
SAME_END = 2.0
"""Seconds in which a second end of a baseline counts as the same end."""
AT_ONCE = 0.7
"""Seconds after a cry's end by which the coach must be silent."""
IN_TIME = 2.0
"""Seconds after an utterance's end within which a command of it counts as heard."""


@dataclass
class Hit:
    """A spoken command, as the listener gave it."""

    time: float
    command: str
    tier: str
    """"confirmed" or "possible"."""
    score: float
    """Log-likelihood ratio; without one, two for confirmed and one for possible."""
    obeyed: bool = True
    """Whether the session took it."""


@dataclass
class EventOutcome:
    """What came of one event; times are in seconds of the scene."""

    label: str
    means: str
    """The command it gave; empty for none."""
    when: str
    voice: str
    groups: frozenset[str]
    start: float
    end: float
    ducked: float | None = None
    """When the coach was told to be softer, or silent."""
    silent: float | None = None
    """When the coach was silent."""
    asked: float | None = None
    """When the session put the question."""
    ended: float | None = None
    tier: str = ""
    """What ended the routine: "confirmed", "answered" or "unanswered"."""
    repeats: list[float] = field(default_factory=list)
    """When it was said again."""

    @property
    def first_try(self) -> float:
        """Until when only what was said once can have been heard."""
        return min(self.repeats, default=math.inf)


@dataclass
class Report:
    """What came of one scene, to one contender's listener."""

    row: str
    seed: int
    echo: float
    obeyed: bool = True
    """Whether a session did what the listener reported; baselines move nothing."""
    contender: str = ""
    seconds: float = 0.0
    sessions: int = 0
    outcomes: list[EventOutcome] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    ducks: list[float] = field(default_factory=list)
    hushes: list[tuple[float, float]] = field(default_factory=list)
    """When the coach was hushed, and for how many seconds."""
    false_questions: list[float] = field(default_factory=list)
    false_ends: list[float] = field(default_factory=list)
    """Of these routines that nobody wanted to end."""
    unbegun: int = 0
    """Events that never began, because the coach did not come to it."""

    def heard(self, outcome: EventOutcome) -> list[Hit]:
        """Give what was heard from an utterance's start until shortly after its end."""
        until = min(outcome.end + IN_TIME, outcome.first_try)
        return [hit for hit in self.hits if outcome.start < hit.time <= until]

    def silent_after(self, outcome: EventOutcome) -> float:
        """Give seconds from a cry's start to silence; for a baseline, until it is heard."""
        at = outcome.silent if self.obeyed else self._would_end(outcome)
        return math.inf if at is None else at - outcome.start

    def ended_after(self, outcome: EventOutcome) -> float:
        """Give seconds from a cry's start to the routine's end."""
        at = outcome.ended if self.obeyed else self._would_end(outcome)
        return math.inf if at is None else at - outcome.start

    def missed(self, outcome: EventOutcome) -> bool:
        """Tell whether a cry did not silence the coach in time."""
        return outcome.start + self.silent_after(outcome) > outcome.end + AT_ONCE

    def only_asked(self, outcome: EventOutcome) -> bool:
        """Tell whether it was asked about and not taken for sure."""
        return outcome.asked is not None and outcome.tier != "confirmed"

    def ended_at_first(self, outcome: EventOutcome, limit: float) -> bool:
        """Tell whether the routine ended within `limit` seconds, before the cry was repeated."""
        after = self.ended_after(outcome)
        return after <= limit and outcome.start + after <= outcome.first_try

    def count_false_ends(self) -> int:
        """Count the ends that nobody wanted; for a baseline, the moments it would have ended."""
        if self.obeyed:
            return len(self.false_ends)
        times = [hit.time for hit in self.hits if hit.command in END_WORDS]
        before = [-math.inf, *times]
        return sum(b - a > SAME_END for a, b in zip(before, times, strict=False))

    def _would_end(self, outcome: EventOutcome) -> float | None:
        times = (hit.time for hit in self.hits if hit.command in END_WORDS)
        until = outcome.start + LOST
        return next((time for time in times if outcome.start < time <= until), None)

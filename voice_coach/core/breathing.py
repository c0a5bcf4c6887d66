"""The beat of the breath: where a moment falls in a round, and when its cues are due.

A round is one breath in and one breath out. The time of a cue follows from the start of its round,
and the start of a round from the end of the one before. All times are planned, so the beat does not
drift, however late the program looks at the clock.

At the fastest pace, a breath still lasts as long as its cue takes to say, so that no cue cuts off
another. At the slowest pace, it is not so long that the coach seems to be gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from voice_coach.core.pace import RATES, speaking_seconds
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from voice_coach.core.routine import Breathing


PRESS_SHARE = 0.7
"""Of a breath out, after which a press has ended: nobody is pressed at the end of their breath."""
LONGEST_PRESS = 4.0
"""Seconds, at any pace: a product choice, for a press is never a hold."""
BETWEEN_CUES = 0.2
"""Seconds of quiet between "breathe out" and the word to press."""
SHORTEST, LONGEST = 2.0, 12.0
"""Seconds of half a round."""


@dataclass(frozen=True)
class Pattern:
    """The breath of a person, used where a routine gives no seconds."""

    breath_in: float
    """Seconds."""
    breath_out: float
    """Seconds."""


class Phase(Enum):
    """Half of a round."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Beat:
    """Where a moment falls in the breathing."""

    round: int
    """Counted from 0."""
    phase: Phase
    fraction: float
    """How much of the phase is over, 0 to 1."""


@dataclass(frozen=True)
class Round:
    """One breath in and one breath out, at known times."""

    number: int
    """Counted from 0."""
    start: float
    """Audio time at which the breath in begins, in seconds."""
    turn: float
    """Audio time at which the breath out begins."""
    end: float
    """Audio time at which the breath out is over."""
    push: float | None = None
    """Audio time at which a partner may begin to press; None where nobody presses."""
    let_go: float | None = None
    """Audio time at which the press ends."""

    def beat(self, now: float) -> Beat:
        """Say where `now` falls; before the start counts as its start, after the end as its end."""
        if now < self.turn:
            return Beat(
                self.number, Phase.IN, max(0.0, now - self.start) / (self.turn - self.start)
            )
        fraction = min(1.0, (now - self.turn) / (self.end - self.turn))
        return Beat(self.number, Phase.OUT, fraction)


def plan_round(breathing: Breathing, number: int, start: float, stretch: float) -> Round:
    """Lay out round `number`, its breaths `stretch` times as long as written."""
    turn = start + _lasting(breathing.breath_in * stretch, breathing.cue_in)
    lasts = _lasting(breathing.breath_out * stretch, breathing.cue_out)
    if breathing.cue_push is None:
        return Round(number, start, turn, turn + lasts)
    # What is being said when the pace changes is still said at the old one: the slowest counts.
    called = speaking_seconds(breathing.cue_out, min(RATES)) + BETWEEN_CUES
    told = called + speaking_seconds(breathing.cue_push, min(RATES))
    lasts = max(lasts, told / PRESS_SHARE)
    let_go = min(PRESS_SHARE * lasts, called + LONGEST_PRESS)
    return Round(number, start, turn, turn + lasts, turn + called, turn + let_go)


def parse_pattern(text: str) -> Pattern:
    """Read a pattern such as "4-6", seconds in and seconds out, or raise ``CoachError``."""
    try:
        breath_in, breath_out = (float(part) for part in text.split("-"))
    except ValueError:
        raise CoachError(f'"{text}" is no breath; give seconds in and out, such as 4-6') from None
    if not all(SHORTEST <= seconds <= LONGEST for seconds in (breath_in, breath_out)):
        raise CoachError(
            f'"{text}" is no breath to keep up; give {SHORTEST:g} to {LONGEST:g} seconds for each'
        )
    return Pattern(breath_in, breath_out)


def _lasting(seconds: float, cue: str) -> float:
    # A cue may still be said at the pace before a change, so the slowest rate counts.
    return max(speaking_seconds(cue, min(RATES)), min(seconds, LONGEST))

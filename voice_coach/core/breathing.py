"""The beat of the breath: where a moment falls in a round, and when its cues are due.

A round is one breath in and one breath out. A cue's moment follows from the start of its round,
and a round's start from the end of the one before: all is planned, nothing is counted up, so the
beat cannot drift however late the program looks at the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_coach.core.routine import Breathing


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
    turn = start + breathing.breath_in * stretch
    return Round(number, start, turn, turn + breathing.breath_out * stretch)

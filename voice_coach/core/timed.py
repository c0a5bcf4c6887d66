"""The part of a step that runs by the clock: a hold, or rounds of breathing (`rounds`).

Both are immutable values and answer the same four questions: what is due, when to look again, is
it over, and what is left. An interruption loses nothing: a hold keeps its remaining seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, takewhile
from math import ceil
from typing import TYPE_CHECKING, Protocol

from voice_coach.core.earcons import HOLD_OVER
from voice_coach.core.routine import SHORTEST_COUNTED
from voice_coach.core.state import evolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voice_coach.core.breathing import Beat, Round
    from voice_coach.core.lines import HoldLines

ROUNDING = 1e-6
"""Seconds by which sums of times may differ because of rounding."""
LEAD = 0.5
"""Seconds before its moment at which a cue is handed over, so that it can start on the sample."""
GRACE = 0.15
"""Seconds a cue may be late; after that it is dropped, never spoken late."""
LONGEST_SILENCE = 11.5
"""Seconds after which something is said: after twelve, somebody who cannot see begins to wonder
whether the coach is still there, and clips have a little silence at their edges."""
SHORTEST_HOLD, LONGEST_HOLD = 5.0, 60.0
"""Seconds; the limits of a hold, as in a routine."""
SHORTEST_HALVED = 15.0
"""Length in seconds from which "halfway" is said."""


@dataclass(frozen=True)
class Cue:
    """A sentence and the audio time it belongs to, in seconds."""

    at: float
    text: str
    press: bool = False
    """Whether it asks a partner to press."""
    always: bool = False
    """Whether it is said even if it is late: the word that ends a press."""


class Timed(Protocol):
    """What a session asks of a hold and of breathing alike. Times are audio times in seconds."""

    def at_most(self, rounds: int) -> Timed:
        """Do so many more rounds at most; a hold has none."""

    def begin(self, now: float, stretch: float) -> Timed:
        """Start, or go on after `interrupt`, with breaths `stretch` times as long as written."""

    def interrupt(self, now: float, broken: Cue | None = None) -> Timed:
        """Stop the clock; `broken` is the cue that was being said."""

    def due(self, now: float, stretch: float) -> tuple[Timed, tuple[Cue, ...]]:
        """Take out the cues that must be handed over by now."""

    def deadline(self) -> float:
        """Give the time at which to look again."""

    def over(self, now: float) -> bool:
        """Say whether all of it is done."""

    def is_pressed(self, now: float) -> bool:
        """Whether a press may be on, or is about to be cued."""

    def next_cue(self) -> float:
        """Give the time of the next cue or of the end, whichever comes first."""

    def seconds_left(self, now: float) -> float:
        """Estimate what remains."""

    def beat(self, now: float) -> Beat | None:
        """Say where the breath is; None for a hold."""

    def breath(self, now: float) -> Round | None:
        """Give the round of breath that runs; None for a hold."""

    @property
    def parting(self) -> tuple[str, ...]:
        """What is said when all of it is done."""


@dataclass(frozen=True)
class Holding:
    """A position held for a time, with a word at half time and the last seconds counted.

    Where these leave too long a silence, other words are said in between. A word that is
    interrupted is said again when the hold goes on, and the clock goes back to its beginning.
    """

    seconds: float
    words: tuple[tuple[float, str], ...]
    """When each is said, in seconds from the beginning of the hold."""
    parting: tuple[str, ...]
    elapsed: float = 0.0
    """How long it was held before the last interruption."""
    started: float = 0.0
    """When it would have begun without interruptions."""
    cues: tuple[Cue, ...] = ()

    @classmethod
    def of(cls, seconds: float, lines: HoldLines, quiet: float = 0.0) -> Holding:
        """Plan a hold; nothing has been said for the last `quiet` seconds."""
        counted = seconds >= SHORTEST_COUNTED
        countdown = lines.countdown if counted else ()
        words = [(seconds - len(countdown) + n, word) for n, word in enumerate(countdown)]
        if seconds >= SHORTEST_HALVED:
            words.insert(0, (seconds / 2, lines.halfway))
        parting = (HOLD_OVER, lines.release) if counted else ()
        return cls(seconds, (*_with_company(words, seconds, -quiet, lines.company),), parting)

    def at_most(self, rounds: int) -> Holding:  # noqa: ARG002 - a hold has no rounds
        """Give the same."""
        return self

    def begin(self, now: float, stretch: float) -> Holding:  # noqa: ARG002 - a hold has no breath
        """Start, or go on with what was left."""
        started = now - self.elapsed
        cues = tuple(
            Cue(started + offset, text)
            for offset, text in self.words
            if offset >= self.elapsed - ROUNDING
        )
        return evolve(self, started=started, cues=cues)

    def interrupt(self, now: float, broken: Cue | None = None) -> Holding:
        """Keep the seconds that were held, but not those of a word that was interrupted."""
        until = broken.at if broken else now
        return evolve(self, elapsed=min(until - self.started, self.seconds))

    def resized(self, factor: float, now: float, lines: HoldLines) -> Holding:
        """Make it longer or shorter from now on; what was held stays held."""
        seconds = min(max(self.seconds * factor, SHORTEST_HOLD), LONGEST_HOLD)
        other = Holding.of(seconds, lines)
        held = min(max(0.0, now - self.started), seconds)
        return evolve(other, elapsed=held).begin(now, 1)

    def due(self, now: float, stretch: float) -> tuple[Holding, tuple[Cue, ...]]:  # noqa: ARG002
        """Take out the cues that must be handed over by now."""
        due = due_by(self.cues, now)
        return (evolve(self, cues=self.cues[len(due) :]) if due else self), due

    def deadline(self) -> float:
        """Give the time at which to look again."""
        return min(self.next_cue() - LEAD * bool(self.cues), self.end)

    def over(self, now: float) -> bool:
        """Say whether the time is up."""
        return now >= self.end

    def is_pressed(self, now: float) -> bool:  # noqa: ARG002
        """Give False: in a hold nobody presses."""
        return False

    def next_cue(self) -> float:
        """Give the time of the next word or of the end."""
        return self.cues[0].at if self.cues else self.end

    def seconds_left(self, now: float) -> float:
        """Count down, never below zero nor above the whole."""
        return max(0.0, min(self.seconds, self.end - now))

    def beat(self, now: float) -> Beat | None:  # noqa: ARG002
        """Give None: a hold has no beat."""
        return None

    def breath(self, now: float) -> Round | None:  # noqa: ARG002
        """Give None: a hold has no breath."""
        return None

    @property
    def end(self) -> float:
        """When the hold is over."""
        return self.started + self.seconds


def _with_company(
    words: Iterable[tuple[float, str]], seconds: float, since: float, company: Iterable[str]
) -> Iterator[tuple[float, str]]:
    """Give the words of a hold with others between them, so that no silence is too long."""
    others = cycle(company)
    for offset, word in (*words, (seconds, "")):
        parts = ceil((offset - since) / LONGEST_SILENCE - ROUNDING)
        for part in range(1, parts):
            yield max(0.0, since + (offset - since) * part / parts), next(others)
        if word:
            yield offset, word
        since = offset


def due_by(cues: tuple[Cue, ...], now: float) -> tuple[Cue, ...]:
    """Give the cues that must be handed over by now."""
    return tuple(takewhile(lambda cue: cue.at - LEAD <= now, cues))

"""The part of a step that runs by the clock: a hold, or rounds of breathing.

Both answer the same four questions: what is due, when to look again, is it over, and what is left.
Interrupting either loses nothing: a hold keeps its remaining seconds; breathing keeps the rounds
that are done and begins the broken one anew, with a breath in, so that no press is ever resumed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import cycle
from math import ceil
from typing import TYPE_CHECKING, Protocol

from voice_coach.core.breathing import Round, plan_round
from voice_coach.core.earcons import HOLD_OVER
from voice_coach.core.routine import SHORTEST_COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_coach.core.breathing import Beat
    from voice_coach.core.language import Hold
    from voice_coach.core.routine import Breathing

ROUNDING = 1e-6
"""Seconds by which sums of times may miss each other."""
LEAD = 0.5
"""Seconds before its moment at which a cue is handed over, so that it can start on the sample."""
GRACE = 0.15
"""Seconds a cue may be late; after that it is dropped, never spoken late."""


LONGEST_SILENCE = 11.5
"""Seconds after which a word is due: after twelve, somebody who cannot see begins to wonder whether
the coach is still there, and clips have a little silence at their edges."""
SHORTEST_HALVED = 15.0
"""Seconds from which on "halfway" is worth saying."""


@dataclass(frozen=True)
class Cue:
    """A sentence and the audio time it belongs to, in seconds."""

    at: float
    text: str
    press: bool = False


class Timed(Protocol):
    """What a session asks of a hold and of breathing alike."""

    def begin(self, now: float, stretch: float) -> None:
        """Start, or go on after `interrupt`."""

    def interrupt(self, now: float, broken: Cue | None = None) -> None:
        """Stop the clock; `broken` is the cue that was being said."""

    def due(self, now: float, stretch: float) -> list[Cue]:
        """Take the cues that must be handed over by now."""

    def deadline(self) -> float:
        """Give the audio time at which to look again, in seconds."""

    def over(self, now: float) -> bool:
        """Say whether all of it is done."""

    def next_cue(self) -> float:
        """Give the audio time of the next cue or of the end, whichever comes first."""

    def seconds_left(self, now: float) -> float:
        """Estimate what remains."""

    def beat(self, now: float) -> Beat | None:
        """Say where the breath is; None for a hold."""

    def breath(self, now: float) -> Round | None:
        """Give the round of breath that runs; None for a hold."""

    @property
    def parting(self) -> tuple[str, ...]:
        """What is said when all of it is done."""


class Holding:
    """A position held for a time, with a halfway word and the last seconds counted.

    Where nothing is said for too long between these, other words keep the person company. A word
    that is broken off is said again when the hold goes on, with the second it belongs to.
    """

    def __init__(self, seconds: float, words: Hold, quiet: float = 0.0) -> None:
        """Take the words, and the seconds of quiet since the last thing that was said."""
        counted = seconds >= SHORTEST_COUNTED
        countdown = words.countdown if counted else ()
        self.parting = (HOLD_OVER, words.release) if counted else ()
        self._seconds = seconds
        self._elapsed = 0.0
        self._started = 0.0
        self._words = [(seconds - len(countdown) + n, word) for n, word in enumerate(countdown)]
        if seconds >= SHORTEST_HALVED:
            self._words.insert(0, (seconds / 2, words.halfway))
        self._words = [*self._accompanied(-quiet, words.company)]
        self._cues: deque[Cue] = deque()

    def begin(self, now: float, stretch: float) -> None:  # noqa: ARG002 - a hold has no breath
        """Start, or go on with what was left."""
        self._started = now - self._elapsed
        self._cues = deque(
            Cue(self._started + offset, text)
            for offset, text in self._words
            if offset >= self._elapsed - ROUNDING
        )

    def interrupt(self, now: float, broken: Cue | None = None) -> None:
        """Keep the seconds that were held, but for those of a word that was broken off."""
        until = broken.at if broken else now
        self._elapsed = min(until - self._started, self._seconds)

    def due(self, now: float, stretch: float) -> list[Cue]:  # noqa: ARG002
        """Take the cues that must be handed over by now."""
        return _take(self._cues, now)

    def deadline(self) -> float:
        """Give the audio time at which to look again."""
        return min(self.next_cue() - LEAD * bool(self._cues), self._end)

    def over(self, now: float) -> bool:
        """Say whether the time is up."""
        return now >= self._end

    def next_cue(self) -> float:
        """Give the audio time of the next word or of the end."""
        return self._cues[0].at if self._cues else self._end

    def seconds_left(self, now: float) -> float:
        """Count down, never below zero nor above the whole."""
        return max(0.0, min(self._seconds, self._end - now))

    def beat(self, now: float) -> Beat | None:  # noqa: ARG002
        """Give None: a hold has no beat."""
        return None

    def breath(self, now: float) -> Round | None:  # noqa: ARG002
        """Give None: a hold has no breath."""
        return None

    def _accompanied(self, since: float, company: Sequence[str]) -> Iterator[tuple[float, str]]:
        """Give the words of the hold with others between them, so that no silence is too long."""
        others = cycle(company)
        for offset, word in (*self._words, (self._seconds, "")):
            parts = ceil((offset - since) / LONGEST_SILENCE - ROUNDING)
            for part in range(1, parts):
                yield max(0.0, since + (offset - since) * part / parts), next(others)
            if word:
                yield offset, word
            since = offset

    @property
    def _end(self) -> float:
        return self._started + self._seconds


class BreathingRounds:
    """Rounds of breath, cued in and out; a change of pace takes effect with the next round."""

    parting: tuple[str, ...] = ()

    def __init__(self, breathing: Breathing) -> None:
        self._breathing = breathing
        self._done = 0
        self._before: Round | None = None
        self._round: Round | None = None
        """The newest round that is planned; it may begin up to LEAD later than now."""
        self._cues: deque[Cue] = deque()

    def begin(self, now: float, stretch: float) -> None:
        """Start with a breath in, or begin the broken round anew."""
        self._cues.clear()
        self._round = None
        self._plan(self._done, now + LEAD, stretch)

    def interrupt(self, now: float, broken: Cue | None = None) -> None:  # noqa: ARG002
        """Keep the rounds that were done."""
        current = self.breath(now)
        done = current.number + (now >= current.end)
        # One that ends in the very moment of an interruption is breathed once more, so that there
        # is something left to go on with.
        self._done = min(done, self._breathing.rounds - 1)

    def due(self, now: float, stretch: float) -> list[Cue]:
        """Take the cues that must be handed over by now, planning the next round when it nears."""
        newest = self._newest
        if not self._is_last(newest) and now >= newest.end - LEAD:
            self._plan(newest.number + 1, newest.end, stretch)
        return _take(self._cues, now)

    def deadline(self) -> float:
        """Give the audio time at which to look again."""
        if self._cues:
            return self._cues[0].at - LEAD
        return self._newest.end - LEAD * (not self._is_last(self._newest))

    def over(self, now: float) -> bool:
        """Say whether the last breath out is over."""
        return self._is_last(self._newest) and now >= self._newest.end

    def next_cue(self) -> float:
        """Give the audio time of the next cue or of the round's end."""
        return self._cues[0].at if self._cues else self._newest.end

    def seconds_left(self, now: float) -> float:
        """Estimate what remains, at the pace of the running round."""
        current = self.breath(now)
        after = self._breathing.rounds - current.number - 1
        return max(0.0, current.end - now) + after * (current.end - current.start)

    def beat(self, now: float) -> Beat | None:
        """Say where the breath is."""
        return self.breath(now).beat(now)

    def breath(self, now: float) -> Round:
        """Give the round that runs; the next is planned a little before it begins."""
        early = self._before is not None and now < self._newest.start
        return self._before if early and self._before else self._newest

    @property
    def _newest(self) -> Round:
        if self._round is None:
            raise RuntimeError("breathing was asked about before it began")
        return self._round

    def _is_last(self, planned: Round) -> bool:
        return planned.number + 1 == self._breathing.rounds

    def _plan(self, number: int, start: float, stretch: float) -> None:
        self._before, self._round = (
            self._round,
            plan_round(self._breathing, number, start, stretch),
        )
        self._cues.append(Cue(self._round.start, self._breathing.cue_in))
        self._cues.append(
            Cue(self._round.turn, self._breathing.cue_out, press=self._breathing.press)
        )


def _take(cues: deque[Cue], now: float) -> list[Cue]:
    taken = []
    while cues and cues[0].at - LEAD <= now:
        taken.append(cues.popleft())
    return taken

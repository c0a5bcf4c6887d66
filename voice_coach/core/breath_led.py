"""The rounds of a press that are led by the person's breath: no push without a breath out.

Each round calls the breath in, then the breath out, and waits. Only when the breath out is heard to
begin, within a second of its cue, the partner is told to push; and to let go at 70 % of this
person's breath, or when it ends, or after four seconds, whichever comes first. Without a breath
there is no push in this round. The rounds end when no press is left, after two minutes, or after
three rounds in a row without a breath.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from math import inf
from typing import TYPE_CHECKING

from voice_coach.core.breathing import (
    BETWEEN_CUES,
    LONGEST_PRESS,
    PRESS_SHARE,
    Round,
    plan_round,
)
from voice_coach.core.pace import RATES, speaking_seconds
from voice_coach.core.state import evolve
from voice_coach.core.timed import LEAD, Cue

if TYPE_CHECKING:
    from voice_coach.core.breathing import Beat
    from voice_coach.core.lines import PressLines
    from voice_coach.core.routine import Breathing

WINDOW = 1.0
"""Seconds after "breathe out" has been said in which a breath must be heard to begin: people follow
a cue within one, and a later sound may be anything."""
LONGEST = 120.0
"""Seconds of rounds in all: a product choice."""
MOST_MISSES = 3
"""Rounds in a row without a breath, after which the press is left out."""
REST = 1.0
"""Seconds of quiet before the next breath in."""


@dataclass(frozen=True)
class BreathLedRounds:
    """Rounds of breath whose presses wait for the breath out. Times are audio times in seconds."""

    breathing: Breathing
    own: float
    """How long this person breathes out, in seconds."""
    lines: PressLines
    left: int
    """Presses that are left."""
    done: int = 0
    """Presses that were called in these rounds."""
    misses: int = 0
    """Rounds in a row without a breath."""
    spent: float = 0.0
    """Seconds of rounds before the last interruption."""
    began: float = 0.0
    """When the rounds began, or went on."""
    start: float = 0.0
    """When the breath in of this round is called."""
    turn: float = 0.0
    """When its breath out is called."""
    onset: float | None = None
    """When the breath out was heard to begin."""
    push: float | None = None
    """When the partner is told to push."""
    pushed: bool = False
    """Whether they were."""
    let_go: float | None = None
    """When they are told to let go."""
    end: float | None = None
    """When the next round begins; None before that is known."""
    cues: tuple[Cue, ...] = ()

    @property
    def parting(self) -> tuple[str, ...]:
        """Why there is no more press, if the breath was not heard."""
        return (self.lines.unheard,) if self.misses >= MOST_MISSES else ()

    def at_most(self, rounds: int) -> BreathLedRounds:
        """Call so many more presses at most."""
        return evolve(self, left=min(self.left, rounds))

    def begin(self, now: float, stretch: float) -> BreathLedRounds:
        """Start with a breath in, or start the interrupted round again, if another may follow."""
        if self.left <= 0 or self.gives_up:
            return evolve(self, began=now, cues=(), end=now)
        return _plan(evolve(self, began=now, cues=()), now + LEAD, stretch)

    def interrupt(self, now: float, broken: Cue | None = None) -> BreathLedRounds:  # noqa: ARG002
        """Keep what was done; nothing of this round is taken up again."""
        return evolve(self, spent=self.spent + now - self.began)

    def hear(self, now: float, at: float, *, began: bool) -> BreathLedRounds:
        """Take note, at the time `now`, that a breath began or ended at the time `at`."""
        if began:
            in_time = self.turn <= at and now <= self._heard_by
            if not in_time or self.onset is not None or self.end is not None:
                return self
            return evolve(self, onset=at, push=max(now, self._called + BETWEEN_CUES))
        if self.onset is None or self.end is not None:
            return self
        if not self.pushed:
            return evolve(self, push=None)
        return evolve(self, let_go=min(self.let_go or inf, now))

    def due(self, now: float, stretch: float) -> tuple[BreathLedRounds, tuple[Cue, ...]]:
        """Take out the cues that must be handed over by now; plan the next round in time."""
        said = tuple(takewhile(lambda cue: cue.at - LEAD <= now, self.cues))
        rounds, more = _press(evolve(self, cues=self.cues[len(said) :]), now)
        if rounds.end is not None and now >= rounds.end - LEAD and not rounds.is_last:
            rounds = _plan(rounds, rounds.end, stretch)
        return rounds, (*said, *more)

    def deadline(self) -> float:
        """Give the time at which to look again."""
        moments = [cue.at - LEAD for cue in self.cues[:1]]
        if self.end is not None:
            moments.append(self.end - LEAD * (not self.is_last))
        elif self.pushed:
            moments.append((self.let_go or 0.0) - LEAD)
        elif self.push is not None:
            moments.append(self.push)
        else:
            moments.append(self.missed_at)
        return min(moments)

    def over(self, now: float) -> bool:
        """Say whether the last round is over."""
        return self.is_last and self.end is not None and now >= self.end

    def is_pressed(self, now: float) -> bool:
        """Whether a press was called, or is about to be, and may not have ended yet."""
        return self.push is not None and now < (self.let_go or inf) + LEAD

    def next_cue(self) -> float:
        """Give the time of the next cue; while a breath is awaited, that may be any moment."""
        if self.cues:
            return self.cues[0].at
        return self.turn if self.end is None else self.end

    def seconds_left(self, now: float) -> float:  # noqa: ARG002 - nobody knows when they breathe
        """Estimate what remains."""
        return self.left * (self.turn - self.start + self.own + REST)

    def beat(self, now: float) -> Beat | None:
        """Say where the breath is."""
        return self.breath(now).beat(now)

    def breath(self, now: float) -> Round:
        """Give the round that runs."""
        end = max(self.end or 0.0, self.turn + self.own, now)
        push = self.push if self.pushed else None
        return Round(self.done, self.start, self.turn, end, push, self.let_go if push else None)

    @property
    def _called(self) -> float:
        """When "breathe out" has surely been said."""
        return self.turn + speaking_seconds(self.breathing.cue_out, min(RATES))

    @property
    def _heard_by(self) -> float:
        return self._called + WINDOW

    @property
    def missed_at(self) -> float:
        """When the coach says "no push"; at once if the breath was too short for one."""
        return self._called if self.onset is not None else self._heard_by

    @property
    def gives_up(self) -> bool:
        """Whether nobody breathes to be heard any more, or all rounds together took too long."""
        return self.misses >= MOST_MISSES or self.spent >= LONGEST

    @property
    def is_last(self) -> bool:
        """Whether no round follows this one."""
        over_long = self.end is not None and self.spent + self.end - self.began >= LONGEST
        return self.left <= 0 or self.misses >= MOST_MISSES or over_long


def _plan(rounds: BreathLedRounds, start: float, stretch: float) -> BreathLedRounds:
    """Plan one more round behind the cues that wait."""
    breathing = rounds.breathing
    planned = plan_round(breathing, 0, start, stretch)
    cues = (Cue(start, breathing.cue_in), Cue(planned.turn, breathing.cue_out))
    fresh = {"onset": None, "push": None, "pushed": False, "let_go": None, "end": None}
    return evolve(rounds, start=start, turn=planned.turn, cues=(*rounds.cues, *cues), **fresh)


def _press(rounds: BreathLedRounds, now: float) -> tuple[BreathLedRounds, tuple[Cue, ...]]:
    """Tell the partner to push or to let go, or everybody that there is no push, if it is time."""
    if rounds.end is not None:
        return rounds, ()
    if rounds.pushed and rounds.let_go is not None:
        return _release(rounds, now, rounds.let_go) if now >= rounds.let_go - LEAD else (rounds, ())
    if rounds.push is not None:
        return _push(rounds, now) if now >= rounds.push else (rounds, ())
    return _miss(rounds, now) if now >= rounds.missed_at else (rounds, ())


def _push(rounds: BreathLedRounds, now: float) -> tuple[BreathLedRounds, tuple[Cue, ...]]:
    told = now + _saying(rounds.breathing.cue_push)
    own = (rounds.onset or now) + PRESS_SHARE * rounds.own
    let_go = min(now + LONGEST_PRESS, max(told, own))
    counts = {"left": rounds.left - 1, "done": rounds.done + 1, "misses": 0}
    pressed = evolve(rounds, push=now, pushed=True, let_go=let_go, **counts)
    return pressed, (Cue(now, rounds.breathing.cue_push or "", press=True),)


def _release(
    rounds: BreathLedRounds, now: float, let_go: float
) -> tuple[BreathLedRounds, tuple[Cue, ...]]:
    at = max(now, let_go)
    told = at + _saying(rounds.breathing.cue_let_go)
    breathed_out = (rounds.onset or now) + rounds.own
    over = evolve(rounds, let_go=at, end=max(told, breathed_out) + REST)
    return over, (Cue(at, rounds.breathing.cue_let_go or "", always=True),)


def _miss(rounds: BreathLedRounds, now: float) -> tuple[BreathLedRounds, tuple[Cue, ...]]:
    end = now + _saying(rounds.lines.missed) + REST
    missed = evolve(rounds, misses=rounds.misses + 1, end=end)
    return missed, (Cue(now, rounds.lines.missed),)


def _saying(text: str | None) -> float:
    return speaking_seconds(text or "", min(RATES))

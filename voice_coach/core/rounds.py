"""Rounds of breathing, which run by the clock.

An interruption keeps the completed rounds. The interrupted one starts again, with a breath in, so
that a press is never resumed in its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.breathing import Round, plan_round
from voice_coach.core.state import evolve
from voice_coach.core.timed import LEAD, Cue, due_by

if TYPE_CHECKING:
    from voice_coach.core.breathing import Beat
    from voice_coach.core.routine import Breathing


@dataclass(frozen=True)
class BreathingRounds:
    """Rounds of breath, cued in and out; a change of pace takes effect with the next round."""

    breathing: Breathing
    called: tuple[tuple[str, str], ...] = ()
    """The cues of each round, in and out; empty: those of the breathing."""
    done: int = 0
    """Rounds that were completed before the last interruption."""
    before: Round | None = None
    """The round before the newest."""
    newest: Round | None = None
    """The newest round that is planned; it may begin up to ``LEAD`` seconds later than now."""
    cues: tuple[Cue, ...] = ()

    @property
    def parting(self) -> tuple[str, ...]:
        """Nothing is said when the last breath is over."""
        return ()

    def at_most(self, rounds: int) -> BreathingRounds:
        """Leave out rounds at the end, so that so many are left after those that are done."""
        rounds = min(self.breathing.rounds, self.done + rounds)
        return evolve(self, breathing=self.breathing.model_copy(update={"rounds": rounds}))

    def begin(self, now: float, stretch: float) -> BreathingRounds:
        """Start with a breath in, or start the interrupted round again."""
        return self._plan(self.done, now + LEAD, stretch, before=None, cues=())

    def interrupt(self, now: float, broken: Cue | None = None) -> BreathingRounds:  # noqa: ARG002
        """Keep the rounds that were done."""
        current = self.breath(now)
        done = current.number + (now >= current.end)
        # A last round that ends at the very moment of an interruption is breathed once more, so
        # that there is something left to go on with.
        return evolve(self, done=min(done, self.breathing.rounds - 1))

    def due(self, now: float, stretch: float) -> tuple[BreathingRounds, tuple[Cue, ...]]:
        """Take out the cues that must be handed over by now; plan the next round in time."""
        rounds, newest = self, self._round
        if not self._is_last(newest) and now >= newest.end - LEAD:
            number, start = newest.number + 1, newest.end
            rounds = self._plan(number, start, stretch, before=newest, cues=self.cues)
        due = due_by(rounds.cues, now)
        return (evolve(rounds, cues=rounds.cues[len(due) :]) if due else rounds), due

    def deadline(self) -> float:
        """Give the time at which to look again."""
        if self.cues:
            return self.cues[0].at - LEAD
        return self._round.end - LEAD * (not self._is_last(self._round))

    def over(self, now: float) -> bool:
        """Say whether the last breath out is over."""
        return self._is_last(self._round) and now >= self._round.end

    def is_pressed(self, now: float) -> bool:
        """Whether a press was called, or its cue was handed over, and may not have ended yet."""
        current = self.breath(now)
        if current.push is None or current.let_go is None:
            return False
        return current.push - LEAD <= now < current.let_go + LEAD

    def next_cue(self) -> float:
        """Give the time of the next cue or of the end of the round."""
        return self.cues[0].at if self.cues else self._round.end

    def seconds_left(self, now: float) -> float:
        """Estimate what remains, at the pace of the running round."""
        current = self.breath(now)
        after = self.breathing.rounds - current.number - 1
        return max(0.0, current.end - now) + after * (current.end - current.start)

    def beat(self, now: float) -> Beat | None:
        """Say where the breath is."""
        return self.breath(now).beat(now)

    def breath(self, now: float) -> Round:
        """Give the round that runs; the next is planned a little before it begins."""
        newest = self._round
        return self.before if self.before is not None and now < newest.start else newest

    @property
    def _round(self) -> Round:
        if self.newest is None:
            raise RuntimeError("breathing was asked about before it began")
        return self.newest

    def _is_last(self, planned: Round) -> bool:
        return planned.number + 1 == self.breathing.rounds

    def _plan(
        self,
        number: int,
        start: float,
        stretch: float,
        *,
        before: Round | None,
        cues: tuple[Cue, ...],
    ) -> BreathingRounds:
        """Plan one more round behind these cues."""
        breathing = self.breathing
        if self.called:
            cue_in, cue_out = self.called[number]
            breathing = breathing.model_copy(update={"cue_in": cue_in, "cue_out": cue_out})
        planned = plan_round(breathing, number, start, stretch)
        new: tuple[Cue, ...] = (
            Cue(planned.start, breathing.cue_in),
            Cue(planned.turn, breathing.cue_out),
        )
        if planned.push is not None and planned.let_go is not None:
            push = Cue(planned.push, breathing.cue_push or "", press=True)
            new = (*new, push, Cue(planned.let_go, breathing.cue_let_go or "", always=True))
        return evolve(self, before=before, newest=planned, cues=(*cues, *new))

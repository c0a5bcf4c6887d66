"""What the coach advises against, and what it offers instead.

When twists come too often it says why and offers the gentle bends; only a clear "yes, go on" leads
to the twist all the same. For some time after pain it offers gentle bends or rest, and nothing
leads to anything else. What is too often, and how long after, is decided in guard.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.actions import Prepare
from voice_coach.core.commands import Command
from voice_coach.core.guard import Reason
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.actions import Action
    from voice_coach.core.course import Course
    from voice_coach.core.guard import Verdict
    from voice_coach.core.language import Language
    from voice_coach.core.opening import Opening
    from voice_coach.core.routine import Routine

QUESTIONS = frozenset({State.TOO_OFTEN, State.AFTER_PAIN})
"""The states in which an answer is awaited here."""


class Counsel:
    """Stands between the choice of a routine and its beginning."""

    def __init__(
        self,
        language: Language,
        course: Course,
        opening: Opening,
        verdict: Verdict,
        act: Callable[[Action], None],
    ) -> None:
        self._language = language
        self._lines = language.coach.guard
        self._course = course
        self._opening = opening
        self._verdict = verdict
        self._act = act
        self._wanted: Routine | None = None
        """The twist that was advised against."""
        self._question: tuple[str, ...] = ()

    def begin(self, routine: Routine | None, before: tuple[str, ...], now: float) -> None:
        """Say the first words of the session, and whatever the past gives reason to."""
        verdict = self._verdict
        if verdict.hurt_often:
            before += self._lines.see_doctor
        if verdict.hurt_lately:
            before += (self._lines.felt_bad, *self._language.safety.doctor)
        if routine and not verdict.allows(routine):
            self._advise_against(routine, before, now)
        elif verdict.hurt_lately and not routine:
            self._ask(Signal.HURT_LATELY, (*before, *self._lines.after_pain), now)
        else:
            self._opening.begin(before, now)

    def choose(self, routine: Routine, now: float) -> None:
        """Go on to this routine, unless there is something to say against it."""
        if self._verdict.allows(routine):
            self._opening.choose(routine, now)
        else:
            self._course.narration.cut(now)
            self._advise_against(routine, (), now)

    def reckon(self, routine: Routine | None) -> None:
        """Count what has just been done."""
        if routine and routine.twist:
            self._verdict = self._verdict.after_a_twist()

    def answer(self, command: Command, now: float) -> None:
        """Take the answer to what was asked."""
        course, opening = self._course, self._opening
        match command:
            case Command.YES:
                opening.choose(self._gentle(), now, command)
            case Command.INSIST if self._wanted:
                opening.choose(self._wanted, now, command)
            case Command.NO if course.state is State.AFTER_PAIN:
                course.stop(now, command)
            case Command.NO:
                course.move(command)
                opening.open(now)
            case Command.REPEAT:
                course.narration.cut(now)
                course.narration.speak(self._question, now)

    def _advise_against(self, routine: Routine, before: tuple[str, ...], now: float) -> None:
        lines = self._lines
        if self._verdict.hurt_lately:
            self._ask(Signal.HURT_LATELY, (*before, lines.not_today, *lines.after_pain), now)
            return
        self._wanted = routine
        reasons = {
            Reason.LATELY: (*lines.lately, *self._language.safety.twisting),
            Reason.OFTEN: (*lines.often, *self._language.safety.twisting),
            Reason.UNKNOWN: lines.unknown,
        }
        why = reasons[self._verdict.twisting] if self._verdict.twisting else ()
        self._ask(Signal.TOO_OFTEN, (*before, *why, *lines.too_often), now)

    def _ask(self, signal: Signal, question: tuple[str, ...], now: float) -> None:
        self._course.move(signal)
        self._question = question
        self._act(Prepare(question, self._course.pace.rate))
        self._course.narration.speak(question, now)

    def _gentle(self) -> Routine:
        return next(r for r in self._language.routines if r.id in self._verdict.gentle)

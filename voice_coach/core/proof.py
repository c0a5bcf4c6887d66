"""The proof before pressing: the person has silenced the coach in the middle of its speech.

A spine is twisted, and hands press on it, only where "it hurts" has just been seen to work: in this
room, in this voice, over the coach's own. So the coach counts aloud, and the person says it into
the count. That is a rehearsal and no pain: it ends nothing, and nothing of it is remembered. Only
a voice proves anything; given by key, pain is what it always is.

A suspicion will do, for it silences the coach and takes the partner's hands off just the same. A
cry before the count only brings the count on, and one behind it comes too late: neither was heard
through the coach's voice. The proof holds for one session; the next may be in another room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.narration import GAP
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.commands import Command
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language
    from voice_coach.core.opening import Opening
    from voice_coach.core.routine import Routine

TRIES = 2
"""So often the coach counts in vain before it refuses."""
LATE = 2.5
"""Seconds after the count in which a cry is still no pain: one into its last word is made out up
to two seconds later."""


class Proof:
    """Tries the stop out, and refuses what needs one where it does not work."""

    def __init__(
        self, language: Language, course: Course, opening: Opening, *, proven: bool
    ) -> None:
        self._lines = language.coach.proof
        self._course = course
        self._opening = opening
        self._narration = course.narration
        self._proven = proven
        self._refused = False
        self._tries = 0
        self._over_at: float | None = None
        """Audio time at which the count was in vain; None while it is not over."""

    @property
    def counting(self) -> bool:
        """Whether the count sounds, or was hushed by what may be the cry."""
        counts = self._narration.coming == (self._lines.count,)
        return counts and self._course.state is State.PROOF

    def lacks(self, routine: Routine | None) -> bool:
        """Whether this must not begin before the stop is proven."""
        return routine is not None and routine.twist and not self._proven

    def refuses(self, routine: Routine) -> bool:
        """Whether this needs what has failed in this room."""
        return self._refused and self.lacks(routine)

    def begin(self, command: Command, now: float) -> None:
        """Begin with the routine; where the proof is lacking, ask for the cry first, and count."""
        if not self.lacks(self._course.routine):
            self._opening.brief(command, now)
            return
        self._course.move(Signal.UNPROVEN)
        self._tries = 0
        self._try(self._lines.ask, now)

    def repeat(self, now: float) -> None:
        """Ask for it again; that is no try in vain."""
        self._ask(self._lines.ask, now)

    def hear(self, now: float) -> None:
        """Take the cry: whenever it comes, it silences the coach."""
        counting, late = self.counting, self._over_at is not None
        self._narration.cut(now)
        if counting or self._proven:
            self._proven = True
            self._narration.speak(self._lines.proven, now + GAP, then=self._go_on)
        elif late:
            self._fail(now)
        else:
            self._ask((), now)

    def deadline(self) -> float | None:
        """Give the audio time at which the count was in vain; None while that is open."""
        return None if self._narration.hushed else self._over_at

    def pass_time(self, now: float) -> None:
        """See whether the count was in vain."""
        deadline = self.deadline()
        if deadline is not None and now >= deadline:
            self._fail(now)

    def refuse(self, now: float) -> None:
        """Say that a routine cannot be had here, and offer the others."""
        self._opening.start_over(now, Signal.REFUSED, self._lines.not_here)

    def _try(self, before: Iterable[str], now: float) -> None:
        self._tries += 1
        self._ask(before, now)

    def _ask(self, before: Iterable[str], now: float) -> None:
        self._over_at = None
        self._narration.cut(now)
        self._narration.speak((*before, self._lines.count), now, then=self._counted)

    def _counted(self, now: float) -> None:
        self._over_at = now + LATE

    def _go_on(self, now: float) -> None:
        self._opening.brief(Signal.PROVEN, now)

    def _fail(self, now: float) -> None:
        if self._tries < TRIES:
            self._try(self._lines.again, now)
            return
        self._over_at = None
        self._refused = True
        self._opening.start_over(now, Signal.REFUSED, self._lines.refused)

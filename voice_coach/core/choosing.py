"""The choice of a routine: what is read out, and what is told about one of them.

Nobody keeps a dozen names in mind that were only heard. So they are read a few at a time, the
gentlest first; "what else" reads on, and begins anew after the last. Each can be chosen at any
time, whether it has been read out or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.narration import GAP
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.remaining import minutes, step_seconds
from voice_coach.core.script import briefing, earcon_lesson, farewell, proof, sound_check, write_out

if TYPE_CHECKING:
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine

AT_A_TIME = 4
"""Names that are read out before the question: about as many as one keeps in mind."""


class Choosing:
    """Knows which routines are being offered, and which of them is being told about."""

    def __init__(self, language: Language) -> None:
        self.first = 0
        """The first of those that are read out, counted from 0."""
        self._language = language
        self._lines = language.coach
        self._told: Routine | None = None

    def read_on(self) -> None:
        """Offer the next few, or the first again after the last."""
        self._told = None
        self.first += AT_A_TIME
        if self.first >= len(self._language.routines):
            self.first = 0

    def tell_about(self, routine: Routine) -> None:
        """Offer this one, with all that is to be known of it."""
        self._told = routine

    def sentences(self) -> tuple[str, ...]:
        """Give what is being offered, and the question which it is to be."""
        return self._about(self._told) if self._told else self._offers()

    def _offers(self) -> tuple[str, ...]:
        routines = self._language.routines
        named = (
            self._lines.offer.format(n=self._language.number(n), name=routine.names[0])
            for n, routine in enumerate(routines, 1)
            if self.first < n <= self.first + AT_A_TIME
        )
        more = (self._lines.more,) if len(routines) > AT_A_TIME else ()
        return (*named, *more, self._lines.ask)

    def _about(self, routine: Routine) -> tuple[str, ...]:
        about = self._lines.about
        return (
            self._lines.chosen.format(name=routine.title),
            about.twist if routine.twist else about.stretch,
            *routine.place,
            *((about.partner,) if routine.partner else ()),
            minutes(self._language, self._seconds(routine)),
            self._lines.ask,
        )

    def _seconds(self, routine: Routine) -> float:
        """Estimate how long a routine takes, from the sound check to the last word."""
        lines = self._lines
        cautions, rest = briefing(routine, lines)
        checked = sound_check(routine, self._language, earcon_lesson(lines))
        before = (*checked, *proof(routine, lines), *cautions, *rest)
        questions = (*lines.prompts.rating.say, *lines.prompts.another.say)
        told = (*before, *routine.closing, *questions, *farewell(routine, self._language))
        steps = write_out(routine, lines)
        return sum(speaking_seconds(text) + GAP for text in told) + sum(map(step_seconds, steps))

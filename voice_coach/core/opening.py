"""Up to the first step: the choice of a routine, the sound check, the briefing.

Whoever has heard a briefing before is spared what is not safety: the cautions are said each time,
the rest on request.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from voice_coach.core.choosing import Choosing
from voice_coach.core.commands import Command
from voice_coach.core.recording import introduction
from voice_coach.core.script import briefing, sound_check
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.course import Course
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.transitions import Trigger

STATES = frozenset({State.CHOOSING, State.SOUND_CHECK, State.BRIEFING})
"""The states this leads through."""


class Opening:
    """Leads a course to its first step. Times are audio times in seconds."""

    def __init__(
        self, language: Language, course: Course, known: Iterable[str], lesson: tuple[str, ...]
    ) -> None:
        """Take the identifiers of the routines that need no whole briefing.

        The `lesson` is what teaches the earcons; it is a part of the sound check.
        """
        self.choosing = Choosing(language)
        self._language = language
        self._lines = language.coach
        self._course = course
        self._known = frozenset(known)
        self._lesson = lesson
        self._checked = False
        """Whether the person has been heard, in this session."""
        self._cautions: frozenset[str] = frozenset()
        self._abridged = False

    @property
    def abridged(self) -> bool:
        """Whether the briefing was shortened, and no step but the first has been told since."""
        return self._abridged and self._course.step <= 0

    def begin(self, before: Iterable[str], now: float) -> None:
        """Say the first words of the session."""
        course = self._course
        if course.recorded and course.routine:
            opening = introduction(course.routine, self._language)
            course.narration.speak(opening, now, then=partial(self.brief, Command.READY))
            return
        course.preamble = self._sentences()
        course.prepare()
        course.narration.speak((*before, *course.preamble), now)

    def open(self, now: float, before: Iterable[str] = ()) -> None:
        """Say anew what there is to choose from, or what the sound check is about."""
        self._course.interrupt(now)
        self._course.preamble = self._sentences()
        self._course.narration.speak((*before, *self._course.preamble), now)

    # The choice

    def tell_about(self, routine: Routine, now: float) -> None:
        """Tell what there is to know before this routine is chosen, and ask again."""
        self._course.move(Command.ABOUT)
        self.choosing.tell_about(routine)
        self.open(now)

    def offer_others(self, now: float) -> None:
        """Say what else there is to choose from."""
        self._course.move(Command.WHAT_ELSE)
        self.choosing.read_on()
        self.open(now)

    def choose(self, routine: Routine, now: float, trigger: Command = Command.CHOOSE) -> None:
        """Go on to the sound check of this routine."""
        self._course.move(trigger)
        self._course.load(routine)
        self._course.preamble = self._sentences()
        self._course.prepare()
        self.open(now)

    def start_over(
        self, now: float, trigger: Trigger = Command.YES, before: Iterable[str] = ()
    ) -> None:
        """Go back to the choice when a routine is completed, or cannot be had."""
        self._course.move(trigger)
        self._course.load(None)
        self.choosing = Choosing(self._language)
        self.open(now, before)

    # The briefing

    def brief(self, trigger: Trigger, now: float) -> None:
        """Say the cautions and, unless it is known, the rest; then tell the first step."""
        routine = self._routine()
        self._course.move(trigger)
        cautions, place = briefing(routine, self._lines)
        self._cautions = frozenset(cautions)
        self._checked = True
        self._abridged = routine.id in self._known
        rest = (self._lines.briefed_before,) if self._abridged else place
        self._course.interrupt(now)
        self._course.narration.speak((*cautions, *rest), now, then=self._briefed)

    def brief_in_full(self, now: float) -> None:
        """Say what was left out of the briefing, behind the cautions that are still to come."""
        course, narration = self._course, self._course.narration
        course.move(Command.MORE_DETAIL)
        coming = narration.set_aside(now).sentences
        cautions = [sentence for sentence in coming if sentence in self._cautions]
        self._abridged = False
        course.interrupt(now)
        course.step = -1
        narration.speak((*cautions, *self._routine().place), now, then=self._briefed)

    def turn(self, command: Command, now: float) -> None:
        """Begin this part anew; "next" goes on to the first step."""
        passage = self._course.narration.passage
        if self._course.state is not State.BRIEFING:
            self.open(now)
        elif command is not Command.NEXT:
            self.brief(command, now)
        elif self._cautions & set(self._course.narration.coming):
            # "Next" may skip the rest of the briefing, never a caution.
            passage.sentences = deque(s for s in passage.sentences if s in self._cautions)
        else:
            self._course.tell(0, command, now)

    def _briefed(self, now: float) -> None:
        self._known |= {self._routine().id}
        self._course.tell(0, Signal.BRIEFED, now)

    def _sentences(self) -> tuple[str, ...]:
        if self._course.routine:
            return sound_check(
                self._course.routine, self._language, self._lesson, checked=self._checked
            )
        return self.choosing.sentences()

    def _routine(self) -> Routine:
        if self._course.routine is None:
            raise RuntimeError("there is no routine to brief for")
        return self._course.routine

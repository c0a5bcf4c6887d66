"""How it was: asked once at the end of a completed routine, and left alone if nobody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.commands import Command
from voice_coach.core.view import Feeling

if TYPE_CHECKING:
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language

FEELINGS = {
    Command.BETTER: Feeling.BETTER,
    Command.SAME: Feeling.SAME,
    Command.WORSE: Feeling.WORSE,
}
"""What each answer means."""


class Rating:
    """Takes the answer."""

    def __init__(self, language: Language, course: Course) -> None:
        self.felt: Feeling | None = None
        """What was answered; None as long as nothing is."""
        self._lines = language.coach
        self._course = course

    def ask_again(self, now: float) -> None:
        """Put the question anew."""
        self._course.narration.cut(now)
        self._course.narration.speak(self._lines.prompts.rating.say, now)

    def answer(self, command: Command, now: float) -> None:
        """Keep one of ``FEELINGS``, reply, and come to the last words."""
        self.felt = FEELINGS[command]
        reply = {
            Feeling.BETTER: self._lines.rating.better,
            Feeling.SAME: self._lines.rating.same,
            Feeling.WORSE: self._lines.rating.worse,
        }[self.felt]
        self._course.narration.cut(now)
        self._course.take_leave(command, reply, now)

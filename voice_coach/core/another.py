"""Whether to do another routine: asked when one is completed. No answer is a no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.commands import Command

if TYPE_CHECKING:
    from voice_coach.core.counsel import Counsel
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language
    from voice_coach.core.opening import Opening
    from voice_coach.core.rating import Rating


class Another:
    """Takes the answer."""

    def __init__(
        self,
        language: Language,
        course: Course,
        opening: Opening,
        counsel: Counsel,
        rating: Rating,
    ) -> None:
        self._question = language.coach.prompts.another.say
        self._course = course
        self._opening = opening
        self._counsel = counsel
        self._rating = rating

    def answer(self, command: Command, now: float) -> None:
        """Go back to the choice of a routine, say goodbye, or ask again."""
        course = self._course
        match command:
            case Command.YES:
                self._counsel.reckon(course.routine)
                self._rating.felt = None
                self._opening.start_over(now)
            case Command.NO:
                course.narration.cut(now)
                course.take_leave(command, (), now)
            case Command.REPEAT:
                course.narration.cut(now)
                course.narration.speak(self._question, now)

"""What the coach says while nobody answers, and when it gives up waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language, Prompt


class Patience:
    """Waits for an answer, in the states that want one. Times are audio times in seconds."""

    def __init__(self, language: Language, course: Course) -> None:
        prompts = language.coach.prompts
        self._course = course
        self._narration = course.narration
        self._prompts = {
            State.CHOOSING: prompts.choosing,
            State.TOO_OFTEN: prompts.too_often,
            State.AFTER_PAIN: prompts.after_pain,
            State.SOUND_CHECK: prompts.sound_check,
            State.WAITING: prompts.waiting,
            State.PAUSED: prompts.paused,
            State.RATING: prompts.rating,
            State.ANOTHER: prompts.another,
        }
        self._asked = 0
        """How often in vain."""

    def begin_anew(self) -> None:
        """Take note of an answer."""
        self._asked = 0

    def deadline(self) -> float | None:
        """Give the moment at which to ask again; None while nothing is waited for."""
        prompt = self._prompt()
        return None if prompt is None else self._narration.quiet_since + prompt.every

    def pass_time(self, now: float) -> None:
        """Ask again if it is time to, or give up."""
        prompt = self._prompt()
        if prompt is None or now < self._narration.quiet_since + prompt.every:
            return
        self._asked += 1
        if self._asked > prompt.times:
            self._asked = 0
            self._course.give_up(now)
            return
        sentence = prompt.say[(self._asked - 1) % len(prompt.say)]
        self._narration.speak((sentence,), now)

    def _prompt(self) -> Prompt | None:
        if self._narration.hushed or self._narration.busy:
            return None
        return self._prompts.get(self._course.state)

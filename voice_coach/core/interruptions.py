"""What breaks the course off for a while, and loses nothing of it: a hush, a pause, a doubt.

A hush gives way without a word and without leaving the state. A pause and a doubt leave it, and
lead back by the commands of ``transitions.RETURNS``; a pause can itself be broken off by a doubt.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.doubt import Doubt
from voice_coach.core.narration import Passage
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.safety import doubt_question
from voice_coach.core.transitions import RETURNS, Signal, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.commands import Command
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language


@dataclass
class Left:
    """A place that was left for a while."""

    state: State
    rest: Passage
    """What was still to be said there, and what was to follow."""


class Interruptions:
    """Leaves the course and comes back to it."""

    def __init__(self, language: Language, course: Course) -> None:
        self._language = language
        self._lines = language.coach
        self._course = course
        self._narration = course.narration
        self._left: list[Left] = []
        """The places to go back to, the newest last."""
        self._doubt: Doubt | None = None

    @property
    def left(self) -> State | None:
        """The state the present one interrupts, if it does interrupt one."""
        return self._left[-1].state if self._course.state in RETURNS else None

    @property
    def doubt(self) -> Doubt | None:
        """The question that is open, if one is."""
        return self._doubt if self._course.state is State.DOUBT else None

    def hush(self, now: float) -> None:
        """Give way; what runs by the clock stands still meanwhile."""
        if self._course.running:
            self._narration.passage = self._course.stand_still(now)
        self._narration.hush(now)

    def pause(self, command: Command, sentences: Iterable[str], now: float) -> None:
        """Make a break."""
        self._leave(command, now)
        self._narration.speak(sentences, now)

    def ask(self, now: float) -> None:
        """Ask whether it hurt."""
        self._leave(Signal.SUSPECTED, now)
        question = doubt_question(self._language, self._course.routine)
        self._narration.rate = DEFAULT_RATE
        self._doubt = Doubt(now, self._course.backstop(question, now))
        self._narration.speak(question, now, then=self._asked)

    def go_back(self, command: Command, now: float) -> None:
        """Go on where the course was left, after one sentence."""
        lines = self._lines
        lead_in = lines.doubt.reassurance if self.doubt else lines.answers.going_on
        self._course.move(command, self.left)
        rest = self._left.pop().rest
        self._narration.cut(now)
        self._narration.rate = self._course.pace.rate
        if self._course.state is State.WAITING:
            rest = Passage(deque(lines.prompts.waiting.say[:1]))
        sentences = (lead_in, *(text for text in rest.sentences if text != lead_in))
        self._narration.speak(sentences, now, gap=rest.gap, then=rest.then)

    def _leave(self, trigger: Command | Signal, now: float) -> None:
        if self._course.state not in RETURNS:
            self._left.clear()  # an interruption need not have led back
        before = self._course.state
        self._course.move(trigger)
        self._left.append(Left(before, self._course.stand_still(now)))

    def _asked(self, _now: float) -> None:
        if self._doubt:
            self._doubt.asked(self._narration.quiet_since)

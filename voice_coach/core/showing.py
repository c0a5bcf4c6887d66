"""How a session looks from outside: a view of where it stands, and of what was heard last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.commands import Command
from voice_coach.core.view import View

if TYPE_CHECKING:
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language
    from voice_coach.core.opening import Opening
    from voice_coach.core.rating import Rating


class Showing:
    """Puts views together."""

    def __init__(
        self, language: Language, course: Course, opening: Opening, rating: Rating, *, taped: bool
    ) -> None:
        self._commands = language.commands
        self._course = course
        self._opening = opening
        self._rating = rating
        self._taped = taped
        self._heard = ""
        self._heard_at = 0.0

    def heard(self, words: str, now: float) -> None:
        """Show from now on that this was understood at `now`, in seconds."""
        self._heard = words
        self._heard_at = now

    def view(self, now: float, listening: frozenset[Command]) -> View:
        """Show where the session stands, and which of the commands listened for can be said."""
        course, narration = self._course, self._course.narration
        step = course.script[course.step] if course.step >= 0 else None
        running = course.running
        return View(
            now=now,
            state=course.state,
            routine=course.routine.title if course.routine else "",
            routine_id=course.routine.id if course.routine else "",
            title=step.title if step else "",
            step=course.step + 1,
            steps=len(course.script),
            side=step.side if step else "",
            to_partner=bool(step and step.source.to == "partner"),
            saying=narration.text,
            heard=self._heard,
            heard_at=self._heard_at,
            seconds_left=running.seconds_left(now) if running else None,
            beat=running.beat(now) if running else None,
            rounds=step.breathing.rounds if step and step.breathing else 0,
            pose=step.source.pose if step else None,
            mirrored=bool(step and step.mirrored),
            can_say=tuple(
                self._commands[command][0]
                for command in Command
                if command in listening and command in self._commands
            ),
            offered=self._opening.choosing.first,
            outcome=course.outcome,
            felt=self._rating.felt,
            fault=course.fault,
            listening=narration.gives_way_until is not None,
            taped=self._taped,
            breath=running.breath(now) if running else None,
        )

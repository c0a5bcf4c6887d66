"""What was done in a session, told in a few lines when it is over.

It is gathered from the views, as they are shown. Told is what was done, how far and for how long,
and how it felt; never what was missed, and nothing is counted from day to day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from voice_coach.core.view import Feeling, View
    from voice_coach.display.words import ScreenWords


@dataclass(frozen=True)
class Done:
    """A routine of which at least one step was begun."""

    routine: str
    """Its title."""
    step: int
    """The furthest, counted from 1."""
    steps: int
    began: float
    """Audio time of the first step, in seconds."""
    until: float
    """Audio time to which it was led, in seconds."""
    over: bool = False
    felt: Feeling | None = None


class Summary:
    """Grows with each view it is given."""

    def __init__(self) -> None:
        self.done: list[Done] = []
        """In the order in which they were begun."""

    def take(self, view: View) -> None:
        """Take note of one more view."""
        if view.step < 1:
            return
        last = self.done.pop() if self.done else None
        if last and (last.routine != view.routine or (last.over and view.outcome is None)):
            self.done.append(last)
            last = None
        last = last or Done(view.routine, view.step, view.steps, view.now, view.now)
        self.done.append(
            replace(
                last,
                step=max(last.step, view.step),
                until=view.now if view.outcome is None else last.until,
                over=view.outcome is Outcome.COMPLETED,
                felt=view.felt or last.felt,
            )
        )

    def told(self, words: ScreenWords) -> list[str]:
        """Give what was done in lines to be read; none if nothing was."""
        lines = []
        for done in self.done:
            seconds = round(done.until - done.began)
            steps = words.summary.steps.format(n=done.step, of=done.steps)
            time = words.summary.time.format(time=f"{seconds // 60}:{seconds % 60:02}")
            lines.append(f"{done.routine} · {steps} · {time}")
            if done.felt:
                lines.append(words.summary.felt[done.felt])
        return lines

"""What was done in a session, gathered from its views: the steps, the routines, and how it felt.

A step counts the seconds in which it was told, waited for, held or breathed. Breaks do not count.
A summary says what was done, how far, for how long, and how it felt. It never says what was missed,
and it counts nothing from day to day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from voice_coach.core.pose import Pose
    from voice_coach.core.view import Feeling, View
    from voice_coach.display.words import PageWords, ScreenWords

COUNTED = frozenset({State.TELLING, State.WAITING, State.HOLDING, State.BREATHING})
"""The states in which the time counts for the step."""


@dataclass(frozen=True)
class StepSummary:
    """One step as it was done."""

    routine: str
    """The routine's title."""
    step: int
    """The step's number, from 1."""
    title: str
    side: str
    pose: Pose | None
    mirrored: bool
    seconds: float = 0.0


@dataclass(frozen=True)
class RoutineSummary:
    """A routine of which at least one step was begun."""

    title: str
    step: int
    """The number of the furthest step, from 1."""
    steps: int
    began: float
    """Audio time of the first step, in seconds."""
    until: float
    """Audio time to which the routine was led, in seconds."""
    over: bool = False
    felt: Feeling | None = None


@dataclass(frozen=True)
class SessionSummary:
    """All that was done so far, and the last view."""

    steps: tuple[StepSummary, ...] = ()
    routines: tuple[RoutineSummary, ...] = ()
    last: View | None = None

    def then(self, view: View) -> SessionSummary:
        """Return the summary with this view added."""
        return SessionSummary(self._steps_then(view), self._routines_then(view), view)

    def _steps_then(self, view: View) -> tuple[StepSummary, ...]:
        if not view.step or view.state not in COUNTED:
            return self.steps
        before = self.last
        passed = view.now - before.now if before and before.state in COUNTED else 0.0
        last = self.steps[-1] if self.steps else None
        if last and (last.routine, last.step) == (view.routine, view.step):
            return (*self.steps[:-1], replace(last, seconds=last.seconds + passed))
        step = StepSummary(view.routine, view.step, view.title, view.side, view.pose, view.mirrored)
        return (*self.steps, step)

    def _routines_then(self, view: View) -> tuple[RoutineSummary, ...]:
        if view.step < 1:
            return self.routines
        earlier, last = self.routines[:-1], self.routines[-1] if self.routines else None
        if last and (last.title != view.routine or (last.over and view.outcome is None)):
            earlier, last = self.routines, None
        last = last or RoutineSummary(view.routine, view.step, view.steps, view.now, view.now)
        last = replace(
            last,
            step=max(last.step, view.step),
            until=view.now if view.outcome is None else last.until,
            over=view.outcome is Outcome.COMPLETED,
            felt=view.felt or last.felt,
        )
        return (*earlier, last)

    def lines(self, words: ScreenWords) -> list[str]:
        """Return a line for each routine, for the terminal; none if nothing was done."""
        lines = []
        for routine in self.routines:
            steps = words.summary.steps.format(n=routine.step, of=routine.steps)
            time = words.summary.time.format(time=clock(routine.until - routine.began))
            lines.append(f"{routine.title} · {steps} · {time}")
            if routine.felt:
                lines.append(words.summary.felt[routine.felt])
        return lines

    def sentences(self, words: ScreenWords, labels: PageWords) -> list[str]:
        """Return a few sentences about the last routine and how it went, for the page."""
        view = self.last
        if view is None:
            return []
        reached = len({step.step for step in self.steps if step.routine == view.routine})
        seconds = sum(step.seconds for step in self.steps)
        return [
            view.routine,
            *((labels.steps_done.format(n=reached, of=view.steps),) if reached else ()),
            *((labels.in_all.format(time=clock(seconds)),) if reached else ()),
            *((labels.felt[view.felt],) if view.felt else ()),
            *((words.over,) if view.outcome in (Outcome.PAIN, Outcome.FAULT) else ()),
        ]


def clock(seconds: float) -> str:
    """Return minutes and seconds, such as "1:05", rounded."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"

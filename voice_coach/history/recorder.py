"""Writes a session into the history while it happens, one row for each routine of the session.

It is shown views like a display. It writes each new step, the outcome and when all was over, at
once, in a thread of its own, so a disk that is slow, full or gone holds up nobody. Each write holds
the whole row, so a later write makes up for one that failed.

A session is remembered from its first step on, and before that only if it hurt or failed.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from voice_coach.background import BackgroundWriter
from voice_coach.core.past import PastSession
from voice_coach.core.screening import Screening
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.history.store import HistoryUnavailable, open_history, wall_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typing_extensions import Self

    from voice_coach.core.routine import Class
    from voice_coach.core.view import View
    from voice_coach.history.store import History, LocalTime


class HistoryRecorder:
    """Remembers one session."""

    def __init__(
        self,
        file: Path | None = None,
        clock: Callable[[], LocalTime] = wall_clock,
    ) -> None:
        self.trouble: HistoryUnavailable | None = None
        """Why the history is incomplete; None if it is complete."""
        self._file = file
        self._clock = clock
        self._began = clock()
        self._session: PastSession | None = None
        self._over = False
        """Whether the last word was written down; what is not allowed for a day counts from it."""
        self._screened: frozenset[Class] | None = None
        """What was answered in this session."""
        self._routines = 0
        """The number of routines that were done before this one."""
        self._writer = BackgroundWriter("history", self._write)

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be written."""
        return self._writer.idle

    def __enter__(self) -> Self:
        """Begin to remember."""
        self._writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write the rest, if the disk takes it in time."""
        if not self._writer.close():
            self.trouble = HistoryUnavailable("The disk with the history does not answer.")

    def show(self, view: View) -> None:
        """Remember what is new in this view; returns at once."""
        if view.screened is not None and view.screened != self._screened:
            self._screened = view.screened
            self._writer.put(Screening(self._clock().utc, view.screened))
        if self._session and view.state is State.CHOOSING and not view.outcome:
            self._session = None
            self._routines += 1
            self._began = self._clock()
        if not view.step and view.outcome not in (Outcome.PAIN, Outcome.FAULT):
            return
        session = self._session
        before = session and _news(session)
        over = view.state is State.ENDED
        news = (view.step, view.outcome, view.felt, view.longer, view.skipped)
        if before == news and over == self._over:
            return
        self._over = over
        self._session = PastSession(
            number=0,
            began=self._began.utc,
            ended=self._clock().utc,
            offset=self._began.offset,
            routine=view.routine_id,
            twist=view.twist,
            steps=view.steps,
            reached=max(view.step, session.reached if session else 0),
            step=view.step,
            title=view.title,
            outcome=view.outcome,
            felt=view.felt,
            longer=view.longer,
            skipped=view.skipped,
        )
        self._writer.put((self._routines, self._session))

    def _write(self, news: Iterator[Screening | tuple[int, PastSession]]) -> None:
        number = routines = 0
        history: History | None = None
        with ExitStack() as stack:
            for item in news:
                try:
                    history = history or stack.enter_context(open_history(self._file, self._clock))
                    if isinstance(item, Screening):
                        history.write_screening(item)
                    else:
                        routine, session = item
                        number = number if routine == routines else 0
                        routines = routine
                        number = history.write(replace(session, number=number))
                    self.trouble = None
                except HistoryUnavailable as trouble:
                    self.trouble = trouble


def _news(session: PastSession) -> tuple[object, ...]:
    """Return what is written anew when it changes."""
    return (session.step, session.outcome, session.felt, session.longer, session.skipped)

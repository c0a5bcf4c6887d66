"""A display without a screen: one line for each change, for logs and screen readers.

Nothing is drawn, and nothing is written twice. A thread of its own writes the lines from a queue,
so a reader that is slow, or does not read at all, holds up only that thread.
"""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TextIO

from voice_coach.core.transitions import State
from voice_coach.display.summary import SessionSummary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from voice_coach.core.view import View
    from voice_coach.display.captions import Captions

PATIENCE = 1.0
"""Seconds allowed for writing the last lines."""


class PlainLines:
    """Writes what happens in a session to `stream`."""

    def __init__(self, stream: TextIO, captions: Captions, patience: float = PATIENCE) -> None:
        self.view: View | None = None
        """The newest view; None before the first."""
        self._stream = stream
        self._captions = captions
        self._words = captions.words
        self._patience = patience
        self._bell = "\a" * stream.isatty()
        self._summary = SessionSummary()
        self._column = max(map(len, (*self._words.states.values(), self._words.heard))) + 2
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="plain lines", daemon=True)

    @property
    def stuck(self) -> bool:
        """Whether lines are still being written."""
        return self._thread.is_alive()

    def show(self, view: View) -> None:
        """Write what has changed; returns at once."""
        for label, text in self._changes(view):
            self._put(view, label, text)
        self.view = view
        self._summary = self._summary.then(view)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write the summary and all waiting lines, if the stream takes them in time."""
        if self.view:
            for line in self._summary.lines(self._words):
                self._put(self.view, self._words.states[State.ENDED], line)
        self._lines.put(None)
        self._thread.join(self._patience)

    def _put(self, view: View, label: str, text: str) -> None:
        seconds = int(view.now)
        time = f"{seconds // 60:02}:{seconds % 60:02}"
        self._lines.put(f"{time}  {label:{self._column}}{text}\n")

    def _changes(self, view: View) -> Iterator[tuple[str, str]]:
        """Yield a label and a text for each change."""
        words, before = self._words, self.view
        state = words.states[view.state]
        if view.audio_kept and not before:
            yield state, words.recording
        if view.heard and not (before and before.heard_at == view.heard_at):
            yield words.heard, view.heard
        doing = self._doing(view)
        if not (before and self._doing(before) == doing):
            yield state, doing
        if view.fault and not (before and before.fault == view.fault):
            yield state, self._bell + view.fault
        if view.saying and not (before and before.saying == view.saying):
            yield state, view.saying
        if _waits_for_words(view) and not (before and _waits_for_words(before)):
            yield state, words.listening
        hint = self._captions.hint(view)
        if hint and not view.saying and not (before and before.state is view.state):
            yield state, hint

    def _doing(self, view: View) -> str:
        step = self._words.step.format(n=view.step, of=view.steps) if view.step else ""
        told = (view.routine, step, self._captions.headline(view), self._captions.addressee(view))
        return " · ".join(filter(None, told))

    def _write(self) -> None:
        try:
            while (line := self._lines.get()) is not None:
                self._stream.write(line)
                self._stream.flush()
        except OSError:
            pass  # nobody reads any more; the coach goes on


def _waits_for_words(view: View) -> bool:
    return view.listening and not view.saying

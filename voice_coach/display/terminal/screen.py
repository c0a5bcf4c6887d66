"""A display on a terminal: large words, drawn by a thread of its own.

``show`` only stores the view and returns. The thread draws the newest view, so a terminal that
takes no more output (Ctrl-S, a lost connection) holds up the thread and nothing else. At the end
the thread gets a moment to finish, but not for ever. It writes through a file of its own, because a
write that is stuck in ``sys.stdout`` would hold up the end of the program too.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.screen import Screen
from rich.text import Text

from voice_coach.display.captions import ALARMING, Captions
from voice_coach.display.summary import SessionSummary
from voice_coach.display.terminal.frame import FramePainter
from voice_coach.display.terminal.plain_lines import PlainLines
from voice_coach.display.words import read_screen_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from voice_coach.core.language import Language
    from voice_coach.core.view import View

LOOK = 0.25
"""Seconds between looks at the terminal's size while nothing new is shown."""
PATIENCE = 1.0
"""Seconds allowed for drawing the last frame."""
ALARM = "#ffffff on #a80000"
"""Its contrast is 7.9:1."""
ALARM_WITHOUT_COLOUR = "reverse"


class Terminal:
    """Shows a session on the alternate screen, and its summary after that is gone."""

    def __init__(self, console: Console, captions: Captions, patience: float = PATIENCE) -> None:
        self.view: View | None = None
        """The newest view; None before the first."""
        self._console = console
        self._captions = captions
        self._painter = FramePainter(captions)
        self._patience = patience
        self._summary = SessionSummary()
        self._news = Event()
        self._over = False
        self._thread = Thread(target=self._draw, name="terminal", daemon=True)

    @property
    def stuck(self) -> bool:
        """Whether something is still being drawn."""
        return self._thread.is_alive()

    def show(self, view: View) -> None:
        """Show this view from now on; returns at once."""
        self.view = view
        self._summary = self._summary.then(view)
        self._news.set()

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Draw the last frame and restore the terminal, if it takes that in time."""
        self._over = True
        self._news.set()
        self._thread.join(self._patience)

    def _draw(self) -> None:
        try:
            with self._console.screen():
                self._follow()
            if self.view:
                for sentence in self._captions.last_words(self.view):
                    self._console.print(Text(sentence, "bold"))
                for line in self._summary.lines(self._captions.words):
                    self._console.print(Text(line))
        except OSError:
            pass  # the terminal is gone; the coach goes on

    def _follow(self) -> None:
        drawn = None
        rung = over = False
        while not over:
            self._news.wait(LOOK)
            self._news.clear()
            over, view, size = self._over, self.view, self._console.size
            if view and drawn != (view, size):
                drawn = view, size
                self._paint(view, *size)
                if view.fault and not rung:
                    self._console.bell()
                    rung = True

    def _paint(self, view: View, width: int, height: int) -> None:
        rows = self._painter.frame(view, width, height)
        alarm = ALARM_WITHOUT_COLOUR if self._console.no_color else ALARM
        style = alarm if view.outcome in ALARMING else ""
        options = self._console.options.update(no_wrap=True)
        self._console.update_screen(Screen(*rows, style=style), options=options)


@contextmanager
def open_display(
    language: Language, stream: TextIO | None = None
) -> Iterator[Terminal | PlainLines]:
    """Open the display that suits `stream`, which is ``sys.stdout`` if it is not given."""
    stream = stream or sys.stdout
    stream.flush()
    captions = Captions(language, read_screen_words(language.code))
    own = open(os.dup(stream.fileno()), "w", encoding=stream.encoding, errors="replace")  # noqa: PTH123, SIM115
    console = Console(file=own)
    capable = console.is_terminal and not console.is_dumb_terminal and console.encoding == "utf-8"
    display = Terminal(console, captions) if own.isatty() and capable else PlainLines(own, captions)
    try:
        with display:
            yield display
    finally:
        if not display.stuck:
            own.close()

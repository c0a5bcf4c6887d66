"""A display on a terminal: large words, drawn by a thread of their own.

Whoever shows a view leaves it and goes on. The thread draws the newest there is, so a terminal
that no longer takes anything (Ctrl-S, a lost connection) holds up the thread and nothing else;
when all is over it is waited for, but not for ever. It writes through a file of its own: one that
is held up in ``sys.stdout`` would hold up the end of the program too.
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

from voice_coach.display.frame import ALARMING, Painter
from voice_coach.display.plain_lines import PlainLines
from voice_coach.display.summary import Summary
from voice_coach.display.words import read_screen_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from voice_coach.core.language import Language
    from voice_coach.core.view import View

LOOK = 0.25
"""Seconds after which the terminal's size is looked at, if nothing new is to be shown."""
PATIENCE = 1.0
"""Seconds a terminal gets for its last frame."""
ALARM = "#ffffff on #a80000"
"""Contrast 7.9:1."""
ALARM_WITHOUT_COLOUR = "reverse"


class Terminal:
    """Shows a session on a screen of its own; when that is gone, what it came to."""

    def __init__(self, console: Console, painter: Painter, patience: float = PATIENCE) -> None:
        self.view: View | None = None
        """The newest; None before there is one."""
        self._console = console
        self._painter = painter
        self._patience = patience
        self._account = Summary()
        self._news = Event()
        self._over = False
        self._thread = Thread(target=self._draw, name="terminal", daemon=True)

    @property
    def stuck(self) -> bool:
        """Whether something is still being drawn."""
        return self._thread.is_alive()

    def show(self, view: View) -> None:
        """Show this from now on; returns at once."""
        self.view = view
        self._account.take(view)
        self._news.set()

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Draw the last frame and give the terminal back, if it takes that in time."""
        self._over = True
        self._news.set()
        self._thread.join(self._patience)

    def _draw(self) -> None:
        try:
            with self._console.screen():
                self._follow()
            if self.view:
                for sentence in self._painter.last_words(self.view):
                    self._console.print(Text(sentence, "bold"))
                for line in self._account.told(self._painter.words):
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
    painter = Painter(language, read_screen_words(language.code))
    own = open(os.dup(stream.fileno()), "w", encoding=stream.encoding, errors="replace")  # noqa: PTH123, SIM115
    console = Console(file=own)
    capable = console.is_terminal and not console.is_dumb_terminal and console.encoding == "utf-8"
    display = Terminal(console, painter) if own.isatty() and capable else PlainLines(own, painter)
    try:
        with display:
            yield display
    finally:
        if not display.stuck:
            own.close()

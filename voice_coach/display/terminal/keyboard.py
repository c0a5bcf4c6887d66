"""Reads single keys from a terminal: one key is one command, without enter.

Digits choose a routine. If a second digit could follow, the keyboard waits for it.

While keys are read, the terminal delivers each key at once and does not show it. Its former mode is
restored on every way out that Python can see: the end of the ``with`` block, after any error, and
the end of the interpreter. Nothing here waits until the terminal has taken its output, because a
frozen terminal would block for ever.
"""

from __future__ import annotations

import atexit
import os
import re
import select
import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Protocol, TextIO

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.transitions import State
from voice_coach.display.commands import command_typed

if sys.platform != "win32":
    import termios
    import tty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typing_extensions import Self

    from voice_coach.core.routine import Routine
    from voice_coach.core.view import View

DIGITS = "0123456789"

_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.)")
"""What an arrow or a function key sends: an escape and letters that are not our keys."""
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?$")
REST_OF_SEQUENCE = 0.05
"""Seconds to wait for the rest of such a sequence; after that the escape was a key by itself."""
PASTED = 64
"""Characters that come at once only when they are pasted: a key held down gives 30 a second."""
NEXT_DIGIT = 1.0
"""Seconds to wait for a second digit; after that the first is the whole number."""


class Screen(Protocol):
    """What the keyboard needs to know of a display."""

    @property
    def view(self) -> View | None:
        """The view that is shown; None before the first."""


class Keyboard:
    """Posts typed keys as ``Heard`` events; does nothing where no keys can be read."""

    def __init__(
        self,
        post: Callable[[Heard], None],
        routines: Sequence[Routine],
        screen: Screen,
        stream: TextIO | None = None,
    ) -> None:
        self._post = post
        self._choices = [routine.id for routine in routines]
        self._screen = screen
        self._stream = sys.stdin if stream is None else stream
        self._number = ""
        """Digits typed so far, if another may follow."""
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Begin to read keys."""
        if sys.platform != "win32" and _may_read(self._stream):
            self._terminal = self._stream.fileno()
            self._before = termios.tcgetattr(self._terminal)
            self._woken, self._waker = os.pipe()
            atexit.register(self._restore)
            tty.setcbreak(self._terminal, termios.TCSANOW)
            mode = termios.tcgetattr(self._terminal)
            mode[tty.IFLAG] &= ~termios.IXON  # Ctrl-S must not freeze the screen
            termios.tcsetattr(self._terminal, termios.TCSANOW, mode)
            self._thread = Thread(target=self._read, name="keyboard", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the terminal back."""
        if self._thread:
            self._restore()
            atexit.unregister(self._restore)
            os.close(self._waker)
            self._thread.join()
            os.close(self._woken)

    def _restore(self) -> None:
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)

    def _read(self) -> None:
        typed = ""
        while True:
            patience = REST_OF_SEQUENCE if typed else NEXT_DIGIT if self._number else None
            ready, _, _ = select.select([self._terminal, self._woken], [], [], patience)
            if self._woken in ready:
                return
            if ready:
                try:
                    more = os.read(self._terminal, 1024)
                except OSError:
                    more = b""
                if not more:
                    return  # the terminal is gone
                whole = _SEQUENCE.sub("", typed + more.decode("utf-8", "ignore"))
                typed = "".join(_UNFINISHED.findall(whole))
                whole = whole.removesuffix(typed)
            else:
                whole, typed = typed, ""
            if len(whole) > PASTED:
                self._paste(whole)
            else:
                for character in whole:
                    self._press(character.lower())
            if not ready:
                self._choose()

    def _press(self, key: str) -> None:
        state = view.state if (view := self._screen.view) else None
        if key in DIGITS and state is State.CHOOSING:
            self._number += key
            if 10 * int(self._number) > len(self._choices):
                self._choose()
            return
        self._number = ""
        if command := command_typed(key, state):
            self._post(Heard(command, source="key"))

    def _paste(self, text: str) -> None:
        """Take nothing from a pasted text but its first key for pain or stop.

        As keys, thousands of characters would keep the session from listening.
        """
        self._number = ""
        commands = (command_typed(character.lower(), None) for character in text)
        if urgent := next(filter(None, commands), None):
            self._post(Heard(urgent, source="key"))

    def _choose(self) -> None:
        """Choose the routine whose number was typed, if it exists."""
        number, self._number = int(self._number or "0"), ""
        if 0 < number <= len(self._choices):
            self._post(Heard(Command.CHOOSE, choice=self._choices[number - 1], source="key"))


def _may_read(stream: TextIO | None) -> bool:
    """Tell whether `stream` is a terminal in whose foreground this program runs.

    Reading keys in the background would stop the whole program, and the coach with it.
    """
    if stream is None or not stream.isatty():
        return False
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except OSError:
        return True  # another terminal than the one this program was started from: reading is safe

"""Keys, for when the voice will not do: one key, one command, no enter.

A key means the first of its commands that does something now, so that the space bar always goes
on, whatever going on is called at the moment. Only where the coach asks whether it hurt does it
do nothing: that question has keys of its own, and habit must not answer it. Pain and stop never
depend on what is shown.

Digits choose a routine. Where the first may be followed by a second, it is waited for.

While keys are read the terminal neither waits for a whole line nor shows what is typed. It is put
back on every way out that Python can see: the end of the ``with``, whatever error led there, and
the end of the interpreter. Nothing here waits for the terminal's output to drain, for a terminal
that is frozen would never let go.
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

from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import Heard
from voice_coach.core.transitions import State, accepted

if sys.platform != "win32":
    import termios
    import tty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typing_extensions import Self

    from voice_coach.core.routine import Routine
    from voice_coach.core.view import View

KEYS: dict[str, tuple[Command, ...]] = {
    " ": (Command.READY, Command.CONTINUE, Command.NEXT),
    "y": (Command.YES,),
    "n": (Command.NO,),
    "p": (Command.PAUSE, Command.CONTINUE),
    "r": (Command.REPEAT,),
    "b": (Command.BACK, Command.BETTER),
    "s": (Command.SAME,),
    "w": (Command.WORSE, Command.WHAT_ELSE),
    "q": (Command.STOP,),
    "h": (Command.PAIN,),
}
"""What a key may mean, in the order the help line shows them."""
DIGITS = "0123456789"
ALSO = {"\r": " ", "\n": " ", "x": "h"}
"""Keys that mean the same as another."""

_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.)")
"""What an arrow or a function key sends: an escape and letters that are no keys of ours."""
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?$")
REST_OF_SEQUENCE = 0.05
"""Seconds in which the rest of such a sequence follows; later it is a key pressed by itself."""
NEXT_DIGIT = 1.0
"""Seconds a second digit may take; after that the first is the whole number."""


class Screen(Protocol):
    """What the keyboard asks of a display."""

    @property
    def view(self) -> View | None:
        """What is shown; None before anything is."""


def keyed(state: State) -> frozenset[Command]:
    """Give the commands that a key may give in `state`."""
    return accepted(state) - (
        {Command.CONTINUE} if state is State.PAIN_CONFIRMATION else frozenset()
    )


def meaning(key: str, state: State) -> Command | None:
    """Say what a key of ``KEYS`` does in `state`; None if nothing."""
    commands = keyed(state)
    return next((command for command in KEYS[key] if command in commands), None)


class Keyboard:
    """Posts what is typed as ``Heard``; does nothing where no keys can be read."""

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
        """Digits that may be followed by another."""
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
            mode[tty.IFLAG] &= ~termios.IXON  # a stray Ctrl-S must not freeze the picture
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
        with suppress(termios.error):  # a terminal that is gone needs nothing
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
            for character in whole:
                self._press(character.lower())
            if not ready:
                self._choose()

    def _press(self, key: str) -> None:
        state = view.state if (view := self._screen.view) else None
        key = ALSO.get(key, key)
        if key in DIGITS and state is State.CHOOSING:
            self._number += key
            if 10 * int(self._number) > len(self._choices):
                self._choose()
            return
        self._number = ""
        urgent = (command for command in KEYS.get(key, ()) if command in URGENT)
        command = next(urgent, None) or (meaning(key, state) if state and key in KEYS else None)
        if command:
            self._post(Heard(command, source="key"))

    def _choose(self) -> None:
        """Choose the routine whose number was typed, if there is one of it."""
        number, self._number = int(self._number or "0"), ""
        if 0 < number <= len(self._choices):
            self._post(Heard(Command.CHOOSE, choice=self._choices[number - 1], source="key"))


def _may_read(stream: TextIO | None) -> bool:
    """Say whether `stream` is a terminal, and not one that has this program in its background.

    From there, reading keys would stop the whole program, and the coach with it.
    """
    if stream is None or not stream.isatty():
        return False
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except OSError:
        return True  # it is not the terminal this program was started from, so it stops nobody

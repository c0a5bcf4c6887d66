"""A session on trial: its lines as they come, and the keys that lead it on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

from trials import subject
from voice_coach.core.transitions import State
from voice_coach.display.words import read_screen_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from typing_extensions import Self

    from trials.slow_computer import SlowComputer
    from trials.virtual_sound_card import VirtualSoundCard

SCRIPTS = Path(__file__).parents[1]
"""Where this package is found."""
START = 30.0
"""Seconds a session may take to its first line, on a busy computer."""
LEAVING = 30.0
"""Seconds it may take to write its log and leave, on a busy computer."""
ON, NO = b" ", b"n"
"""The key that goes on, whatever going on is called at the moment, and the one that says no."""


class SessionOver(Exception):
    """The session has ended by itself."""


class Stuck(Exception):
    """The session did not end when told to; the message is everything it printed."""


@dataclass(frozen=True)
class Line:
    """One line of what it shows where there is no terminal."""

    at: float
    """When it came, by ``time.monotonic``."""
    label: str
    """The state, or the word for what was heard."""
    text: str


class Coach:
    """A running session, inside a ``with`` block; what it remembers is in `folder`.

    The questions about the body are answered with no by key.
    """

    def __init__(
        self,
        card: VirtualSoundCard,
        folder: Path,
        *words: str,
        answers: bool = True,
        computer: SlowComputer | None = None,
    ) -> None:
        """Start Python with these words; without `answers` no key is pressed unasked.

        It runs on that slow computer, if there is one.
        """
        self._answers = answers
        folder.mkdir(parents=True, exist_ok=True)
        self._labels = read_screen_words().states
        # Keys are only read from a terminal, so it gets one; its lines go through a pipe.
        self._keys, terminal = os.openpty()
        self._process = subprocess.Popen(  # noqa: S603 - it is our own
            [sys.executable, *words],
            # No trial is to remember another, nor a user to have been in one.
            env={
                **os.environ,
                **card.env,
                "PYTHONPATH": str(SCRIPTS),
                "XDG_DATA_HOME": str(folder.resolve()),
                "PYTHONFAULTHANDLER": "1",
            },
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if computer:
            computer.take(self._process.pid)
        os.close(terminal)
        self._lines: SimpleQueue[Line | None] = SimpleQueue()
        self._shown: list[str] = []
        shown = cast("IO[str]", self._process.stdout)
        self._reader = Thread(target=self._read, args=(shown,), daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Watch it; it runs already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it on the spot, if it has not ended; raises ``Stuck`` if it does not let itself."""
        self._process.send_signal(subject.LEAVE)
        try:
            if stuck := self.ended(LEAVING) is None:
                # So it tells where it hangs.
                self._process.send_signal(signal.SIGABRT)
                self.ended(LEAVING)
        finally:
            self._process.kill()
            self._process.wait()
            self._reader.join()
            cast("IO[str]", self._process.stdout).close()
            os.close(self._keys)
        if stuck:
            raise Stuck(self.shown)

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def ended(self, within: float) -> int | None:
        """Give its exit code, waiting so many seconds for it; None if it does not end by then."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(within)
        return None

    @property
    def shown(self) -> str:
        """All it has shown so far."""
        return "".join(self._shown)

    def go_on(self) -> None:
        """Press the key that leads on."""
        self.press(ON)

    def press(self, key: bytes) -> None:
        """Press any key."""
        os.write(self._keys, key)

    def lines(self, until: float) -> Iterator[Line]:
        """Give each line as it comes, until that moment; raises ``SessionOver``."""
        while (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except Empty:
                return
            if line is None:
                raise SessionOver(self.shown)
            yield line

    def wait_for(self, wanted: Callable[[Line], bool], until: float) -> Line | None:
        """Give the next line that is `wanted`; None if none comes until then."""
        return next((line for line in self.lines(until) if wanted(line)), None)

    def is_in(self, state: State, line: Line) -> bool:
        """Tell whether the session was in this state when it showed that."""
        return line.label == self._labels[state]

    def _read(self, shown: IO[str]) -> None:
        for line in shown:
            self._shown.append(line)
            _, label, text = (*line.split(maxsplit=2), "", "", "")[:3]
            asked = label == self._labels[State.SCREENING] and text.rstrip().endswith("?")
            if asked and self._answers:
                os.write(self._keys, NO)
            self._lines.put(Line(time.monotonic(), label, text.strip()))
        self._lines.put(None)


def serve_page(card: VirtualSoundCard, folder: Path) -> subprocess.Popen[str]:
    """Serve the page for the browser; its address ends the first line of the output.

    What it remembers is in `folder`. No browser is opened, on a desktop either.
    """
    environment = {**os.environ, **card.env, "XDG_DATA_HOME": str(folder)}
    for desktop in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(desktop, None)
    return subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "web"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


Begin = Callable[[str, Path], AbstractContextManager[Coach]]
"""Begins a session of this routine, with this folder for its log."""


def begin(
    card: VirtualSoundCard,
    routine: str,
    folder: Path,
    program: ModuleType = subject,
    computer: SlowComputer | None = None,
) -> Coach:
    """Begin a session of this routine; its listener's log is in `folder` afterwards."""
    words = ("-m", program.__name__, routine, str(folder))
    return Coach(card, folder, *words, computer=computer)

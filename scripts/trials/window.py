"""A session in the window of a terminal, which may be closed, or take nothing any more.

What the session does is taken from its log, for nobody can read such a window.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from trials.coach import NO, ON, SCRIPTS, START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from typing_extensions import Self

    from trials.virtual_sound_card import VirtualSoundCard

SIZE = (24, 80)
"""Rows and columns."""
LOOK = 0.02
"""Seconds from one look into the log to the next."""


class Window:
    """A session that runs in a window, under a shell or by itself, inside a ``with`` block."""

    def __init__(
        self,
        card: VirtualSoundCard,
        folder: Path,
        routine: str,
        program: ModuleType,
        *,
        under_shell: bool,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._master, self._slave = os.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        words = (sys.executable, "-m", program.__name__, routine, str(folder))
        self._process = subprocess.Popen(  # noqa: S603 - it is our own
            ["setsid", "--ctty", *(("bash", "--norc", "-i") if under_shell else words)],  # noqa: S607
            env={
                **os.environ,
                **card.env,
                "PYTHONPATH": str(SCRIPTS),
                "XDG_DATA_HOME": str(folder.resolve()),
                "TERM": "xterm",
            },
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
        )
        self._closed = Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self._shell = under_shell
        if under_shell:
            self._type(f"{shlex.join(words)}\n".encode())
        self._pid: int | None = None

    def __enter__(self) -> Self:
        """Wait until the session speaks; raises ``TimeoutError`` if it does not."""
        if not self.until(lambda entry: entry.get("event") == "ClipStarted", START):
            raise TimeoutError("The session does not begin.")
        self._pid = self._child() if self._shell else self._process.pid
        return self

    def __exit__(self, *_: object) -> None:
        """End whatever still runs."""
        self.close()
        for pid in (self._pid, self._process.pid):
            with suppress(ProcessLookupError):
                if pid:
                    os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def go_on(self) -> None:
        """Press the key that leads on; a question about the body is answered with no."""
        said = [entry["text"] for entry in self.log() if entry.get("action") == "Say"]
        self._type(NO if said and said[-1].endswith("?") else ON)

    def freeze(self) -> None:
        """Take nothing any more of what the session shows, as after Ctrl-S."""
        termios.tcflow(self._slave, termios.TCOOFF)

    def close(self) -> None:
        """Close the window: the shell is told, and tells the session."""
        if not self._closed.is_set():
            self._closed.set()
            self._reader.join()
            os.close(self._slave)
            os.close(self._master)

    def says(self, text: str, seconds: float) -> bool:
        """Wait until it says this, and tell whether it did in time."""
        return self.until(lambda entry: _is_say(entry, text), seconds)

    def has_said(self, text: str, seconds: float) -> bool:
        """Wait until it has said this to the end, and tell whether it did in time."""

        def finished(entry: dict[str, Any]) -> bool:
            ids = {each["say_id"] for each in self.log() if _is_say(each, text)}
            return entry.get("event") == "ClipFinished" and entry["say_id"] in ids

        return self.until(finished, seconds)

    def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float) -> bool:
        """Wait until such an entry is in the log, and tell whether it came in time."""
        deadline = time.monotonic() + seconds
        while not any(wanted(entry) for entry in self.log()):
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK)
        return True

    def ended(self, seconds: float) -> bool:
        """Wait until the session has ended, and tell whether it did in time."""
        deadline = time.monotonic() + seconds
        while self._runs():
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK)
        return True

    @property
    def code(self) -> int | None:
        """Exit code of the session; None if it runs, or ran under a shell."""
        return None if self._shell else self._process.poll()

    def log(self) -> Iterator[dict[str, Any]]:
        """Read what is in the log so far, without its first line."""
        for path in self._folder.glob("voice-coach/sessions/*.jsonl"):
            for line in path.read_text("utf-8").splitlines()[1:]:
                with suppress(ValueError):  # a line that is not whole yet
                    yield json.loads(line)

    def _runs(self) -> bool:
        if not self._shell:
            return self._process.poll() is None
        try:
            state = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state != "Z"

    def _child(self) -> int:
        (pid,) = (
            Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
            .read_text("utf-8")
            .split()
        )
        return int(pid)

    def _type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def _read(self) -> None:
        while not self._closed.is_set():
            if select.select([self._master], [], [], LOOK)[0]:
                with suppress(OSError):
                    os.read(self._master, 1 << 16)


def _is_say(entry: dict[str, Any], text: str) -> bool:
    return entry.get("action") == "Say" and entry["text"] == text

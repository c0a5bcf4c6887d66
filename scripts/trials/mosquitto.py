"""A real Mosquitto on a free port of this computer, which can be killed and frozen."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from typing_extensions import Self

PATIENCE = 10.0
"""Seconds to wait for what comes in hundredths, on a computer that is busy."""

T = TypeVar("T")


def until(holds: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Wait until `holds` gives something, and give it; else raise ``AssertionError``."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() >= end:
            raise AssertionError("it never came")
        time.sleep(0.01)
    return found


class Mosquitto:
    """A broker on a free port of the loopback address, and not yet there."""

    def __init__(
        self,
        folder: Path,
        *lines: str,
        careful: bool = True,
        inside: Sequence[str] = (),
        host: str = "127.0.0.1",
    ) -> None:
        """Take a folder for what it keeps, and lines for its configuration.

        If it is `careful`, what it has confirmed outlives it: all is written down at once. `inside`
        is the command that runs another one in a network where the broker's address is `host`.
        """
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
        if not program:
            raise AssertionError("Mosquitto is missing: sudo apt install mosquitto")
        self._command = [*inside, program]
        self._host = host
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._config = folder / "mosquitto.conf"
        kept = ["persistence true", f"persistence_location {folder}/"]
        if careful:
            kept += ["autosave_interval 1", "autosave_on_changes true"]
        lines = lines or ("allow_anonymous true",)
        own = ["user root"] if os.geteuid() == 0 else []
        address = "0.0.0.0" if inside else host  # noqa: S104 - nobody else is in that network
        told = [f"listener {self.port} {address}", *kept, *own, *lines]
        self._config.write_text("\n".join(told))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of its process, while it runs."""
        return self._running.pid

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise AssertionError("it does not run")
        return self._process

    def start(self) -> Self:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*self._command, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)
        return self

    def _answers(self) -> bool:
        with closing(socket.socket()) as knocking:
            return knocking.connect_ex((self._host, self.port)) == 0

    def freeze(self) -> None:
        """Stop it without ending it."""
        self._running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._running.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill it, if it runs."""
        if self._process:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

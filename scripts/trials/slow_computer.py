"""A share of this computer, as if it were a slower one: a control group of Linux with a quota."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

GROUPS = Path("/sys/fs/cgroup")
PERIOD = 10_000
"""Microseconds over which the share is counted. With the kernel's default, ten times as many, what
runs here would stand still for 40 ms at a time, as no slow computer does, and longer than sound is
buffered."""
EMPTIES = 5.0
"""Seconds in which the processes of a group that were ended are gone."""


class SlowComputer:
    """So much of one core for all that is put into it; it needs the right to make a group."""

    def __init__(self, cores: float) -> None:
        """Make the group; raises ``OSError`` where that is not allowed."""
        newer = (GROUPS / "cgroup.controllers").exists()
        self._folder = (GROUPS if newer else GROUPS / "cpu") / f"voice-coach-trial-{os.getpid()}"
        self._folder.mkdir()
        quota = round(cores * PERIOD)
        if newer:
            (self._folder / "cpu.max").write_text(f"{quota} {PERIOD}")
        else:
            (self._folder / "cpu.cfs_period_us").write_text(str(PERIOD))
            (self._folder / "cpu.cfs_quota_us").write_text(str(quota))

    def __enter__(self) -> Self:
        """Use it; it is there already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the group away, once its processes are gone."""
        deadline = time.monotonic() + EMPTIES
        while self._folder.exists() and time.monotonic() < deadline:
            with suppress(OSError):
                self._folder.rmdir()
            time.sleep(0.1)

    def take(self, pid: int) -> None:
        """Let this process, and all that it starts from now on, run in it, on one processor.

        On two, each would take some of the share in advance, and keep it from the other.
        """
        (self._folder / "cgroup.procs").write_text(str(pid))
        os.sched_setaffinity(pid, {max(os.sched_getaffinity(0))})

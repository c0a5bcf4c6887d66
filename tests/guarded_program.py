"""The coach under guard: it ends if it, or a program it starts, asks for an Internet socket."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

GUARD = Path(__file__).parent / "socket_guard"
"""A folder whose ``sitecustomize`` ends each Python process that asks for an Internet socket."""
CAUGHT = 97
"""With this exit code."""
LISTENS = "VOICE_COACH_MAY_LISTEN"
"""Set, it lets the guard pass a socket that only listens, and only on the loopback address."""
WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")
"""Before a command: with no network interface that is up."""
WIDE = "500"
"""Columns, so that no line of what it prints is broken."""


def guarded(home, *command, before=()):
    """Run the coach under guard, in a home of its own."""
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "DATA", "CONFIG")}
    return subprocess.run(
        [*before, sys.executable, "-m", "voice_coach", *command],
        env={**os.environ, "HOME": str(home), **homes, "PYTHONPATH": str(GUARD), "COLUMNS": WIDE},
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )

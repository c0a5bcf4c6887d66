"""Lets each user lead one session at a time: two would hear each other and answer each other.

A lock on a file tells. The system takes the lock back from a program that is killed, so no lock is
ever left behind.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from voice_coach.errors import CoachError
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class AnotherSession(CoachError):
    """A session of this user is under way; the message is one sentence."""


@contextmanager
def only_session(folder: Path) -> Iterator[None]:
    """Be the only session whose lock is in this folder; raises ``AnotherSession``.

    A disk that cannot be written, or that has no locks, hinders nobody.
    """
    file: IO[str] | None = None
    with suppress(OSError):
        file = private_file(private_folder(folder) / "session.lock").open("a", encoding="utf-8")
    try:
        if file:
            _lock(file)
        yield
    finally:
        if file:
            file.close()


def _lock(file: IO[str]) -> None:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise AnotherSession(
            "Another session is under way on this computer, and the two would hear each other: "
            "end it, and start again."
        ) from None
    except OSError:
        return  # no locks on this disk

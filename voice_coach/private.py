"""Files and folders that only the user can read, for all that a session leaves behind.

A link that stands where one of them should be may have been put there by somebody else. No file is
written through a link, and nobody's mode is changed through one.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from voice_coach.plain_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

JOURNALS = ("journal", "wal", "shm")
"""The files that SQLite looks for beside its own."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def private_folder(path: Path) -> Path:
    """Make the folder `path` and its parents, closed to other users; raises ``OSError``.

    Parents that exist stay as they are. A link to a folder of the user's own is followed, and that
    folder stays as it is.
    """
    if not path.parent.exists():
        private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink():
        if sys.platform != "win32" and path.stat().st_uid != os.geteuid():
            message = "is a link to somebody else's folder; delete the link"
            raise PermissionError(errno.EPERM, message, str(path))
    elif path.stat().st_mode & 0o077:
        with suppress(OSError):  # the disk may be read-only, or the folder somebody else's
            path.chmod(0o700)
    return path


def private_file(path: Path, *, new: bool = False) -> Path:
    """Make the file `path`, empty if it is new, closed to other users; raises ``OSError``.

    With `new`, it raises ``FileExistsError`` if something is there.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        if new:
            raise
        close_to_others(path)
    return path


def private_database(path: Path) -> None:
    """Make SQLite's file `path` private, and check the files beside it; raises ``OSError``.

    SQLite would wait for ever for what comes out of a pipe in a journal's place.
    """
    private_file(path)
    for journal in (path.with_name(f"{path.name}-{kind}") for kind in JOURNALS):
        if os.path.lexists(journal):
            close_to_others(journal)


def write_private(path: Path, content: str, *, new: bool = False) -> None:
    """Write a file for the user alone, whole or not at all; raises ``OSError``.

    With `new`, it raises ``FileExistsError`` if something is there.
    """
    if new:
        private_file(path, new=True)
    elif os.path.lexists(path):
        close_to_others(path)
    try:
        private_file(path.with_name(f"{path.name}.part"))
        write_whole(path, content)
    except OSError:
        if new:
            path.unlink()
        raise


def close_to_others(path: Path) -> None:
    """Take leave to read from others; raises ``OSError`` unless it is a plain file."""
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        message = "is a link, a folder or a device; move it away"
        raise OSError(errno.EINVAL, message, str(path))
    if mode & 0o077 and sys.platform != "win32":
        with suppress(OSError):  # the disk may be read-only, or the file somebody else's
            opened = os.open(path, os.O_RDONLY | _NO_LINK)  # not what took its place meanwhile
            try:
                os.fchmod(opened, 0o600)
            finally:
                os.close(opened)

"""Files and folders that only the user can read, for all that a session leaves behind."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make the folder `path` and its parents, closed to other users; raises ``OSError``.

    Parents that exist stay as they are.
    """
    if not path.parent.exists():
        private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    _close(path, 0o700)
    return path


def private_file(path: Path) -> Path:
    """Make the file `path`, empty if it is new, closed to other users; raises ``OSError``."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    _close(path, 0o600)
    return path


def _close(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o077:
        with suppress(OSError):  # the disk may be read-only, or the file somebody else's
            path.chmod(mode)

"""Files and folders for the user alone: what a session leaves behind is nobody else's."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make `path` and what leads there, and let nobody else look into it; raises ``OSError``.

    What is there already and leads to it stays as it is.
    """
    if not path.parent.exists():
        private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    _close(path, 0o700)
    return path


def private_file(path: Path) -> Path:
    """Make `path`, empty, if it is not there, and let nobody else read it; raises ``OSError``."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    _close(path, 0o600)
    return path


def _close(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o077:
        with suppress(OSError):  # it may lie on a read-only disk, or be somebody else's
            path.chmod(mode)

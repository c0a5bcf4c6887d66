"""Reads files that somebody else may have put there: plain files only, and only so much of them.

A pipe in place of a file would wait for ever, and a device such as ``/dev/zero`` never ends. What
is wrong is raised as an ``OSError`` whose ``strerror`` says what and how to mend it. So whoever
handles a missing file handles this as well.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def open_plain(path: Path, limit: int) -> IO[bytes]:
    """Open a plain file of at most `limit` bytes; raises ``OSError``."""
    file = open(path, "rb", opener=_at_once)  # noqa: SIM115 - the caller closes it
    try:
        _check(os.fstat(file.fileno()), path, limit)
    except OSError:
        file.close()
        raise
    return file


def read_plain(path: Path, limit: int) -> bytes:
    """Read a whole plain file of at most `limit` bytes; raises ``OSError``."""
    with open_plain(path, limit) as file:
        content = file.read(limit + 1)
    if content is None:  # such as the kernel's log, while it says nothing
        raise OSError(errno.EAGAIN, "tells nothing; put a plain file there", str(path))
    if len(content) > limit:  # it grew, or it is one of those that tell no size
        raise _too_large(path, limit)
    return content


def read_plain_text(path: Path, limit: int) -> str:
    """Read a plain file as UTF-8, with or without a byte order mark.

    Raises ``OSError`` or ``UnicodeDecodeError``.
    """
    text = read_plain(path, limit).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole, or leave what was there, as where the disk is full.

    What is being written is beside it, in a file whose name ends in ".part"; if there is one, its
    mode is that of the new file. A link stays one. Raises ``OSError``.
    """
    path = path.resolve()
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from None


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check(found: os.stat_result, path: Path, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "is a pipe or a device; put a plain file there", str(path))
    if found.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> OSError:
    size = f"{limit // 10**6} MB" if limit >= 10**6 else f"{limit // 1000} kB"
    return OSError(errno.EFBIG, f"is larger than {size}; shorten it", str(path))

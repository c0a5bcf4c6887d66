"""Unpacks a folder of a ZIP archive, even a hostile one, without filling the disk.

These are refused: a name that points elsewhere, a link, a file that is there twice, more files or
bytes than a model has. The sizes that the archive itself states are not trusted.
"""

from __future__ import annotations

import errno
import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from pathlib import Path

MOST_FILES = 1000
"""The largest model has a tenth of this."""
PIECE = 2**16
"""Bytes unpacked at a time."""
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    # An unknown compression, a password, an impossible name or number.
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, IndexError),
)
"""Errors raised by a damaged archive."""

NAMES = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL})
"""Error numbers for an impossible name, or an impossible place in the archive."""


class BadArchive(Exception):
    """The archive is not unpacked; the message ends a sentence that begins with its name."""


def unpack(packed: Path, folder: str, into: Path, limit: int) -> None:
    """Unpack what lies below `folder` into the new folder `into`, at most `limit` bytes.

    Raises ``BadArchive``, or ``OSError`` if the disk fails; then some files may be there.
    """
    private_folder(into)
    try:
        with zipfile.ZipFile(packed) as zipped:
            if len(zipped.infolist()) > MOST_FILES:
                raise BadArchive(f"holds more than {MOST_FILES} files")
            for member in zipped.infolist():
                if (below := _place(member, folder)) is not None:
                    limit -= _extract(zipped, member, into / below, limit)
    except DAMAGE as error:
        raise BadArchive(f"cannot be unpacked: {error}") from error
    except OSError as error:
        if error.errno in NAMES:
            raise BadArchive(f"cannot be unpacked: {error.strerror}") from error
        raise


def _place(member: zipfile.ZipInfo, folder: str) -> PurePosixPath | None:
    """Return the place of a member below `folder`; None if it is not below it."""
    path = PurePosixPath(member.filename)
    if member.is_dir() or not path.is_relative_to(folder):
        return None
    if ".." in path.parts or any(c in member.filename for c in "\\:\0"):
        raise BadArchive(f"would write outside its folder, to {member.filename!r:.80}")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise BadArchive(f"holds a link or a device, {member.filename!r:.80}")
    return path.relative_to(folder)


def _extract(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Unpack one file; return its size in bytes."""
    private_folder(target.parent)
    if target.exists():
        raise BadArchive(f"holds {member.filename!r:.80} twice")
    size = 0
    with zipped.open(member) as source, private_file(target).open("wb") as sink:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > limit:
                raise BadArchive("is far larger unpacked than it should be")
            sink.write(piece)
    return size

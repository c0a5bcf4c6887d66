"""The file of the history: opened, brought to the newest version, and set aside if damaged.

It uses a rollback journal, not a write-ahead log. A step is written only every few seconds, so a
write-ahead log would gain nothing. This way the history is a single file between two writes, can be
read from a read-only disk, and each write is on the disk when it returns. If the program is killed
during a write, the next one to open the file undoes that write from the journal.

Some network disks have no file locks, and SQLite reports there that the file is locked, for ever.
On such a disk the history is used without locks, and the person is told not to lead two sessions at
once.

A damaged file is set aside and never deleted. The new file records that the past was lost. A file
that cannot be used for another reason is left alone.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from voice_coach.errors import CoachError
from voice_coach.private import private_database, private_file, private_folder

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 2.0
"""Seconds to wait for another program that is writing."""
NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""Error numbers of a disk without file locks."""
LATEST = 253_402_128_000
"""The latest time: two days before the year 10000, which ``datetime`` cannot show."""

SENTENCES = {
    "locked": "Another program holds the history {file}: close it.",
    "readonly": "The history {file} cannot be written: make it and its folder writable.",
    "read-only": "The history {file} cannot be written: make it and its folder writable.",
    "permission denied": "The history {file} cannot be written: make it and its folder writable.",
    "unable to open": "The history {file} cannot be opened: make it and its folder writable.",
    "full": "The history {file} has no room left: make some on its disk.",
    "no space": "The history {file} has no room left: make some on its disk.",
}
"""The sentence for the words in a message of SQLite or the system."""

MIGRATIONS = (
    f"""
    CREATE TABLE session (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        began REAL NOT NULL CHECK (began BETWEEN 0 AND {LATEST}),
        ended REAL NOT NULL CHECK (ended BETWEEN 0 AND {LATEST}),
        offset REAL NOT NULL CHECK (abs(offset) < 86400),
        routine TEXT NOT NULL,
        twist INTEGER NOT NULL CHECK (twist IN (0, 1)),
        steps INTEGER NOT NULL,
        reached INTEGER NOT NULL,
        step INTEGER NOT NULL,
        title TEXT NOT NULL,
        outcome TEXT CHECK (outcome IN ('completed', 'stopped', 'pain', 'fault')),
        felt TEXT CHECK (felt IN ('better', 'same', 'worse'))
    );
    CREATE TABLE lost (at REAL NOT NULL)
    """,
    """
    ALTER TABLE session ADD COLUMN longer INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE screening (at REAL NOT NULL, excludes TEXT NOT NULL)
    """,
)
"""The statements that lead from each version of the file to the next; never change one."""


class HistoryUnavailable(CoachError):
    """The history cannot be read or written; the message is one sentence with a remedy."""


class Database(NamedTuple):
    """An open file."""

    connection: sqlite3.Connection
    set_aside: Path | None
    """Where a damaged file was moved to on opening; None if it was intact."""
    locked: bool
    """Whether two programs can use it at once; its disk may have no file locks."""


def open_database(
    file: Path, read: Callable[[sqlite3.Connection], object], now: Callable[[], float]
) -> Database:
    """Open the file, or begin one; a file that `read` cannot read counts as damaged.

    `now` gives the time at which a past was lost. Raises ``HistoryUnavailable``.
    """
    set_aside = None
    with explained(file):
        private_folder(file.parent)
        private_database(file)
        locked = _has_locks(file.parent)
        try:
            connection = _open(file, read, now, locked=locked)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            set_aside = _set_aside(file)
            private_file(file)
            connection = _open(file, read, now, locked=locked)
    return Database(connection, set_aside, locked)


def files_set_aside(file: Path) -> list[Path]:
    """Return the damaged files that were set aside, the oldest first."""
    return sorted(file.parent.glob(f"{file.stem}-damaged-*{file.suffix}"))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that is in the block, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # some errors end the transaction
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn errors of SQLite and the system into ``HistoryUnavailable``."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        message = (isinstance(error, OSError) and error.strerror) or str(error)
        for words, sentence in SENTENCES.items():
            if words in message.lower():
                raise HistoryUnavailable(sentence.format(file=file)) from None
        raise HistoryUnavailable(
            f"The history {file} cannot be used ({message}): mend its folder, or move it away."
        ) from None


def _has_locks(folder: Path) -> bool:
    """Tell whether files on this disk can be locked; a disk that cannot be asked counts as one."""
    if sys.platform != "win32" and os.access(folder, os.W_OK):
        try:
            with tempfile.TemporaryFile(dir=folder) as probe:
                fcntl.lockf(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in NO_LOCKS
    return True


def _open(
    file: Path,
    read: Callable[[sqlite3.Connection], object],
    now: Callable[[], float],
    *,
    locked: bool,
) -> sqlite3.Connection:
    address = file.absolute().as_uri() + ("" if locked else "?nolock=1")
    connection = sqlite3.connect(address, timeout=PATIENCE, isolation_level=None, uri=True)
    try:
        # Overwrite what is forgotten, and return from a write when it is on the disk.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = EXTRA")
        _migrate(connection, file, read, now)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(
    connection: sqlite3.Connection,
    file: Path,
    read: Callable[[sqlite3.Connection], object],
    now: Callable[[], float],
) -> None:
    """Bring the file to the newest version, and check all of it."""

    def version() -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    if version() == len(MIGRATIONS):
        _check(connection, read)
        return
    if version() > len(MIGRATIONS):
        raise HistoryUnavailable(f"{file} was written by a newer voice-coach: update this one.")
    with transaction(connection):
        new = version() == 0
        for number, statements in enumerate(MIGRATIONS[version() :], version() + 1):
            for statement in statements.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        if new and files_set_aside(file):
            connection.execute("INSERT INTO lost VALUES (?)", (now(),))
        _check(connection, read)  # what turns out to be damaged is set aside as it was


def _check(connection: sqlite3.Connection, read: Callable[[sqlite3.Connection], object]) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    try:
        read(connection)
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"it holds what is no session ({error})") from None


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell whether the error means that the file is damaged or is not a history."""
    # SQLite reports damage with this very class, and everything else with a subclass. Tables of
    # another shape are reported with a subclass too, and are recognised by their message.
    message = str(error)
    damaged_tables = "no such" in message or "already exists" in message
    return type(error) is sqlite3.DatabaseError or damaged_tables


def _set_aside(file: Path) -> Path:
    """Move a damaged history and its journal out of the way; return its new name."""
    number = len(files_set_aside(file)) + 1
    while (aside := file.with_stem(f"{file.stem}-damaged-{number}")).exists():
        number += 1
    with suppress(FileNotFoundError):  # another coach has moved it
        file.rename(aside)
    # SQLite would take a journal that stays behind for that of the new file.
    with suppress(FileNotFoundError):
        file.with_name(f"{file.name}-journal").rename(f"{aside}-journal")
    return aside

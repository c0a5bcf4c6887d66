"""The history file: a SQLite database of past sessions, for their owner alone.

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
import json
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, get_args

import platformdirs

from voice_coach.core.past import Past, PastSession
from voice_coach.core.routine import Class
from voice_coach.core.screening import Screening
from voice_coach.core.view import Feeling, Outcome
from voice_coach.errors import CoachError
from voice_coach.private import private_file, private_folder

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE = Path(platformdirs.user_data_dir("voice-coach", appauthor=False)) / "history.db"
"""The history file."""
PATIENCE = 2.0
"""Seconds to wait for another program that is writing."""
NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""Error numbers of a disk without file locks."""
LATEST = 253_402_128_000
"""The latest time: two days before the year 10000, which ``datetime`` cannot show."""

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

PLAIN = (
    *("began", "ended", "offset", "routine", "steps", "reached", "step", "title"),
    *("longer", "skipped"),
)
COLUMNS = (*PLAIN, "twist", "outcome", "felt")
"""Named like the fields of a ``PastSession``; the last three have other types there."""


class LocalTime(NamedTuple):
    """A time of the wall clock."""

    utc: float
    """Seconds since 1970."""
    offset: float
    """Seconds by which local time is ahead of UTC."""


def wall_clock() -> LocalTime:
    """Read this computer's clock, clamped to what the history can hold."""
    utc = min(max(0.0, time.time()), LATEST)
    return LocalTime(utc, time.localtime(utc).tm_gmtoff)


class HistoryUnavailable(CoachError):
    """The history cannot be read or written; the message is one sentence with a remedy."""


class History:
    """An open history file."""

    def __init__(
        self, connection: sqlite3.Connection, file: Path, set_aside: Path | None, *, locked: bool
    ) -> None:
        self.set_aside = set_aside
        """Where a damaged history was moved to on opening; None if it was intact."""
        self.locked = locked
        """Whether two programs can use it at once; its disk may have no file locks."""
        self._connection = connection
        self._file = file

    def past(self) -> Past:
        """Return all that is remembered; raises ``HistoryUnavailable``."""
        with _explained(self._file):
            (lost,) = self._connection.execute("SELECT max(at) FROM lost").fetchone()
            return Past(_sessions(self._connection), lost)

    def write(self, session: PastSession) -> int:
        """Write a session as far as it has come, and return its number.

        A session with the number 0 is new. A session that was forgotten meanwhile stays forgotten.
        Raises ``HistoryUnavailable``.
        """
        values = (
            *(getattr(session, field) for field in PLAIN),
            session.twist,
            session.outcome and session.outcome.value,
            session.felt and session.felt.value,
        )
        with _explained(self._file):
            if session.number:
                changes = ", ".join(f"{column} = ?" for column in COLUMNS)
                statement = f"UPDATE session SET {changes} WHERE number = ?"  # noqa: S608 - our own names
                self._connection.execute(statement, (*values, session.number))
                return session.number
            places = ", ".join("?" for _ in COLUMNS)
            statement = f"INSERT INTO session ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608 - our own names
            return self._connection.execute(statement, values).lastrowid or 0

    def screening(self) -> Screening | None:
        """Return what the newest answers leave out; raises ``HistoryUnavailable``."""
        with _explained(self._file):
            query = "SELECT at, excludes FROM screening ORDER BY rowid DESC LIMIT 1"
            row = self._connection.execute(query).fetchone()
        if row is None:
            return None
        known: tuple[Class, ...] = get_args(Class)
        kept = frozenset(json.loads(row[1]))
        # A class that this program does not know is left out as everything is.
        return Screening(row[0], frozenset(known) if kept - set(known) else kept)

    def write_screening(self, screening: Screening) -> None:
        """Keep what is left out, and nothing of the answers; raises ``HistoryUnavailable``."""
        with _explained(self._file), _transaction(self._connection):
            self._connection.execute("DELETE FROM screening")
            values = (screening.at, json.dumps(sorted(screening.excludes)))
            self._connection.execute("INSERT INTO screening VALUES (?, ?)", values)

    def forget(self, number: int) -> bool:
        """Forget one session; tell whether it existed. Raises ``HistoryUnavailable``."""
        with _explained(self._file):
            statement = "DELETE FROM session WHERE number = ?"
            return self._connection.execute(statement, (number,)).rowcount > 0

    def forget_all(self) -> None:
        """Forget everything, and that a past was lost. Raises ``HistoryUnavailable``."""
        with _explained(self._file), _transaction(self._connection):
            for table in ("session", "lost", "screening", "sqlite_sequence"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


@contextmanager
def open_history(
    file: Path | None = None, clock: Callable[[], LocalTime] = wall_clock
) -> Iterator[History]:
    """Open the history, or begin one; raises ``HistoryUnavailable``."""
    file = file or FILE
    set_aside = None
    with _explained(file):
        private_folder(file.parent)
        private_file(file)
        locked = _has_locks(file.parent)
        try:
            connection = _open(file, clock, locked=locked)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            set_aside = _set_aside(file)
            private_file(file)
            connection = _open(file, clock, locked=locked)
    with closing(connection):
        yield History(connection, file, set_aside, locked=locked)


def damaged_files(file: Path | None = None) -> list[Path]:
    """Return the damaged files that were set aside, the oldest first."""
    file = file or FILE
    return sorted(file.parent.glob(f"{file.stem}-damaged-*{file.suffix}"))


def _has_locks(folder: Path) -> bool:
    """Tell whether files on this disk can be locked; a disk that cannot be asked counts as one."""
    if sys.platform != "win32" and os.access(folder, os.W_OK):
        try:
            with tempfile.TemporaryFile(dir=folder) as probe:
                fcntl.lockf(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in NO_LOCKS
    return True


def _open(file: Path, clock: Callable[[], LocalTime], *, locked: bool) -> sqlite3.Connection:
    address = file.absolute().as_uri() + ("" if locked else "?nolock=1")
    connection = sqlite3.connect(address, timeout=PATIENCE, isolation_level=None, uri=True)
    try:
        # Overwrite what is forgotten, and return from a write when it is on the disk.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = EXTRA")
        _migrate(connection, file, clock)
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    _sessions(connection)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell whether the error means that the file is damaged or is not a history."""
    # SQLite reports damage with this very class, and everything else with a subclass. Tables of
    # another shape are reported with a subclass too, and are recognised by their message.
    message = str(error)
    damaged_tables = "no such" in message or "already exists" in message
    return type(error) is sqlite3.DatabaseError or damaged_tables


def _migrate(connection: sqlite3.Connection, file: Path, clock: Callable[[], LocalTime]) -> None:
    def version() -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    if version() == len(MIGRATIONS):
        return
    if version() > len(MIGRATIONS):
        raise HistoryUnavailable(f"{file} was written by a newer voice-coach: update this one.")
    with _transaction(connection):
        new = version() == 0
        for number, statements in enumerate(MIGRATIONS[version() :], version() + 1):
            for statement in statements.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        if new and damaged_files(file):
            connection.execute("INSERT INTO lost VALUES (?)", (clock().utc,))
        _check(connection)  # what turns out to be damaged is set aside as it was


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # some errors end the transaction
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _sessions(connection: sqlite3.Connection) -> tuple[PastSession, ...]:
    statement = f"SELECT number, {', '.join(COLUMNS)} FROM session ORDER BY number"  # noqa: S608 - our own names
    return tuple(
        PastSession(
            **dict(zip(("number", *PLAIN), values, strict=True)),
            twist=bool(twist),
            outcome=Outcome(outcome) if outcome else None,
            felt=Feeling(felt) if felt else None,
        )
        for *values, twist, outcome, felt in connection.execute(statement)
    )


def _set_aside(file: Path) -> Path:
    """Move a damaged history and its journal out of the way; return its new name."""
    number = len(damaged_files(file)) + 1
    while (aside := file.with_stem(f"{file.stem}-damaged-{number}")).exists():
        number += 1
    with suppress(FileNotFoundError):  # another coach has moved it
        file.rename(aside)
    # SQLite would take a journal that stays behind for that of the new file.
    with suppress(FileNotFoundError):
        file.with_name(f"{file.name}-journal").rename(f"{aside}-journal")
    return aside


@contextmanager
def _explained(file: Path) -> Iterator[None]:
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

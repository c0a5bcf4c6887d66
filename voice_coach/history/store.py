"""The history file: a SQLite database of the sessions there were, for their owner alone.

It keeps a rollback journal, not a write-ahead log: a step is written once in many seconds, so
nothing is gained by the other, and this way the whole history is one file between two writes, can
be read from a read-only disk, and each write is on the disk when it returns. A program that is
killed in the midst of one leaves a journal from which the next to open the file undoes it.

A file that is damaged is set aside, never deleted, and a new one is begun that knows that what
was before is lost. One that cannot be used for another reason is left as it is.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import platformdirs

from voice_coach.core.past import Past, PastSession
from voice_coach.core.view import Feeling, Outcome
from voice_coach.errors import CoachError
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE = Path(platformdirs.user_data_dir("voice-coach", appauthor=False)) / "history.db"
"""Where the history is."""
PATIENCE = 2.0
"""Seconds to wait for another program that is just writing."""
LATEST = 253_402_128_000
"""No clock shows more: two days before the year 10000, which no calendar here can show."""

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
)
"""What makes each version of the file out of the one before it; none is ever changed."""

PLAIN = ("began", "ended", "offset", "routine", "steps", "reached", "step", "title")
COLUMNS = (*PLAIN, "twist", "outcome", "felt")
"""Called like the fields of a ``PastSession``; the last three are of other kinds there."""


class Moment(NamedTuple):
    """What the clock on the wall shows."""

    utc: float
    """Seconds since 1970."""
    offset: float
    """Seconds by which the local time is ahead."""


def wall_clock() -> Moment:
    """Read this computer's clock, whatever it may show."""
    utc = min(max(0.0, time.time()), LATEST)
    return Moment(utc, time.localtime(utc).tm_gmtoff)


class HistoryUnavailable(CoachError):
    """The history cannot be read or written now; the message is one sentence with its remedy."""


class History:
    """An open history file."""

    def __init__(self, connection: sqlite3.Connection, file: Path, set_aside: Path | None) -> None:
        self.set_aside = set_aside
        """Where a damaged history was moved to just now; None if it was well."""
        self._connection = connection
        self._file = file

    def past(self) -> Past:
        """Give all that is remembered; raises ``HistoryUnavailable``."""
        with _told(self._file):
            (lost,) = self._connection.execute("SELECT max(at) FROM lost").fetchone()
            return Past(_sessions(self._connection), lost)

    def write(self, session: PastSession) -> int:
        """Record a session as far as it has come; give its number.

        Its number is 0 the first time. What was forgotten meanwhile stays forgotten. Raises
        ``HistoryUnavailable``.
        """
        values = (
            *(getattr(session, field) for field in PLAIN),
            session.twist,
            session.outcome and session.outcome.value,
            session.felt and session.felt.value,
        )
        with _told(self._file):
            if session.number:
                changes = ", ".join(f"{column} = ?" for column in COLUMNS)
                statement = f"UPDATE session SET {changes} WHERE number = ?"  # noqa: S608 - our own names
                self._connection.execute(statement, (*values, session.number))
                return session.number
            places = ", ".join("?" for _ in COLUMNS)
            statement = f"INSERT INTO session ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608 - our own names
            return self._connection.execute(statement, values).lastrowid or 0

    def forget(self, number: int) -> bool:
        """Forget one session; say whether there was one. Raises ``HistoryUnavailable``."""
        with _told(self._file):
            statement = "DELETE FROM session WHERE number = ?"
            return self._connection.execute(statement, (number,)).rowcount > 0

    def forget_all(self) -> None:
        """Forget everything, also that something was lost. Raises ``HistoryUnavailable``."""
        with _told(self._file), _transaction(self._connection):
            for table in ("session", "lost", "sqlite_sequence"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


@contextmanager
def open_history(
    file: Path | None = None, clock: Callable[[], Moment] = wall_clock
) -> Iterator[History]:
    """Open the history, a new one if there is none; raises ``HistoryUnavailable``."""
    file = file or FILE
    set_aside = None
    with _told(file):
        try:
            connection = _open(file, clock)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            set_aside = _set_aside(file)
            connection = _open(file, clock)
    with closing(connection):
        yield History(connection, file, set_aside)


def damaged_ones(file: Path | None = None) -> list[Path]:
    """Give the files that were set aside, the oldest first."""
    file = file or FILE
    return sorted(file.parent.glob(f"{file.stem}-damaged-*{file.suffix}"))


def _open(file: Path, clock: Callable[[], Moment]) -> sqlite3.Connection:
    private_folder(file.parent)
    private_file(file)
    connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    try:
        # What is forgotten is overwritten; what is written is on the disk.
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
    """Say whether the file is no history of ours, or none any more."""
    # Damage is told by this very class, all else by its children, tables of another shape too.
    told = str(error)
    return type(error) is sqlite3.DatabaseError or "no such" in told or "already exists" in told


def _migrate(connection: sqlite3.Connection, file: Path, clock: Callable[[], Moment]) -> None:
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
        if new and damaged_ones(file):
            connection.execute("INSERT INTO lost VALUES (?)", (clock().utc,))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # some errors have ended it by themselves
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
    """Move a damaged history and its journal out of the way; give its new name."""
    number = len(damaged_ones(file)) + 1
    while (aside := file.with_stem(f"{file.stem}-damaged-{number}")).exists():
        number += 1
    with suppress(FileNotFoundError):  # another coach was quicker
        file.rename(aside)
    # A journal that stayed behind would be taken for that of the new file.
    with suppress(FileNotFoundError):
        file.with_name(f"{file.name}-journal").rename(f"{aside}-journal")
    return aside


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Tell what goes wrong in one sentence."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        told = (isinstance(error, OSError) and error.strerror) or str(error)
        for words, sentence in SENTENCES.items():
            if words in told.lower():
                raise HistoryUnavailable(sentence.format(file=file)) from None
        raise HistoryUnavailable(
            f"The history {file} cannot be used ({told}): mend its folder, or move it away."
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
"""What to tell for the words in what SQLite or the system says."""

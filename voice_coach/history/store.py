"""The sessions of the past, for their owner alone: rows of a SQLite database, read and written."""

from __future__ import annotations

import json
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast, get_args

import platformdirs

from voice_coach.core.past import Past, PastSession
from voice_coach.core.routine import Class
from voice_coach.core.screening import Screening
from voice_coach.core.view import Feeling, Outcome
from voice_coach.history.database import (
    LATEST,
    HistoryUnavailable,
    explained,
    files_set_aside,
    open_database,
    transaction,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from voice_coach.history.database import Database

T = TypeVar("T")

__all__ = ["History", "HistoryUnavailable", "damaged_files", "open_history"]

FILE = Path(platformdirs.user_data_dir("voice-coach", appauthor=False)) / "history.db"
"""The history file."""

PLAIN = (
    *("began", "ended", "offset", "routine", "steps", "reached", "step", "title"),
    *("longer", "skipped"),
)
KINDS: dict[str, type] = {
    **dict.fromkeys(("number", *PLAIN), int),
    **dict.fromkeys(("began", "ended", "offset"), float),
    **dict.fromkeys(("routine", "title"), str),
}
"""What each of them is."""
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


class History:
    """An open history file."""

    def __init__(self, file: Path, database: Database) -> None:
        self.set_aside = database.set_aside
        """Where a damaged history was moved to on opening; None if it was intact."""
        self.locked = database.locked
        """Whether two programs can use it at once; its disk may have no file locks."""
        self._connection = database.connection
        self._file = file

    def past(self) -> Past:
        """Return all that is remembered; raises ``HistoryUnavailable``."""
        with explained(self._file):
            return _past(self._connection)

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
        with explained(self._file):
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
        with explained(self._file):
            return _screening(self._connection)

    def write_screening(self, screening: Screening) -> None:
        """Keep what is left out, and nothing of the answers; raises ``HistoryUnavailable``."""
        with explained(self._file), transaction(self._connection):
            self._connection.execute("DELETE FROM screening")
            values = (screening.at, json.dumps(sorted(screening.excludes)))
            self._connection.execute("INSERT INTO screening VALUES (?, ?)", values)

    def forget(self, number: int) -> bool:
        """Forget one session; tell whether it existed. Raises ``HistoryUnavailable``."""
        with explained(self._file):
            statement = "DELETE FROM session WHERE number = ?"
            return self._connection.execute(statement, (number,)).rowcount > 0

    def forget_all(self) -> None:
        """Forget everything, and that a past was lost. Raises ``HistoryUnavailable``."""
        with explained(self._file), transaction(self._connection):
            for table in ("session", "lost", "screening", "sqlite_sequence"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


@contextmanager
def open_history(
    file: Path | None = None, clock: Callable[[], LocalTime] = wall_clock
) -> Iterator[History]:
    """Open the history, or begin one; raises ``HistoryUnavailable``."""
    file = file or FILE
    database = open_database(file, _all, lambda: clock().utc)
    with closing(database.connection):
        yield History(file, database)


def damaged_files(file: Path | None = None) -> list[Path]:
    """Return the damaged files that were set aside, the oldest first."""
    return files_set_aside(file or FILE)


def _all(connection: sqlite3.Connection) -> tuple[Past, Screening | None]:
    """Read everything; raises ``ValueError`` or ``TypeError`` where a row holds what it cannot."""
    return _past(connection), _screening(connection)


def _past(connection: sqlite3.Connection) -> Past:
    (lost,) = connection.execute("SELECT max(at) FROM lost").fetchone()
    return Past(_sessions(connection), None if lost is None else _checked(lost, float))


def _screening(connection: sqlite3.Connection) -> Screening | None:
    query = "SELECT at, excludes FROM screening ORDER BY rowid DESC LIMIT 1"
    row = connection.execute(query).fetchone()
    if row is None:
        return None
    known: tuple[Class, ...] = get_args(Class)
    kept = frozenset(_checked(each, str) for each in _checked(json.loads(row[1]), list))
    # A class that this program does not know is left out as everything is.
    excludes = frozenset(known) if kept - set(known) else kept
    return Screening(_checked(row[0], float), cast("frozenset[Class]", excludes))


def _checked(value: object, kind: type[T]) -> T:
    """Give the value, if it is of this kind; SQLite keeps any value in any column."""
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} in place of a {kind.__name__}")
    return value


def _sessions(connection: sqlite3.Connection) -> tuple[PastSession, ...]:
    statement = f"SELECT number, {', '.join(COLUMNS)} FROM session ORDER BY number"  # noqa: S608 - our own names
    return tuple(
        PastSession(
            **{
                field: _checked(value, KINDS[field])
                for field, value in zip(("number", *PLAIN), values, strict=True)
            },
            twist=bool(twist),
            outcome=Outcome(outcome) if outcome else None,
            felt=Feeling(felt) if felt else None,
        )
        for *values, twist, outcome, felt in connection.execute(statement)
    )

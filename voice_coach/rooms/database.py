"""The database of a board: a SQLite file of the user's, or PostgreSQL where a practice has it.

One board uses a database at a time. What is written is on the disk when ``begin`` has ended.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import StaticPool, create_engine, event, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from voice_coach.errors import CoachError
from voice_coach.private import private_database, private_folder
from voice_coach.rooms.broker import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from voice_coach.rooms.server import PostgreSQL

FILE = Path(platformdirs.user_data_dir("voice-coach", appauthor=False)) / "board.db"
"""The file of the board."""
PATIENCE = 2.0
"""Seconds to wait for another program that has the file."""
ANSWER = 3.0
"""Seconds in which PostgreSQL must answer. The board hears no room meanwhile, so it is far less
than the twelve after which a room is not known."""
LOCK = 0x76636F6163680001
"""The number of the lock in PostgreSQL by which one board keeps the others out: any number that no
other program takes (here "vcoach" in ASCII)."""
MIGRATIONS = Path(__file__).parent / "migrations"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class StoreUnavailable(CoachError):
    """What a board keeps cannot be read or written; the message is one sentence with a remedy."""


class Database:
    """An open database, with the newest tables."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Take the engine, and the database's name for messages; raises ``StoreUnavailable``."""
        self._engine = engine
        self._name = name
        with self.begin() as connection:
            self._migrate(connection)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in a transaction: all of it is done or nothing.

        Raises ``StoreUnavailable``.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except (ValueError, TypeError, OverflowError) as error:
            raise StoreUnavailable(
                f"{self._name} holds what no board has written ({error}): move it away."
            ) from None
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            message = _reason(error)
            remedy = (
                "close the other board; if there is none, its disk has no file locks, so let "
                "XDG_DATA_HOME name a folder on another disk"
                if "locked" in message
                else "see that it can be written and its disk has room, or move it away"
                if self._engine.dialect.name == "sqlite"
                else "see that it runs, and look at [postgresql] in your settings file"
            )
            raise StoreUnavailable(
                f"What the board keeps in {self._name} cannot be used ({message}): {remedy}."
            ) from None

    def _migrate(self, connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        tables = inspect(connection).get_table_names()
        try:
            if "board" in tables and "alembic_version" not in tables:
                command.stamp(config, "1")  # written before Alembic kept the number
            command.upgrade(config, "head")
        except CommandError:
            raise StoreUnavailable(
                f"{self._name} was written by a newer voice-coach: update this one."
            ) from None


@contextmanager
def open_database(file: Path | None = None, server: PostgreSQL | None = None) -> Iterator[Database]:
    """Open the database on a server, or in a file, for this program alone.

    A database that is not there yet is begun. Raises ``StoreUnavailable``, ``NoDatabase``,
    ``NoBroker`` where an extra is missing, or ``OSError``.
    """
    if server and server.host:
        engine, name = _on_server(server), f"PostgreSQL at {server}"
    else:
        file = file or FILE
        engine, name = _in_file(file), str(file)
    try:
        yield Database(engine, name)
    finally:
        engine.dispose()


def to_seconds(at: datetime) -> float:
    """Give a time as it is kept."""
    return (at - EPOCH).total_seconds()


def from_seconds(seconds: float) -> datetime:
    """Give a time that was kept."""
    return EPOCH + timedelta(seconds=seconds)  # no system's function: some know no time before it


def _in_file(file: Path) -> Engine:
    private_folder(file.parent)
    private_database(file)
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=StaticPool,  # one connection: the file is locked for it
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_file)
    # By itself the driver would begin no transaction for a change of the tables.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _on_server(server: PostgreSQL) -> Engine:
    url = URL.create(
        "postgresql+pg8000",
        server.user or None,
        server.password(),
        server.host,
        server.usual_port,
        server.name,
    )
    try:
        engine = create_engine(
            url,
            pool_size=1,  # one connection, which holds the lock
            max_overflow=0,
            pool_timeout=ANSWER,
            pool_pre_ping=True,  # after the server was away, connect anew
            connect_args={
                "timeout": ANSWER,
                "ssl_context": server.tls_context() if server.tls else None,
            },
            hide_parameters=True,
        )
    except ImportError:
        raise missing("To keep what the board knows in PostgreSQL", "practice") from None
    # It would write a traceback for each connection that was lost; the board says that itself.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    event.listen(engine, "connect", _lock_server)
    return engine


def _prepare_file(connection: Any, _record: object) -> None:
    """Lock the file, overwrite what is deleted, and return from a write when it is on the disk."""
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        for pragma in (
            "locking_mode = EXCLUSIVE",
            "journal_mode = TRUNCATE",  # else the journal of a locked file keeps what was deleted
            "secure_delete = ON",
            "synchronous = EXTRA",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("BEGIN EXCLUSIVE")  # from here on the file is locked
        cursor.execute("COMMIT")


def _lock_server(connection: Any, _record: object) -> None:
    """Take the lock that this connection holds until its end."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
        (taken,) = cursor.fetchone()
    connection.commit()
    if not taken:
        raise StoreUnavailable(
            "Another board uses this database of PostgreSQL: close that, or name another one."
        )


def _reason(error: Exception) -> str:
    """Give what the driver says, without what it was asked."""
    cause = getattr(error, "orig", None) or error
    told = cause.args[0] if cause.args else cause
    return str(told.get("M", "it refuses")) if isinstance(told, dict) else str(cause)

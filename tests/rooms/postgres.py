"""A real PostgreSQL on a free port of this computer, in a folder of its own."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import pg8000.dbapi
from rooms.mosquitto import until

from voice_coach.rooms.server import PostgreSQL

WORD = "let me in"
OTHER_USER = "nobody"
"""PostgreSQL does not run as root."""


def program(name):
    """Give the newest program of this name; Debian has them outside the usual folders."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4])
    )
    found = str(debian[-1]) if debian else shutil.which(name)
    if not found:
        raise AssertionError("PostgreSQL is missing: sudo apt install postgresql")
    return found


class Postgres:
    """A server with the user "coach", which can be ended and started again."""

    def __init__(self):
        self._user = {"user": OTHER_USER} if os.geteuid() == 0 else {}
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.word_file = self._folder / "word"
        self.word_file.write_text(WORD)
        if self._user:
            other = pwd.getpwnam(OTHER_USER)
            for path in (self._folder, self.word_file):
                os.chown(path, other.pw_uid, other.pw_gid)
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._numbers = itertools.count(1)
        self._data = self._folder / "data"
        how = ["-A", "scram-sha-256", "-U", "coach", "--no-sync", "-E", "UTF8", "--locale=C"]
        self._run("initdb", "-D", self._data, f"--pwfile={self.word_file}", *how)
        self._process = None

    def _run(self, name, *words):
        subprocess.run(
            [program(name), *words], check=True, capture_output=True, cwd=self._folder, **self._user
        )

    def start(self):
        quick = ["-c", "fsync=off", "-c", "shared_buffers=16MB"]
        where = ["-D", self._data, "-h", "127.0.0.1", "-p", str(self.port), "-k", self._folder]
        self._process = subprocess.Popen(
            [program("postgres"), *where, *quick],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._user,
        )
        until(self._answers)
        return self

    def _answers(self):
        try:
            self.connection("postgres").close()
        except (OSError, pg8000.dbapi.Error):
            return False
        return True

    def connection(self, name):
        """Connect as somebody who looks after the server."""
        return pg8000.dbapi.connect("coach", "127.0.0.1", name, self.port, WORD)

    def end(self):
        """End it as a restart does, without waiting for who is connected."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)

    def remove(self):
        self.end()
        shutil.rmtree(self._folder)

    def new(self):
        """Make a database, and give its table of the settings."""
        name = f"practice_{next(self._numbers)}"
        with closing(self.connection("postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {name}")
        return PostgreSQL(
            host="127.0.0.1",
            port=self.port,
            user="coach",
            password_file=str(self.word_file),
            name=name,
        )

"""The real program on the virtual sound card, for tests of commands that listen."""

from __future__ import annotations

import json
import os
import subprocess
import sys


class Program:
    """The real program on the virtual sound card."""

    def __init__(self, card, folder, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "voice_coach", *words],
            env={**os.environ, **card.env, "XDG_DATA_HOME": str(folder), "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def until(self, words):
        """Read until a line holds these words."""
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                return
        raise AssertionError(f"'{words}' never came, but: {lines}")

    def end(self):
        """Give the rest, and the exit code."""
        said, _ = self.process.communicate(timeout=60)
        return said, self.process.returncode


def remembered(folder):
    """Give the one session that is remembered in this data folder."""
    history = subprocess.run(
        [sys.executable, "-m", "voice_coach", "history", "--json"],
        env={**os.environ, "XDG_DATA_HOME": str(folder)},
        check=True,
        capture_output=True,
    )
    (session,) = json.loads(history.stdout)
    return session

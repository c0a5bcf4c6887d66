"""Begins sessions that write into a history, and kills each at a random moment with ``kill -9``.

Each session is a process of its own, made by ``fork``. It is a whole session in the studio, with
the real loop, mixer and recorder and the real file; a step lasts until the disk has what was
recorded, for on a real stage it lasts many times as long. Over a pipe it tells each step before it
is recorded. What it told is compared with what the history then holds.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "scripts"))

from trials.random_parts import LeadingListener, NoFaults
from trials.random_session import RandomSession

from voice_coach.catalogue import read_language
from voice_coach.core.config import SessionConfig
from voice_coach.history.recorder import HistoryRecorder
from voice_coach.history.store import open_history

ROUTINE = "gentle-bends"


class Display:
    """Tells each new step over a pipe, then lets the recorder write it."""

    def __init__(self, recorder, pipe):
        self.recorder = recorder
        self.pipe = pipe
        self.shown = 0

    def show(self, view):
        if view.step != self.shown:
            self.shown = view.step
            os.write(self.pipe, bytes([view.step]))
        self.recorder.show(view)
        while not self.recorder.idle:
            time.sleep(0.0002)


def run(language, file, pipe):
    """Lead a whole session."""
    chance = NoFaults()
    listener = LeadingListener(language, chance)
    simulated = RandomSession(
        SessionConfig(language=language, routine=ROUTINE),
        chance,
        stall=lambda _: 0.0,
        listener=listener,
    )
    listener.session = simulated.session
    with HistoryRecorder(file) as recorder:
        simulated.run(Display(recorder, pipe))


def die(language, file, seconds):
    """Lead a session until it is killed; give the last step it told, 0 for none."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        run(language, file, writing)
        os._exit(0)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = os.read(reading, 1000)
    os.close(reading)
    return told[-1] if told else 0


def main(file, kills, seed):
    """Kill so many sessions; print a line of JSON for each."""
    language, chance = read_language(), random.Random(seed)  # noqa: S311 - any moment will do
    begun = time.monotonic()
    run(language, file, os.open(os.devnull, os.O_WRONLY))
    length = time.monotonic() - begun
    for _ in range(kills):
        with open_history(file) as history:
            before = history.past().sessions[-1].number
        told = die(language, file, chance.uniform(0, 1.1 * length))
        writing = file.with_name(f"{file.name}-journal").exists()
        with sqlite3.connect(file) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        connection.close()
        with open_history(file) as history:
            past, aside = history.past(), history.set_aside
        new = [session for session in past.sessions if session.number > before]
        entry = {
            "told": told,
            "writing": writing,
            "steps": [session.step for session in new],
            "outcomes": [session.outcome and session.outcome.value for session in new],
            "integrity": found,
            "aside": aside is not None or past.lost_at is not None,
            "sessions": len(past.sessions),
        }
        sys.stdout.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

"""Writes the log of a session while it happens, for its owner alone; keeps only the newest logs.

The runner shows it every event and action. A thread of its own writes them, so a disk that is slow,
full or gone holds up nobody, and a program that is killed loses only the last moment. A log longer
than ``LARGEST`` breaks off. Of more than ``KEPT`` logs the oldest are deleted, with their sound.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from voice_coach.background import BackgroundWriter
from voice_coach.errors import CoachError
from voice_coach.history import store
from voice_coach.history.event_log import Draft, head
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typing_extensions import Self

    from voice_coach.core.config import SessionConfig
    from voice_coach.history.event_log import Kept
    from voice_coach.history.store import LocalTime

KEPT = 20
"""The number of logs that are kept."""
KEPT_SOUNDS = 3
"""The number of logs that keep their sound; an hour of sound is 230 MB."""
LARGEST = 4 * 2**20
"""Bytes of one log; this is enough for some hours."""
NAME = "%Y%m%dT%H%M%SZ"
"""The name of a log: when it began, in UTC."""


def folder() -> Path:
    """Return the folder of the logs, which is beside the history."""
    return store.FILE.parent / "sessions"


def sound_of(log: Path) -> Path:
    """Return where the sound of a session is, if it was recorded."""
    return log.with_suffix(".wav")


class LogUnavailable(CoachError):
    """The log of this session is incomplete; the message is one sentence."""


class SessionLogWriter:
    """Writes the log of one session; called with the audio time and what happened then."""

    def __init__(
        self, config: SessionConfig, clock: Callable[[], LocalTime] = store.wall_clock
    ) -> None:
        self.trouble: LogUnavailable | None = None
        """Why the log is incomplete; None if it is complete."""
        began = datetime.fromtimestamp(clock().utc, timezone.utc)
        self.path = _unused(f"{began:{NAME}}")
        """The file of the log."""
        self._config = config
        self._began = began.isoformat(timespec="seconds")
        self._writer = BackgroundWriter("session log", self._write)

    def __call__(self, now: float, what: Kept) -> None:
        """Write this; returns at once."""
        self._writer.put((now, what))

    def __enter__(self) -> Self:
        """Begin to write."""
        self._writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write the rest, if the disk takes it in time."""
        if not self._writer.close():
            self.trouble = LogUnavailable(f"The disk with {self.path} does not answer.")

    def _write(self, news: Iterator[tuple[float, Kept]]) -> None:
        try:
            self._write_all(news)
        except OSError as error:
            self.trouble = LogUnavailable(
                f"The log {self.path} cannot be written ({error.strerror or error}): "
                "make room and make its folder writable."
            )

    def _write_all(self, news: Iterator[tuple[float, Kept]]) -> None:
        private_folder(self.path.parent)
        _delete(logs()[: 1 - KEPT])
        for log in logs()[: 1 - KEPT_SOUNDS]:
            sound_of(log).unlink(missing_ok=True)
        draft = Draft()
        with private_file(self.path).open("w", encoding="utf-8", errors="replace") as file:
            file.write(head(self._config, self._began))
            for now, what in news:
                for line in draft.lines(now, what):
                    file.write(line)
                    file.flush()
                if file.tell() > LARGEST:
                    self.trouble = LogUnavailable(f"The log {self.path} is full and breaks off.")
                    return
            file.writelines(draft.rest())


def logs() -> list[Path]:
    """Return the logs, the oldest first; none if their folder cannot be read."""
    with suppress(OSError):
        return sorted(folder().glob("*.jsonl"))
    return []


def forget_logs(began: float | None = None, ended: float | None = None) -> int:
    """Delete all logs with their sound, or those that were written between two times.

    Times are UTC, in seconds since 1970. Returns how many logs were deleted; raises ``OSError``.
    """
    try:  # unlike glob, this tells of a folder that cannot be read
        kept = [file for file in folder().iterdir() if file.suffix in (".jsonl", ".wav")]
    except FileNotFoundError:
        return 0
    stems = sorted({file.stem for file in kept})
    found = [folder() / f"{stem}.jsonl" for stem in stems]
    if began is not None and ended is not None:
        found = [log for log in found if _start(log) <= ended and _written(log) >= began]
    _delete(found)
    return len(found)


def _start(log: Path) -> float:
    with suppress(ValueError):
        stamp = log.stem.partition("-")[0]
        return datetime.strptime(stamp, NAME).replace(tzinfo=timezone.utc).timestamp()
    return 0.0


def _written(log: Path) -> float:
    """When the log, or the sound of one that is gone, was last written to."""
    return (log if log.exists() else sound_of(log)).stat().st_mtime


def _delete(found: list[Path]) -> None:
    """Delete these with their sound; raises ``OSError`` once all others are deleted."""
    trouble: OSError | None = None
    for log in found:
        for path in (sound_of(log), log):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                trouble = error
    if trouble:
        raise trouble


def _unused(stem: str) -> Path:
    number = 1
    path = folder() / f"{stem}.jsonl"
    while os.path.lexists(path):  # another coach began in the same second
        number += 1
        path = folder() / f"{stem}-{number}.jsonl"
    return path

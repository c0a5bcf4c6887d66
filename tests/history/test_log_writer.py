"""A session is written down while it happens, for its owner alone; no disk holds it up."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from voice_coach import background
from voice_coach.core.actions import Cut
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard, TimeReached
from voice_coach.history import log_writer as log_writer_module
from voice_coach.history import store
from voice_coach.history.event_log import Entry, Log
from voice_coach.history.log_writer import (
    KEPT,
    KEPT_SOUNDS,
    SessionLogWriter,
    folder,
    forget_logs,
    logs,
    sound_of,
)
from voice_coach.history.store import LocalTime

MAY = 1_777_917_600.0
"""2026-05-04, 18:00 UTC."""


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "FILE", tmp_path / "data" / "history.db")


@pytest.fixture(scope="module")
def config(language):
    return SessionConfig(language=language, routine="gentle-bends")


def begin(config, utc=MAY):
    return SessionLogWriter(config, lambda: LocalTime(utc, 0.0))


def write(config, utc=MAY):
    with begin(config, utc) as writer:
        writer(1.5, Heard(Command.PAIN, "it hurts", llr=2.5))
        writer(1.5, Cut())
        writer(1.6, TimeReached())
    return writer


def test_what_happens_is_in_the_log_with_all_it_was_made_of(config):
    writer = write(config)
    assert writer.trouble is None
    assert writer.path.name == "20260504T180000Z.jsonl"
    with writer.path.open(encoding="utf-8") as file:
        log = Log.read(file, "a")
        assert log.config == config
        assert log.began == "2026-05-04T18:00:00+00:00"
        assert list(log.entries()) == [
            Entry(1.5, Heard(Command.PAIN, "it hurts", llr=2.5)),
            Entry(1.5, Cut()),
            Entry(1.6, TimeReached()),
        ]


def test_a_log_and_its_folder_are_for_the_user_alone_whatever_the_umask(config):
    before = os.umask(0)
    try:
        writer = write(config)
    finally:
        os.umask(before)
    assert stat.S_IMODE(writer.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(writer.path.parent.stat().st_mode) == 0o700


def test_what_has_happened_is_in_the_file_before_the_session_is_over(config):
    """So a program that is killed loses only the last moment."""
    with begin(config) as writer:
        writer(1.5, Heard(Command.NEXT))
        until = time.monotonic() + 10
        while not writer.path.exists() or "Heard" not in writer.path.read_text("utf-8"):
            assert time.monotonic() < until
            time.sleep(0.001)


def test_only_the_newest_logs_are_kept_and_of_them_the_newest_sounds(config):
    for number in range(KEPT + 3):
        sound_of(write(config, MAY + number).path).write_bytes(b"RIFF")
    assert len(logs()) == KEPT
    assert logs()[-1].name == f"20260504T1800{KEPT + 2}Z.jsonl"
    assert len([*folder().glob("*.wav")]) == KEPT_SOUNDS


def test_two_coaches_in_one_second_write_two_logs(config):
    assert write(config).path != write(config).path
    assert len(logs()) == 2


def test_a_folder_that_cannot_be_made_costs_one_sentence_and_no_session(config, tmp_path):
    (tmp_path / "data").write_text("in the way")
    writer = write(config)
    assert "cannot be written (" in str(writer.trouble)
    assert "make room and make its folder writable." in str(writer.trouble)


def test_a_read_only_folder_costs_one_sentence_and_no_session(config, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(log_writer_module, "private_file", refuse)
    assert "cannot be written (Read-only file system)" in str(write(config).trouble)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has such a disk")
def test_a_full_disk_costs_one_sentence_and_no_session(config, monkeypatch):
    monkeypatch.setattr(log_writer_module, "private_file", lambda path: Path("/dev/full"))
    assert "cannot be written (No space left on device)" in str(write(config).trouble)


def test_a_log_that_grows_too_large_breaks_off_with_a_sentence(config, monkeypatch):
    monkeypatch.setattr(log_writer_module, "LARGEST", 1000)
    writer = write(config)
    assert "is full and breaks off" in str(writer.trouble)


def test_a_disk_that_hangs_is_left_behind_with_a_sentence(config, monkeypatch):
    import threading  # noqa: PLC0415 - only this test hangs

    free = threading.Event()
    monkeypatch.setattr(background, "LAST_ITEMS", 0.05)
    monkeypatch.setattr(log_writer_module, "private_folder", lambda _path: free.wait(10))
    writer = write(config)
    assert "does not answer" in str(writer.trouble)
    free.set()
    writer._writer._thread.join()  # noqa: SLF001 - the next test must not find it at work


def test_all_logs_are_forgotten_and_the_sound_with_them(config):
    sound_of(write(config).path).write_bytes(b"RIFF")
    write(config, MAY + 60)
    assert forget_logs() == 2
    assert [*folder().iterdir()] == []
    assert forget_logs() == 0


def test_of_one_session_only_its_own_log_is_forgotten(config):
    first, second = write(config).path, write(config, MAY + 3600).path
    os.utime(first, (MAY + 600, MAY + 600))
    os.utime(second, (MAY + 4200, MAY + 4200))
    assert forget_logs(MAY + 5, MAY + 599) == 1
    assert logs() == [second]


def test_a_sound_whose_log_is_gone_is_forgotten_with_the_others(config):
    path = sound_of(write(config).path)
    path.write_bytes(b"RIFF")
    path.with_suffix(".jsonl").unlink()
    assert forget_logs() == 1
    assert [*folder().iterdir()] == []


def test_what_cannot_be_forgotten_is_told_and_keeps_none_of_the_others(config):
    write(config)
    (folder() / "a.jsonl").mkdir()
    write(config, MAY + 60)
    with pytest.raises(OSError, match=r"a\.jsonl"):
        forget_logs()
    assert [path.name for path in folder().iterdir()] == ["a.jsonl"]


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(config, monkeypatch):
    write(config)

    def refused(_):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder()))

    monkeypatch.setattr(type(folder()), "iterdir", refused)
    with pytest.raises(PermissionError):
        forget_logs()

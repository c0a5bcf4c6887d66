"""What is remembered is there again, whatever happens to the file."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading

import pytest
from past_sessions import EVENING, clock, one
from planting import plant

from voice_coach.catalogue import read_limits, read_rules, read_screening
from voice_coach.core.past import Past
from voice_coach.core.view import Feeling, Outcome
from voice_coach.history import database, store
from voice_coach.history.store import HistoryUnavailable, damaged_files, open_history, wall_clock
from voice_coach.history.usage import Figures
from voice_coach.history.usage import recall as recall_for


@pytest.fixture
def file(tmp_path):
    return tmp_path / "voice-coach" / "history.db"


def remember(file, *sessions):
    with open_history(file, clock) as history:
        return [history.write(session) for session in sessions]


def remember_much(history):
    for _ in range(1000):
        history.write(one(title="Bend " * 30))


def recall(file):
    with open_history(file, clock) as history:
        return history.past()


def test_what_is_written_is_read_again(file):
    """Every field of a session comes back as it was, and sessions in their order."""
    sessions = [
        one(outcome=outcome, felt=felt, twist=twist, offset=offset, routine=routine, title=title)
        for outcome, felt, twist, offset, routine, title in (
            (Outcome.PAIN, None, True, -43_200.0, "assisted-press", "Press"),
            (None, None, False, 0.0, "", ""),
            (
                Outcome.COMPLETED,
                Feeling.WORSE,
                False,
                20_700.0,
                "eigene-\N{LATIN SMALL LETTER U WITH DIAERESIS}bung",
                "'; DROP TABLE session; --",
            ),
        )
    ]
    numbers = remember(file, *sessions)
    again = [one(**{**vars(s), "number": n}) for s, n in zip(sessions, numbers, strict=True)]
    assert recall(file) == Past(tuple(again), None)


def test_a_session_grows_under_its_number(file):
    """The next step is written over the one before."""
    (number,) = remember(file, one(reached=1, step=1, outcome=None))
    remember(file, one(number=number, reached=2, step=2, outcome=None))
    assert [(s.number, s.reached) for s in recall(file).sessions] == [(number, 2)]


def test_it_is_for_its_owner_alone(file):
    """Nobody else can read the history, or look into its folder."""
    file.parent.mkdir(mode=0o755)
    file.touch(mode=0o644)
    remember(file, one())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_it_is_for_its_owner_alone_from_the_first_moment(file, monkeypatch):
    """Whatever is usual here for new files, this one is never open to others."""
    monkeypatch.setattr(store.Path, "chmod", lambda *_: pytest.fail("it was open before"))
    before = os.umask(0)
    try:
        remember(file, one())
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_between_two_writes_it_is_one_file(file):
    """There is nothing beside it that could be lost, or forgotten to be copied."""
    with open_history(file, clock) as history:
        history.write(one())
        assert [path.name for path in file.parent.iterdir()] == ["history.db"]


# Forgetting


def test_one_session_is_forgotten(file):
    """The others stay, under their numbers, and the number is never given again."""
    numbers = remember(file, one(), one(), one())
    with open_history(file, clock) as history:
        assert history.forget(numbers[2])
        assert not history.forget(numbers[2])
        assert [session.number for session in history.past().sessions] == numbers[:2]
        assert history.write(one()) == numbers[2] + 1


def test_what_was_forgotten_while_it_ran_stays_forgotten(file):
    """A running session does not come back with its next step."""
    (number,) = remember(file, one(reached=1))
    with open_history(file, clock) as history:
        history.forget(number)
        history.write(one(number=number, reached=2))
    assert not recall(file).sessions


def test_what_is_forgotten_is_gone_from_the_disk(file):
    """Nothing of it is left in the file."""
    secret = b"Lie face down on something soft"
    (number,) = remember(file, one(title=secret.decode()))
    assert secret in file.read_bytes()
    with open_history(file, clock) as history:
        history.forget(number)
    assert secret not in file.read_bytes()
    remember(file, one(title=secret.decode()))
    with open_history(file, clock) as history:
        history.forget_all()
    assert secret not in file.read_bytes()
    assert recall(file) == Past()


# Versions


def test_an_older_file_is_brought_up_to_date(file, monkeypatch):
    """Each version is made out of the one before, and what was in it stays."""
    remember(file, one())
    newer = (*database.MIGRATIONS, "ALTER TABLE lost ADD COLUMN why TEXT; CREATE TABLE more (x)")
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    assert len(recall(file).sessions) == 1
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(newer),)
        connection.execute("SELECT x FROM more")
    connection.close()


def test_an_update_that_fails_changes_nothing(file, monkeypatch):
    """The file stays whole, in its old version."""
    remember(file, one())
    with monkeypatch.context() as patched:
        broken = (*database.MIGRATIONS, "CREATE TABLE more (x); INSERT INTO more VALUES (1, 2)")
        patched.setattr(database, "MIGRATIONS", broken)
        with pytest.raises(HistoryUnavailable):
            recall(file)
    assert len(recall(file).sessions) == 1


def test_a_file_of_a_newer_program_is_left_alone(file):
    """It is neither read wrongly nor set aside."""
    remember(file, one())
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HistoryUnavailable, match="a newer voice-coach: update this one"):
        recall(file)
    assert not damaged_files(file)


def test_two_coaches_begin_the_file_together(file):
    """Whoever comes second finds it there."""
    start, troubles = threading.Barrier(8), []

    def begin():
        start.wait()
        try:
            remember(file, one())
        except HistoryUnavailable as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert len(recall(file).sessions) == 8


# Damage


def overwritten(file):
    file.write_bytes(b"This is no history. " * 200)


def torn(file):
    file.write_bytes(file.read_bytes()[:5000])


def scratched(file):
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(os.urandom(len(data) - 4096))
    file.write_bytes(data)


def somebody_elses(file):
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE session (song TEXT)")
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def senseless(file):
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE session SET outcome = 'bliss'")
    connection.close()


def holding(statement):
    """Give what puts something of the wrong kind into a row, as any program can."""

    def spoil(file):
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(statement)
        connection.close()

    return spoil


WRONG_KINDS = (
    "UPDATE session SET offset = 'abc' WHERE number = 1",
    "UPDATE session SET routine = x'ff' WHERE number = 2",
    "UPDATE session SET longer = 'x'",
    "INSERT INTO lost VALUES ('abc')",
    "INSERT INTO screening VALUES (0.0, 'garbage')",
    "INSERT INTO screening VALUES (0.0, '5')",
    "INSERT INTO screening VALUES (0.0, '[[1]]')",
    "INSERT INTO screening VALUES ('abc', '[]')",
)


@pytest.mark.parametrize(
    "spoil",
    [overwritten, torn, scratched, somebody_elses, senseless, *map(holding, WRONG_KINDS)],
)
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(file, spoil):
    """Nothing is deleted, it is told where the old one is, and that what was before is lost."""
    remember(file, *(one(title="Bend " * 80) for _ in range(30)))
    spoil(file)
    damaged = file.read_bytes()
    with open_history(file, clock) as history:
        assert history.set_aside.read_bytes() == damaged
        assert history.past() == Past((), lost_at=EVENING)
        history.write(one())
    with open_history(file, clock) as history:
        assert history.set_aside is None
        assert len(history.past().sessions) == 1
        assert history.past().lost_at == EVENING
    assert len(damaged_files(file)) == 1


def test_each_damaged_file_is_kept(file):
    """A second one does not overwrite the first."""
    for content in (b"one" * 999, b"two" * 999):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        recall(file)
    assert {path.read_bytes()[:3] for path in damaged_files(file)} == {b"one", b"two"}


def test_the_journal_of_a_damaged_file_is_set_aside_with_it(file):
    """It would undo what is written into the new one."""
    remember(file, one())
    overwritten(file)
    journal = file.with_name("history.db-journal")
    journal.write_bytes(b"journal")
    remember(file, one())
    assert not journal.exists()
    assert len(recall(file).sessions) == 1


@pytest.mark.parametrize("kind", ["journal", "wal", "shm"])
def test_a_pipe_in_the_place_of_its_journal_is_told_at_once(file, kind):
    """SQLite would wait for ever for what comes out of it."""
    remember(file, one())
    os.mkfifo(file.with_name(f"{file.name}-{kind}"))
    with pytest.raises(HistoryUnavailable, match="is a link, a folder or a device; move it away"):
        recall(file)


def test_an_empty_file_is_a_new_history(file):
    """As one is left when the program is killed in its very first moment."""
    file.parent.mkdir()
    file.touch()
    assert recall(file) == Past()
    assert not damaged_files(file)


# What is well but cannot be used


@pytest.fixture
def limited(monkeypatch):
    """Let SQLite open files with a limit of its own."""
    connect = sqlite3.connect

    def limit(pragma):
        def limited(*where, **how):
            connection = connect(*where, **how)
            connection.execute(pragma)
            return connection

        monkeypatch.setattr(database.sqlite3, "connect", limited)

    return limit


def test_a_locked_history_is_told_in_one_sentence(file, monkeypatch):
    """It is waited for a moment, then the coach does without."""
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    remember(file, one())
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HistoryUnavailable, match=r"Another program holds the history .*: close it"):
        recall(file)
    holder.close()
    assert len(recall(file).sessions) == 1


def test_a_full_disk_is_told_in_one_sentence(file, limited):
    """What was written before is whole."""
    remember(file, one())
    limited("PRAGMA max_page_count = 1")
    with (
        pytest.raises(HistoryUnavailable, match="has no room left: make some"),
        open_history(file, clock) as history,
    ):
        remember_much(history)
    assert recall(file).sessions


def test_a_read_only_history_is_read_all_the_same(file, limited):
    """The guard knows the past, even if nothing can be added to it."""
    remember(file, one())
    limited("PRAGMA query_only = ON")
    with open_history(file, clock) as history:
        assert len(history.past().sessions) == 1
        with pytest.raises(HistoryUnavailable, match="cannot be written: make it and its folder"):
            history.write(one())


def test_a_folder_that_cannot_be_is_told_in_one_sentence(tmp_path):
    """Where a file is in its place, for example."""
    (tmp_path / "voice-coach").touch()
    with pytest.raises(HistoryUnavailable, match=r"The history .* cannot be used \(.*\): mend its"):
        recall(tmp_path / "voice-coach" / "history.db")


def test_a_folder_in_place_of_the_file_is_told_in_one_sentence(file):
    """Nothing is set aside that is no file."""
    file.mkdir(parents=True)
    with pytest.raises(HistoryUnavailable):
        recall(file)
    assert file.is_dir()


# The clock


def test_the_wall_clock_knows_the_time_zone(monkeypatch):
    """What is kept is UTC, and how far the local time was ahead of it."""
    monkeypatch.setenv("TZ", "XXX-05:45")
    store.time.tzset()
    try:
        moment = wall_clock()
        assert moment.offset == 5.75 * 3600
        assert moment.utc == pytest.approx(store.time.time(), abs=5)
    finally:
        monkeypatch.undo()
        store.time.tzset()


@pytest.mark.parametrize("shown", [-1e9, 1e30])
def test_a_senseless_clock_is_taken_calmly(file, monkeypatch, shown):
    """A session is kept even where the clock shows what no calendar knows."""
    monkeypatch.setattr(store.time, "time", lambda: shown)
    utc, offset = wall_clock()
    remember(file, one(began=utc, ended=utc, offset=offset))
    assert len(recall(file).sessions) == 1


@pytest.fixture
def _without_locks(monkeypatch):
    """A disk that refuses every lock, as some network disks do."""
    connect = sqlite3.connect

    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    def locked_for_ever(where, **how):
        if "nolock=1" not in where:
            raise sqlite3.OperationalError("database is locked")
        return connect(where, **how)

    monkeypatch.setattr(database.fcntl, "lockf", refuse)
    monkeypatch.setattr(database.sqlite3, "connect", locked_for_ever)


@pytest.mark.usefixtures("_without_locks")
def test_a_disk_without_locks_remembers_all_the_same_and_is_told(file, language, monkeypatch):
    """No twist is warned against for ever, only because the disk has no locks."""
    remember(file, one())
    assert len(recall(file).sessions) == 1
    with open_history(file, clock) as history:
        assert not history.locked
    monkeypatch.setattr(store, "FILE", file)
    told = []
    figures = Figures(read_limits(), read_screening(), read_rules())
    assert recall_for(language, figures, told.append)["guard"].twisting is None
    assert told == [
        "The disk with the history has no file locks: do not lead two sessions at once."
    ]


@pytest.mark.parametrize("what", ["pipe", "endless", "loop", "many"])
def test_whatever_stands_in_the_place_of_the_history_is_told_at_once(file, what):
    """Nothing is waited for, written through or set aside."""
    file.parent.mkdir()
    plant(file, what)
    with pytest.raises(HistoryUnavailable, match="is a link, a folder or a device; move it away"):
        recall(file)
    assert os.path.lexists(file)

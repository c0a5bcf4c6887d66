"""What a board keeps: it is there after a restart, is nobody else's, and can be deleted."""

import os
import sqlite3
import stat
from contextlib import closing
from types import SimpleNamespace

import pytest
from rooms.fake_client import Client
from rooms.told import at, event, heard, number, told

from voice_coach.rooms import desk as desk_module
from voice_coach.rooms.board import Board, acknowledge, forget, recall
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.database import StoreUnavailable
from voice_coach.rooms.desk import Desk

DAY = [
    told("event", event(1, "completed", routine="rocking", step=5)),
    told("event", event(2, "pain")),
    told("event", event(3, "pain", routine="gentle-bends"), "garden"),
]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "kept" / "board.db"


def reopened(file):
    """Give what a board knows that has just begun."""
    with open_store(file) as store:
        return recall(Board(), store.events())


def test_after_a_restart_pain_is_open_unless_it_was_acknowledged(file):
    board = acknowledge(heard(*DAY), "mat", number(2), at(5))
    with open_store(file) as store:
        store.keep(Board(), board)
    again = reopened(file)
    assert {name: room.events for name, room in again.rooms.items()} == {
        name: room.events for name, room in board.rooms.items()
    }
    assert not again.rooms["mat"].urgent
    assert again.rooms["garden"].urgent


def test_what_changes_later_is_kept_too_and_what_is_forgotten_is_gone(file):
    first = heard(*DAY)
    with open_store(file) as store:
        store.keep(Board(), first)
        seen = acknowledge(first, "mat", number(2), at(5))
        store.keep(first, seen)
        tomorrow = heard(told("event", event(4, "stopped")), board=seen, seconds=24 * 3600)
        store.keep(seen, tomorrow)
        left = forget(tomorrow, at(24 * 3600))
        store.keep(tomorrow, left)
    again = reopened(file)
    assert [noted.event.id for noted in again.rooms["mat"].events] == [number(4)]
    assert again.rooms["garden"].urgent
    assert number(2).encode() not in file.read_bytes(), "it is overwritten"


@pytest.mark.parametrize("year", [2, 1960, 9998])
def test_pain_of_a_room_whose_clock_is_wrong_is_kept_too(file, year):
    board = heard(told("event", event(1, time=at(0).time.replace(year=year))))
    with open_store(file) as store:
        store.keep(Board(), board)
    assert reopened(file) == recall(Board(), [("mat", board.rooms["mat"].events[0])])


def test_only_the_user_can_read_it(file):
    with open_store(file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_board_keeps_its_name_at_the_broker(file):
    with open_store(file) as store:
        name = store.identifier
    with open_store(file) as store:
        assert store.identifier == name
        store.forget_all()
    with open_store(file) as store:
        assert store.identifier != name


def test_forgetting_leaves_nothing(file):
    with open_store(file) as store:
        store.keep(Board(), heard(*DAY))
        store.forget_all()
    assert reopened(file) == Board()
    assert number(2).encode() not in file.read_bytes()


def test_a_second_board_is_told_to_close_the_first(file, monkeypatch):
    monkeypatch.setattr("voice_coach.rooms.database.PATIENCE", 0.05)
    with open_store(file) as store:
        store.keep(Board(), heard(*DAY))
        with (
            pytest.raises(StoreUnavailable, match=r"locked\): close the other board;"),
            open_store(file),
        ):
            pass


@pytest.mark.parametrize("name", ["board.db", "board.db-journal"])
def test_a_pipe_in_its_place_is_told_at_once(file, name):
    file.parent.mkdir()
    os.mkfifo(file.with_name(name))
    with (
        pytest.raises(OSError, match="is a link, a folder or a device; move it away"),
        open_store(file),
    ):
        pass


def test_a_file_that_is_no_store_is_named_with_a_remedy_and_left_as_it_is(file):
    file.parent.mkdir()
    file.write_bytes(b"something else entirely" * 99)
    with (
        pytest.raises(StoreUnavailable, match=r"board\.db cannot be used .* or move it away\."),
        open_store(file),
    ):
        pass
    assert file.read_bytes() == b"something else entirely" * 99


@pytest.mark.parametrize(
    "row", ["event_type = 'bogus'", "time = 'abc'", "time = 1e300", "arrived = x'00'"]
)
def test_a_row_that_holds_no_event_is_told_in_one_sentence(file, row):
    with open_store(file) as store:
        store.keep(Board(), heard(*DAY))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE event SET {row}")  # noqa: S608 - our own words
    with (
        pytest.raises(StoreUnavailable, match="holds what no board has written"),
        open_store(file) as store,
    ):
        store.events()


class Full:
    """A store whose disk is full, until it is not."""

    def __init__(self):
        self.full = True
        self.kept = []
        self.people = SimpleNamespace(all=tuple, for_rooms=dict)

    def events(self):
        return []

    def keep(self, before, after):
        if self.full:
            raise StoreUnavailable("no room left.")
        self.kept.append((before, after))


def test_pain_that_cannot_be_kept_is_shown_with_the_reason_and_kept_later(monkeypatch):
    monkeypatch.setattr(desk_module, "RETRY", 0.0)
    store = Full()
    desk = Desk(Client(), store)
    desk._change(lambda _: heard(*DAY))  # noqa: SLF001 - as a message does
    assert desk.board.rooms["mat"].urgent
    assert desk.unkept == "no room left."
    store.full = False
    desk.acknowledge("mat", number(2))
    assert desk.unkept == ""
    assert store.kept == [(Board(), desk.board)]


def test_a_message_is_kept_before_it_is_confirmed_and_known_after_a_restart(file):
    client = Client()
    with open_store(file) as store:
        desk = Desk(client, store)
        topic, payload, _ = DAY[1]
        message = type("Message", (), {"topic": topic, "payload": payload, "retain": False})
        client.on_message(client, None, message)
    with open_store(file) as store:
        assert Desk(Client(), store).board.rooms["mat"].urgent
    assert desk.board.rooms["mat"].urgent

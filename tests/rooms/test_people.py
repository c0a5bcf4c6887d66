"""What is kept of people: what they were assigned and how it went, until it is forgotten.

Each promise is tried with a file, and with a real PostgreSQL.
"""

import sqlite3
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from rooms.postgres import WORD, Postgres
from rooms.told import at, event, heard, number, told
from sqlalchemy import inspect, text

from voice_coach.core.view import Feeling, Outcome
from voice_coach.rooms import people as people_module
from voice_coach.rooms.board import Board, acknowledge, recall
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.database import StoreUnavailable, open_database
from voice_coach.rooms.messages import PlanResult, checksum
from voice_coach.rooms.server import PostgreSQL
from voice_coach.rooms.tables import TABLES

NOW = datetime(2026, 1, 2, 8, 0, tzinfo=timezone.utc)
PLAN = 'id = "anna"\n# ¡für Anna!\n'
THEIRS = "the-plan-of-anna"
OLD_FILE = """
CREATE TABLE board (version INTEGER NOT NULL, identifier TEXT NOT NULL);
CREATE TABLE event (number INTEGER NOT NULL, room TEXT NOT NULL, id TEXT NOT NULL,
  event_type TEXT NOT NULL, time DOUBLE NOT NULL, routine TEXT, step INTEGER,
  arrived DOUBLE NOT NULL, acknowledged DOUBLE, PRIMARY KEY (number), UNIQUE (room, id));
INSERT INTO board VALUES (1, 'voice-coach-board-old');
INSERT INTO event VALUES (1, 'mat', '000000000000000a', 'pain', 1e9, NULL, 2, 1e9, NULL);
"""


@pytest.fixture(scope="module")
def postgres():
    postgres = Postgres().start()
    yield postgres
    postgres.remove()


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.real_parts)])
def place(request, tmp_path):
    """Give where the board keeps all, as ``open_database`` takes it."""
    if request.param == "file":
        return {"file": tmp_path / "board.db"}
    return {"server": request.getfixturevalue("postgres").new()}


@contextmanager
def people_of(place):
    with open_store(**place) as store:
        yield store.people


def result(assignment, n=1, **more):
    told = {"id": number(n), "assignment": assignment, "event_type": "completed", "time": NOW}
    return PlanResult.model_validate({**told, **more})


def only(people):
    (person,) = people.all()
    return person


def counts(place):
    """Count the rows of each table."""
    with open_database(**place) as database, database.begin() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
            for table in inspect(connection).get_table_names()
        }


def test_a_plan_is_assigned_to_a_person_and_a_room_and_known_after_a_restart(place):
    with people_of(place) as people:
        people.assign("Anna", "mat", PLAN, 10, NOW)
    with people_of(place) as people:
        (assigned,) = only(people).assigned
        assert (only(people).name, assigned.room, assigned.withdrawn) == ("Anna", "mat", None)
        assert (assigned.told.plan, assigned.told.sha256) == (PLAN, checksum(PLAN))
        assert (assigned.told.minutes, assigned.told.made) == (10, NOW)
        assert people.for_rooms() == {"mat": assigned.told}


def test_a_room_has_one_plan_and_a_person_has_one(place):
    with people_of(place) as people:
        people.assign("Anna", "mat", PLAN, 10, NOW)
        people.assign("Ben", "mat", PLAN, 5, NOW + timedelta(hours=1))
        anna, ben = people.all()
        assert anna.assigned[0].withdrawn == NOW + timedelta(hours=1)
        assert people.for_rooms() == {"mat": ben.assigned[0].told}
        people.assign("Ben", "garden", PLAN, 15, NOW + timedelta(hours=2))
        _, ben = people.all()
        assert people.for_rooms() == {"mat": None, "garden": ben.assigned[1].told}


def test_what_is_withdrawn_holds_in_no_room_but_its_results_stay(place):
    with people_of(place) as people:
        people.assign("Anna", "mat", PLAN, 10, NOW)
        (assigned,) = only(people).assigned
        assert people.keep("mat", result(assigned.told.id, felt="better"))
        assert people.withdraw(assigned.told.id, NOW)
        assert not people.withdraw(assigned.told.id, NOW)
        assert people.for_rooms() == {"mat": None}
        assert people.keep("mat", result(assigned.told.id, 2, event_type="pain"))
        (kept,) = only(people).assigned
        told = [(each.event_type, each.felt) for each in kept.results]
        assert told == [(Outcome.COMPLETED, Feeling.BETTER), (Outcome.PAIN, None)]


def test_a_result_counts_once_and_none_of_an_assignment_that_nobody_made(place):
    with people_of(place) as people:
        people.assign("Anna", "mat", PLAN, 10, NOW)
        its = only(people).assigned[0].told.id
        assert [people.keep("mat", result(its)) for _ in range(2)] == [True, False]
        assert not people.keep("mat", result(number(99), 2))
        assert not people.keep("garden", result(its, 2)), "it is not that room's"


def test_of_very_many_results_the_oldest_goes_and_what_is_new_is_kept(place, monkeypatch):
    monkeypatch.setattr(people_module, "MOST_RESULTS", 2)
    with people_of(place) as people:
        people.assign("Anna", "mat", PLAN, 10, NOW)
        its = only(people).assigned[0].told.id
        for n in (2, 1, 3):
            assert people.keep("mat", result(its, n, time=NOW + timedelta(hours=n)))
        kept = only(people).assigned[0].results
        assert [each.id for each in kept] == [number(2), number(3)]


def test_who_is_forgotten_leaves_no_row_and_others_stay(place):
    with people_of(place) as people:
        for name, room in (("Anna", "mat"), ("Ben", "garden")):
            people.assign(name, room, PLAN + THEIRS, 10, NOW)
        anna, ben = people.all()
        people.keep("mat", result(anna.assigned[0].told.id))
        assert people.forget("Anna")
        assert not people.forget("Anna")
        assert people.all() == (ben,)
        assert people.for_rooms() == {"mat": None, "garden": ben.assigned[0].told}
        assert not people.keep("mat", result(anna.assigned[0].told.id, 2)), (
            "nor does one come later"
        )
        people.forget("Ben")
        if "file" in place:
            files = place["file"].parent.glob("board.db*")
            left = b"".join(file.read_bytes() for file in files)
            assert THEIRS.encode() not in left, "it is overwritten at once, in the journal as well"
    kept = counts(place)
    assert [kept[table] for table in ("person", "assignment", "result")] == [0, 0, 0]


def test_forgetting_all_leaves_nobody(place):
    with open_store(**place) as store:
        store.people.assign("Anna", "mat", PLAN, 10, NOW)
        store.people.keep("mat", result(only(store.people).assigned[0].told.id))
        store.forget_all()
        assert store.people.all() == ()
        assert store.people.for_rooms() == {"mat": None}, "the broker has it still"
    kept = counts(place)
    assert [kept[table] for table in ("person", "assignment", "result", "event")] == [0] * 4


def test_pain_that_was_seen_is_known_as_seen_after_a_restart(place):
    board = acknowledge(heard(told("event", event(1))), "mat", number(1), at(5))
    with open_store(**place) as store:
        name = store.identifier
        store.keep(Board(), board)
    with open_store(**place) as store:
        assert store.identifier == name
        (again,) = recall(Board(), store.events()).rooms["mat"].events
    assert again == board.rooms["mat"].events[0]
    assert not again.urgent


def test_the_migrations_make_the_tables_that_the_program_uses(place):
    with open_database(**place) as database, database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), TABLES) == []


def test_a_database_of_a_newer_program_is_left_alone(place):
    with open_database(**place) as database, database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '99'"))
    with pytest.raises(StoreUnavailable, match="newer voice-coach"), open_database(**place):
        pass


def test_a_file_from_before_there_were_people_keeps_its_pain(tmp_path):
    file = tmp_path / "board.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLD_FILE)
    with open_store(file) as store:
        assert store.identifier == "voice-coach-board-old"
        assert recall(Board(), store.events()).rooms["mat"].urgent
        assert store.people.all() == ()


def test_a_change_of_the_tables_that_breaks_off_changes_nothing(tmp_path, monkeypatch):
    file = tmp_path / "board.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLD_FILE)
    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.create_table", fail)
        with pytest.raises(RuntimeError), open_database(file):
            pass
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version FROM board").fetchone() == (1,)
    with open_database(file):
        pass


def fail(*_, **__):
    raise RuntimeError("the computer went off")


# A real PostgreSQL


@pytest.mark.real_parts
def test_a_second_board_at_one_database_is_told_to_close_the_first(postgres):
    server = postgres.new()
    with open_database(server=server):
        with (
            pytest.raises(StoreUnavailable, match="Another board uses this database"),
            open_database(server=server),
        ):
            pass
        with open_database(server=postgres.new()):
            pass
    with open_database(server=server):
        pass


@pytest.mark.real_parts
def test_while_the_server_is_away_it_is_told_and_then_the_board_goes_on(postgres, caplog):
    with open_store(server=postgres.new()) as store:
        store.people.assign("Anna", "mat", PLAN, 10, NOW)
        postgres.end()
        try:
            with pytest.raises(StoreUnavailable, match=r"see that it runs, and look at \[postg"):
                store.people.all()
        finally:
            postgres.start()
        assert only(store.people).name == "Anna"
        postgres.end()
        postgres.start()
        assert only(store.people).name == "Anna", "nobody notices that it was started again"
    assert caplog.text == ""


@pytest.mark.real_parts
def test_a_wrong_password_is_told_and_no_password_is(postgres, tmp_path):
    (wrong := tmp_path / "word").write_text("guess-of-mine")
    server = postgres.new().model_copy(update={"password_file": str(wrong)})
    with pytest.raises(StoreUnavailable) as told, open_database(server=server):
        pass
    assert "password authentication failed" in str(told.value)
    assert WORD not in str(told.value)
    assert "guess-of-mine" not in str(told.value)


def test_a_server_that_is_not_there_is_told():
    with (
        pytest.raises(
            StoreUnavailable, match=r"PostgreSQL at 127\.0\.0\.1:9/voice_coach cannot be"
        ),
        open_database(server=PostgreSQL(host="127.0.0.1", port=9, user="coach")),
    ):
        pass

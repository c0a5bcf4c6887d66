"""The board in words, what its page may ask for, and the command that opens it."""

import http.client
import json
import subprocess
import sys
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from rooms.assignments import PLAN
from rooms.told import alive, at, event, heard, number, told
from typer.testing import CliRunner

from voice_coach import cli, settings
from voice_coach.board import BoardService, Wording
from voice_coach.core.transitions import State
from voice_coach.display.web.board_page import read_board_words
from voice_coach.package_data import languages
from voice_coach.rooms import database
from voice_coach.rooms.board import SILENCE, Board, acknowledge, connect, disconnect
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.broker import Broker
from voice_coach.rooms.messages import PlanResult

STEP = {"state": "breathing", "routine": "rocking", "step": 3, "steps": 5, "side": "second"}


@pytest.fixture(scope="module")
def wording(language):
    return Wording(read_board_words(), language)


def tile(wording, board, seconds=2.0, room="mat"):
    screen = wording.screen(board, "", at(seconds))
    return next(each for each in screen.rooms if each.name == room)


# Words


def test_a_step_is_told_with_routine_side_breath_and_time_left(wording):
    shown = tile(wording, heard(*alive(**STEP, breath="out", seconds_left=62)))
    assert (shown.look, shown.headline) == ("busy", "Breathing")
    assert shown.detail == "Rocking · step 3 of 5 · second side · breath out · 1:02"


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("state", ["idle", *(state.value for state in State)])
def test_every_state_has_a_name_in_every_language(code, state, language):
    words = read_board_words(code)
    shown = tile(Wording(words, language), heard(*alive(state=state)))
    assert shown.headline in words.states.values()


def test_an_assigned_plan_has_a_name_also_in_its_gentle_form(wording):
    for routine in ("assigned-5", "assigned-5-gentle"):
        shown = tile(wording, heard(*alive(state="breathing", routine=routine)))
        assert shown.detail == "Assigned plan, 5 minutes"


def test_a_room_that_is_silent_is_not_shown_as_it_was(wording):
    shown = tile(wording, heard(*alive(**STEP)), 90)
    assert (shown.look, shown.headline, shown.detail) == ("unknown", "not known since 09:00", "")
    tomorrow = tile(wording, heard(*alive(**STEP)), 24 * 3600)
    assert tomorrow.headline == "not known since 2026-01-02 09:00"


def test_a_room_that_was_never_heard_is_not_known(wording):
    board = heard(*(message._replace(retained=True) for message in alive(**STEP)))
    assert tile(wording, board).headline == "not known"


def test_without_the_broker_it_says_so_and_since_when_and_why(wording):
    screen = wording.screen(Board(), "Connection refused", at(0))
    assert screen.banner == (
        "The broker does not answer, so no room is known. The reason: Connection refused."
    )
    screen = wording.screen(disconnect(heard(*alive()), at(240)), "it does not answer", at(300))
    assert screen.banner.startswith("The broker has not answered since 09:04, so no room is known.")
    assert [each.look for each in screen.rooms] == ["unknown"]
    assert wording.screen(connect(Board(), at(0)), "", at(0)).banner == ""


def test_rooms_with_pain_come_first_and_stay_red_though_they_are_not_known(wording):
    pain = told("event", event(1, routine="gentle-bends", step=2), "mat-9")
    board = heard(*alive("mat-1"), *alive("mat-9"), pain, *alive("a-room"))
    screen = wording.screen(disconnect(board, at(3)), "", at(300))
    assert [each.name for each in screen.rooms] == ["mat-9", "a-room", "mat-1"]
    assert screen.alert == "It hurt in room mat-9."
    hurt = screen.rooms[0]
    assert (hurt.look, hurt.headline) == ("pain", "not known since 09:00")
    assert [(each.id, each.text) for each in hurt.alarms] == [
        (number(1), "It hurt at 09:00 · Gentle bends")
    ]
    seen = wording.screen(acknowledge(board, "mat-9", number(1), at(3)), "", at(4))
    assert (seen.alert, seen.rooms[2].look, seen.rooms[2].alarms) == ("", "idle", ())


def test_todays_sessions_are_listed_the_newest_first_with_a_clock_that_is_wrong(wording):
    board = heard(
        told("event", event(1, "completed", routine="rocking")),
        told("event", event(2, "stopped", time=at(-7200).time, routine="of-my-own")),
    )
    assert tile(wording, board).today == (
        "09:00 (by the room's clock 07:00) · of-my-own · stopped",
        "09:00 · Rocking · completed",
    )
    assert tile(wording, board, 24 * 3600).today == ()


def test_what_was_ignored_is_told(wording):
    board = heard(*alive(), told("state", "{"), told("state", "{"))
    assert wording.screen(board, "", at(2)).notes == (
        "Messages at the broker that no coach sends, and that were ignored: 2.",
    )


def test_only_a_room_in_a_session_offers_to_say_that_somebody_is_coming(wording):
    board = heard(*alive(starts=True), *alive("busy", **STEP))
    assert not tile(wording, board).announces
    assert tile(wording, board, room="busy").announces
    assert not tile(wording, board, 2 + SILENCE, room="busy").announces


def test_only_a_room_that_takes_a_start_offers_one(wording):
    board = heard(*alive(starts=True), *alive("busy", **STEP))
    assert tile(wording, board).starts
    assert not tile(wording, board, room="busy").starts
    assert not tile(wording, board, 2 + SILENCE).starts


# Commands


class Desk:
    """Notes what it is asked for."""

    def __init__(self):
        self.board, self.asked = heard(*alive(starts=True)), []
        self.problem = self.unkept = ""
        self.people = ()

    def acknowledge(self, *what):
        self.asked.append(("acknowledge", *what))
        return True

    def start(self, *what):
        self.asked.append(("start", *what))
        return True

    def announce(self, *what):
        self.asked.append(("announce", *what))
        return True

    def assign(self, *what):
        self.asked.append(("assign", *what))

    def withdraw(self, *what):
        self.asked.append(("withdraw", *what))
        return True

    def forget_person(self, *what):
        self.asked.append(("forget", *what))
        return True


@pytest.fixture
def service(language):
    service = BoardService(Desk(), language, 0)
    with service.page:
        yield service


def send(service, body, **headers):
    """Send a command as the page does; give the status of the answer."""
    address = urlsplit(service.page.address)
    named = {"Content-Type": "application/json", "Origin": f"http://{address.netloc}", **headers}
    with closing(http.client.HTTPConnection(address.netloc, timeout=5)) as connection:
        connection.request("POST", f"{address.path}command", body, named)
        return connection.getresponse().status


def test_pain_is_acknowledged_a_known_routine_started_and_somebody_announced(service):
    assert send(service, json.dumps({"acknowledge": number(1), "room": "mat"})) == 204
    assert send(service, json.dumps({"start": "upper-back-10", "room": "mat"})) == 204
    assert send(service, json.dumps({"say": "coming", "room": "mat"})) == 204
    assert service._desk.asked == [  # noqa: SLF001
        ("acknowledge", "mat", number(1)),
        ("start", "mat", "upper-back-10"),
        ("announce", "mat"),
    ]


def assign(service, plan=PLAN, **other):
    asked = {"to": "Anna", "room": "mat", "minutes": 10, "assign": plan, **other}
    return send(service, json.dumps(asked))


def test_a_plan_is_assigned_withdrawn_and_a_person_forgotten(service):
    assert assign(service, to="  Anna   3 ") == 204
    assert send(service, json.dumps({"withdraw": number(1)})) == 204
    assert send(service, json.dumps({"forget": "Anna 3"})) == 204
    assert service._desk.asked == [  # noqa: SLF001
        ("assign", "Anna 3", "mat", PLAN, 10),
        ("withdraw", number(1)),
        ("forget", "Anna 3"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": ""},
        {"to": "x" * 41},
        {"to": "a\u202eb"},
        {"room": "nowhere"},
        {"minutes": 7},
        {"minutes": "10"},
        {"minutes": None},
        {"assign": PLAN + "# \ud800"},
    ],
)
def test_a_form_that_is_filled_in_wrongly_assigns_nothing(service, wrong):
    assert assign(service, **wrong) == 409
    assert service._desk.asked == []  # noqa: SLF001


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ("id = ", "The plan was not assigned: the plan: not valid TOML"),
        (PLAN.replace("gentle-bends", "headstand"), 'there is no routine "headstand"'),
        (
            PLAN.replace("your neck and upper back", "your toes"),
            "area is none that this coach says",
        ),
        (PLAN + "#" * 6000, "it has more than 6000 bytes."),
    ],
)
def test_a_plan_that_no_room_would_offer_is_refused_with_the_reason(service, plan, why):
    assert assign(service, plan) == 409
    assert service._desk.asked == []  # noqa: SLF001
    assert why in service._screen(at(1)).refused  # noqa: SLF001
    assert assign(service) == 204
    assert service._screen(at(1)).refused == ""  # noqa: SLF001


@pytest.mark.parametrize("command", [{"withdraw": number(1)}, {"forget": "Anna"}])
def test_what_cannot_be_done_about_a_person_is_not_told_of_a_plan(service, monkeypatch, command):
    def fail(*_):
        raise database.StoreUnavailable("the disk is full.")

    for what in ("withdraw", "forget_person"):
        monkeypatch.setattr(service._desk, what, fail)  # noqa: SLF001
    assert send(service, json.dumps(command)) == 409
    told = service._screen(at(1)).refused  # noqa: SLF001
    assert told == "This could not be done: the disk is full."


def test_a_plan_that_cannot_be_read_any_more_leaves_its_person_on_the_page(wording, tmp_path):
    with open_store(tmp_path / "board.db") as store:
        store.people.assign("Anna", "mat", "no plan = ", 10, at(0).time)
        shown = wording.person(store.people.all()[0], at(120))
    assert shown.plan == "Assigned plan, 10 minutes, room mat, since 09:00"
    assert shown.assignment, "it can be withdrawn"


def test_the_page_says_that_a_room_may_refuse_a_plan(wording):
    assert wording.words.assigned.startswith("Assigned. If the room accepts it, the coach there")
    spanish = read_board_words("es").assigned
    assert spanish.startswith("Asignado. Si la sala lo acepta, el guía pregunta allí")


def test_a_person_is_shown_with_the_plan_and_how_it_went(wording, tmp_path):
    with open_store(tmp_path / "board.db") as store:
        people = store.people
        people.assign("Anna", "mat", PLAN, 10, at(0).time)
        (anna,) = people.all()
        its = anna.assigned[0].told.id
        for n, (outcome, felt) in enumerate((("completed", "better"), ("pain", None))):
            told_by_room = {**event(n, outcome, at(60 * n).time), "assignment": its, "felt": felt}
            people.keep("mat", PlanResult.model_validate(told_by_room))
        shown = wording.person(people.all()[0], at(120))
        assert shown.plan == "Ten minutes for your neck and upper back, room mat, since 09:00"
        assert shown.results == ("09:01 · it hurt", "09:00 · completed · better")
        assert shown.assignment == its
        people.withdraw(its, at(130).time)
        again = wording.person(people.all()[0], at(140))
        assert (again.plan, again.assignment) == ("no plan now", "")
        assert again.results == shown.results


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"start": "headstand", "room": "mat"}', 409),
        ('{"start": ["rocking"], "room": "mat"}', 409),
        ('{"start": "rocking"}', 409),
        ('{"stop": "mat"}', 409),
        ('{"say": "stop", "room": "mat"}', 409),
        ('{"say": "coming", "room": ["mat"]}', 409),
        ("7", 409),
        ("{", 400),
        ('{"room": "' + "x" * 31_000 + '"}', 413),
    ],
)
def test_nothing_else_is_taken(service, body, status):
    assert send(service, body) == status
    assert service._desk.asked == []  # noqa: SLF001


def test_another_page_can_ask_for_nothing(service):
    body = json.dumps({"forget": "Anna"})
    assert send(service, body, Origin="http://127.0.0.1:9") == 403
    assert send(service, body, **{"Content-Type": "text/plain"}) == 415
    assert send(service, body, Host="board.example") == 403
    assert service._desk.asked == []  # noqa: SLF001


# The command


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILE", tmp_path / "settings.toml")
    settings.FILE.write_text('[mqtt]\nhost = "127.0.0.1"\nport = 9\n', "utf-8")
    monkeypatch.setattr(database, "FILE", tmp_path / "board.db")
    return settings.FILE


def test_the_command_opens_the_page_and_ends_at_ctrl_c(own, monkeypatch):
    opened = []

    def run(service):
        opened.append(service.page.address)
        raise KeyboardInterrupt

    monkeypatch.setattr(BoardService, "run", run)
    said = CliRunner().invoke(cli.app, ["board"])
    assert said.exit_code == 0, said.output
    assert opened[0] in said.output.replace("\n", "")


@pytest.mark.parametrize(
    ("missing", "extra"),
    [
        ("paho.mqtt", "board"),
        ("sqlalchemy", "board"),
        ("alembic", "board"),
        ("pg8000", "practice"),
    ],
)
def test_without_the_extra_one_sentence_says_how_to_install_it(own, monkeypatch, missing, extra):
    if missing in ("sqlalchemy", "alembic"):
        for name in ("board_store", "database"):
            monkeypatch.delitem(sys.modules, f"voice_coach.rooms.{name}")
    monkeypatch.setitem(sys.modules, missing, None)
    if extra == "practice":
        own.write_text('[postgresql]\nhost = "127.0.0.1"\nport = 9\nuser = "coach"\n', "utf-8")
    said = CliRunner().invoke(cli.app, ["board"])
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert f"pip install 'voice-coach[{extra}]'" in said.output.replace("\n", " ")
    assert said.output.count(".") == 1, "it is one sentence"


def test_what_is_kept_is_deleted_when_it_is_asked_for(own, tmp_path):
    with open_store() as store:
        store.keep(Board(), heard(told("event", event(1))))
    said = CliRunner().invoke(cli.app, ["board", "--forget"])
    assert said.exit_code == 0, said.output
    assert "What the board had kept is deleted." in said.output
    with open_store() as store:
        assert store.events() == []


def test_who_opens_no_board_loads_no_client_and_no_database():
    code = "import sys; from voice_coach import app, cli, settings, home_page, serve; "
    check = "sys.exit(not {'paho', 'sqlalchemy', 'alembic', 'pg8000'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code + check], check=False).returncode == 0


def test_without_a_broker_it_says_where_to_name_one(own):
    own.write_text("", "utf-8")
    said = CliRunner().invoke(cli.app, ["board"])
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert 'below it host = "192.168.1.10".' in said.output.replace("\n", " ")


def test_the_broker_keeps_events_for_a_board_that_is_away():
    client = Broker(host="h").board_client("front-desk")
    properties = client._connect_properties  # noqa: SLF001
    assert properties.SessionExpiryInterval == 24 * 3600
    assert properties.MaximumPacketSize == 1024
    assert client._clean_start is False  # noqa: SLF001

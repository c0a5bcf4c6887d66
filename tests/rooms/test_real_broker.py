"""Rooms at a real Mosquitto that is absent, killed, frozen or choosy, and sessions beside it."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from display.sample_views import BREATHING_IN, CHOOSING
from rooms import studio_program
from rooms.assignments import assignment
from rooms.authority import Authority
from rooms.mosquitto import Mosquitto, Watcher, until
from trials.watched_session import ENOUGH, Blank, FastStudio, WatchedSession

from voice_coach.certificate import certificate_for
from voice_coach.core.commands import Command
from voice_coach.core.events import SomebodyComing
from voice_coach.core.view import Outcome
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.broker import Broker
from voice_coach.rooms.desk import Desk
from voice_coach.rooms.messages import RoomEvent, RoomState
from voice_coach.rooms.room import Room

pytestmark = pytest.mark.real_parts

HURT = replace(CHOOSING, outcome=Outcome.PAIN)
AVAILABILITY = "voice-coach/mat/availability"
START = 60.0
"""Seconds in which the program has begun, or ended, on a computer that is busy; it takes two."""
SOON = 2.0
"""Seconds after a broker's return in which pain is known there."""


@pytest.fixture
def broker(tmp_path):
    """A broker that is not there yet."""
    broker = Mosquitto(tmp_path)
    yield broker
    broker.end()


def last_of(watcher):
    """Give the events that the retained state told."""
    return [state["last"] for state in watcher.states() if state["last"]]


def availability(watcher):
    """Give what the room said of itself; it says "online" again and again."""
    return [*dict.fromkeys(watcher.told(AVAILABILITY))]


def room_at(broker, **settings):
    at = Broker(host="127.0.0.1", port=broker.port, **settings)
    return Room("mat", at.client("mat"), str(at))


@contextmanager
def followed_session(broker):
    """Start the broker, and give somebody who watches it and a room with a session."""
    broker.start()
    with Watcher(broker.port) as watcher, room_at(broker) as room, room.session(None, print):
        room.show(CHOOSING)
        until(lambda: watcher.told(AVAILABILITY))
        yield watcher, room


def test_a_session_is_followed_and_those_who_come_late_know_how_it_stands(broker):
    broker.start()
    with Watcher(broker.port) as watcher:
        with room_at(broker) as room:
            with room.session(None, print):
                room.show(replace(BREATHING_IN, seconds_left=30.0))
                until(watcher.states)
                with Watcher(broker.port, "late") as late:
                    (kept,) = until(late.states)
                assert kept["seconds_left"] == 30
                room.show(HURT)
            (event,) = until(watcher.events)
        until(lambda: availability(watcher) == ["online", "offline"])
        assert room.trouble == ""
        for state in watcher.states():
            RoomState.model_validate(state)
        assert RoomEvent.model_validate(event).event_type is Outcome.PAIN
        last = watcher.states()[-1]
        assert (last["state"], last["last"]) == ("idle", event)
    with Watcher(broker.port, "later") as later:
        until(lambda: len(later.messages) == 3)
        assert {(topic.rpartition("/")[2], retain) for topic, _, retain in later.messages} == {
            ("availability", True),
            ("state", True),
            ("config", True),
        }


def test_a_stop_ends_the_session_but_an_old_one_does_not(broker):
    broker.start()
    posted = []
    with Watcher(broker.port) as watcher:
        watcher.send("voice-coach/mat/stop", "stop", retain=True)
        with room_at(broker) as room, room.session(None, posted.append):
            until(lambda: watcher.told(AVAILABILITY))
            time.sleep(0.2)
            assert posted == []
            watcher.send("voice-coach/mat/stop", "stop")
            until(lambda: posted)
    assert [heard.command for heard in posted] == [Command.STOP]


def test_a_room_that_dies_is_offline_because_the_broker_says_so(broker):
    broker.start()
    with Watcher(broker.port) as watcher:
        client = Broker(host="127.0.0.1", port=broker.port).client("mat")
        with Room("mat", client, "") as room:
            room.open()
            until(lambda: watcher.told(AVAILABILITY))
            client.socket().shutdown(2)  # as the system closes what a killed process had open
            until(lambda: availability(watcher) == ["online", "offline"])


def test_pain_while_the_broker_is_gone_is_told_when_it_is_back(broker):
    with followed_session(broker) as (watcher, room):
        broker.end()
        room.show(HURT)
        time.sleep(0.3)
        broker.start()
        back = time.monotonic()
        until(lambda: last_of(watcher), 2 * SOON)
        events = until(watcher.events)
        assert time.monotonic() - back < SOON
    assert {event["event_type"] for event in events} == {"pain"}


def test_a_broker_that_is_absent_at_the_start_is_told_when_it_comes(broker):
    with room_at(broker) as room, room.session(None, print):
        room.show(HURT)
        time.sleep(0.2)
        broker.start()
        with Watcher(broker.port) as watcher:
            last = until(lambda: last_of(watcher), 2 * SOON)
    assert last[0]["event_type"] == "pain"


def test_a_frozen_broker_keeps_nobody_and_learns_of_the_pain(broker):
    with followed_session(broker) as (watcher, room):
        broker.freeze()
        try:
            began = time.thread_time()
            for tenth in range(10_000):
                room.show(replace(BREATHING_IN, seconds_left=tenth / 10))
            room.show(HURT)
            took = time.thread_time() - began
            time.sleep(0.3)
            assert watcher.events() == []
        finally:
            broker.thaw()
        until(watcher.events, SOON)
    assert took < 1.0


@pytest.fixture
def allowed(tmp_path, request):
    """What the users of the guide may do."""
    guide = (request.config.rootpath / "docs" / "rooms.md").read_text("utf-8")
    allowed = tmp_path / "allowed"
    allowed.write_text(re.search(r"(?s)```\n(user coach-mat\n.*?)```", guide)[1], "utf-8")
    allowed.chmod(0o600)
    return allowed


@pytest.fixture
def guarded(tmp_path, allowed):
    """A broker with the users of the guide; the password is "let me in"."""
    passwords = tmp_path / "users"
    # As "mosquitto_passwd" writes it: PBKDF2 of the password.
    salt = b"0123456789ab"
    code = base64.b64encode(hashlib.pbkdf2_hmac("sha512", b"let me in", salt, 101)).decode()
    word = f"$7$101${base64.b64encode(salt).decode()}${code}"
    passwords.write_text(f"coach-mat:{word}\nfront-desk:{word}\n")
    passwords.chmod(0o600)
    lines = "allow_anonymous false", f"password_file {passwords}", f"acl_file {allowed}"
    broker = Mosquitto(tmp_path, *lines).start()
    yield broker
    broker.end()


def user(broker, name, folder, password="let me in"):  # noqa: S107 - of a test
    word = folder / f"word of {name}"
    word.write_text(f"{password}\n")
    return Broker(host="127.0.0.1", port=broker.port, user=name, password_file=str(word))


def test_a_wrong_password_is_told_and_a_right_one_may_do_what_the_guide_says(guarded, tmp_path):
    wrong = user(guarded, "coach-mat", tmp_path, "let me out")
    with Room("mat", wrong.client("mat"), str(wrong)) as room:
        room.open()
        until(lambda: "Not authorized" in room.trouble)
    own = user(guarded, "coach-mat", tmp_path)
    for name, allowed in (("mat", True), ("other", False)):
        with Room(name, own.client(name), str(own)) as room, room.session(None, print):
            room.show(HURT)
        assert ("Not authorized" in room.trouble) == (not allowed)
        assert (room.trouble == "") == allowed


def test_the_board_hears_rooms_and_starts_routines_with_the_leave_of_the_guide(guarded, tmp_path):
    coach = user(guarded, "coach-mat", tmp_path)
    at_desk = user(guarded, "front-desk", tmp_path)
    chosen, posted = [], []
    with (
        open_store(tmp_path / "board.db") as store,
        Desk(at_desk.board_client(store.identifier), store) as desk,
        Room("mat", coach.client("mat"), str(coach)) as room,
        Room("mat", at_desk.client("mat"), str(at_desk)) as forged,
    ):
        room.open(["rocking"], chosen.append)
        until(lambda: desk.start("mat", "rocking"))
        until(lambda: chosen)
        with forged.session(None, print):
            forged.show(HURT)
            until(lambda: "Not authorized" in forged.trouble)
        assert not desk.board.rooms["mat"].urgent
        with room.session(None, posted.append):
            room.show(HURT)
            until(lambda: desk.board.rooms["mat"].urgent)
            until(lambda: desk.announce("mat"))
            until(lambda: posted)
    assert chosen == ["rocking"]
    assert posted == [SomebodyComing()]


# Paho leaves a connection whose handshake failed to Python's garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_nobody_vouches_for_is_told_nothing(tmp_path, monkeypatch):
    own = certificate_for("127.0.0.1", tmp_path)
    broker = Mosquitto(tmp_path, "allow_anonymous true", f"certfile {own}", f"keyfile {own}")
    broker.start()
    try:
        with room_at(broker, tls=True) as room:
            room.open()
            until(lambda: "certificate verify failed" in room.trouble)
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        with room_at(broker, tls=True) as room:
            room.open()
            until(lambda: not room.trouble)
    finally:
        broker.end()


# As above: handshakes fail here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_room_is_known_by_its_certificate_and_may_do_what_the_guide_says(
    tmp_path, request, allowed
):
    """The lines of the guide, with an authority that vouches for the broker and for the rooms."""
    authority, stranger = Authority(tmp_path), Authority(tmp_path, "stranger")
    guide = (request.config.rootpath / "docs" / "rooms.md").read_text("utf-8")
    certificate, key = authority.issue("broker")
    lines = re.search(r"(?s)```\n(allow_anonymous false\n.*?)```", guide)[1]
    for file, own in (("ca.pem", authority.file), ("broker.pem", certificate), ("broker.key", key)):
        lines = lines.replace(f"/etc/mosquitto/certs/{file}", str(own))
    broker = Mosquitto(tmp_path, *lines.splitlines(), f"acl_file {allowed}").start()

    def trouble(issuer=authority, name="mat", **files):
        mine, its_key = issuer.issue("coach-mat") if issuer else ("", "")
        named = {"certificate_file": str(mine), "key_file": str(its_key), **files}
        at = Broker(host="127.0.0.1", port=broker.port, tls=True, **named)
        with Room(name, at.client(name), "") as room, room.session(None, print):
            room.show(HURT)
        return room.trouble

    try:
        known = str(authority.file)
        assert trouble(ca_file=known) == ""
        assert "Not authorized" in trouble(name="other", ca_file=known)
        assert trouble(issuer=None, ca_file=known)
        assert trouble(issuer=stranger, ca_file=known)
        assert "certificate verify failed" in trouble(ca_file=str(stranger.file))
        assert "certificate verify failed" in trouble()
    finally:
        broker.end()


def test_the_cues_of_a_session_are_the_same_whatever_the_broker_does(broker, language):
    alone = WatchedSession(language, Blank())
    assert alone.outcome is Outcome.PAIN
    assert len(alone.cues) > ENOUGH
    with room_at(broker) as room, room.session(language, print) as shown:
        at_first = {8: broker.start, 16: broker.freeze, 24: broker.thaw, 32: broker.end}
        assert WatchedSession(language, shown, at_first).cues == alone.cues
        broker.start()
        with Watcher(broker.port) as watcher:
            pain = until(lambda: last_of(watcher), 2 * SOON)
    assert pain[0]["event_type"] == "pain"


def test_that_somebody_is_coming_is_said_on_the_mat_and_nothing_is_left_out(broker, language):
    broker.start()
    alone, studio, posted = WatchedSession(language, Blank()), FastStudio(), []

    def post(event):
        studio.post(event)
        posted.append(event)

    with (
        Watcher(broker.port) as watcher,
        room_at(broker) as room,
        room.session(language, post) as shown,
    ):
        until(lambda: watcher.told(AVAILABILITY))

        def send():
            watcher.send("voice-coach/mat/coming", "coming")
            until(lambda: posted)

        session = WatchedSession(language, shown, {20: send}, enough=ENOUGH + 1, studio=studio)
    said = [text for _, text in session.cues]
    assert said[20] == language.coach.coming
    assert said[:20] + said[21:] == [text for _, text in alone.cues]


@contextmanager
def running(broker, tmp_path, *words):
    """Run the program as room "mat" of this broker."""
    config = tmp_path / "voice-coach"
    config.mkdir()
    (config / "settings.toml").write_text(f'[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\n')
    own = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("DATA", "CONFIG")}
    with subprocess.Popen(
        [sys.executable, studio_program.__file__, "run", *words, "--room", "mat"],
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def test_run_with_a_room_is_seen_and_stopped_from_elsewhere(broker, tmp_path):
    broker.start()
    with (
        Watcher(broker.port) as watcher,
        running(broker, tmp_path, "gentle-bends") as program,
    ):
        until(lambda: "sound check" in [each["state"] for each in watcher.states()], START)
        watcher.send("voice-coach/mat/stop", "stop")
        said, _ = program.communicate(timeout=START)
        until(lambda: availability(watcher) == ["online", "offline"])
    assert program.returncode == 0, said
    (event,) = watcher.events()
    assert (event["event_type"], event["routine"]) == ("stopped", "gentle-bends")
    assert "could not be told" not in said


def test_a_plan_that_waits_at_the_broker_is_the_first_question_of_a_session(broker, tmp_path):
    broker.start()
    with Watcher(broker.port) as watcher:
        watcher.send("voice-coach/mat/plan", assignment(), retain=True)
        with running(broker, tmp_path) as program:
            said = []
            for line in program.stdout:
                said.append(line.strip())
                if "To hear what there is, say: no." in line:
                    break
            time.sleep(0.5)  # five seconds of a session: nobody answers
            watcher.send("voice-coach/mat/stop", "stop")
            program.communicate(timeout=START)
    told = " ".join(said)
    assert "There is a plan for you." in told
    assert "Ten minutes for your neck and upper back." in told
    assert {each["routine"] for each in watcher.states()} == {None}, "nothing has begun"
    assert watcher.told("voice-coach/mat/result") == []

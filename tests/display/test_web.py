"""The page's server: who is let in, what is sent, and that it never holds up a session."""

from __future__ import annotations

import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from threading import Event

import pytest
from sample_views import BREATHING_IN, CHOOSING, HURT, LANGUAGE, QUESTION, TELLING, VIEWS, WAITING

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.language import InvalidLanguage
from voice_coach.display.web.connection import BACKLOG
from voice_coach.display.web.display import WebDisplay
from voice_coach.display.web.server import LEAVING
from voice_coach.display.words import PageWords, parse_words, read_page_words
from voice_coach.errors import CoachError

SOON = 5.0
"""Seconds an answer may take; it takes hundredths."""
STUCK = 1.0
"""Seconds: who waited for a browser that reads nothing would wait for ever."""


@pytest.fixture
def web():
    """Serve a page with routines to choose from."""
    with WebDisplay(LANGUAGE, home=True, history=lambda: ("<svg/>", 3)) as web:
        yield web


@pytest.fixture
def session(web):
    """Show a session that waits for "next"; what the page asks for is in ``heard``."""
    heard = []
    with web.session(LANGUAGE, heard.append):
        web.show(WAITING)
        web.heard = heard
        yield web


def parts(web):
    """Give the port and the path of the page's address."""
    _, _, rest = web.address.partition("://")
    place, _, path = rest.partition("/")
    return int(place.partition(":")[2]), f"/{path}"


def ask(web, path="", *, method="GET", body=None, whole=None, **headers):
    """Ask the server; give the status, the headers and the text of the answer."""
    port, inside = parts(web)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection):
        connection.request(method, whole or inside + path, body, named)
        with connection.getresponse() as answer:
            return answer.status, dict(answer.headers), answer.read().decode()


def order(web, what, **headers):
    """Ask for something as the page does."""
    port, _ = parts(web)
    told = {
        "Content_Type": "application/json",
        "Origin": f"http://127.0.0.1:{port}",
        **headers,
    }
    told = {name: value for name, value in told.items() if value is not None}
    body = what if isinstance(what, str) else json.dumps(what)
    return ask(web, "command", method="POST", body=body, **told)[0]


@contextmanager
def listening(web):
    """Listen to what is sent; give a function that waits for the next snapshot."""
    port, inside = parts(web)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    with closing(connection):
        connection.request("GET", f"{inside}events")
        with connection.getresponse() as answer:

            def snapshot():
                while line := answer.readline():
                    if line.startswith(b"data: "):
                        return json.loads(line.removeprefix(b"data: "))
                return None

            yield snapshot


# Who is let in


def test_the_page_and_all_its_parts_are_had_by_their_address(web):
    status, headers, text = ask(web)
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert "Stretching coach" in text
    assert "$" not in text
    for part in ("static/page.css", "static/page.js", "static/clock.js", "home", "history.svg"):
        assert ask(web, part)[0] == 200


def test_without_the_token_nothing_is_found(web):
    _, inside = parts(web)
    for path in ("/", "/home", "/events", "/static/page.js", f"{inside[:-2]}/", inside[:-1]):
        assert ask(web, whole=path)[0] == 404
    assert ask(web, whole=f"/x{inside}")[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", ""])
def test_a_name_that_leads_here_from_elsewhere_is_refused(session, host):
    assert ask(session, Host=host)[0] == 403
    assert order(session, {"key": " "}, Host=host) == 403
    assert session.heard == []


def test_the_computer_may_be_called_localhost(session):
    port, _ = parts(session)
    here = f"localhost:{port}"
    assert ask(session, Host=here)[0] == 200
    assert order(session, {"key": " "}, Host=here, Origin=f"http://{here}") == 204


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", None])
def test_no_other_page_can_ask_for_anything(session, origin):
    assert order(session, {"command": "pain"}, Origin=origin) == 403
    assert session.heard == []


def test_no_other_page_can_read_anything(session):
    assert ask(session, "events", Origin="http://evil.example")[0] == 403
    assert ask(session, "home", Sec_Fetch_Site="cross-site")[0] == 403
    assert ask(session, "home", Sec_Fetch_Site="same-site")[0] == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"key": " "}', "text/plain", 415),
        ("key=%20", "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        ("[" * 400, "application/json", 400),
        (json.dumps({"key": " " * 1000}), "application/json", 413),
        ("7", "application/json", 409),
        ('{"key": "z"}', "application/json", 409),
        ('{"key": ["n"]}', "application/json", 409),
        ('{"command": "dance"}', "application/json", 409),
        ('{"command": "choose"}', "application/json", 409),
        ('{"choose": "cat-bow"}', "application/json", 409),
    ],
)
def test_what_is_no_order_does_nothing(session, body, kind, status):
    assert order(session, body, Content_Type=kind) == status
    assert session.heard == []


def test_only_what_is_there_is_handed_out_and_nothing_can_be_written(web):
    for path in ("static/page.html", "static/../web.py", "static/..%2fweb.py", "figure/x", "other"):
        assert ask(web, path)[0] == 404
    port, _ = parts(web)
    for path in ("", "home", "events"):
        assert ask(web, path, method="POST", Origin=f"http://127.0.0.1:{port}")[0] == 405


def test_every_answer_tells_the_browser_to_keep_to_itself(web):
    for path in ("", "home", "static/page.js", "history.svg", "nothing"):
        headers = ask(web, path)[1]
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
    assert ask(web, Host="evil.example")[1]["cache-control"] == "no-store"


def test_each_page_has_an_address_of_its_own_that_cannot_be_guessed(web):
    with WebDisplay(LANGUAGE) as other:
        tokens = {parts(each)[1] for each in (web, other)}
    assert len(tokens) == 2
    assert all(len(token) > 40 for token in tokens)


def test_it_is_served_to_this_computer_only(web):
    port, _ = parts(web)
    with socket.socket() as outside:
        outside.settimeout(0.5)
        # Loopback, but not the address that is listened at: as another computer would find it.
        with pytest.raises(OSError, match=r"refused|timed out"):
            outside.connect(("127.0.0.2", port))


def test_a_port_that_is_taken_is_told_in_one_sentence(web):
    port, _ = parts(web)
    with pytest.raises(CoachError, match=rf"cannot be served at port {port} .*another with --port"):
        WebDisplay(LANGUAGE, port)


# What is sent


def test_who_comes_is_told_the_newest_at_once_and_all_that_follows(session):
    session.show(TELLING)
    with listening(session) as snapshot:
        assert snapshot()["view"]["headline"] == TELLING.title
        session.show(BREATHING_IN)
        told = snapshot()
        assert told["view"]["state"] == "breathing"
        assert told["view"]["now"] == BREATHING_IN.now
        assert 0 <= told["age"] < SOON
    with listening(session) as snapshot:
        assert snapshot()["view"]["state"] == "breathing"


def test_whom_a_step_speaks_to_is_said_above_it_and_not_in_it_too(session):
    session.show(BREATHING_IN)
    with listening(session) as snapshot:
        view = snapshot()["view"]
    assert BREATHING_IN.title == "Partner: press with the breath out"
    assert (view["who"], view["headline"]) == ("your partner", "Press with the breath out")


def test_every_state_can_be_told(web):
    with web.session(LANGUAGE, print), listening(web) as snapshot:
        assert snapshot()["view"] is None
        for view in VIEWS.values():
            web.show(view)
            assert snapshot()["view"]["state"] == view.state.value


def test_after_pain_the_note_and_the_signs_are_told(session):
    session.show(HURT)
    with listening(session) as snapshot:
        alarm = snapshot()["view"]["alarm"]
    assert alarm["note"][:2] == ["Partner: hands off.", "Step away."]
    assert alarm["signs"] == [*LANGUAGE.safety.soon[1:]]


def test_who_is_away_when_it_ends_is_told_the_end(web):
    with web.session(LANGUAGE, print):
        web.show(HURT)
    with listening(web) as snapshot:
        told = snapshot()
        assert (told["running"], told["view"]["outcome"]) == (False, "pain")


def test_the_last_word_is_sent_before_the_server_leaves():
    with WebDisplay(LANGUAGE) as web:
        with listening(web) as snapshot:
            snapshot()
            with web.session(LANGUAGE, print):
                web.show(WAITING)
                web.show(HURT)
            web.__exit__()
            last = told = snapshot()
            while told:
                last, told = told, snapshot()
        assert last["view"]["outcome"] == "pain"
        assert last["running"] is False


def test_what_keeps_a_session_from_beginning_is_told(web):
    web.tell("This computer has no microphone: plug one in.")
    with listening(web) as snapshot:
        assert snapshot()["notices"] == ["This computer has no microphone: plug one in."]


# What is asked for


@pytest.mark.parametrize(
    ("view", "what", "command"),
    [
        (WAITING, {"key": " "}, Command.NEXT),
        (WAITING, {"key": "p"}, Command.PAUSE),
        (WAITING, {"key": "x"}, Command.PAIN),
        (WAITING, {"command": "slower"}, Command.SLOWER),
        (WAITING, {"command": "pain"}, Command.PAIN),
        (QUESTION, {"key": "n"}, Command.NO),
        (QUESTION, {"command": "yes"}, Command.YES),
        (HURT, {"command": "stop"}, Command.STOP),
    ],
)
def test_what_is_touched_or_typed_is_posted_as_the_keyboard_posts_it(session, view, what, command):
    session.show(view)
    assert order(session, what) == 204
    assert session.heard == [Heard(command, source="key")]


@pytest.mark.parametrize("what", [{"key": " "}, {"command": "continue"}, {"command": "next"}])
def test_habit_does_not_answer_whether_it_hurt(session, what):
    session.show(QUESTION)
    assert order(session, what) == 409
    assert session.heard == []


def test_a_routine_is_chosen_by_touch_where_the_coach_asks(session):
    session.show(CHOOSING)
    assert order(session, {"choose": "headstand"}) == 409
    assert order(session, {"choose": "cat-bow"}) == 204
    assert session.heard == [Heard(Command.CHOOSE, choice="cat-bow", source="key")]


def test_a_routine_is_chosen_at_home_and_waited_for(web):
    assert order(web, {"choose": "cat-bow"}) == 409  # nobody waits
    with ThreadPoolExecutor(1) as pool:
        for choice in ("cat-bow", ""):
            waiting = pool.submit(web.choice)
            assert order(web, {"choose": "headstand"}) == 409
            assert order(web, {"key": " "}) == 409
            while order(web, {"choose": choice}) == 409:
                time.sleep(0.01)
            assert order(web, {"choose": "shoulder-press"}) == 409  # one is enough
            assert waiting.result(SOON) == choice
            with listening(web) as snapshot:
                assert snapshot()["starting"]


def test_a_plan_is_chosen_where_the_coach_asks(language):
    """Three areas, three lengths each, by touch as by voice."""
    heard = []
    with WebDisplay(language, home=True) as web, web.session(language, heard.append):
        web.show(CHOOSING)
        plans = json.loads(ask(web, "home")[2])["plans"]
        lengths = [length for plan in plans for length in plan["lengths"]]
        assert [length["label"] for length in lengths] == ["5 min", "10 min", "15 min"] * 3
        assert order(web, {"choose": lengths[1]["id"]}) == 204
    assert heard == [Heard(Command.CHOOSE, choice="lower-back-10", source="key")]


def test_a_page_of_one_session_has_no_home(web):
    with WebDisplay(LANGUAGE) as alone:
        assert order(alone, {"choose": "cat-bow"}) == 409
        assert ask(alone, "history.svg")[0] == 404


# That it holds up nobody


def test_whoever_connects_while_the_server_ends_is_not_kept():
    ending = Event()
    connections = []

    def connect():
        with suppress(OSError):
            while not ending.is_set():
                connections.append(socket.create_connection(("127.0.0.1", port), timeout=SOON))

    with ThreadPoolExecutor(1) as other, WebDisplay(LANGUAGE) as web:
        port, _ = parts(web)
        other.submit(connect)
        while len(connections) < 2 * BACKLOG:
            time.sleep(0.01)
    ending.set()
    for connection in connections:
        with closing(connection), suppress(ConnectionResetError):
            assert not connection.recv(1)


def test_a_browser_that_reads_nothing_holds_up_neither_the_session_nor_its_end():
    web = WebDisplay(LANGUAGE)
    with web, web.session(LANGUAGE, print):
        port, inside = parts(web)
        deaf = []
        for _ in range(3):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.sendall(
                f"GET {inside}events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
            )
            deaf.append(connection)
        longest = most = 0.0
        for number in range(500):
            began, worked = time.perf_counter(), time.thread_time()
            web.show(VIEWS["waiting"] if number % 2 else TELLING)
            longest = max(longest, time.perf_counter() - began)
            most = max(most, time.thread_time() - worked)
            time.sleep(0.002)
        with listening(web) as snapshot:
            assert snapshot()["view"]["state"] == "waiting"
        began = time.perf_counter()
    assert time.perf_counter() - began < LEAVING + 1
    assert longest < STUCK
    assert most < 0.1
    for connection in deaf:
        connection.close()


def test_a_mistake_in_the_words_is_named_with_its_place():
    with pytest.raises(InvalidLanguage, match=r"^en/web.toml: title: "):
        parse_words(PageWords, "en/web.toml", "tagline = 'x'")


def test_each_language_has_the_words_of_the_page():
    english, spanish = read_page_words("en"), read_page_words("es")
    assert english.title != spanish.title

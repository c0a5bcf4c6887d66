"""Whatever other programs do to the page's server, the person's commands arrive at once."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pty
import select
import socket
import threading
import time
from contextlib import ExitStack, closing
from types import SimpleNamespace

import pytest
from sample_views import LANGUAGE, WAITING

from voice_coach.core.commands import Command
from voice_coach.display.terminal.keyboard import Keyboard
from voice_coach.display.web import connection
from voice_coach.display.web.display import WebDisplay

SOON = 2.0
"""Seconds for a command under load on a busy computer; the page asks again after these."""


@pytest.fixture
def session():
    """Show a session that waits for "next"; what the page asks for is in ``heard``."""
    heard = []
    with WebDisplay(LANGUAGE) as web, web.session(LANGUAGE, heard.append):
        web.show(WAITING)
        web.heard = heard
        yield web


def place(web):
    _, _, rest = web.address.partition("://")
    where, _, path = rest.partition("/")
    return int(where.partition(":")[2]), f"/{path}"


def hurts(web):
    """Say "it hurts" as the page does; give the status."""
    port, path = place(web)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)) as asking:
        headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}"}
        asking.request("POST", f"{path}command", json.dumps({"key": "h"}), headers)
        return asking.getresponse().status


def stranger(web, text=b""):
    sock = socket.create_connection(("127.0.0.1", place(web)[0]))
    sock.settimeout(SOON)
    sock.sendall(text)
    return sock


def is_closed(sock):
    with contextlib.suppress(ConnectionError):
        return sock.recv(1) == b""
    return True


@pytest.mark.parametrize("number", [45, 400])
@pytest.mark.parametrize("text", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nA: "])
def test_idle_connections_without_the_token_cost_the_person_nothing(session, number, text):
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(closing(stranger(session, text)))
        assert hurts(session) == 204
    assert [heard.command for heard in session.heard] == [Command.PAIN]


def test_a_connection_that_sends_no_request_is_closed(session, monkeypatch):
    monkeypatch.setattr(connection, "HEADER_TIMEOUT", 0.1)
    with closing(stranger(session, b"GET / HTTP/1.1\r\n")) as idle:
        assert is_closed(idle)


def test_a_connection_that_has_shown_the_token_may_stay(session, monkeypatch):
    """The stream of snapshots is open for as long as the session."""
    monkeypatch.setattr(connection, "HEADER_TIMEOUT", 0.1)
    port, path = place(session)
    request = f"GET {path}events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    with closing(stranger(session, request.encode())) as stream:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            with contextlib.suppress(TimeoutError):
                assert stream.recv(10_000)


def test_of_too_many_strangers_the_oldest_is_closed(session, monkeypatch):
    monkeypatch.setattr(connection, "MOST_STRANGERS", 3)
    with ExitStack() as stack:
        first, *others = (stack.enter_context(closing(stranger(session))) for _ in range(4))
        assert is_closed(first)
        assert not select.select(others, [], [], 0.1)[0]


def test_a_flood_of_wrong_requests_takes_at_most_some_of_the_time(session):
    """The hearing shares the interpreter: it must get most of it, and a command must arrive."""
    port, _ = place(session)
    wrong = f"GET /wrong/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    over = threading.Event()

    def flood():
        while not over.is_set():
            with contextlib.suppress(OSError), closing(stranger(session, wrong * 50)) as sock:
                sock.recv(100_000)

    serving = next(each for each in threading.enumerate() if each.name == "web page")
    clock = time.pthread_getcpuclockid(serving.ident)
    floods = [threading.Thread(target=flood) for _ in range(4)]
    for each in floods:
        each.start()
    began, worked = time.monotonic(), time.clock_gettime(clock)
    for _ in range(5):
        assert hurts(session) == 204
        time.sleep(0.2)
    share = (time.clock_gettime(clock) - worked) / (time.monotonic() - began)
    over.set()
    for each in floods:
        each.join()
    assert share < 0.4


def test_after_work_the_server_rests_three_times_as_long_but_not_for_long(monkeypatch):
    worked = iter([0.0, 0.01, 0.01, 9.0, 9.0])
    rests = []
    monkeypatch.setattr(
        connection, "time", SimpleNamespace(thread_time=lambda: next(worked), sleep=rests.append)
    )
    with closing(connection.PacedSelector()) as selector:
        selector.select(0)
        selector.select(0)
    assert rests == [pytest.approx(0.03), connection.LONGEST_REST]


@pytest.mark.parametrize(
    ("letter", "commands"), [("r", set()), ("h", {Command.PAIN}), ("q", {Command.STOP})]
)
def test_a_pasted_text_does_not_flood_the_session(letter, commands):
    """Twenty thousand characters are no twenty thousand commands; pain and stop still count."""
    master, slave = pty.openpty()
    heard = []
    with os.fdopen(slave) as stream, os.fdopen(master, "wb", buffering=0) as typist:
        screen = SimpleNamespace(view=WAITING)
        with Keyboard(heard.append, LANGUAGE.routines, screen, stream):
            for _ in range(40):
                typist.write(letter.encode() * 500)
            time.sleep(0.3)
    assert commands <= {each.command for each in heard}
    assert len(heard) < 500

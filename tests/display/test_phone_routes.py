"""The page's server for phones: who is let in through TLS, and what a phone may send."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import struct
import time
from contextlib import closing, contextmanager

import pytest
from sample_views import LANGUAGE

from voice_coach.certificate import certificate_for
from voice_coach.display.web import connection, phone_routes, server
from voice_coach.display.web.display import WebDisplay
from voice_coach.display.web.server import Network, NoPage

HOST = "127.0.0.1"
SOON = 5.0
"""Seconds an answer may take; it takes hundredths."""
BYTES = {"Content-Type": "application/octet-stream"}
JSON = {"Content-Type": "application/json"}
REPORT = struct.pack("<3I", 0, 0, 2) + bytes(8)


class Line:
    """A line that keeps what it is told."""

    def __init__(self):
        self.name = ""
        self.frames = b""
        self.reports = []
        self.lost = []
        self.hung_up = 0
        self.busy = False

    def connect(self, wake):
        if self.busy:
            return None
        self.name, self.wake = "line-1", wake
        return self.name

    def is_connected(self, line):
        return bool(line) and line == self.name

    def take_frames(self):
        frames, self.frames = self.frames, b""
        return frames

    def take_report(self, body):
        self.reports.append(body)
        return body == REPORT

    def lose(self, why):
        self.lost.append(why)
        return why in ("hidden", "network")

    def hang_up(self, *, lost=False):
        self.name = ""
        self.hung_up += 1
        self.wake()


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return Network(HOST, certificate_for(HOST, tmp_path_factory.mktemp("certificate")))


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def web(network, line):
    with WebDisplay(LANGUAGE, home=True, network=network, phone=line) as web:
        yield web


def parts(web):
    """Give the port of the page's address, and its path."""
    place, _, path = web.address.removeprefix("https://").partition("/")
    return int(place.partition(":")[2]), f"/{path}"


@contextmanager
def connected(web):
    port, _ = parts(web)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with closing(http.client.HTTPSConnection(HOST, port, timeout=SOON, context=trusting)) as link:
        yield link


def ask(web, path="", body=None, headers=(), *, origin="ours", whole=None):
    """Ask as the phone's page does; give the status, the headers and the body of the answer."""
    port, inside = parts(web)
    headers = dict(headers)
    if body is not None and origin:
        headers["Origin"] = f"https://{HOST}:{port}" if origin == "ours" else origin
    with connected(web) as link:
        link.request("GET" if body is None else "POST", whole or inside + path, body, headers)
        with link.getresponse() as answer:
            return answer.status, dict(answer.headers), answer.read()


def connect(web):
    status, _, answer = ask(web, "phone/connect", "{}", JSON)
    assert status == 200
    return json.loads(answer)["line"]


def test_a_phone_connects(web, line):
    assert connect(web) == "line-1"


def test_a_second_phone_is_told_that_the_line_is_busy(web, line):
    line.busy = True
    assert ask(web, "phone/connect", "{}", JSON)[0] == 409


@pytest.mark.parametrize("body", ["", "[]", '{"more": 1}', "[" * 400, " " * 600])
def test_what_is_no_greeting_is_refused(web, body):
    assert ask(web, "phone/connect", body, JSON)[0] == 400


def test_sound_comes_down_as_soon_as_it_is_there_and_a_beat_where_there_is_none(
    web, line, monkeypatch
):
    name = connect(web)
    _, inside = parts(web)
    with connected(web) as link:
        link.request("GET", f"{inside}phone/down?line={name}")
        with link.getresponse() as answer:
            assert answer.read(12) == bytes(12), "a beat"
            monkeypatch.setattr(phone_routes, "BEAT", 60.0)
            line.frames = b"twelve bytes" * 3
            line.wake()
            while (first := answer.read(12)) == bytes(12):
                pass
            assert first + answer.read(24) == b"twelve bytes" * 3
            line.hang_up()
            while answer.read(12) == bytes(12):
                pass
            assert answer.read() == b""
    assert line.lost == []


def test_a_phone_whose_stream_breaks_is_lost_at_once(web, line):
    name = connect(web)
    _, inside = parts(web)
    with connected(web) as link:
        link.request("GET", f"{inside}phone/down?line={name}")
        answer = link.getresponse()
        answer.read(12)
        link.sock.shutdown(socket.SHUT_RDWR)
        answer.close()
    deadline = time.monotonic() + 2
    while not line.hung_up and time.monotonic() < deadline:
        time.sleep(0.01)
    assert line.lost == ["network"]


def test_what_the_phone_heard_is_passed_on(web, line):
    name = connect(web)
    assert ask(web, f"phone/up?line={name}", REPORT, BYTES)[0] == 204
    assert line.reports == [REPORT]
    assert ask(web, f"phone/up?line={name}", b"no report", BYTES)[0] == 409


def test_a_phone_that_gives_up_says_why(web, line):
    name = connect(web)
    assert ask(web, f"phone/lost?line={name}", '{"why": "hidden"}', JSON)[0] == 204
    assert line.lost == ["hidden"]
    assert line.hung_up == 1
    assert ask(web, f"phone/lost?line={name}", '{"why": "hidden"}', JSON)[0] == 409


@pytest.mark.parametrize("path", ["phone/up", "phone/lost", "phone/down"])
@pytest.mark.parametrize("name", ["", "?line=", "?line=guessed", "?line=%00"])
def test_without_the_name_of_the_line_nothing_passes(web, line, path, name):
    connect(web)
    body = None if path == "phone/down" else REPORT
    assert ask(web, path + name, body, BYTES)[0] == 409
    assert line.reports == line.lost == []


def test_a_report_of_another_kind_or_length_is_refused(web, line):
    name = connect(web)
    assert ask(web, f"phone/up?line={name}", REPORT, JSON)[0] == 415
    assert ask(web, f"phone/up?line={name}", bytes(140_001), BYTES)[0] == 413
    assert line.reports == []


def test_a_report_that_comes_too_slowly_is_refused(web, line, monkeypatch):
    monkeypatch.setattr(phone_routes, "PATIENCE", 0.05)
    name = connect(web)
    port, inside = parts(web)
    with connected(web) as link:
        link.putrequest("POST", f"{inside}phone/up?line={name}")
        for key, value in {**BYTES, "Origin": f"https://{HOST}:{port}"}.items():
            link.putheader(key, value)
        link.putheader("Content-Length", "20")
        link.endheaders()
        link.send(REPORT[:10])
        assert link.getresponse().status == 408
    assert line.reports == []


# Who is let in


@pytest.mark.parametrize("origin", [None, "https://evil.example", f"http://{HOST}", "null"])
def test_no_other_page_can_send_anything(web, line, origin):
    name = connect(web)
    assert ask(web, f"phone/up?line={name}", REPORT, BYTES, origin=origin)[0] == 403
    assert ask(web, "phone/connect", "{}", JSON, origin=origin)[0] == 403
    assert line.reports == []


@pytest.mark.parametrize("host", ["evil.example", "localhost", HOST, "127.0.0.2:{port}"])
def test_another_name_for_this_computer_is_refused(web, host):
    port, _ = parts(web)
    assert ask(web, headers={"Host": host.format(port=port)})[0] == 403


def test_without_the_token_nothing_is_found(web, line):
    for path in ("/", "/phone/connect", "/static/page.js", "/" + "x" * 43 + "/"):
        assert ask(web, whole=path)[0] == 404
    assert ask(web, body="{}", headers=JSON, whole="/guess/phone/connect")[0] == 404


def test_nothing_is_had_without_tls(web):
    port, inside = parts(web)
    with closing(http.client.HTTPConnection(HOST, port, timeout=SOON)) as link:
        link.request("GET", inside)
        with pytest.raises((http.client.HTTPException, OSError)):
            link.getresponse()


def test_the_page_may_use_the_microphone_and_nothing_from_elsewhere(web):
    status, headers, page = ask(web)
    assert status == 200
    assert b'data-sound="phone"' in page
    lower = {name.lower(): value for name, value in headers.items()}
    assert lower["permissions-policy"] == "camera=(), microphone=(self), geolocation=()"
    policy = lower["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe" not in policy
    assert lower["referrer-policy"] == "no-referrer"
    assert lower["cache-control"] == "no-store"


def test_a_page_for_this_computer_alone_has_no_phone_and_no_microphone():
    with WebDisplay(LANGUAGE, home=True) as web:
        port = int(web.address.split(":")[2].partition("/")[0])
        token = web.address.split("/")[3]
        with closing(http.client.HTTPConnection(HOST, port, timeout=SOON)) as link:
            link.request("GET", f"/{token}/phone/down?line=x")
            with link.getresponse() as answer:
                assert answer.status == 404
                assert "microphone=()" in answer.headers["Permissions-Policy"]


def test_who_does_not_end_the_handshake_is_closed(network, line, monkeypatch):
    monkeypatch.setattr(server, "HEADER_TIMEOUT", 0.2)
    with WebDisplay(LANGUAGE, home=True, network=network, phone=line) as web:
        port, _ = parts(web)
        with socket.create_connection((HOST, port), timeout=SOON) as silent:
            assert silent.recv(1) == b""


def test_who_ends_the_handshake_and_asks_nothing_is_closed(web, monkeypatch):
    monkeypatch.setattr(connection, "HEADER_TIMEOUT", 0.2)
    with connected(web) as link:
        link.connect()
        assert link.sock.recv(1) == b""


def test_the_phone_is_served_while_strangers_knock(web, line):
    port, _ = parts(web)
    strangers = [socket.create_connection((HOST, port), timeout=SOON) for _ in range(100)]
    began = time.monotonic()
    name = connect(web)
    assert ask(web, f"phone/up?line={name}", REPORT, BYTES)[0] == 204
    assert time.monotonic() - began < SOON
    for stranger in strangers:
        stranger.close()


def test_an_address_of_another_computer_is_told_in_one_sentence(network):
    elsewhere = Network("192.0.2.7", network.certificate)
    with pytest.raises(NoPage, match="another address of this computer with --host"):
        WebDisplay(LANGUAGE, network=elsewhere)


@pytest.mark.parametrize("host", ["no-such-name.invalid"])
def test_a_name_that_nobody_knows_is_told_in_one_sentence(network, host):
    with pytest.raises(NoPage, match="--host"):
        WebDisplay(LANGUAGE, network=Network(host, network.certificate))

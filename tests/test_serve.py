"""``voice-coach serve``: where it listens, and what it tells."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import closing

import pytest
from typer.testing import CliRunner

from voice_coach import cli, home_page, serve
from voice_coach.history import store
from voice_coach.serve import NoNetwork, as_code, local_address


def test_the_address_is_one_of_this_computers_in_its_network():
    try:
        address = ipaddress.ip_address(local_address())
    except NoNetwork as nothing:
        assert "--host" in str(nothing)  # noqa: PT017 - a computer may have no network
    else:
        assert not address.is_loopback
        with closing(socket.socket()) as listening:
            listening.bind((str(address), 0))


def test_without_a_network_it_says_what_to_do(monkeypatch):
    class NoWay(socket.socket):
        def connect(self, _address):
            raise OSError("Network is unreachable")

    monkeypatch.setattr(serve.socket, "socket", NoWay)
    with pytest.raises(NoNetwork, match=r"join the phone's network, or name .* with --host"):
        local_address()


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Begin to serve, and stop; give what was told, and the address while it was served."""
    seen = []

    def interrupted(_config, page, *_):
        seen.append(page.address)
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "FILE", tmp_path / "history.db")
    monkeypatch.setattr(home_page, "run_web", interrupted)
    ended = CliRunner().invoke(cli.app, ["serve", "--host", "127.0.0.1", "--port", "0"])
    assert ended.exit_code == 0, ended.output
    return ended.output, seen[0]


def test_it_tells_the_address_as_text_and_as_a_code_and_what_the_browser_will_say(told):
    output, address = told
    assert address.startswith("https://127.0.0.1:")
    assert address in output
    assert as_code(address) in output
    assert "does not know this computer" in output


def test_after_the_end_nothing_listens(told):
    _, address = told
    port = int(address.split(":")[2].partition("/")[0])
    with pytest.raises(ConnectionRefusedError), closing(socket.socket()) as knocking:
        knocking.connect(("127.0.0.1", port))


def test_the_address_cannot_be_guessed(told):
    _, address = told
    token = address.split("/")[3]
    assert len(token) >= 43


def test_a_broken_host_is_told_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "FILE", tmp_path / "history.db")
    ended = CliRunner().invoke(cli.app, ["serve", "--host", "192.0.2.7"])
    assert ended.exit_code == 1
    assert "--host" in ended.output
    assert "Traceback" not in ended.output

"""Where the broker is, as it is set, and what is said where there is none."""

import json
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from rooms.authority import Authority
from rooms.fake_client import Client
from rooms.mosquitto import until
from typer.testing import CliRunner

from voice_coach import app, cli, home_page, serve, settings
from voice_coach.background import in_background
from voice_coach.core.view import Outcome
from voice_coach.history import store
from voice_coach.rooms.broker import Broker, NoBroker
from voice_coach.rooms.room import Room
from voice_coach.settings import InvalidSettings, resolve

AT_HOME = '[mqtt]\nhost = "127.0.0.1"\nport = 9\n'
"""No broker is there: port 9 discards what it gets, if it is open at all."""


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "FILE", tmp_path / "history.db")
    monkeypatch.setattr(settings, "FILE", tmp_path / "settings.toml")
    return settings.FILE


@pytest.fixture
def led(monkeypatch):
    """Note which room a session or a page is led with."""
    found = []

    def run_live(*_, room=None, **__):
        found.append(room)
        return SimpleNamespace(fault="", outcome=Outcome.COMPLETED)

    def run_web(config, page, lead, announce):
        lead(config)
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "run_live", run_live)
    monkeypatch.setattr(home_page, "run_web", run_web)
    monkeypatch.setattr(serve, "local_address", lambda: "127.0.0.1")
    return found


def run(*words):
    return CliRunner().invoke(cli.app, words)


VERBS = [("run",), ("web",), ("serve", "--port", "0")]


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_room_nothing_is_told_to_anybody(verb, led, own):
    own.write_text(AT_HOME, "utf-8")
    assert run(*verb).exit_code == 0
    assert led == [None]


@pytest.mark.parametrize("verb", VERBS)
def test_with_a_room_it_is_the_room_of_the_settings(verb, led, own):
    own.write_text(AT_HOME, "utf-8")
    said = run(*verb, "--room", "mat")
    assert said.exit_code == 0, said.output
    (room,) = led
    assert isinstance(room, Room)
    assert "Room mat could not be told to the broker 127.0.0.1:9" in said.output.replace("\n", " ")


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_broker_it_says_where_to_name_one(verb, led):
    said = run(*verb, "--room", "mat")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert (
        'your settings file where the broker is: [mqtt], and below it host = "192.168.1.10".'
        in (said.output.replace("\n", " "))
    )
    assert led == []


def test_without_the_extra_it_says_how_to_install_it(led, own, monkeypatch):
    own.write_text(AT_HOME, "utf-8")
    monkeypatch.setitem(sys.modules, "paho.mqtt", None)
    said = run("run", "--room", "mat")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "pip install 'voice-coach[rooms]'" in said.output.replace("\n", " ")
    assert said.output.count(".") == 1, "it is one sentence"


def test_a_name_that_cannot_be_a_topic_is_refused(led, own):
    own.write_text(AT_HOME, "utf-8")
    said = run("run", "--room", "a/#")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "'a/#' cannot be the name of a room" in said.output
    assert led == []


def test_who_names_no_room_loads_no_client():
    code = "import sys; from voice_coach import app, cli, settings, home_page, serve; "
    check = "sys.exit(any(name.startswith('paho') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code + check], check=False).returncode == 0


@pytest.mark.parametrize(
    ("table", "address"),
    [
        ({}, ""),
        ({"host": "broker.home"}, "broker.home:1883"),
        ({"host": "broker.home", "tls": True}, "broker.home:8883"),
        ({"host": "::1", "port": 1884}, "::1:1884"),
    ],
)
def test_the_port_is_the_usual_one_unless_it_is_set(table, address):
    assert str(Broker(**table)) == address


def test_config_shows_the_broker_but_not_who_logs_in(own):
    own.write_text(f'rate = 130\n{AT_HOME}user = "anna"\npassword_file = "word"\n', "utf-8")
    said = run("config")
    assert ["mqtt", "127.0.0.1:9", "file"] in [line.split() for line in said.output.splitlines()]
    assert "anna" not in said.output


def test_no_variable_sets_a_broker():
    found = resolve("", {"VOICE_COACH_MQTT": "broker.home"})
    assert found["mqtt"].source == "default"


def test_the_password_is_read_from_its_file_alone(tmp_path):
    word = tmp_path / "word"
    word.write_text("let me in \n", "utf-8")
    client = Broker(host="h", user="anna", password_file=str(word)).client("mat")
    assert (client.username, client.password) == ("anna", "let me in ")
    word.write_bytes(b"\xff\xff")
    with pytest.raises(NoBroker, match="is not UTF-8 text"):
        Broker(host="h", user="anna", password_file=str(word)).client("mat")
    with pytest.raises(FileNotFoundError):
        Broker(host="h", user="anna", password_file=str(tmp_path / "none")).client("mat")


def test_files_of_tls_that_cannot_be_used_are_told(tmp_path):
    authority = Authority(tmp_path)
    (certificate, key), (other, _) = authority.issue("coach-mat"), authority.issue("other")
    locked, its_key = authority.issue("locked", b"open sesame")

    def client(**files):
        named = {name: str(file) for name, file in files.items()}
        return Broker(host="h", tls=True, **named).client("mat")

    client(ca_file=authority.file, certificate_file=certificate, key_file=key)
    both = tmp_path / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    client(certificate_file=both)
    (empty := tmp_path / "empty.pem").touch()
    for none in (key, empty):
        with pytest.raises(NoBroker, match="holds no certificate in PEM"):
            client(ca_file=none)
    (named := tmp_path / "named.pem").write_bytes(
        "# Müller\n".encode("latin-1") + authority.file.read_bytes()
    )
    client(ca_file=named)
    for wrong in ({"key_file": key, "certificate_file": other}, {"certificate_file": certificate}):
        with pytest.raises(NoBroker, match="cannot be used with its key"):
            client(**wrong)
    with pytest.raises(NoBroker, match="have no passphrase"):
        client(certificate_file=locked, key_file=its_key)
    for name in ("ca_file", "certificate_file"):
        with pytest.raises(FileNotFoundError, match=r"none\.pem"):
            client(**{name: tmp_path / "none.pem"})
        with pytest.raises(NoBroker, match=f"{name} in the settings"):
            client(**{name: "a\0b"})


@pytest.mark.parametrize(
    ("table", "needed"),
    [
        ('ca_file = "ca.pem"', "tls = true"),
        ('certificate_file = "own.pem"', "tls = true"),
        ('tls = true\nkey_file = "own.key"', "certificate_file"),
    ],
)
def test_a_file_of_tls_that_would_not_be_used_is_told(table, needed):
    with pytest.raises(InvalidSettings, match=f"needs {needed}"):
        resolve(AT_HOME + table)


def test_a_room_is_refused_what_is_longer_than_any_message_for_it():
    client = Broker(host="h").client("mat")
    assert client._connect_properties.MaximumPacketSize == 16_384  # noqa: SLF001


def test_a_page_that_waits_for_a_choice_is_given_one_from_the_broker(own, monkeypatch):
    own.write_text(AT_HOME, "utf-8")
    client, chosen = Client(), []

    def run_web(_config, page, *_):
        waiting = in_background("choice", page.choice)

        def begun():
            client.says("start", b"headstand")
            client.says("start", b"rocking")
            return waiting.done()

        until(begun)
        chosen.append(waiting.result())
        assert not page.choose("rocking"), "nobody waits any more"
        raise KeyboardInterrupt

    monkeypatch.setattr(Broker, "client", lambda *_: client)
    monkeypatch.setattr(home_page, "run_web", run_web)
    assert run("web", "--room", "mat").exit_code == 0
    assert chosen == ["rocking"]
    start = json.loads(client.of("config")[0])["components"]["start"]
    assert {"rocking", "upper-back-10"} <= {*start["options"]}


def test_each_coach_has_an_identifier_of_its_own_at_the_broker():
    """Two coaches of one room would else end each other's connection in turn."""
    one, other = (Broker(host="h").client("mat")._client_id for _ in range(2))  # noqa: SLF001
    assert one.startswith(b"voice-coach-mat-")
    assert one != other


def test_a_connection_on_which_nothing_is_acknowledged_is_given_up_soon():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = Broker(host="127.0.0.1", port=server.getsockname()[1]).client("mat")
        client.reconnect()
        with client.socket() as connection:
            option = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux alone has it
            if option:
                assert connection.getsockopt(socket.IPPROTO_TCP, option) == 3000

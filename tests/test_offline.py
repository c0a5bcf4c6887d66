"""A whole session uses no network; only the user can read the files that it leaves."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from voice_coach.hearing import model_store

pytestmark = pytest.mark.real_parts

GUARD = Path(__file__).parent / "socket_guard"
"""A folder whose ``sitecustomize`` ends each Python process that asks for an Internet socket."""
CAUGHT = 97
"""With this exit code."""
PATIENCE = 20.0
"""Seconds it may take to end."""


WITHOUT = ("unshare", "--map-root-user", "--net")
"""Before a command: with no network interface that is up."""
CHILD = """
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "-c", "import socket; socket.socket()"]))
"""


LISTENS = "VOICE_COACH_MAY_LISTEN"
"""Set, it lets the guard pass a socket that only listens, and only on the loopback address."""


def guarded(home, *command, before=()):
    """Run the coach under guard, in a home of its own."""
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "DATA", "CONFIG")}
    return subprocess.run(
        [*before, sys.executable, "-m", "voice_coach", *command],
        env={**os.environ, "HOME": str(home), **homes, "PYTHONPATH": str(GUARD)},
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )


@pytest.fixture(autouse=True)
def _model():
    kept = model_store.find(model_store.manifest(), model_store.store())
    assert kept, "the speech model is missing: ./scripts/run fetch-model"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_a_whole_session_needs_no_network_asks_for_none_and_leaves_only_private_files(tmp_path):
    """Where a network namespace may not be made this fails, because it could prove nothing."""
    links = subprocess.run(
        [*WITHOUT, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    # The loopback is always there, but it is down.
    assert [link.split(":")[0].strip() for link in links] == ["lo"]
    wav = tmp_path / "demo.wav"
    found = guarded(tmp_path, "demo", "--wav", str(wav), before=WITHOUT)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Partner: hands off." in found.stdout
    everything = [path for path in tmp_path.rglob("*") if path != wav]
    files = [path for path in everything if path.is_file()]
    assert len([path for path in files if path.suffix == ".wav"]) > 5, "the person's words"
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [path for path in everything if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    # What was asked for by name is as public as any other file.
    assert stat.S_IMODE(wav.stat().st_mode) == 0o644


def test_with_a_network_at_hand_no_part_asks_for_an_internet_socket(tmp_path):
    """The doctor tries them all: sound, voice, recogniser and hearing."""
    found = guarded(tmp_path, "doctor")
    assert found.returncode != CAUGHT, found.stderr
    assert "✓ recogniser" in found.stdout
    assert "✓ stop" in found.stdout


def test_the_page_listens_on_the_loopback_address_and_asks_for_nothing_else(tmp_path):
    command = [sys.executable, "-m", "voice_coach", "web"]
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(GUARD), LISTENS: "1"}
    for desktop in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(desktop, None)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as served:
        try:
            said = served.stdout.readline()
            address = said.split()[-1]
            assert address.startswith("http://127.0.0.1:"), said
            for part in ("", "home", "static/page.js"):
                with urlopen(address + part) as answer:
                    assert answer.status == 200
            with pytest.raises(HTTPError, match="404"):
                urlopen(address + "history.svg")
            served.send_signal(signal.SIGINT)
            assert served.wait(PATIENCE) == 0
        finally:
            served.kill()


@pytest.mark.parametrize(
    "asks",
    [
        "import socket; socket.create_server(('0.0.0.0', 0))",
        "import socket; socket.create_server(('::1', 0), family=socket.AF_INET6)",
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.getaddrinfo('localhost', 80)",
    ],
)
def test_the_guard_lets_a_page_listen_here_and_nothing_else(asks):
    found = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "PYTHONPATH": str(GUARD), LISTENS: "1"},
        capture_output=True,
        check=False,
    )
    assert found.returncode == CAUGHT


@pytest.mark.parametrize(
    "asks",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_server(('127.0.0.1', 0))",
        "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.gethostbyname('localhost')",
        "import _socket; _socket.socket().connect(('127.0.0.1', 9))",
        "import requests; requests.get('http://127.0.0.1:9')",
        CHILD,
    ],
)
def test_the_guard_catches_who_asks_for_an_internet_socket(asks):
    found = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "PYTHONPATH": str(GUARD)},
        capture_output=True,
        check=False,
    )
    assert found.returncode == CAUGHT
    assert b"an Internet socket was asked for" in found.stderr


def test_the_guard_lets_a_socket_of_this_computer_pass():
    alone = "import socket; a, b = socket.socketpair(); a.close(); b.close()"
    subprocess.run([sys.executable, "-c", alone], env={"PYTHONPATH": str(GUARD)}, check=True)

"""No part asks for the Internet, and what sees to that in the tests works.

The whole session without a network is the demo: see ``test_demo``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from guarded_program import CAUGHT, GUARD, LISTENS, guarded

from voice_coach.hearing import model_store

pytestmark = pytest.mark.real_parts

PATIENCE = 20.0
"""Seconds it may take to end."""
CHILD = """
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "-c", "import socket; socket.socket()"]))
"""


@pytest.fixture(autouse=True)
def _model():
    kept = model_store.find(model_store.manifest(), model_store.store())
    assert kept, "the speech model is missing: ./scripts/run fetch-model"


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
